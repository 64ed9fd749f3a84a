import ArgumentParser
import Diagnostics
import DirectoryModel
import MappingLanguage
import Reconciliation
import Reports
import SQLiteRoster
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
        let files = try view.composition.agent.files()
        let known = try view.roster.targets()
        let targets = files.targets.filter { file in
            known.contains(file.settings.name) && (target == nil || file.settings.name == target)
        }
        let roster = try view.roster.load(targets: targets.map(\.settings.name))
        let approvals = files.approvals(notUsedIn: roster)
        let now = Clock.now()
        let (until, _) = now.addingReportingOverflow(length.components.seconds)
        try output.write(.due, nothing: "nothing falls due within \(within)") { writer, sink in
            for (file, users) in zip(targets, roster.targets) {
                var input = ReconcileInput(
                    mirror: Mirror(), evaluation: .none, rules: [], roster: users, approvals: approvals, now: now,
                    run: roster.lastRun + 1)
                if file.settings.policy.onlyGroup != nil {
                    input = try file.lastRead(input, view.roster.loadMirror(), pins: roster.pins)
                }
                let items = Reconciler(settings: file.settings).due(input, until: until)
                for item in items { try writer.row(item.cells(file.settings.name), to: sink) }
            }
        }
    }
}

extension DueItem {
    fileprivate func cells(_ target: String) -> [Cell] {
        [
            .time(time), .text(target), .text(kind.rawValue), .text(label), .text(reason),
            .optional(person?.directory), .optional(person.map { "\($0.id)" }),
        ]
    }
}
