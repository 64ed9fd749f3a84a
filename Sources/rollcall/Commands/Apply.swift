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
            """)

    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var output: ReportOptions

    @Argument(help: "The saved plan.")
    var file: String

    @Flag(name: .customLong("yes"), help: "Do not ask.")
    var isAgreed = false

    func run() throws {
        let composition = Composition(configuration)
        let confirmation = Confirmation(isAgreed: isAgreed, output: output)
        let result = try composition.agent.applyPlan(file) { result in
            composition.progress.clear()
            return confirmation.isGiven(for: result)
        }
        composition.progress.clear()
        try NightOutput(result, wasShown: confirmation.wasShown).write(output)
        try composition.end(result.status)
    }
}
