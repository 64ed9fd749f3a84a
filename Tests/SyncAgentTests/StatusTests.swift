import AccessModel
import Diagnostics
import DirectoryModel
import Foundation
import Reconciliation
import Reports
import TestSupport
import Testing

@testable import SyncAgent

/// What `status` says between two nights.
struct StatusTests {
    private func status(_ company: SmallCompany) throws -> StatusReport {
        try company.agent().status(StatusRequest(seed: 1))
    }

    /// The small company has too few administrators, which every night finds.
    private static let found = "`desk`: 1 severe finding; `rollcall findings`"

    @Test func aQuietNightTellsNoMoreThanWhatItFound() throws {
        let company = try SmallCompany()
        try company.sync()
        company.sleep(hours: 3)
        let status = try status(company)
        #expect(status.attention == [Self.found])
        let target = try #require(status.targets.first)
        #expect(target.run?.number == 1 && target.users[.invited] == 20 && target.changes[.invite] == 20)
        #expect(status.directories.map(\.read) == [company.now - 3 * 3600])
        #expect(status.next == nil && status.stale(3 * 3600) == [] && status.stale(3 * 3600 - 1).count == 2)
        #expect(status.due?.map(\.item.kind) == [])
    }

    @Test func aHoldNeedsSomebody() throws {
        let company = try SmallCompany()
        try company.sync()
        company.sleep()
        company.disabled = Set(company.people.prefix(15))
        #expect(try company.sync().status == .held)
        let status = try status(company)
        #expect(status.attention.first?.hasPrefix("`desk`: 1 hold") == true, "\(status.attention)")
        #expect(status.targets[0].holds.count == 1)
        // Nothing was written, so what is known is the first night's.
        #expect(status.directories[0].run == 1)
    }

    @Test func aWithheldGrantIsNoHold() throws {
        let company = try SmallCompany.withAdministrators()
        company.people = ["p1", "p2"]
        _ = try company.agent().lock { _ in true }
        try company.sync()
        let status = try status(company)
        #expect(status.attention.first?.hasPrefix("`desk`: 2 privileged grants withheld; ") == true)
        #expect(status.targets[0].holds == [] && status.targets[0].withheld.count == 2)
        let text = String(decoding: StatusText.bytes(status), as: UTF8.self)
        #expect(text.contains(" WITHHELD  p1@example.org would gain") && !text.contains(" HELD  "), "\(text)")
        let figures = try MetricsText(String(decoding: Metrics(status).bytes, as: UTF8.self))
        #expect(figures.value("rollcall_target_held", ["target": "desk"]) == "2")
        let record = try #require(try company.runs().first)
        let head = String(decoding: RunHead(record).bytes(style: .plain), as: UTF8.self)
        #expect(head.contains("    WITHHELD  p1@example.org would gain"), "\(head)")
    }

    /// The metric counts what can be approved, as the alert on it says so.
    @Test func whatAnObservedTargetWouldHoldNeedsNobody() throws {
        let company = try SmallCompany()
        try company.sync()
        company.sleep()
        company.mode = "observe"
        company.disabled = Set(company.people.prefix(15))
        try company.sync()
        let status = try status(company)
        #expect(status.attention == [Self.found])
        #expect(String(decoding: StatusText.bytes(status), as: UTF8.self).contains("findings:  1 (1 severe)"))
        #expect(status.targets[0].holds == [] && status.targets[0].wouldHold.count == 1)
        let figures = try MetricsText(String(decoding: Metrics(status).bytes, as: UTF8.self))
        #expect(figures.value("rollcall_target_held", ["target": "desk"]) == "0")
        #expect(String(decoding: StatusText.bytes(status), as: UTF8.self).contains("WOULD HOLD  "))
        // What was only observed is not held either once the target is managed: no run has held it yet.
        company.mode = "manage"
        #expect(try self.status(company).targets[0].holds == [])
    }

