import ArgumentParser
import SyncAgent

/// `rollcall lock`: pins the mapped groups by id, so that a name alone gives nothing.
struct Lock: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show what changed among the mapped groups and write the lock file.",
        discussion: """
            The file is meant to be reviewed like code before it is used: what stands in it gives access.

              rollcall lock --dry-run  what would change
              rollcall lock            write it
            """)

    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var output: ListOptions

    @Flag(name: .customLong("dry-run"), help: "Only show what would change.")
    var isDryRun = false

    func run() throws {
        let composition = Composition(configuration)
        let isDryRun = isDryRun
        let results = try composition.agent.lock { _ in !isDryRun }
        composition.progress.clear()
        try LockOutput(results).write(output)
    }
}
