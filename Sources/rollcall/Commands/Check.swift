import ArgumentParser
import SyncAgent

/// `rollcall check`: whether the files are right, and the groups there.
struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Read every file and report every error with its place.")

    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var output: ReportOptions

    @Flag(name: .customLong("online"), help: "Also ask the directory whether each mapped group exists and has members.")
    var isOnline = false

    func run() throws {
        let composition = Composition(configuration)
        let report = composition.agent.check(isOnline ? .online : .files)
        composition.progress.clear()
        try CheckOutput(report).write(output)
        if report.status != .done { throw Finished(status: report.status) }
    }
}