    @Test func aDirectoryThatWasNotReadIsOld() throws {
        let company = try SmallCompany.withContractors()
        try company.sync()
        company.sleep()
        company.failures["contractors"] = PullFailure(
            kind: .unreachable, directory: "contractors", message: "it hung up", hint: "")
        #expect(try company.sync().status == .partlyRead)
        let status = try status(company)
        #expect(status.directories.map(\.run) == [2, 1])
        #expect(status.directories.map(\.isUnread) == [false, true])
        #expect(status.stale(12 * 3600).count == 1)
        #expect(status.attention.contains { $0.hasPrefix("directory `contractors` could not be read") })
    }

    @Test func aFailedNightIsToldAndLeavesTheDataOld() throws {
        let company = try SmallCompany()
        try company.sync()
        company.sleep(hours: 40)
        company.pullFailure = PullFailure(kind: .unreachable, directory: "corp", message: "it hung up", hint: "")
        #expect(throws: AgentFailure.self) { try company.sync() }
        let status = try status(company)
        #expect(status.attention == ["run 2 failed: directory `corp`: it hung up", Self.found])
        #expect(status.stale(36 * 3600).count == 2)
        #expect(status.targets[0].run?.number == 1)
    }

    @Test func theScheduleSaysWhatComes() throws {
        let company = try SmallCompany()
        company.config = "schedule: {cron: \"0 2 * * *\", jitter: 0s}"
        try company.sync()
        let next = try #require(try status(company).next)
        #expect(next.time.map { ($0 - 2 * 3600) % 86_400 } == 0 && next.isDaemonAtWork == false && next.missed == nil)
        company.sleep(hours: 48)
        let late = try status(company)
        #expect(late.next?.missed != nil)
        #expect(late.attention.last?.hasSuffix("is overdue, and no daemon is at work") == true)
        let state = try OpenDirectory.open(company.directory.path("state"))
        let lock = try RunLock.acquire(in: state, holder: "daemon", name: RunLock.daemonName)
        #expect(try status(company).next?.isDaemonAtWork == true)
        lock.release()
        #expect(try status(company).next?.isDaemonAtWork == false)
    }

