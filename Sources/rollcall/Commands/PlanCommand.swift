import ArgumentParser
import Reconciliation
import Reports
import SyncAgent

/// `rollcall plan`: what a run would do, and why.
struct PlanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan", abstract: "Show what a run would change and why; write nothing.",
        discussion: """
              rollcall plan                            on the terminal
              rollcall plan --format html > plan.html  a page to search and to print
              rollcall plan --out tonight.json         saved for `rollcall apply`
            """)

    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var targets: TargetOptions
    @OptionGroup var reading: ReadingOptions
    @OptionGroup var output: PlanOptions

    @Flag(
        name: .customLong("detailed-exitcode"),
        help: "End with 0 when there is nothing to change, with 2 when there is.")
    var hasDetailedExitCode = false

    @Option(
        name: .customLong("out"),
        help: ArgumentHelp(
            "Also save the plan in a new file, for `rollcall apply FILE`.", valueName: "file"), completion: .file())
    var file: String?

    func run() throws {
        let composition = Composition(configuration)
        let result = try composition.agent.plan(
            RunRequest(
                targets: targets.narrowed, command: "plan", acceptsClock: reading.acceptsClock,
                acceptedDirectories: reading.acceptedDirectories, reading: reading.reading))
        composition.progress.clear()
        if let file { try composition.agent.save(result, PlanReport(result), to: file) }
        try PlanOutput(result).write(output)
        if let file, output.format == .text {
            var page = TextPage(style: output.style)
            page.blank()
            page.line(
                "saved in `\(file)`: `rollcall apply \(file)` applies exactly this, and nothing where something moved")
            for plan in result.plans where plan.pausedBy != nil {
                page.line("of `\(plan.target)` it writes nothing: once that goes on, plan anew")
            }
            try Output.data(page.bytes)
        }
        if result.status != .done { throw Finished(status: result.status) }
        if hasDetailedExitCode, result.hasChanges { throw Finished(status: .changes) }
    }
}
