/// Reads a distinguished name into RDNs of types and values (RFC 4514 §3), on bytes.
///
/// Beyond the grammar it accepts what directories and people really write: spaces around `=`, `,` and `+`, values in quotes (RFC 2253),
/// raw control characters other than NUL.
struct DNParser {
    /// One attribute type and value.
    struct Pair: Equatable {
        var type: [UInt8]
        /// Without escapes; for the `#` form the content of a string, or the whole BER element of anything else.
        var value: [UInt8]
        /// Whether the value is a BER element that is no string.
        var isBinary = false
    }

    private let bytes: UnsafeRawBufferPointer
    private var index = 0

    /// The RDNs, leaf first; none for the root.
    static func parse(_ bytes: UnsafeRawBufferPointer) throws(DNSyntaxError) -> [[Pair]] {
        var parser = DNParser(bytes: bytes)
        return try parser.name()
    }

    static func isSpecial(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: " "), UInt8(ascii: "\""), UInt8(ascii: "#"), UInt8(ascii: "+"), UInt8(ascii: ","),
            UInt8(ascii: ";"), UInt8(ascii: "<"), UInt8(ascii: "="), UInt8(ascii: ">"), UInt8(ascii: "\\"):
            true
        default:
            false
        }
    }

    static func hexDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    private init(bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    private mutating func name() throws(DNSyntaxError) -> [[Pair]] {
        skipSpaces()
        if index == bytes.count { return [] }
        var rdns: [[Pair]] = []
        var rdn: [Pair] = []
        while true {
            rdn.append(try pair())
            guard index < bytes.count else { break }
            if bytes[index] == UInt8(ascii: ",") {
                rdns.append(rdn)
                rdn = []
            }
            index += 1
        }
        rdns.append(rdn)
        return rdns
    }

    /// Reads `type=value` up to the separator or the end.
    private mutating func pair() throws(DNSyntaxError) -> Pair {
        let type = try type()
        skipSpaces()
        guard let first = peek else { return Pair(type: type, value: []) }
        switch first {
        case UInt8(ascii: "#"):
            index += 1
            return try hexString(type)
        case UInt8(ascii: "\""):
            index += 1
            let value = try quoted()
            try expectEndOfValue()
            return Pair(type: type, value: value)
        default:
            return Pair(type: type, value: try string())
        }
    }

    private mutating func type() throws(DNSyntaxError) -> [UInt8] {
        skipSpaces()
        let start = index
        while let byte = peek, byte != UInt8(ascii: "="), byte != UInt8(ascii: " ") {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."):
                index += 1
            case UInt8(ascii: ","), UInt8(ascii: "+"):
                throw failure(index == start ? .missingType : .missingEquals)
            default:
                throw failure(.badType)
            }
        }
        guard index > start else { throw failure(.missingType) }
        let type = Array(bytes[start..<index])
        skipSpaces()
        guard peek == UInt8(ascii: "=") else { throw failure(.missingEquals) }
        index += 1
        return type
    }

    private mutating func string() throws(DNSyntaxError) -> [UInt8] {
        var value: [UInt8] = []
        while let byte = peek, byte != UInt8(ascii: ","), byte != UInt8(ascii: "+") {
            switch byte {
            case UInt8(ascii: "\\"):
                value.append(try escaped())
            case UInt8(ascii: "\""), UInt8(ascii: ";"), UInt8(ascii: "<"), UInt8(ascii: ">"), 0:
                throw failure(.unescapedSpecial)
            default:
                value.append(byte)
                index += 1
            }
        }
        return value
    }

    private mutating func quoted() throws(DNSyntaxError) -> [UInt8] {
        var value: [UInt8] = []
        while let byte = peek {
            switch byte {
            case UInt8(ascii: "\""):
                index += 1
                return value
            case UInt8(ascii: "\\"):
                value.append(try escaped())
            default:
                value.append(byte)
                index += 1
            }
        }
        throw failure(.unclosedQuote)
    }

    /// Reads `\XX` or a backslash and a special character.
    private mutating func escaped() throws(DNSyntaxError) -> UInt8 {
        guard index + 1 < bytes.count else { throw failure(.badEscape) }
        let next = bytes[index + 1]
        if DNParser.isSpecial(next) {
            index += 2
            return next
        }
        guard let high = DNParser.hexDigit(next), index + 2 < bytes.count, let low = DNParser.hexDigit(bytes[index + 2])
        else { throw failure(.badEscape) }
        index += 3
        return high << 4 | low
    }

    private mutating func hexString(_ type: [UInt8]) throws(DNSyntaxError) -> Pair {
        var element: [UInt8] = []
        while let byte = peek, let high = DNParser.hexDigit(byte) {
            guard index + 1 < bytes.count, let low = DNParser.hexDigit(bytes[index + 1]) else {
                throw failure(.badHexString)
            }
            element.append(high << 4 | low)
            index += 2
        }
        guard !element.isEmpty else { throw failure(.badHexString) }
        try expectEndOfValue()
        if let text = DNParser.stringContent(of: element) { return Pair(type: type, value: text) }
        return Pair(type: type, value: element, isBinary: true)
    }

    /// The content of a BER OCTET STRING, UTF8String, PrintableString or IA5String; nil for anything else.
    private static func stringContent(of element: [UInt8]) -> [UInt8]? {
        guard element.count >= 2, [0x04, 0x0c, 0x13, 0x16].contains(element[0]) else { return nil }
        var length = Int(element[1])
        var start = 2
        if length >= 0x80 {
            let octets = length - 0x80
            guard (1...3).contains(octets), element.count >= 2 + octets else { return nil }
            length = element[2..<(2 + octets)].reduce(0) { $0 << 8 | Int($1) }
            start += octets
        }
        guard element.count - start == length else { return nil }
        return Array(element[start...])
    }

    private mutating func expectEndOfValue() throws(DNSyntaxError) {
        skipSpaces()
        guard let byte = peek else { return }
        guard byte == UInt8(ascii: ",") || byte == UInt8(ascii: "+") else { throw failure(.textAfterValue) }
    }

    private var peek: UInt8? { index < bytes.count ? bytes[index] : nil }

    private mutating func skipSpaces() {
        while index < bytes.count, bytes[index] == UInt8(ascii: " ") { index += 1 }
    }

    private func failure(_ reason: DNSyntaxError.Reason) -> DNSyntaxError {
        DNSyntaxError(reason: reason, offset: index)
    }
}
