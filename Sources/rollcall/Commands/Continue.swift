import ArgumentParser
import Reconciliation
import Reports
import SyncAgent

/// `rollcall continue`: after an undo, the target is written again.
struct Continue: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Let a target that pauses since an undo go on.",
        discussion: """
            What the next run does then, `rollcall plan --target TARGET` shows beforehand.

              rollcall continue acme-desk
            """)

    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var output: ReportOptions

    @Argument(help: "The target.")
    var target: String

    func run() throws {
        let composition = Composition(configuration)
        let record = try composition.agent.goOn(target: target)
        try ActOutput(ActResult(record: record, plans: [], sentences: [record.summary])).write(output)
        try composition.end()
    }
}
