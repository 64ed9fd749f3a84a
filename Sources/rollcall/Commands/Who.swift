import AccessModel
import ArgumentParser
import Diagnostics
import Reconciliation
import Reports
import SQLiteRoster
import SyncAgent

/// `rollcall who`: who has a role, or had it.
struct Who: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List who has a role, or who had it at some time, as the roster recorded it.",
        discussion: """
              rollcall who --role account-admin                     now
              rollcall who --role account-admin --as-of 2026-09-30  as that day began
            """)

    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var output: ListOptions

    @Option(help: "The role, anywhere in the target.")
    var role: String

    @Option(help: "Only users of this target.")
    var target: String?

    @Option(
        name: .customLong("as-of"),
        help: "A run like 812, a day like 2026-11-21 (its beginning), or a time like 2026-11-21T02:15Z.",
        transform: GivenValue.point)
    var time: PointInTime?

    func run() throws {
        let view = try RosterView(configuration)
        try view.check(target: target)
        if let time { try view.check(time, mayBeNext: false) }
        let run: Int64? =
            switch time {
            case nil: Int64.max
            case .run(let run): run
            case .time(let time): try view.roster.lastRun(at: time)
            }
        let users = try run.map { try view.roster.users(after: $0, role: role, target: target) } ?? []
        if users.isEmpty { try view.check(role: role, target: target) }
        try output.write(.users, nothing: "nobody", rows: users.map(\.cells))
    }
}
