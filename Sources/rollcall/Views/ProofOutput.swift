import Diagnostics
import Reconciliation
import Reports
import SQLiteRoster

/// What `audit verify` found.
struct ProofOutput {
    private let report: ProofReport

    init(_ report: ProofReport) { self.report = report }

    func write(_ options: ReportOptions) throws {
        switch options.format {
        case .text: try Output.data(text(options.style))
        case .json: try Output.data(json())
        }
    }

    private func text(_ style: TextStyle) -> [UInt8] {
        var page = TextPage(style: style)
        let counts =
            "\(Counted.text(report.runs, "run")), \(Counted.text(report.changes, "change")), "
            + Counted.text(report.users, "user")
        if report.problems.isEmpty {
            page.line("whole: \(counts)")
        } else {
            page.line(Span("not whole: \(counts)", .strong))
            for problem in report.problems { page.line("\(problem)", indent: 2) }
            page.line(
                "hint: put back a copy with `rollcall restore`, or see who wrote the file: it is the agent's alone")
        }
        if let head = report.head { page.line("head: run \(head.run)  \(head.hash)") }
        return page.bytes
    }

    private func json() -> [UInt8] {
        var json = JSONWriter(layout: .pretty)
        json.beginObject()
        json.field("format", "rollcall.proof/1")
        json.field("whole", report.problems.isEmpty)
        json.field("runs", report.runs)
        json.field("changes", report.changes)
        json.field("users", report.users)
        json.key("problems")
        json.beginArray()
        for problem in report.problems { json.value(problem) }
        json.endArray()
        json.key("head")
        if let head = report.head {
            json.beginObject()
            json.field("run", Int(head.run))
            json.field("hash", head.hash)
            json.endObject()
        } else {
            json.null()
        }
        json.endObject()
        json.newline()
        return json.drain()
    }
}
