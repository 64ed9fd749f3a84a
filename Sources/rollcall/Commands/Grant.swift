import ArgumentParser
import SyncAgent

/// `rollcall grant`: gives access beside the directory.
struct Grant: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Give somebody access beside the directory; no run takes it back before it expires.",
        discussion: """
            Somebody who is no user yet is invited. Seats count as for everybody.

              rollcall grant ben@example.org --target acme-desk --role agent-manager \\
                  --workspace support --until 2026-12-31 --reason 'stands in for Ada'
            """)

    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var grant: GrantOptions
    @OptionGroup var output: ReportOptions

    @Option(
        help: ArgumentHelp(
            "Until when: a day like 2026-12-01, which counts whole in UTC, or a time.", valueName: "when"))
    var until: String?

    func run() throws {
        let composition = Composition(configuration)
        let result = try composition.agent.grant(grant.request(until: until))
        try ActOutput(result).write(output)
        try composition.end(result.status)
    }
}
