import ArgumentParser
import Reconciliation
import Reports
import SQLiteRoster

/// `rollcall runs`: what ran, and how it ended.
struct Runs: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List recorded runs, newest first.",
        discussion: """
              rollcall runs
              rollcall runs --limit 7 --format json
            """)

    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var output: ListOptions

    @Option(help: "At most so many.", transform: GivenValue.number("a number of runs", like: 50))
    var limit: Int = 50

    func validate() throws {
        guard limit > 0 else { throw ValidationError("`--limit` must be at least 1") }
    }

    func run() throws {
        let view = try RosterView(configuration)
        try output.write(
            .runs, nothing: "nothing ran yet", rows: try view.roster.runs(limit: limit).map(\.record.cells))
    }
}

extension RunRecord {
    fileprivate var cells: [Cell] {
        [
            .number(Int(number)), .time(started), .text(command), .text(actor),
            .name(outcome.rawValue, words: outcome.words),
            .number(exitStatus), .text(summary),
        ]
    }
}
