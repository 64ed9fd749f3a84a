import ArgumentParser
import Diagnostics
import Reports
import SQLiteRoster
import SyncAgent

/// `rollcall changes`: what changed, and why.
struct Changes: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List every change since a run, a day or a time.",
        discussion: """
              rollcall changes --since 2026-11-21
              rollcall changes --since 812 --format csv > changes.csv
            """)

    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var output: ListOptions

    @Option(
        help: "A run like 812, a day like 2026-11-21, or a time like 2026-11-21T02:15Z.", transform: GivenValue.point)
    var since: PointInTime

    func run() throws {
        let view = try RosterView(configuration)
        try view.check(since, mayBeNext: true)
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

extension RosterView {
    /// Refuses what is yet to come, of which nothing can be said; a slip of the pen must not read as "nothing changed".
    ///
    /// `mayBeNext`: whether the run after the latest will do, as for whoever asks for what is new since the last time.
    func check(_ point: PointInTime, mayBeNext: Bool) throws {
        switch point {
        case .time(let time):
            guard time > Clock.now() else { return }
            throw AgentFailure(
                .usage, "\(Timestamp.text(time)) is yet to come", hint: "name a day or a time that is over, in UTC")
        case .run(let number):
            let latest = try roster.lastRun(at: Int64.max) ?? 0
            if mayBeNext ? number <= latest + 1 : try roster.run(number) != nil { return }
            throw AgentFailure.noRun("\(number)", last: latest, .usage)
        }
    }
}
