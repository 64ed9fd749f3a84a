import ArgumentParser
import Reconciliation
import Reports
import SQLiteRoster
import SyncAgent

/// `rollcall show`: what one run did.
struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show one run: how it ended, its holds, its changes.",
        discussion: """
              rollcall show last
              rollcall show 812 --format json
            """)

    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var output: ListOptions

    @Argument(help: ArgumentHelp("Number of the run, or `last`.", valueName: "run"))
    var number: String

    func run() throws {
        let view = try RosterView(configuration)
        let recorded = try find(view.roster)
        try RecordedRunReport(record: recorded.record, roster: view.roster)
            .write(output.format, style: output.style) { try Output.data($0) }
    }

    private func find(_ roster: SQLiteRoster) throws -> RecordedRun {
        let found =
            number == "last" ? try roster.runs(limit: 1).first : try Int64(number).flatMap { try roster.run($0) }
        guard let found else {
            var failure = AgentFailure.noRun("`\(number)`", last: try roster.lastRun(at: Int64.max) ?? 0)
            if Int64(number) == nil { failure.hint = "give the number of a run, or `last`; \(failure.hint)" }
            throw failure
        }
        return found
    }
}
