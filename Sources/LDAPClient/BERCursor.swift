/// Bytes that are not the BER they should be.
package enum BERFault: Error, Sendable, Equatable {
    case truncated
    case unexpectedTag
    case badLength

    /// What is wrong, for a message.
    package var text: String {
        switch self {
        case .truncated: "an entry ends in the middle of a value"
        case .unexpectedTag: "an entry holds something other than attributes and values"
        case .badLength: "a length in an entry is impossible"
        }
    }
}

/// Walks elements of BER one after the other; no length is believed before it is checked against the end.
package struct BERCursor {
    private let bytes: UnsafeRawBufferPointer
    private var index: Int
    private let end: Int

    package init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
        index = 0
        end = bytes.count
    }

    package var isAtEnd: Bool { index >= end }

    /// The tag of the next element; nil at the end.
    package var nextTag: UInt8? { index < end ? bytes[index] : nil }

    /// The next element if it has this tag, or nil: for optional ones.
    package mutating func nextIf(_ tag: UInt8) throws(BERFault) -> UnsafeRawBufferPointer? {
        guard nextTag == tag else { return nil }
        return try next(tag)
    }

    /// The next element, whatever its tag.
    package mutating func nextElement() throws(BERFault) -> (tag: UInt8, content: UnsafeRawBufferPointer) {
        guard let tag = nextTag else { throw .truncated }
        return (tag, try next(tag))
    }

    /// The next INTEGER, or ENUMERATED by its tag, of at most eight octets.
    package mutating func integer(_ tag: UInt8 = 0x02) throws(BERFault) -> Int {
        let content = try next(tag)
        guard let first = content.first, content.count <= 8 else { throw .badLength }
        var value = first >= 0x80 ? -1 : 0
        for byte in content { value = value << 8 | Int(byte) }
        return value
    }

    /// The next BOOLEAN, or what stands in for one by its tag.
    package mutating func boolean(_ tag: UInt8 = 0x01) throws(BERFault) -> Bool {
        let content = try next(tag)
        guard content.count == 1, let byte = content.first else { throw .badLength }
        return byte != 0
    }

    /// The content of the next element, which must have this tag.
    @inline(__always)
    package mutating func next(_ tag: UInt8) throws(BERFault) -> UnsafeRawBufferPointer {
        guard end - index >= 2 else { throw .truncated }
        guard bytes[index] == tag else { throw .unexpectedTag }
        var length = Int(bytes[index + 1])
        var start = index + 2
        if length >= 0x80 {
            let octets = length & 0x7f
            guard (1...4).contains(octets) else { throw .badLength }
            guard end - start >= octets else { throw .truncated }
            length = 0
            for _ in 0..<octets {
                length = length << 8 | Int(bytes[start])
                start += 1
            }
        }
        guard length <= end - start else { throw .truncated }
        index = start + length
        return UnsafeRawBufferPointer(rebasing: bytes[start..<index])
    }
}
