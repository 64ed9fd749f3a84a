package import Diagnostics
import Reconciliation

/// A plan for programs: `rollcall.plan/1`, documented in `docs/reference/json.md`.
package struct PlanJSON {
    package static let format = "rollcall.plan/1"
    /// Of a comparison, which has a head of its own and no run.
    package static let comparisonFormat = "rollcall.diff/1"

    private let report: PlanReport
    private let changesAtMost: Int
    private var json = JSONWriter(layout: .pretty)
    /// Writes further fields at the end of the document.
    package var attachment: ((inout JSONWriter) -> Void)?

    package init(_ report: PlanReport, changesAtMost: Int = PlanReport.changesAtMost) {
        self.report = report
        self.changesAtMost = changesAtMost
    }

    /// Hands the report over piece by piece.
    package mutating func write(to sink: ([UInt8]) throws -> Void) rethrows {
        json.beginObject()
        json.field("format", report.comparison == nil ? PlanJSON.format : PlanJSON.comparisonFormat)
        json.field("version", report.version)
        json.key("run")
        if let run = report.run { json.value(Int(run)) } else { json.null() }
        json.field("time", Timestamp.machine(report.time))
        json.field("stage", report.stage.rawValue)
        json.key("failure")
        if let failure = report.failure { json.failure(failure) } else { json.null() }
        if let comparison = report.comparison { json.comparison(comparison) }
        json.setAside(report.setAside)
        json.readings(report.readings)
        json.scope(report.scope)
        json.key("targets")
        json.beginArray()
        for plan in report.plans { try target(plan, sink: sink) }
        json.endArray()
        if let head = report.head {
            json.key("head")
            json.beginObject()
            json.field("run", Int(head.run))
            json.field("hash", head.hash)
            json.endObject()
        }
        attachment?(&json)
        json.endObject()
        json.newline()
        try sink(json.drain())
    }

    /// The whole report; for tests and small reports.
    package static func bytes(_ report: PlanReport, changesAtMost: Int = PlanReport.changesAtMost) -> [UInt8] {
        var bytes: [UInt8] = []
        var writer = PlanJSON(report, changesAtMost: changesAtMost)
        writer.write { bytes.append(contentsOf: $0) }
        return bytes
    }

    private mutating func target(_ plan: TargetPlan, sink: ([UInt8]) throws -> Void) rethrows {
        json.beginObject()
        json.field("target", plan.target)
        json.field("mode", plan.mode.rawValue)
        json.field("held", plan.isHeld)
        json.unread(plan.unread)
        counts(of: plan)
        holds(of: plan)
        causes(of: plan)
        try changes(of: plan, sink: sink)
        if let held = plan.heldBack?.plan { try changes(of: held, key: "held_changes", sink: sink) }
        findings(of: plan)
        ledger(of: plan)
        waiting(of: plan)
        tally(of: plan)
        json.endObject()
        try sink(json.drain())
    }

    private mutating func counts(of plan: TargetPlan) {
        let counts = PlanCounts(plan)
        json.key("counts")
        json.beginObject()
        json.field("changes", counts.total)
        json.field("people", counts.people)
        json.field("people_changed", counts.changed)
        json.field("findings", plan.findings.count)
        json.field("findings_acknowledged", report.acknowledged.count(plan.findings, on: plan.target))
        json.key("by_kind")
        json.beginObject()
        for kind in ChangeKind.allCases where counts.count(kind) > 0 { json.field(kind.name, counts.count(kind)) }
        json.endObject()
        json.endObject()
    }

    private mutating func holds(of plan: TargetPlan) {
        json.key("holds")
        json.beginArray()
        for hold in plan.holds { json.hold(hold) }
        json.endArray()
    }

    private mutating func causes(of plan: TargetPlan) {
        json.key("causes")
        json.beginArray()
        for cause in PlanCause.all(of: plan) {
            json.beginObject()
            json.field("kind", cause.kind.name)
            json.field("people", cause.people)
            json.field("reason", cause.reason)
            json.endObject()
        }
        json.endArray()
    }

    private mutating func changes(
        of plan: TargetPlan, key: String = "changes", sink: ([UInt8]) throws -> Void
    ) rethrows {
        json.key(key)
        json.beginArray()
        var known = WrittenReasons()
        for change in plan.changes.prefix(changesAtMost) {
            json.change(change, of: plan, &known)
            if json.bytes.count > 1 << 16 { try sink(json.drain()) }
        }
        json.endArray()
        json.field("\(key)_omitted", max(0, plan.changes.count - changesAtMost))
    }

    private mutating func findings(of plan: TargetPlan) {
        json.key("findings")
        json.beginArray()
        for finding in plan.findings {
            json.finding(
                finding, of: plan.target, isNew: report.isNew(finding, of: plan.target),
                report.acknowledgement(finding, of: plan.target))
        }
        json.endArray()
    }

    private mutating func ledger(of plan: TargetPlan) {
        json.key("seats")
        json.beginArray()
        for row in plan.ledger { json.ledgerRow(row) }
        json.endArray()
    }

    private mutating func waiting(of plan: TargetPlan) {
        json.field("waiting", plan.waiting.count)
    }

    private mutating func tally(of plan: TargetPlan) {
        json.key("guards")
        json.beginArray()
        for tally in plan.tally {
            json.beginObject()
            json.field("kind", tally.kind.rawValue)
            json.field("count", tally.count)
            json.field("limit", tally.limit)
            json.field("limit_text", tally.limitText)
            json.field("approved", tally.approved)
            json.field("earlier", tally.earlier)
            json.field("window", tally.window.isEmpty ? nil : tally.window)
            json.endObject()
        }
        json.endArray()
    }
}
