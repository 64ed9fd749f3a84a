import Diagnostics
import Reconciliation
import Reports
import SyncAgent

/// What a round of delivery came to.
struct DeliveryOutput {
    /// Failures shown to people.
    private static let shownAtMost = 10

    private let report: DeliveryReport
    /// Seconds since 1970.
    private let now: Int64

    init(_ report: DeliveryReport, now: Int64) {
        self.report = report
        self.now = now
    }

    func text(style: TextStyle) -> [UInt8] {
        var page = TextPage(style: style)
        var parts = ["\(Counted.text(report.delivered, "message")) delivered"]
        if report.waiting > 0 { parts.append("\(Counted.number(report.waiting)) waiting") }
        if report.dead > 0 { parts.append("\(Counted.number(report.dead)) given up") }
        page.line(Span("delivery: ", report.isLoud ? .removed : .strong), "\(parts.joined(separator: ", "))")
        for late in report.late { page.line("\(late.sentence(at: now))", indent: 2) }
        if report.isCut {
            page.line("stopped after \(DeliveryReport.longestMinutes) minutes; `rollcall deliver` goes on", indent: 2)
        }
        if !report.problem.isEmpty { page.line("\(report.problem)", indent: 2) }
        for failure in report.failures.prefix(DeliveryOutput.shownAtMost) {
            let word = failure.isDead ? "given up" : "failed"
            page.line("\(word): message \(failure.number), \(failure.label): \(failure.problem)", indent: 2)
        }
        let rest = report.failures.count - DeliveryOutput.shownAtMost
        if rest > 0 { page.line("… and \(Counted.number(rest)) more; `rollcall outbox` has them all", indent: 2) }
        if let next = report.nextTry {
            let time = Timestamp.text(next)
            page.line(
                "the next try is at \(time); `rollcall outbox --retry`, then `rollcall deliver` tries now", indent: 2)
        }
        if report.dead > 0 {
            page.line(
                "hint: repair the program, then `rollcall outbox --retry`; or `--drop NUMBER --reason …`", indent: 2)
        }
        return page.bytes
    }

    func json() -> [UInt8] {
        var json = JSONWriter(layout: .pretty)
        json.beginObject()
        json.field("format", "rollcall.delivered/1")
        json.field("delivered", report.delivered)
        json.field("waiting", report.waiting)
        json.field("dead", report.dead)
        json.field("problem", report.problem.isEmpty ? nil : report.problem)
        json.field("cut_short", report.isCut)
        json.field("next_try", report.nextTry.map(Timestamp.machine))
        json.key("late")
        json.beginArray()
        for late in report.late {
            json.beginObject()
            json.field("target", late.target)
            json.field("messages", late.messages)
            json.field("oldest", Timestamp.machine(late.oldest))
            json.field("suspensions", late.suspensions)
            json.field("oldest_suspension", late.oldestSuspension.map(Timestamp.machine))
            json.endObject()
        }
        json.endArray()
        json.key("failures")
        json.beginArray()
        for failure in report.failures {
            json.beginObject()
            json.field("message", Int(failure.number))
            json.field("email", failure.label)
            json.field("dead", failure.isDead)
            json.field("problem", failure.problem)
            json.endObject()
        }
        json.endArray()
        json.endObject()
        json.newline()
        return json.bytes
    }
}
