import ArgumentParser
import SyncAgent

/// `rollcall revoke`: takes back what was given by hand.
struct Revoke: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Take back access that was given by hand; what rules give stays.",
        discussion: """
              rollcall revoke ben@example.org --target acme-desk --role agent-manager \\
                  --workspace support --reason 'Ada is back'
            """)

    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var grant: GrantOptions
    @OptionGroup var output: ReportOptions

    func run() throws {
        let composition = Composition(configuration)
        let result = try composition.agent.revoke(grant.request())
        try ActOutput(result).write(output)
        try composition.end(result.status)
    }
}
