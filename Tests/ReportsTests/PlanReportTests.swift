import AccessModel
import Foundation
import Reconciliation
import Reports
import TestSupport
import Testing

struct PlanReportTests {
    static let reports: [(String, PlanReport)] = [
        ("second-night", SamplePlans.report([SamplePlans.secondNight(), SamplePlans.quietNight()])),
        ("held-night", SamplePlans.report([SamplePlans.heldNight()], stage: .applied)),
        ("quiet-night", SamplePlans.report([SamplePlans.quietNight()])),
        ("failed-night", failed()),
        ("thirtieth-night", SampleHistory.report()),
    ]

    static func failed() -> PlanReport {
        var report = SamplePlans.report([], stage: .failed)
        report.failure = FailureReport(
            code: "unavailable", message: "directory `corp`: no server answered",
            causes: ["ldaps://ldap1.example.org: connection refused"], hint: "start the server, or correct `urls`",
            exitStatus: 69)
        return report
    }

    @Test(arguments: reports.indices)
    func textReadsAsRecorded(_ place: Int) throws {
        let (name, report) = Self.reports[place]
        try RecordedFile.expect(
            String(decoding: PlanText.bytes(report), as: UTF8.self), at: "Tests/ReportsTests/Recorded/\(name).txt")
    }

    @Test(arguments: reports.indices)
    func jsonReadsAsRecorded(_ place: Int) throws {
        let (name, report) = Self.reports[place]
        try RecordedFile.expect(
            String(decoding: PlanJSON.bytes(report), as: UTF8.self), at: "Tests/ReportsTests/Recorded/\(name).json")
    }

    @Test(arguments: reports.indices)
    func markdownReadsAsRecorded(_ place: Int) throws {
        let (name, report) = Self.reports[place]
        try RecordedFile.expect(
            String(decoding: PlanMarkdown.bytes(report), as: UTF8.self), at: "Tests/ReportsTests/Recorded/\(name).md")
    }

    @Test(arguments: reports.indices)
    func sheetReadsAsRecorded(_ place: Int) throws {
        let (name, report) = Self.reports[place]
        try RecordedFile.expect(
            String(decoding: PlanCSV.bytes(report), as: UTF8.self), at: "Tests/ReportsTests/Recorded/\(name).csv")
    }

    /// Style and script are the same in all pages, and are not recorded.
    @Test(arguments: reports.indices)
    func pageReadsAsRecorded(_ place: Int) throws {
        let (name, report) = Self.reports[place]
        let page = String(decoding: PlanHTML.bytes(report), as: UTF8.self)
        let parts = page.components(separatedBy: "<main id=\"main\">\n")
        let main = try #require(parts.last?.components(separatedBy: "</main>").first)
        try RecordedFile.expect(main, at: "Tests/ReportsTests/Recorded/\(name).html")
    }

    @Test(arguments: [PlanReport.Stage.planned, .declined, .applied])
    func onlyARunCanBeApproved(_ stage: PlanReport.Stage) {
        var report = SamplePlans.report([SamplePlans.heldNight()])
        report.stage = stage
        let text = String(decoding: PlanText.bytes(report), as: UTF8.self)
        #expect(text.contains("intended? rollcall approve --last-hold") == (stage == .applied))
        #expect(text.contains("intended? once a run has held it: rollcall approve --last-hold") == (stage != .applied))
    }

    @Test func colorsChangeNothingButColors() {
        let report = SamplePlans.report([SamplePlans.heldNight(), SamplePlans.secondNight()])
        let colored = PlanText.bytes(report, style: TextStyle(colors: true))
        #expect(colored.contains(0x1B))
        #expect(Self.withoutEscapes(colored) == PlanText.bytes(report))
    }

    @Test func longListsAreCutAndSaySo() {
        var plan = TargetPlan(target: "acme-desk", mode: .manage)
        plan.directories = ["corp"]
        plan.reasons = [.directory(detail: "")]
        for number in 1...9 {
            let subject = SamplePlans.addSubject("p\(number)@acme.example", "", number: UInt8(number), to: &plan)
            plan.changes.append(Change(kind: .suspend, evidence: .absence, subject: subject, reason: 0))
        }
        let bytes = PlanText.bytes(SamplePlans.report([plan]), style: TextStyle(entriesAtMost: 4))
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(text.contains("p4@acme.example"))
        #expect(!text.contains("p5@acme.example"))
        #expect(text.contains("… and 5 more people; --all shows them"))
        #expect(text.contains("9 suspended: the directory says so"))
    }

    @Test func jsonCountsWhatItLeavesOut() throws {
        let bytes = PlanJSON.bytes(SamplePlans.report([SamplePlans.secondNight()]), changesAtMost: 2)
        let target = try #require(try Self.targets(of: bytes).first)
        #expect((target["changes"] as? [Any])?.count == 2)
        #expect(target["changes_omitted"] as? Int == 3)
    }

