import Foundation
import Reconciliation
import Reports
import Testing

/// Findings that somebody acknowledged are counted apart in every rendering, stand behind the others, and need no decision.
struct AcknowledgedReportTests {
    private static let open = Finding(code: "seats.over-limit", weight: .warning, message: "too many")
    private static let known = Finding(code: "admins.below", weight: .severe, label: "admin", message: "too few")

    private static func report(_ findings: [Finding], _ reason: String = "the ticket is open") -> PlanReport {
        var plan = TargetPlan(target: "desk", mode: .manage)
        plan.findings = findings
        var report = PlanReport(
            stage: .applied, run: 1, time: 0, version: "1", plans: [plan], newFindings: ["desk": [open]])
        let one = Acknowledgement(
            target: "desk", key: FindingKey.of(known), until: 86_400, reason: reason, actor: "ada", since: 0, run: 1)
        report.acknowledged = Acknowledgements([one], at: 0)
        return report
    }

    private static func renderings(_ report: PlanReport) -> [(name: String, text: String)] {
        [
            ("text", PlanText.bytes(report)), ("HTML", PlanHTML.bytes(report)),
            ("Markdown", PlanMarkdown.bytes(report)), ("CSV", PlanCSV.bytes(report)), ("JSON", PlanJSON.bytes(report)),
        ].map { ($0.0, String(decoding: $0.1, as: UTF8.self)) }
    }

    @Test func eachRenderingCountsThemApart() {
        for (name, text) in Self.renderings(Self.report([Self.known, Self.open])) {
            if name == "JSON" {
                let text = text.filter { !$0.isWhitespace }
                #expect(text.contains(#""findings":2,"findings_acknowledged":1,"#))
                #expect(text.contains(#""acknowledged":{"until":"1970-01-02T00:00:00Z","by":"ada","#))
            } else {
                #expect(text.contains("1 finding, 1 acknowledged"), "\(name)")
                #expect(text.contains(Self.known.id(on: "desk")) && text.contains(Self.open.id(on: "desk")), "\(name)")
                #expect(text.contains("until the end of 1970-01-01 UTC"), "\(name)")
            }
            #expect(!text.contains("(1 severe)"), "\(name)")
        }
    }

    @Test func theyStandBehindTheOthers() throws {
        let text = String(decoding: PlanText.bytes(Self.report([Self.known, Self.open])), as: UTF8.self)
        let (first, second) = (try #require(text.range(of: "too many")), try #require(text.range(of: "too few")))
        #expect(first.lowerBound < second.lowerBound)
    }

    @Test func aNightWithNothingElseSaysSo() {
        for (name, text) in Self.renderings(Self.report([Self.known])) where name != "JSON" {
            #expect(text.contains("; 1 finding acknowledged"), "\(name)")
            #expect(!text.contains("SEVERE"), "\(name)")
        }
    }

    /// The reports for people say at their head which severe finding waits for somebody.
    @Test func aSevereFindingThatNobodyKnowsNeedsADecision() throws {
        var report = Self.report([Self.known, Self.open])
        report.acknowledged = .none
        for (name, text) in Self.renderings(report) where ["text", "HTML", "Markdown"].contains(name) {
            let head = try #require(text.components(separatedBy: "Needs a decision").dropFirst().first)
            let words = PageFigures.words(head).filter { $0 != "`" && $0 != "*" }
            let line = try #require(words.components(separatedBy: "\n").first { $0.contains("SEVERE") })
            #expect(line.contains("desk: 1 severe finding: admin: too few"), "\(name)")
        }
    }

    /// Whoever may acknowledge may not write markup into the page.
    @Test func aReasonIsText() {
        let page = String(
            decoding: PlanHTML.bytes(Self.report([Self.known], "<script>alert(1)</script>")), as: UTF8.self)
        #expect(!page.contains("<script>alert") && page.contains("alert(1)"))
    }

    @Test func anotherTargetsFindingIsNotMeant() {
        let one = Acknowledgement(
            target: "office", key: FindingKey.of(Self.known), until: 9, reason: "", actor: "", since: 0, run: 1)
        #expect(Acknowledgements([one], at: 0).of(Self.known, on: "desk") == nil)
        #expect(Acknowledgements([one], at: 0).of(Self.known, on: "office") == one)
        #expect(Acknowledgements([one], at: 9).of(Self.known, on: "office") == nil)
    }
}
