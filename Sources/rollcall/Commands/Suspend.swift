import ArgumentParser
import SyncAgent

/// `rollcall suspend`: takes a person's sign-in away by hand.
struct Suspend: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Suspend somebody by hand; the agent never lifts that by itself.")

    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var act: ActOptions
    @OptionGroup var targets: TargetOptions
    @OptionGroup var output: ReportOptions

    func run() throws {
        let composition = Composition(configuration)
        let result = try composition.agent.suspend(act.request(targets))
        try ActOutput(result).write(output)
    }
}
