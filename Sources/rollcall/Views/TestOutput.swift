import AccessModel
import Diagnostics
import Reports
import SyncAgent

/// Outcomes of mapping tests: failures first, rules that no test touches, counts last.
struct TestOutput {
    private let report: TestReport

    init(_ report: TestReport) { self.report = report }

    func write(_ options: ReportOptions) throws {
        switch options.format {
        case .text: try Output.data(text(style: options.style))
        case .json: try Output.data(json())
        }
    }

    private func text(style: TextStyle) -> [UInt8] {
        var page = TextPage(style: style)
        for outcome in report.outcomes where !outcome.passed {
            page.line(Span("FAILED", .alarm), "  \(outcome.position): \(outcome.name) (\(outcome.target))")
            page.line("expected: \(outcome.expected.sentence)", indent: 8)
            page.line("found:    \(outcome.found.sentence)", indent: 8)
            for difference in outcome.differences { page.line(Span(difference, .faint), indent: 8) }
            page.blank()
        }
        if !report.untested.isEmpty {
            page.line("No test touches:")
            for rule in report.untested {
                page.line("\(rule.position): rule `\(rule.name)` (\(rule.target))", indent: 2)
            }
            page.blank()
        }
        page.line(Span(summary, report.failed == 0 ? .strong : .alarm))
        return page.bytes
    }

    private var summary: String {
        if report.outcomes.isEmpty { return "there are no mapping tests; write some under `tests:` in the mapping" }
        let passed = report.outcomes.count - report.failed
        let tests = Counted.text(report.outcomes.count, "mapping test")
        let untested = report.untested.isEmpty ? "" : "; \(Counted.text(report.untested.count, "rule")) untested"
        return "\(tests): \(passed) passed, \(report.failed) failed\(untested)"
    }

    private func json() -> [UInt8] {
        var json = JSONWriter(layout: .pretty)
        json.beginObject()
        json.field("format", "rollcall.tests/1")
        json.field("failed", report.failed)
        json.key("tests")
        json.beginArray()
        for outcome in report.outcomes {
            json.beginObject()
            json.field("target", outcome.target)
            json.field("name", outcome.name)
            json.field("place", "\(outcome.position)")
            json.field("passed", outcome.passed)
            json.field("expected", outcome.expected.sentence)
            json.field("found", outcome.found.sentence)
            json.field("differences", outcome.differences)
            json.endObject()
        }
        json.endArray()
        json.key("untested_rules")
        json.beginArray()
        for rule in report.untested {
            json.beginObject()
            json.field("target", rule.target)
            json.field("rule", rule.name)
            json.field("place", "\(rule.position)")
            json.endObject()
        }
        json.endArray()
        json.endObject()
        json.newline()
        return json.bytes
    }
}