    /// A daemon runs without `schedule`, too, by what `rollcall config` then lists.
    @Test func aDaemonRunsByTheDefaultsWithoutASchedule() throws {
        let company = try SmallCompany()
        try company.sync()
        #expect(try status(company).next == nil)
        let state = try OpenDirectory.open(company.directory.path("state"))
        let lock = try RunLock.acquire(in: state, holder: "daemon", name: RunLock.daemonName)
        let next = try #require(try status(company).next)
        let slot = try #require(next.time)
        #expect(next.isDaemonAtWork == true && (0...300).contains((slot - (2 * 3600 + 900)) % 86_400))
        company.sleep(hours: 48)
        #expect(try status(company).next?.missed != nil)
        lock.release()
        let settings = try company.agent().settings(target: nil)
        let listed = settings.filter { $0.key.hasPrefix("schedule.") }.map { "\($0.key) \($0.value) \($0.originText)" }
        #expect(
            listed.sorted() == [
                "schedule.cron 15 2 * * * default of the daemon",
                "schedule.incremental_every never default of the daemon",
                "schedule.jitter 5m default of the daemon", "schedule.retry.every 15m default of the daemon",
                "schedule.retry.for 4h default of the daemon",
                "schedule.timezone UTC default of the daemon",
            ])
    }

    /// Who was suspended and can still sign in is named with target, count and age, and a monitor hears of it.
    @Test func whatIsNotDeliveredFails() {
        var report = StatusReport(now: 100_000, version: "0.1.0", targets: [], directories: [])
        #expect(report.failing == [] && report.attention == [])
        report.late = [
            OutboxBacklog(target: "desk", messages: 5, oldest: 0, suspensions: 3, oldestSuspension: 100_000 - 8 * 3600),
            OutboxBacklog(target: "crm", messages: 1, oldest: 0),
        ]
        report.deadLetters = [OutboxBacklog(target: "desk", messages: 2, oldest: 40_000)]
        let sentences = [
            "desk: 3 suspensions not delivered for 8 hours: `rollcall outbox`",
            "crm: 1 message not delivered for 27 hours: `rollcall outbox`",
            "desk: 2 messages not delivered for 16 hours, and given up: `rollcall outbox`",
        ]
        #expect(report.failing == sentences && report.attention == sentences)
        let line = String(decoding: StatusText.line(report, maxAge: 36 * 3600), as: UTF8.self)
        #expect(line == "failing: \(sentences.joined(separator: "; "))\n")
    }

    @Test func withoutARosterThereIsNoStatus() throws {
        let company = try SmallCompany()
        #expect(throws: (any Error).self) { try status(company) }
    }

    /// Errors in other files do not keep it from being told.
    @Test func whatFallsDueMayBeUnknown() throws {
        let company = try SmallCompany()
        try company.sync()
        try company.directory.write("mapping.yaml", "version: 1\nplatfrom: tenant\n")
        let status = try status(company)
        #expect(status.due == nil && status.targets[0].users[.invited] == 20)
        #expect(String(decoding: StatusText.bytes(status), as: UTF8.self).contains("cannot be told"))
    }

    // MARK: Figures

    @Test func figuresAreReplacedByEachCommandThatWrites() throws {
        let company = try SmallCompany()
        company.config = "reports: {metrics_file: rollcall.prom}"
        try company.sync()
        let first = try MetricsText(company.directory.text("rollcall.prom"))
        #expect(first.value("rollcall_users", ["target": "desk", "status": "invited"]) == "20")
        #expect(first.value("rollcall_target_held", ["target": "desk"]) == "0")
        let facts = try FileManager.default.attributesOfItem(atPath: company.directory.path("rollcall.prom"))
        #expect((facts[.posixPermissions] as? Int) == 0o644)
        company.sleep()
        company.pullFailure = PullFailure(kind: .unreachable, directory: "corp", message: "it hung up", hint: "")
        #expect(throws: AgentFailure.self) { try company.sync() }
        let second = try MetricsText(company.directory.text("rollcall.prom"))
        #expect(second.value("rollcall_last_run_exit_status", [:]) == "69")
        #expect(
            second.value("rollcall_directory_read_timestamp_seconds", ["directory": "corp"])
                == first.value("rollcall_last_run_timestamp_seconds", [:]))
        #expect(try company.directory.names().filter { $0.hasPrefix(".rollcall") } == [])
    }

    @Test func figuresThatCannotBeWrittenChangeNothing() throws {
        let company = try SmallCompany()
        company.config = "reports: {metrics_file: nowhere/rollcall.prom}"
        #expect(try company.sync().status == .done)
        #expect(company.warned.count == 1 && company.warned[0].contains("nowhere/rollcall.prom"))
    }

    /// Every figure that there is, with what it means, and no other.
    @Test func everyMetricIsInTheReference() throws {
        let rows = try Repository.text("docs/reference/metrics.md").components(separatedBy: "\n").filter {
            $0.hasPrefix("| `rollcall_")
        }
        let expected = Metric.all.map { metric in
            let labels = metric.labels.map { "`\($0)`" }.joined(separator: ", ")
            return "| `\(metric.name)` | \(labels) | \(metric.help) |"
        }
        #expect(rows == expected)
    }

    @Test func theFileIsWhatPrometheusReads() throws {
        var target = StatusReport.Target(name: "a \"b\" \\ c\nd", mode: .manage)
        target.severe = 3
        let report = StatusReport(now: 7, version: "0.1.0", targets: [target], directories: [])
        let text = try MetricsText(String(decoding: Metrics(report).bytes, as: UTF8.self))
        #expect(text.value("rollcall_target_findings_severe", ["target": "a \"b\" \\ c\nd"]) == "3")
        #expect(text.value("rollcall_info", ["version": "0.1.0"]) == "1")
    }

    @Test(arguments: [
        "rollcall_x 1\n", "# TYPE rollcall_x gauge\nrollcall_x{a=b} 1\n", "# TYPE rollcall_x gauge\nrollcall_x one\n",
        "# TYPE rollcall_x gauge\nrollcall_x 1", "# TYPE rollcall_x gauge\nrollcall_x 1\nrollcall_x 1\n",
    ])
    func theParserOfThisTestIsStrict(_ text: String) {
        #expect(throws: MetricsText.Malformed.self) { try MetricsText(text) }
    }

    /// Alerts go by figures that there are, and by labels that these have.
    @Test func alertsNameMetricsThatThereAre() throws {
        let text = try Repository.text("config/samples/prometheus/rollcall.rules.yaml")
        var diagnostics = DiagnosticList()
        let root = YAMLReader.read(
            SourceFile(name: "rules", bytes: Array(text.utf8)), limits: YAMLLimits(), into: &diagnostics)?.object
        #expect(!diagnostics.hasErrors, "\(diagnostics.text)")
        let group = try #require(root?["groups"]?.items?.first?.object)
        let rules = (group["rules"]?.items ?? []).compactMap(\.object)
        #expect(rules.count >= 9)
        for rule in rules {
            let alert = try #require(rule["alert"]?.text)
            let expression = try #require(rule["expr"]?.text)
            let summary = try #require(rule["annotations"]?.object?["summary"]?.text)
            let used = expression.matches(of: /rollcall_[a-z_]+/).map { String($0.output) }
            #expect(!used.isEmpty, "\(alert)")
            for name in used {
                let metric = try #require(Metric.all.first { $0.name == name }, "\(alert): \(name)")
                for label in summary.matches(of: /\$labels\.([a-z]+)/) {
                    #expect(metric.labels.contains(String(label.output.1)), "\(alert): \(label.output.1)")
                }
            }
        }
    }
}

