/// Bytes that no server may send (L8 of hostile messages): the client must refuse them, within its limits.
package enum BERAttack: String, Sendable, CaseIterable {
    case indefiniteLength
    case hugeLength
    case lengthOfFiveBytes
    case negativeID
    case deepNesting
    case wrongTag
    case trailingGarbage
    case truncatedInside
    case entryWithoutAttributes
    case emptySequence

    /// What is sent in place of the message.
    package func bytes(for message: LDAPMessage) -> [UInt8] {
        let id = BER.integer(message.id)
        switch self {
        case .indefiniteLength: return [0x30, 0x80] + id + message.operation.encoded + [0, 0]
        case .hugeLength: return [0x30, 0x84, 0xff, 0xff, 0xff, 0xff] + id
        case .lengthOfFiveBytes: return [0x30, 0x85, 0x01, 0, 0, 0, 0] + id
        case .negativeID: return BER.sequence([BER.integer(-1), message.operation.encoded])
        case .deepNesting:
            return BER.sequence([id, BERAttack.nested(10_000)])
        case .wrongTag: return BER.sequence([id, BER.element(0x6f, message.operation.content)])
        case .trailingGarbage: return message.encoded + [0xde, 0xad, 0xbe, 0xef, 0x00, 0x00]
        case .truncatedInside:
            return BER.sequence([id, BER.element(message.operation.tag, Array(message.operation.content.dropLast(3)))])
        case .entryWithoutAttributes:
            return BER.sequence([id, BER.element(0x64, BER.text("uid=x"))])
        case .emptySequence: return [0x30, 0x00]
        }
    }

    /// Sequences in one another, from the inside out.
    private static func nested(_ depth: Int) -> [UInt8] {
        var lengths: [[UInt8]] = []
        var size = 0
        for _ in 0..<depth {
            let header = [0x30] + BER.length(size)
            lengths.append(header)
            size += header.count
        }
        return lengths.reversed().flatMap { $0 }
    }
}
