import ArgumentParser
import Reports
import SyncAgent

/// `rollcall undo`: back from a run.
struct Undo: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Take back what a run did, where it is still as that run left it.",
        discussion: """
            Shows the plan and asks, as `rollcall sync` does. What was changed since stays, and what cannot be taken back is \
            listed. The targets then pause: runs plan for them and write nothing until `rollcall continue TARGET`.

              rollcall undo 812 --dry-run               what would be taken back
              rollcall undo 812 --reason 'ticket 4711'  show it, ask, and do it
            """)

    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var targets: TargetOptions
    @OptionGroup var output: PlanOptions

    @Argument(
        help: ArgumentHelp("Number of the run, as `rollcall runs` lists it, or `last`.", valueName: "run"),
        transform: GivenValue.run)
    var which: GivenValue.Run

    @Option(help: "Why. It is kept in the audit.")
    var reason: String = ""

    @Flag(name: .customLong("yes"), help: "Do not ask.")
    var isAgreed = false

    @Flag(name: .customLong("dry-run"), help: "Only show the plan.")
    var isDryRun = false

    func run() throws {
        let composition = Composition(configuration)
        let request = UndoRequest(run: which.number, targets: targets.narrowed, reason: reason)
        if isDryRun { return try PlanOutput(try composition.agent.planUndo(request)).write(output) }
        let confirmation = try Confirmation(isAgreed: isAgreed, output: output.report)
        let result = try composition.agent.undo(request) { confirmation.isGiven(for: $0) }
        try UndoOutput(result, wasShown: confirmation.wasShown).write(output)
        try composition.end(result)
    }
}
