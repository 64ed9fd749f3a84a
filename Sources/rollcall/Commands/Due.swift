import ArgumentParser
import Diagnostics
import Reconciliation
import Reports
import SyncAgent

/// `rollcall due`: what falls due in the next days if nothing changes.
struct Due: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "List what falls due in the next days: suspensions, removals, reminders, grants by hand and approvals that expire.",
        discussion: """
              rollcall due
              rollcall due --within 30d --target acme-desk
            """
    )

    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var output: ListOptions

    @Option(help: "Only this target.")
    var target: String?

    @Option(help: "How far to look ahead: 24h, 7d, 2w.")
    var within = "7d"

    func run() throws {
        guard let length = DurationText.parse(within) else {
            throw AgentFailure(.usage, "`--within \(within)` is no length of time", hint: "write it like 24h, 7d or 2w")
        }
        let view = try RosterView(configuration)
        try view.check(target: target)
        let (until, _) = Clock.now().addingReportingOverflow(length.components.seconds)
        let due = try view.composition.agent.due(target: target, until: until)
        try output.write(.due, nothing: "nothing falls due within \(within)") { writer, sink in
            for one in due {
                for item in one.items { try writer.row(item.cells(one.target), to: sink) }
            }
        }
    }
}

extension DueItem {
    fileprivate func cells(_ target: String) -> [Cell] {
        [
            kind.isEnd ? .end(time) : .time(time), .text(target), .text(kind.rawValue), .text(label), .text(reason),
            .optional(person?.directory), .optional(person.map { "\($0.id)" }),
        ]
    }
}
