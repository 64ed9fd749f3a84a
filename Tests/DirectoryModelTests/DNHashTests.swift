import DirectoryModel
import Testing

struct DNHashTests {
    private let key = DNHashKey(first: 0x0706_0504_0302_0100, second: 0x0f0e_0d0c_0b0a_0908)

    /// Vectors of the reference implementation: key and message count up from zero.
    @Test(arguments: [
        (0, "a3817f04ba25a8e66df67214c7550293"),
        (1, "da87c1d86b99af44347659119b22fc45"),
        (2, "8177228da4a45dc7fca38bdef60affe4"),
    ])
    func hashIsSipHash128(length: Int, expected: String) {
        let message = (0..<length).map(UInt8.init)
        let hash = message.withUnsafeBytes { key.hash($0) }
        #expect(hex(hash.low) + hex(hash.high) == expected)
    }

    @Test func anyChangedBitChangesTheHash() {
        var message = [UInt8](repeating: 0x41, count: 37)
        var seen: Set<DNHash> = [message.withUnsafeBytes { key.hash($0) }]
        for position in message.indices {
            message[position] ^= 1
            seen.insert(message.withUnsafeBytes { key.hash($0) })
            message[position] ^= 1
        }
        #expect(seen.count == 38)
        let other = DNHashKey(first: key.first ^ 1, second: key.second)
        #expect(!seen.contains(message.withUnsafeBytes { other.hash($0) }))
    }

    private func hex(_ word: UInt64) -> String {
        withUnsafeBytes(of: word.littleEndian) { bytes in
            bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        }
    }
}
