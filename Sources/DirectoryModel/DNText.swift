/// Writing names (RFC 4514 §2.4).
package enum DNText {
    /// A value as it stands in a name: special characters, control characters and bytes that are not UTF-8 become `\XX`.
    package static func escaped(_ value: [UInt8]) -> [UInt8] {
        let isText = String(validating: value, as: UTF8.self) != nil
        var out: [UInt8] = []
        for (position, byte) in value.enumerated() {
            let isEdge = position == 0 || position == value.count - 1
            let isSpecial =
                switch byte {
                case UInt8(ascii: "\""), UInt8(ascii: "+"), UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "<"),
                    UInt8(ascii: ">"), UInt8(ascii: "\\"):
                    true
                case UInt8(ascii: " "): isEdge
                case UInt8(ascii: "#"): position == 0
                case 0..<0x20, 0x7f: true
                default: byte >= 0x80 && !isText
                }
            if isSpecial { out.append(contentsOf: hexPair(byte)) } else { out.append(byte) }
        }
        return out
    }

    /// `\XX` for a byte.
    static func hexPair(_ byte: UInt8) -> [UInt8] {
        let digits = Array("0123456789ABCDEF".utf8)
        return [UInt8(ascii: "\\"), digits[Int(byte >> 4)], digits[Int(byte & 0x0f)]]
    }
}
