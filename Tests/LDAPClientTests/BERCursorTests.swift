import LDAPClient
import TestSupport
import Testing

struct BERCursorTests {
    /// Walks bytes as an entry's attributes and returns them as text.
    private func walk(_ bytes: [UInt8]) throws -> [String: [String]] {
        var found: [String: [String]] = [:]
        try bytes.withUnsafeBytes { buffer in
            let entry = EntryView(dn: UnsafeRawBufferPointer(start: nil, count: 0), attributes: buffer)
            var cursor = entry.cursor
            while var attribute = try cursor.next() {
                var values: [String] = []
                while let value = try attribute.values.next() { values.append(String(decoding: value, as: UTF8.self)) }
                found[String(decoding: attribute.name, as: UTF8.self)] = values
            }
        }
        return found
    }

    private static let sample: [UInt8] = [
        0x30, 0x0c, 0x04, 0x02, 0x63, 0x6e, 0x31, 0x06, 0x04, 0x01, 0x61, 0x04, 0x01, 0x62,
        0x30, 0x84, 0, 0, 0, 0x09, 0x04, 0x03, 0x75, 0x69, 0x64, 0x31, 0x81, 0x01, 0x00,
    ]

    @Test func lengthsOfAllFormsAreRead() throws {
        var bytes = BERCursorTests.sample
        bytes.removeLast(4)
        bytes[19] = 0x08
        bytes += [0x31, 0x81, 0x00]
        #expect(try walk(bytes) == ["cn": ["a", "b"], "uid": []])
    }

    @Test(
        arguments: [
            ([0x30], BERFault.truncated),
            ([0x30, 0x05, 0x04], .truncated),
            ([0x31, 0x00], .unexpectedTag),
            ([0x30, 0x80, 0x00, 0x00], .badLength),
            ([0x30, 0x85, 0, 0, 0, 0, 1], .badLength),
            ([0x30, 0x84, 0xff, 0xff, 0xff, 0xff], .truncated),
            ([0x30, 0x84, 0x7f], .truncated),
            ([0x30, 0x06, 0x04, 0x00, 0x31, 0x00, 0x04, 0x00], .unexpectedTag),
            ([0x30, 0x04, 0x04, 0x7f, 0x31, 0x00], .truncated),
            ([0x30, 0x06, 0x04, 0x00, 0x31, 0x02, 0x02, 0x00], .unexpectedTag),
        ] as [([UInt8], BERFault)])
    func junkIsRefused(bytes: [UInt8], fault: BERFault) {
        #expect(throws: fault) { try walk(bytes) }
    }

    @Test(arguments: [21, 22, 23, 24] as [UInt64])
    func damagedEntriesNeverReadBeyondTheirEnd(seed: UInt64) {
        var state = seed
        func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state >> 33
        }
        for _ in 0..<Figures.of(20_000, soak: 250_000) {
            var bytes = BERCursorTests.sample
            for _ in 0...(next() % 4) { bytes[Int(next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: next()) }
            bytes.removeLast(Int(next() % UInt64(bytes.count)))
            let found = (try? walk(bytes)) ?? [:]
            let length = found.reduce(0) { $0 + $1.key.utf8.count + $1.value.reduce(0) { $0 + $1.utf8.count } }
            #expect(length <= bytes.count * 3, "seed \(seed)")
        }
    }
}
