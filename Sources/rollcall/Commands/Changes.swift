import ArgumentParser
import Reports
import SQLiteRoster
import SyncAgent

/// `rollcall changes`: what changed, and why.
struct Changes: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List every change since a run, a day or a time.")

    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var output: ListOptions

    @Option(help: "A run like 812, a day like 2026-11-21, or a time like 2026-11-21T02:15Z.")
    var since: PointInTime

    func run() throws {
        let view = try RosterView(configuration)
        let first: Int64? =
            switch since {
            case .run(let run): run
            case .time(let time): try view.roster.firstRun(from: time)
            }
        try output.write(.changes, nothing: "nothing changed since") { writer, sink in
            guard let first else { return }
            try view.roster.forEachChange(sinceRun: first) { try writer.row($0.cells, to: sink) }
        }
    }
}

extension PointInTime: ExpressibleByArgument {
    package init?(argument: String) { self.init(argument) }
}
