import ArgumentParser
import SyncAgent

/// `rollcall test`: whether the rules give what their tests say.
struct Test: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run the tests that stand in the mappings; no directory is needed.",
        discussion: """
            With `--snapshot` it also looks whether every group that rules name is in a file that `rollcall snapshot` wrote.

              rollcall test
              rollcall test --snapshot people.snapshot --format junit --min-coverage 80
            """)

    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var output: TestOptions

    @Option(
        help: ArgumentHelp("Also look for the groups that rules name in this file.", valueName: "file"),
        completion: .file())
    var snapshot: String?

    @Option(
        name: .customLong("min-coverage"),
        help: ArgumentHelp(
            "End with 1 where tests touch fewer of a file's rules, in percent.", valueName: "percent"),
        transform: GivenValue.number("a percentage", like: 90))
    var leastCoverage: Int?

    func validate() throws {
        if let leastCoverage, !(0...100).contains(leastCoverage) {
            throw ValidationError("`--min-coverage` is a percentage, from 0 to 100")
        }
    }

    func run() throws {
        let report = try Composition(configuration).agent.test(snapshot: snapshot)
        try TestOutput(report, least: leastCoverage).write(output)
        let isCovered = report.coverage.allSatisfy { $0.percent >= leastCoverage ?? 0 }
        if !report.passed || !isCovered { throw Finished(status: .failed) }
    }
}
