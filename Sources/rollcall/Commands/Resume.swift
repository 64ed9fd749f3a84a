import ArgumentParser
import SyncAgent

/// `rollcall resume`: gives it back.
struct Resume: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Lift a suspension; the agent does not set the same cause again before it was once gone.",
        discussion: """
              rollcall resume ada@example.org --reason 'back from leave'
              rollcall resume ada@example.org --target acme-desk --reason 'ticket 4711'
            """)

    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var act: ActOptions
    @OptionGroup var targets: TargetOptions
    @OptionGroup var output: ReportOptions

    func run() throws {
        let composition = Composition(configuration)
        let result = try composition.agent.resume(act.request(targets))
        try ActOutput(result).write(output)
        try composition.end(result.status)
    }
}
