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
    private let lacking: Int
    /// The least coverage that was asked for, in percent.
    private let least: Int?

    init(_ report: TestReport, least: Int? = nil) {
        self.report = report
        self.least = least
        lacking = report.targets.reduce(0) { $0 + ($1.lacking?.count ?? 0) }
        total = report.targets.reduce(0) { $0 + $1.run.results.count }
        failed = report.targets.reduce(0) { $0 + $1.run.results.count { !$0.passed } }
        untouched = report.targets.reduce(0) { $0 + $1.run.untouched.count }
    }

    func write(_ options: TestOptions) throws {
        switch options.format {
        case .text: try Output.data(text(style: options.style))
        case .json: try Output.data(json())
        case .junit: try Output.data(junit())
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
        for target in report.targets {
            for finding in target.lacking ?? [] {
                page.line(Span("LACKING", .alarm), " \(place(finding, target)): \(finding.message) (\(target.name))")
                if let hint = finding.hint { page.line(Span("hint: \(hint)", .faint), indent: 8) }
            }
        }
        if lacking > 0 { page.blank() }
        coverage(to: &page)
        page.line(Span(summary, failed == 0 && lacking == 0 && uncovered.isEmpty ? .strong : .alarm))
        return page.bytes
    }

    /// How many of each file's rules tests touch.
    private func coverage(to page: inout TextPage) {
        guard total > 0 || least != nil else { return }
        let rows = report.coverage.map { file -> [Span] in
            let isLow = file.percent < least ?? 0
            return [
                Span("\(file.percent) %", isLow ? .alarm : .plain), Span("\(file.touched) of \(file.rules) rules"),
                Span(file.file),
            ] + (isLow ? [Span("less than \(least ?? 0) %", .alarm)] : [])
        }
        page.line("Rules that some test touches:")
        page.columns(rows, rightAligned: [0], indent: 2)
        page.blank()
    }

    private var uncovered: [TestReport.Coverage] { report.coverage.filter { $0.percent < least ?? 0 } }

    private func place(_ finding: MappingFinding, _ target: TestReport.Target) -> String {
        finding.position.map { "\($0)" } ?? target.file
    }

    private func junit() -> [UInt8] {
        JUnitReport.bytes(
            report.targets.map { target in
                var cases = target.run.results.map { result in
                    JUnitReport.Case(
                        name: result.test.name, file: result.test.position.file, line: result.test.position.line,
                        failures: failures(of: result))
                }
                if let lacking = target.lacking {
                    cases.append(
                        JUnitReport.Case(
                            name: "every group that rules name is there", file: target.file, line: 1,
                            failures: lacking.map { "\(place($0, target)): \($0.message)" }))
                }
                if let least, let file = report.coverage.first(where: { $0.file == target.file }) {
                    let isLow = file.percent < least
                    cases.append(
                        JUnitReport.Case(
                            name: "tests touch \(least) % of the rules", file: target.file, line: 1,
                            failures: isLow
                                ? ["\(file.percent) %: \(file.touched) of \(file.rules) rules"]
                                    + target.run.untouched.map { "no test touches rule `\($0)`" } : []))
                }
                let untouched = target.run.untouched.count
                return JUnitReport.Suite(
                    name: target.name, cases: cases,
                    properties: [
                        ("mapping", target.file), ("rules", String(target.rules)),
                        ("rules.touched", String(target.rules - untouched)),
                        ("coverage.percent", String(report.coverage.first { $0.file == target.file }?.percent ?? 100)),
                    ])
            })
    }

    private func failures(of result: MappingTestResult) -> [String] {
        result.unexpected.map { "given, and not expected: \($0)" }
            + result.lacking.map { "expected, and not given: \($0)" }
            + (result.conflicts ? ["rules contradict each other about the one template"] : [])
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
        var rest = untouched == 0 ? "" : "; \(Counted.text(untouched, "rule")) untested"
        if lacking > 0 { rest += "; \(Counted.text(lacking, "group")) lacking" }
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
        json.key("coverage")
        json.beginArray()
        for file in report.coverage {
            json.beginObject()
            json.field("file", file.file)
            json.field("rules", file.rules)
            json.field("touched", file.touched)
            json.field("percent", file.percent)
            json.endObject()
        }
        json.endArray()
        json.key("lacking_groups")
        json.beginArray()
        for target in report.targets {
            for finding in target.lacking ?? [] {
                json.beginObject()
                json.field("target", target.name)
                json.field("place", place(finding, target))
                json.field("code", finding.code)
                json.field("message", finding.message)
                json.endObject()
            }
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
