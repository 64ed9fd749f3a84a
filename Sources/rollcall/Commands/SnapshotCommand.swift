import ArgumentParser
import Reports
import SyncAgent

/// `rollcall snapshot`: people and groups as a file, for checks where there is no roster.
struct SnapshotCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "snapshot",
        abstract: "Write people and groups of the last run into a file, for `diff`, `check` and `test` elsewhere.",
        discussion: """
            With `--pseudonyms` nothing of names, logins and emails is left in it; who is in which group, and what rules ask for, \
            stays. It is personal data all the same: a small group or a rare title tells who somebody is.

              rollcall snapshot --out people.snapshot
              rollcall snapshot --out people.snapshot --pseudonyms
            """)

    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var output: ReportOptions

    @Option(
        name: .customLong("out"),
        help: ArgumentHelp("The file; an older snapshot of that name is replaced.", valueName: "file"),
        completion: .file())
    var file: String

    @Flag(help: "Put pseudonyms in the place of everything that names a person.")
    var pseudonyms = false

    func run() throws {
        let composition = Composition(configuration)
        let written = try composition.agent.writeSnapshot(to: file, pseudonyms: pseudonyms)
        composition.progress.clear()
        try SnapshotOutput(written).write(output)
    }
}
