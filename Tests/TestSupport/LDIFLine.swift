import Foundation

/// Lines of LDIF (RFC 2849).
package enum LDIFLine {
    /// The value in base64, whatever stands in it: `name:: dmFsdWU=`.
    package static func encoded(_ name: String, _ value: some Sequence<UInt8>) -> String {
        "\(name):: \(Data(value).base64EncodedString())"
    }

    package static func encoded(_ name: String, _ value: String) -> String { encoded(name, value.utf8) }

    /// The value as it is, or in base64 where it is no safe string.
    package static func line(_ name: String, _ value: String) -> String {
        let isPlain =
            value.utf8.allSatisfy { $0 < 0x80 && $0 >= 0x20 } && !" :<".utf8.contains(value.utf8.first ?? 0x20)
        return isPlain ? "\(name): \(value)" : encoded(name, value)
    }
}
