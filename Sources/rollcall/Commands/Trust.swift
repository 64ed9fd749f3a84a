import ArgumentParser
import SyncAgent

/// `rollcall trust`: lets the passwords of directories go where the configuration says.
struct Trust: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Let passwords of directories go to the servers that the configuration names.",
        discussion: """
            Once a run was applied, passwords go to the servers and accounts to which they went then, and nowhere else: whoever can edit \
            the configuration must not be able to have them sent to a server of their own. After `urls`, `srv`, `tls.mode` \
            or `bind.dn` were changed on purpose, this says so. It shows what changes, and connects to nothing.

              rollcall trust --dry-run  which places would be new
              rollcall trust            let passwords go there
            """)

    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var output: ListOptions

    @Flag(name: .customLong("dry-run"), help: "Only show what would change.")
    var isDryRun = false

    func run() throws {
        let isDryRun = isDryRun
        try TrustOutput(try Composition(configuration).agent.trust { _ in !isDryRun }).write(output)
    }
}
