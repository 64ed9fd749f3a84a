import Diagnostics

/// An attribute that the configuration of a directory names, and where.
struct AttributeMention: Equatable {
    enum Use: Equatable { case field, filter, alias, trusted }

    var directory: String
    var use: Use
    /// Without options.
    var name: String
    var position: SourcePosition

    /// The attributes that a filter asks for, each once, in order (RFC 4515); none where its grammar is not met.
    static func attributes(ofFilter text: String) -> [String] {
        var names: [String] = []
        let bytes = Array(text.utf8)
        for (place, byte) in bytes.enumerated() where byte == UInt8(ascii: "(") {
            let name = bytes[(place + 1)...].prefix { isNameByte($0) }
            let after = place + 1 + name.count
            guard bytes.indices.contains(after), "=<>~:;".utf8.contains(bytes[after]) else { continue }
            guard name.first.map(isLetter) == true else { continue }
            let text = String(decoding: name, as: UTF8.self)
            if !names.contains(text) { names.append(text) }
        }
        return names
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        isLetter(byte) || (0x30...0x39).contains(byte) || byte == UInt8(ascii: "-")
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }
}
