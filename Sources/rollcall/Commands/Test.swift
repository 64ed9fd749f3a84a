import ArgumentParser
import SyncAgent

/// `rollcall test`: whether the rules give what their tests say.
struct Test: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run the tests that stand in the mappings; no directory is needed.")

    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var output: ReportOptions

    func run() throws {
        let report = try Composition(configuration).agent.test()
        try TestOutput(report).write(output)
        if !report.passed { throw Finished(status: .failed) }
    }
}
