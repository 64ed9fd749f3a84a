import ArgumentParser
import Diagnostics
import Glibc
import Reports
import SyncAgent

/// `rollcall status`: how everything stands between two nights.
struct Status: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show how everything stands: last and next run, age of the data, holds, who waits, what falls due.",
        discussion: """
            Reads the roster and asks no directory. It ends with 1 where no run would begin, and where a delivery is late. For a monitor, \
            `rollcall status --max-age 36h` prints one line, and ends with 1 as well where the data of a directory, or the last run of a target, is older than that.

              rollcall status                everything
              rollcall status --max-age 36h  one line for a monitor
            """)

    @OptionGroup var configuration: ConfigurationOptions

    @Option(help: "text for people, json for programs.")
    var format: ReportOptions.Format = .text

    @Option(help: ArgumentHelp("End with 1 where data is older than this: 36h, 2d.", valueName: "length"))
    var maxAge: String?

    func run() throws {
        let most = try maxAge.map { text throws(AgentFailure) in
            guard let length = DurationText.parse(text), length > .zero else {
                throw AgentFailure(
                    .usage, "`--max-age \(text)` is no length of time", hint: "write it like 36h, 2d or 90m")
            }
            return length.components.seconds
        }
        let request = StatusRequest(seed: MachineSeed.value, dueWithin: 7 * 86_400, looksForDue: most == nil)
        let report = try Composition(configuration).agent.status(request)
        switch (format, most) {
        case (.json, _): try Output.data(StatusJSON.bytes(report, maxAge: most))
        case (.text, let most?): try Output.data(StatusText.line(report, maxAge: most))
        case (.text, nil): try Output.data(StatusText.bytes(report, style: Terminal.style(of: STDOUT_FILENO)))
        }
        let isStale = most.map { !report.stale($0).isEmpty } ?? false
        if isStale || !report.failing.isEmpty { throw Finished(status: .failed) }
    }
}
