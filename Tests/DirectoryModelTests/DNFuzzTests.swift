import Testing

@testable import DirectoryModel

/// Names made of the bytes that matter, from printed seeds.
struct DNFuzzTests {
    private static let alphabet = Array("aA bB,=+\\\"#;<>0C2dD4\u{e9}\u{308}.-".utf8) + [0, 1, 2, 3, 4, 10, 0xff, 0xc3]

    private func name(_ random: inout SplitMix64) -> [UInt8] {
        var bytes: [UInt8] = Array(["cn=", "ou = ", "UID=", "", "2.5.4.3="][Int(random.next() % 5)].utf8)
        for _ in 0..<(random.next() % 24) {
            bytes.append(DNFuzzTests.alphabet[Int(random.next() % UInt64(DNFuzzTests.alphabet.count))])
        }
        if random.next() % 2 == 0 { bytes += Array(",dc=x".utf8) }
        return bytes
    }

    @Test(arguments: [1, 2, 3, 4, 5] as [UInt64])
    func thePlainWayAgreesWithTheParser(seed: UInt64) {
        var random = SplitMix64(state: seed)
        var plain = 0
        for _ in 0..<4_000 {
            let bytes = name(&random)
            var fast = [UInt8](repeating: 0, count: bytes.count * 2 + 8)
            let length = bytes.withUnsafeBytes { source in
                fast.withUnsafeMutableBytes { PlainDN.normalize(source, into: $0) }
            }
            guard length >= 0 else { continue }
            plain += 1
            var general: [UInt8] = []
            bytes.withUnsafeBytes { source in
                #expect(throws: Never.self, "seed \(seed): \(bytes)") {
                    try DNCanonicalForm.normalizeAny(source, into: &general)
                }
            }
            #expect(Array(fast[..<length]) == general, "seed \(seed): \(bytes)")
        }
        #expect(plain > 100)
    }

    @Test(arguments: [11, 12, 13] as [UInt64])
    func canonicalTextReadsBackAsTheSameName(seed: UInt64) throws {
        var random = SplitMix64(state: seed)
        var read = 0
        for _ in 0..<4_000 {
            guard let name = try? DistinguishedName(name(&random)), let parent = name.parent else { continue }
            read += 1
            let again = try DistinguishedName(parent.bytes)
            #expect(again == parent, "seed \(seed): \(name.bytes)")
            #expect(name.isUnder(parent) && !parent.isUnder(name))
        }
        #expect(read > 100)
    }
}

/// A small deterministic generator, so that a seed repeats a failure.
private struct SplitMix64 {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}
