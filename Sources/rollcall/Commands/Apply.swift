import ArgumentParser
import Reports
import SyncAgent

/// `rollcall apply`: a saved plan, exactly.
struct Apply: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Apply exactly the plan that `rollcall plan --out` saved.",
        discussion: """
            Refuses with status 6, and names what moved, where files, the people of the plan, seats or what guards compare \
            with are not as they were. The directory is not asked.

              rollcall apply tonight.json        show it, ask, and do it
              rollcall apply tonight.json --yes  without asking
            """)

    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var output: PlanOptions

    @Argument(help: "The saved plan.", completion: .file())
    var file: String

    @Flag(name: .customLong("yes"), help: "Do not ask.")
    var isAgreed = false

    /// What to expect of commands that look people up.
    private static let unread =
        "note: no run has read the directory yet, and `apply` does not: `explain`, `grant` and logins work "
        + "after the first `rollcall sync`\n"

    func run() throws {
        let composition = Composition(configuration)
        let confirmation = try Confirmation(isAgreed: isAgreed, output: output.report)
        let result = try composition.agent.applyPlan(file) { result in
            composition.progress.clear()
            return confirmation.isGiven(for: result)
        }
        composition.progress.clear()
        try NightOutput(result, wasShown: confirmation.wasShown).write(output)
        if result.ending == .applied, result.lacksMirror {
            Output.message(Array(Apply.unread.utf8))
        }
        try composition.end(result)
    }
}
