import ArgumentParser
import SyncAgent

/// `rollcall check`: whether the files are right, and the groups there.
struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Read every file and report every error with its place.",
        discussion: """
              rollcall check                             the files alone
              rollcall check --online                    also whether each group is there
              rollcall check --snapshot people.snapshot  the same without a directory
            """)

    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var output: ReportOptions

    @Flag(name: .customLong("online"), help: "Also ask the directory whether each mapped group exists and has members.")
    var isOnline = false

    @Option(
        help: ArgumentHelp(
            "Look for groups and people in a file that `rollcall snapshot` wrote, instead of the roster.",
            valueName: "file"), completion: .file())
    var snapshot: String?

    func validate() throws {
        if isOnline, snapshot != nil { throw ValidationError("ask the directory or look into a file, not both") }
    }

    func run() throws {
        let composition = Composition(configuration)
        let report = composition.agent.check(isOnline ? .online : .files, snapshot: snapshot)
        composition.progress.clear()
        try CheckOutput(report).write(output)
        if report.status != .done { throw Finished(status: report.status) }
    }
}
