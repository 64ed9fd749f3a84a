import Diagnostics
import Reports
import SyncAgent

/// What `check` found, for people and for programs.
struct CheckOutput {
    private let report: CheckReport

    init(_ report: CheckReport) { self.report = report }

    func write(_ options: ReportOptions) throws {
        switch options.format {
        case .text: try Output.data(text(style: options.style))
        case .json: try Output.data(json())
        }
    }

    private func text(style: TextStyle) -> [UInt8] {
        var bytes = DiagnosticReport(report.diagnostics).text()
        var page = TextPage(style: style)
        if !bytes.isEmpty { page.blank() }
        groups(to: &page)
        for failure in report.failures {
            bytes += page.drain() + FailureReport(failure).text(style: style)
        }
        for note in report.notes { page.line("note: \(note)") }
        page.line(Span(summary, report.status == .done ? .strong : .alarm))
        return bytes + page.bytes
    }

    private func groups(to page: inout TextPage) {
        guard !report.groups.isEmpty else { return }
        let rows = report.groups.map { group -> [Span] in
            [
                Span(group.target), Span(group.name, .strong),
                Span(Counted.text(group.people, "person", plural: "people")),
                group.problem.isEmpty ? Span(group.dn, .faint) : Span(group.problem, .alarm),
            ]
        }
        page.columns(rows)
        page.blank()
    }

    private var summary: String {
        let errors = report.diagnostics.errorCount
        let warnings = report.diagnostics.sorted.count { $0.severity == .warning }
        let files = Counted.text(report.files.count, "file")
        let problems = report.groups.count { !$0.problem.isEmpty }
        var parts = [files]
        parts.append(errors == 0 ? "no errors" : Counted.text(errors, "error"))
        if warnings > 0 { parts.append(Counted.text(warnings, "warning")) }
        if !report.groups.isEmpty {
            parts.append("\(Counted.text(report.groups.count, "mapped group")), \(problems) with problems")
        }
        if !report.failures.isEmpty {
            parts.append("\(Counted.text(report.failures.count, "directory", plural: "directories")) not read")
        }
        if let run = report.readBy { parts.append("groups as run \(run) read them") }
        return parts.joined(separator: ", ")
    }

    private func json() -> [UInt8] {
        var json = JSONWriter(layout: .pretty)
        json.beginObject()
        json.field("format", "rollcall.check/1")
        json.field("exit_status", report.status.rawValue)
        json.key("read_by_run")
        if let run = report.readBy { json.value(Int(run)) } else { json.null() }
        json.field("notes", report.notes)
        json.field("files", report.files)
        report.diagnostics.write(into: &json)
        json.key("groups")
        json.beginArray()
        for group in report.groups {
            json.beginObject()
            json.field("target", group.target)
            json.field("group", group.name)
            json.field("dn", group.dn)
            json.field("people", group.people)
            json.field("problem", group.problem)
            json.endObject()
        }
        json.endArray()
        json.key("failures")
        json.beginArray()
        for failure in report.failures { json.failure(FailureReport(failure)) }
        json.endArray()
        json.endObject()
        json.newline()
        return json.bytes
    }
}
