/// The few forms of BER that LDAP has (RFC 4511 §5.1), written and taken apart for servers of tests.
///
/// Lenient where a test wants to write what no server may.
package enum BER {
    package static func element(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        [tag] + length(content.count) + content
    }

    /// Definite, in as few bytes as it takes.
    package static func length(_ count: Int) -> [UInt8] {
        if count < 0x80 { return [UInt8(count)] }
        var bytes: [UInt8] = []
        var rest = count
        while rest > 0 {
            bytes.insert(UInt8(rest & 0xff), at: 0)
            rest >>= 8
        }
        return [0x80 | UInt8(bytes.count)] + bytes
    }

    package static func sequence(_ parts: [[UInt8]], tag: UInt8 = 0x30) -> [UInt8] {
        element(tag, parts.flatMap { $0 })
    }

    package static func octets(_ bytes: [UInt8], tag: UInt8 = 0x04) -> [UInt8] { element(tag, bytes) }
    package static func text(_ text: String, tag: UInt8 = 0x04) -> [UInt8] { element(tag, Array(text.utf8)) }
    package static func boolean(_ value: Bool, tag: UInt8 = 0x01) -> [UInt8] { [tag, 1, value ? 0xff : 0] }

    package static func integer(_ value: Int, tag: UInt8 = 0x02) -> [UInt8] {
        var bytes = withUnsafeBytes(of: Int64(value).bigEndian) { Array($0) }
        while bytes.count > 1, (bytes[0] == 0 && bytes[1] < 0x80) || (bytes[0] == 0xff && bytes[1] >= 0x80) {
            bytes.removeFirst()
        }
        return element(tag, bytes)
    }

    /// The number in the content of an INTEGER or ENUMERATED; what does not fit is cut.
    package static func number(_ content: [UInt8]) -> Int {
        var value = (content.first ?? 0) >= 0x80 ? -1 : 0
        for byte in content.prefix(8) { value = value << 8 | Int(byte) }
        return value
    }
}

/// One element: its tag and what is in it.
package struct BERElement: Sendable, Hashable {
    package var tag: UInt8
    package var content: [UInt8]

    package init(_ tag: UInt8, _ content: [UInt8]) {
        self.tag = tag
        self.content = content
    }

    package var encoded: [UInt8] { BER.element(tag, content) }
    package var text: String { String(decoding: content, as: UTF8.self) }
    package var number: Int { BER.number(content) }

    /// The elements in it; what cannot be read ends the list.
    package var parts: [BERElement] { BERElement.all(in: content) }

    /// The elements in some bytes, one after another.
    package static func all(in bytes: [UInt8]) -> [BERElement] {
        var found: [BERElement] = []
        var rest = bytes[...]
        while let whole = BERElement.extent(of: rest), whole.end <= rest.endIndex {
            found.append(BERElement(rest[rest.startIndex], Array(rest[whole.content..<whole.end])))
            rest = rest[whole.end...]
        }
        return found
    }

    /// Where the content of the first element begins and ends, even when not all of it is there yet; nil before its length is.
    static func extent(of bytes: ArraySlice<UInt8>) -> (content: Int, end: Int)? {
        guard bytes.count >= 2 else { return nil }
        let first = bytes[bytes.startIndex + 1]
        if first < 0x80 { return (bytes.startIndex + 2, bytes.startIndex + 2 + Int(first)) }
        let count = Int(first & 0x7f)
        guard count > 0, count <= 4, bytes.count >= 2 + count else { return nil }
        let start = bytes.startIndex + 2 + count
        let length = bytes[(bytes.startIndex + 2)..<start].reduce(0) { $0 << 8 | Int($1) }
        return (start, start + length)
    }
}