    @Test func textAndJSONAgreeOnCounts() throws {
        let report = SamplePlans.report([SamplePlans.secondNight(), SamplePlans.heldNight()])
        let text = String(decoding: PlanText.bytes(report), as: UTF8.self)
        for (plan, target) in zip(report.plans, try Self.targets(of: PlanJSON.bytes(report))) {
            let counts = try #require(target["counts"] as? [String: Any])
            let kinds = try #require(counts["by_kind"] as? [String: Int])
            #expect(counts["changes"] as? Int == plan.changes.count)
            #expect(kinds.values.reduce(0, +) == plan.changes.count)
            let suspended = try #require(kinds["suspend"])
            #expect(text.contains("\(plan.target): ") && text.contains("\(suspended) suspended"))
        }
    }

    @Test func sameReasonsWordedAlikeAreOneCause() {
        var plan = TargetPlan(target: "t", mode: .manage)
        plan.reasons = [.cause(.missing, detail: "x"), .cause(.missing, detail: "x"), .cause(.disabled, detail: "")]
        for number in 1...3 {
            let subject = SamplePlans.addSubject("\(number)@a.example", "", number: UInt8(number), to: &plan)
            plan.changes.append(
                Change(kind: .suspend, evidence: .absence, subject: subject, reason: UInt32(number - 1)))
        }
        #expect(PlanCause.all(of: plan).map(\.people) == [2, 1])
    }

    /// A paused target is not written at all, so a hold may not promise that disabled people are suspended.
    @Test func aHoldOfAPausedTargetPromisesNothing() {
        var plan = SamplePlans.heldNight()
        plan.pause(by: 811)
        let text = String(decoding: PlanText.bytes(SamplePlans.report([plan], stage: .applied)), as: UTF8.self)
        #expect(text.contains("frozen: nothing of the target is written\n      applied anyway: nothing\n"))
        #expect(!text.contains("anyway: 1"))
    }

    /// A seat may be free: joiners come so many a night.
    @Test func whoWaitsForTheirTurnWaitsForNoSeat() {
        var plan = SamplePlans.secondNight()
        plan.reasons.append(.pace)
        let fred = SamplePlans.addSubject("fred@acme.example", "Fred", number: 5, to: &plan)
        for (scope, role) in [(ScopePath(["support"]), "chat-user"), (.root, "user")] {
            plan.changes.append(
                Change(
                    kind: .wait, evidence: .positive, subject: fred, reason: UInt32(plan.reasons.count - 1),
                    scope: scope, after: role))
        }
        let text = String(decoding: PlanText.bytes(SamplePlans.report([plan])), as: UTF8.self)
        #expect(
            text.contains(
                "fred@acme.example  support: waits for their turn as chat-user; waits for their turn as user\n"))
        #expect(text.contains("  1 waiting: waits for their turn: so many invitations a night\n"))
        #expect(text.contains("2 waiting;"))
    }

    @Test func whatNoRuleGivesIsNamed() {
        #expect(Reason.noRule(before: "`chat-user`").sentence == "no rule gives `chat-user` any more")
        #expect(Reason.seats(pool: "", detail: "waits for their turn").sentence == "waits for their turn")
        #expect(Reason.noRule(before: "").sentence == "no rule gives it any more")
    }

    @Test func damagedPlacesDoNotTrap() {
        var plan = SamplePlans.secondNight()
        plan.changes.append(Change(kind: .invite, evidence: .positive, subject: 9_999, reason: 9_999))
        plan.subjects[0].directory = 77
        #expect(!PlanText.bytes(SamplePlans.report([plan])).isEmpty)
        #expect(!PlanJSON.bytes(SamplePlans.report([plan])).isEmpty)
        #expect(!PlanMarkdown.bytes(SamplePlans.report([plan])).isEmpty)
        #expect(!PlanCSV.bytes(SamplePlans.report([plan])).isEmpty)
        #expect(!PlanHTML.bytes(SamplePlans.report([plan])).isEmpty)
    }

    static func targets(of bytes: [UInt8]) throws -> [[String: Any]] {
        let object = try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any]
        return try #require(object?["targets"] as? [[String: Any]])
    }

    /// The bytes without `ESC [ … m`.
    static func withoutEscapes(_ bytes: [UInt8]) -> [UInt8] {
        var kept: [UInt8] = []
        var inside = false
        for byte in bytes {
            if byte == 0x1B { inside = true }
            if !inside { kept.append(byte) }
            if inside, byte == UInt8(ascii: "m") { inside = false }
        }
        return kept
    }
}
