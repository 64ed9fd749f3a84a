import ArgumentParser
import Glibc
import Reports
import SyncAgent

/// `rollcall sync`: the nightly run.
struct Sync: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Bring the roster in step with the directory.",
        discussion: """
            On a terminal it shows the plan and asks; from cron, or with --yes, it does not ask and is silent unless there \
            is something new to say. A first run, into an empty state directory, needs a terminal or --yes.

              rollcall sync                show the plan, ask, and do it
              rollcall sync --yes          from cron
              rollcall sync --incremental  what changed since the last run
            """)

    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var targets: TargetOptions
    @OptionGroup var reading: ReadingOptions
    @OptionGroup var output: PlanOptions

    @Flag(name: .customLong("yes"), help: "Do not ask.")
    var isAgreed = false

    @Flag(name: .customLong("dry-run"), help: "Only show the plan, as `rollcall plan` does.")
    var isDryRun = false

    func run() throws {
        if isDryRun {
            var plan = PlanCommand()
            plan.configuration = configuration
            plan.targets = targets
            plan.output = output
            plan.hasDetailedExitCode = false
            plan.reading = reading
            plan.file = nil
            return try plan.run()
        }
        let composition = Composition(configuration)
        let confirmation = try Confirmation(isAgreed: isAgreed, output: output.report)
        let request = RunRequest(
            targets: targets.narrowed, acceptsClock: reading.acceptsClock,
            acceptedDirectories: reading.acceptedDirectories, isUnattended: !isAgreed && !confirmation.canAsk,
            reading: reading.reading)
        let result = try composition.agent.sync(request) { result in
            composition.progress.clear()
            return confirmation.isGiven(for: result)
        }
        composition.progress.clear()
        try NightOutput(result, wasShown: confirmation.wasShown).write(output)
        try composition.end(result)
    }
}
