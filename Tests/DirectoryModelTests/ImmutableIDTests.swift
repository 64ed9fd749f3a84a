import DirectoryModel
import Testing

/// What is shown of an id is read back as that id.
struct ImmutableIDTests {
    private static let ids: [[UInt8]] = [
        Array("emp-1".utf8), Array("0x41".utf8), Array("0x4".utf8), Array("0xzz".utf8), Array("0x".utf8),
        Array("0X41".utf8), [0], [0xff], Array("a b".utf8), Array("emp-000000000001".utf8),
        Array("0x41424344454647".utf8), (0..<16).map { UInt8($0) }, (0..<15).map { UInt8($0 + 0x30) },
    ]

    @Test(arguments: ids) func whatIsShownIsReadBack(bytes: [UInt8]) throws {
        let id = try #require(ImmutableID(bytes: bytes))
        #expect(ImmutableID(written: id.description) == id)
    }

    /// As views of the roster show ids that are no UUIDs.
    @Test(arguments: ids) func hexadecimalStandsForBytes(bytes: [UInt8]) throws {
        let digits = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        #expect(ImmutableID(written: "0x" + digits) == ImmutableID(bytes: bytes))
    }

    @Test(arguments: ["0xzz", "0x4", "0x", "0x+1"]) func whatIsNoHexadecimalIsText(text: String) {
        #expect(ImmutableID(written: text) == ImmutableID(text: text))
    }
}
