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
