import Testing

@testable import rollcall

/// How far a reading has come, in words.
struct ReadingPaceTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var entries: Int
        var total: Int?
        var milliseconds: Int
        var words: String

        var testDescription: String { words }
    }

    @Test(arguments: [
        Case(
            entries: 41_000, total: 100_000, milliseconds: 788,
            words: "41,000 of about 100,000, 52,000/s, 2 s left"),
        Case(
            entries: 60_000, total: 100_000, milliseconds: 1_000,
            words: "60,000 of about 100,000, 60,000/s, 1 s left"),
        Case(entries: 41_000, total: nil, milliseconds: 788, words: "41,000, 52,000/s"),
        Case(entries: 10_000, total: 20_000, milliseconds: 100, words: "10,000 of about 20,000"),
        Case(entries: 10_000, total: nil, milliseconds: 100, words: "10,000"),
        Case(
            entries: 10_000, total: 1_000_000, milliseconds: 2_500,
            words: "10,000 of about 1,000,000, 4,000/s, 5 min left"),
        Case(
            entries: 10_000, total: 1_000_000, milliseconds: 60_000,
            words: "10,000 of about 1,000,000, 160/s, 1 h 39 min left"),
        Case(entries: 100_000, total: 100_000, milliseconds: 1_000, words: "100,000 of about 100,000, 100,000/s"),
        Case(entries: 110_000, total: 100_000, milliseconds: 1_000, words: "110,000, 110,000/s"),
        Case(entries: 3, total: nil, milliseconds: 9_000, words: "3, less than 1/s"),
        Case(entries: 999, total: nil, milliseconds: 10_000, words: "999, 99/s"),
    ])
    func tellsCountRateAndRest(_ given: Case) {
        let pace = ReadingPace(
            what: "people", directory: "corp", entries: given.entries, total: given.total,
            elapsed: .milliseconds(given.milliseconds))
        #expect(pace.words == "reading people of corp: \(given.words)")
    }

    @Test func beginningHasNoFigures() {
        let pace = ReadingPace(what: "groups", directory: "corp", entries: 0, total: 5, elapsed: .zero)
        #expect(pace.words == "reading groups of corp …")
    }
}
