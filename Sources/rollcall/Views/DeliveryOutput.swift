import Diagnostics
import Reports
import SyncAgent

/// What a round of delivery came to.
struct DeliveryOutput {
    /// Failures shown to people.
    private static let shownAtMost = 10

    private let report: DeliveryReport

    init(_ report: DeliveryReport) { self.report = report }

    func text(style: TextStyle) -> [UInt8] {
        var page = TextPage(style: style)
        var parts = ["\(Counted.text(report.delivered, "message")) delivered"]
        if report.waiting > 0 { parts.append("\(Counted.number(report.waiting)) waiting") }
        if report.dead > 0 { parts.append("\(Counted.number(report.dead)) given up") }
        page.line(Span("delivery: ", report.isLoud ? .removed : .strong), "\(parts.joined(separator: ", "))")
        if !report.problem.isEmpty { page.line("\(report.problem)", indent: 2) }
        for failure in report.failures.prefix(DeliveryOutput.shownAtMost) {
            let word = failure.isDead ? "given up" : "failed"
            page.line("\(word): message \(failure.number), \(failure.label): \(failure.problem)", indent: 2)
        }
        let rest = report.failures.count - DeliveryOutput.shownAtMost
        if rest > 0 { page.line("… and \(Counted.number(rest)) more; `rollcall outbox` has them all", indent: 2) }
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
