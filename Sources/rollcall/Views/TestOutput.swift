import AccessModel
import Diagnostics
import MappingLanguage
import Reports
import SyncAgent

/// Outcomes of mapping tests: failures first, then rules that no test touches, counts last.
struct TestOutput {
    private let report: TestReport
    private let total: Int
    private let failed: Int
    private let untouched: Int

    init(_ report: TestReport) {
        self.report = report
        total = report.targets.reduce(0) { $0 + $1.run.results.count }
        failed = report.targets.reduce(0) { $0 + $1.run.results.count { !$0.passed } }
        untouched = report.targets.reduce(0) { $0 + $1.run.untouched.count }
    }

    func write(_ options: ReportOptions) throws {
        switch options.format {
        case .text: try Output.data(text(style: options.style))
        case .json: try Output.data(json())
        }
    }

    private func text(style: TextStyle) -> [UInt8] {
        var page = TextPage(style: style)
        for target in report.targets {
            for result in target.run.results where !result.passed { write(result, of: target, to: &page) }
        }
        for target in report.targets where !target.run.untouched.isEmpty {
            page.line("No test of \(target.name) touches:")
            for rule in target.run.untouched { page.line("rule `\(rule)` (\(target.file))", indent: 2) }
            page.blank()
        }
        page.line(Span(summary, failed == 0 ? .strong : .alarm))
        return page.bytes
    }

    private func write(_ result: MappingTestResult, of target: TestReport.Target, to page: inout TextPage) {
        page.line(Span("FAILED", .alarm), "  \(result.test.position): \(result.test.name) (\(target.name))")
        for line in result.unexpected { page.line(Span("+ ", .added), "given, and not expected: \(line)", indent: 8) }
        for line in result.lacking { page.line(Span("- ", .removed), "expected, and not given: \(line)", indent: 8) }
        if result.conflicts { page.line("rules contradict each other about the one template", indent: 8) }
        let rules = result.matched.isEmpty ? "no rule" : result.matched.map { "`\($0)`" }.joined(separator: ", ")
        page.line(Span("matched by \(rules)", .faint), indent: 8)
        page.blank()
    }

    private var summary: String {
        if total == 0 { return "there are no mapping tests; write some under `tests:` in the mapping" }
        let rest = untouched == 0 ? "" : "; \(Counted.text(untouched, "rule")) untested"
        return "\(Counted.text(total, "mapping test")): \(total - failed) passed, \(failed) failed\(rest)"
    }

    private func json() -> [UInt8] {
        var json = JSONWriter(layout: .pretty)
        json.beginObject()
        json.field("format", "rollcall.tests/1")
        json.field("failed", failed)
        json.key("tests")
        json.beginArray()
        for target in report.targets {
            for result in target.run.results { write(result, of: target, to: &json) }
        }
        json.endArray()
        json.key("untested_rules")
        json.beginArray()
        for target in report.targets {
            for rule in target.run.untouched {
                json.beginObject()
                json.field("target", target.name)
                json.field("rule", rule)
                json.field("file", target.file)
                json.endObject()
            }
        }
        json.endArray()
        json.endObject()
        json.newline()
        return json.bytes
    }

    private func write(_ result: MappingTestResult, of target: TestReport.Target, to json: inout JSONWriter) {
        json.beginObject()
        json.field("target", target.name)
        json.field("name", result.test.name)
        json.field("place", "\(result.test.position)")
        json.field("passed", result.passed)
        json.field("given", result.given.sentence)
        json.field("unexpected", result.unexpected)
        json.field("lacking", result.lacking)
        json.field("conflicts", result.conflicts)
        json.field("matched", result.matched)
        json.endObject()
    }
}
