import AccessModel
import Diagnostics
import Reconciliation

/// The status for programs: `rollcall.status/1`, documented in `docs/reference/json.md`.
package struct StatusJSON {
    private let report: StatusReport
    private var json = JSONWriter(layout: .pretty)

    /// `maxAge`: how old data may be, seconds; nil where nobody asked.
    package static func bytes(_ report: StatusReport, maxAge: Int64? = nil) -> [UInt8] {
        var writer = StatusJSON(report: report)
        writer.write(maxAge)
        return writer.json.bytes
    }

    private mutating func write(_ maxAge: Int64?) {
        json.beginObject()
        json.field("format", StatusReport.format)
        json.field("version", report.version)
        json.field("time", Timestamp.machine(report.now))
        json.field("attention", report.attention)
        json.field("failing", report.failing)
        if let maxAge {
            json.field("max_age_seconds", Int(clamping: maxAge))
            json.field("stale", report.stale(maxAge))
        }
        list("targets", report.targets) { $0.target($1) }
        list("directories", report.directories) { $0.directory($1) }
        json.key("next_run")
        next()
        due()
        json.key("delivery")
        json.beginObject()
        json.field("configured", report.delivers)
        json.field("waiting", report.undelivered)
        json.field("given_up", report.givenUp)
        json.field("late", report.late.map(\.target))
        json.endObject()
        list("runs", report.runs) { $0.run($1) }
        json.endObject()
        json.newline()
    }

    private mutating func list<Item>(_ name: String, _ items: [Item], _ write: (inout StatusJSON, Item) -> Void) {
        json.key(name)
        json.beginArray()
        for item in items { write(&self, item) }
        json.endArray()
    }

    private mutating func target(_ target: StatusReport.Target) {
        json.beginObject()
        json.field("target", target.name)
        json.field("mode", target.mode.rawValue)
        json.key("last_run")
        if let run = target.run { self.run(run) } else { json.null() }
        json.field("held", !target.holds.isEmpty || !target.withheld.isEmpty)
        json.field("holds", target.holds + target.withheld)
        json.field("would_hold", target.wouldHold + target.wouldWithhold)
        json.key("paused_by")
        if let run = target.pausedBy { json.value(Int(run)) } else { json.null() }
        json.key("users")
        json.beginObject()
        for status in UserStatus.allCases { json.field(status.rawValue, target.users[status] ?? 0) }
        json.endObject()
        json.key("changes")
        json.beginObject()
        for kind in ChangeKind.allCases { if let count = target.changes[kind] { json.field(kind.name, count) } }
        json.endObject()
        json.key("seats")
        json.beginArray()
        for row in target.seats { json.ledgerRow(row) }
        json.endArray()
        json.field("waiting", target.waiting)
        json.field("waiting_for_pace", target.waitingForPace)
        json.field("oldest_waiting", target.oldestWaiting.map(Timestamp.machine))
        json.field("findings", target.findings)
        json.field("findings_severe", target.severe)
        json.field("findings_acknowledged", target.acknowledged)
        json.endObject()
    }

    private mutating func directory(_ directory: StatusReport.Directory) {
        json.beginObject()
        json.field("directory", directory.name)
        json.key("run")
        if let run = directory.run { json.value(Int(run)) } else { json.null() }
        json.field("read", directory.read.map(Timestamp.machine))
        json.key("age_seconds")
        if let read = directory.read { json.value(Int(clamping: report.age(read))) } else { json.null() }
        json.field("unread", directory.isUnread)
        json.endObject()
    }

    private mutating func next() {
        guard let next = report.next else { return json.null() }
        json.beginObject()
        json.field("time", next.time.map(Timestamp.machine))
        json.field("missed", next.missed.map(Timestamp.machine))
        json.key("daemon")
        if let isAtWork = next.isDaemonAtWork { json.value(isAtWork) } else { json.null() }
        json.endObject()
    }

    private mutating func due() {
        json.field("due_within_seconds", Int(clamping: report.dueWithin))
        json.key("due")
        guard let due = report.due else { return json.null() }
        json.beginArray()
        for one in due {
            json.beginObject()
            json.field("time", Timestamp.machine(one.item.time))
            json.field("target", one.target)
            json.field("kind", one.item.kind.rawValue)
            json.field("who", one.item.label)
            json.field("reason", one.item.reason)
            json.endObject()
        }
        json.endArray()
    }

    private mutating func run(_ run: RunRecord) {
        json.beginObject()
        json.field("run", Int(run.number))
        json.field("command", run.command)
        json.field("actor", run.actor)
        json.field("started", Timestamp.machine(run.started))
        json.field("ended", Timestamp.machine(run.ended))
        json.field("outcome", run.outcome.rawValue)
        json.field("exit_status", run.exitStatus)
        json.field("summary", run.summary)
        json.endObject()
    }
}