/// The text format 0.0.4 of Prometheus, read strictly: help and type before values, labels quoted, whole numbers, no value twice.
struct MetricsText {
    struct Malformed: Error { var line: String }

    private var values: [String: [[String: String]: String]] = [:]

    init(_ text: String) throws {
        guard text.hasSuffix("\n") else { throw Malformed(line: "the last line has no end") }
        var typed: Set<String> = []
        for line in text.dropLast().components(separatedBy: "\n") {
            if line.hasPrefix("# HELP ") { continue }
            if let type = line.wholeMatch(of: /# TYPE ([a-z_]+) gauge/) {
                guard typed.insert(String(type.output.1)).inserted else { throw Malformed(line: line) }
                continue
            }
            guard let parts = line.wholeMatch(of: /([a-z_]+)(\{.*\})? (-?[0-9]+)/),
                typed.contains(String(parts.output.1))
            else { throw Malformed(line: line) }
            let labels = try MetricsText.labels(parts.output.2.map { String($0) } ?? "{}", line)
            guard
                values[String(parts.output.1), default: [:]].updateValue(String(parts.output.3), forKey: labels) == nil
            else { throw Malformed(line: line) }
        }
    }

    func value(_ name: String, _ labels: [String: String]) -> String? { values[name]?[labels] }

    private static func labels(_ text: String, _ line: String) throws -> [String: String] {
        var rest = text.dropFirst().dropLast()
        var labels: [String: String] = [:]
        while !rest.isEmpty {
            guard let found = rest.prefixMatch(of: /([a-z_]+)="((?:[^"\\]|\\["\\n])*)"(,|$)/) else {
                throw Malformed(line: line)
            }
            var value = ""
            var isEscaped = false
            for character in found.output.2 {
                if isEscaped { value += character == "n" ? "\n" : String(character) }
                if !isEscaped, character != "\\" { value.append(character) }
                isEscaped = !isEscaped && character == "\\"
            }
            labels[String(found.output.1)] = value
            rest = rest.dropFirst(found.output.0.count)
        }
        return labels
    }
}
