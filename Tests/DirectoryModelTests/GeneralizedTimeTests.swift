import DirectoryModel
import Testing

struct GeneralizedTimeTests {
    @Test(
        arguments: [
            ("19700101000000Z", 0), ("20261120222120Z", 1_795_213_280), ("20261120222120.0Z", 1_795_213_280),
            ("20261120222120,999Z", 1_795_213_280), ("2026112022Z", 1_795_212_000), ("202611202221Z", 1_795_213_260),
            ("20261121002120+0200", 1_795_213_280), ("20261120202120-02", 1_795_213_280),
            ("20240229000000Z", 1_709_164_800), ("00000101000000Z", -62_167_219_200), ("19691231235959Z", -1),
        ] as [(String, Int64)])
    func timesAreSecondsSince1970(text: String, seconds: Int64) {
        #expect(GeneralizedTime.seconds(text.utf8) == seconds)
    }

    @Test(arguments: [
        "", "Z", "2026", "20261120222120", "20261320222120Z", "20261100222120Z", "20261120242120Z", "20261120226020Z",
        "20261120222161Z", "20261120222120.Z", "20261120222120+1", "20261120222120+12:0", "2026112022212Z", "x",
        "20261120222120Zx", "000001010000",
    ])
    func anythingElseIsNoTime(text: String) {
        #expect(GeneralizedTime.seconds(text.utf8) == nil)
    }
}
