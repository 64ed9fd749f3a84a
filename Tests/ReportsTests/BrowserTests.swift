import AccessModel
import DirectoryModel
import Foundation
import MappingLanguage
import Reconciliation
import Reports
import TestSupport
import Testing

/// Pages as readers use them: opened, searched, filtered, unfolded, turned dark, printed, in a Chromium without a screen.
///
/// With `ROLLCALL_SCREENSHOTS=FOLDER` in the environment pictures are kept there, to be looked at.
@Suite(.serialized)
struct BrowserTests {
    @Test func pagesDoWhatReadersExpect() throws {
        let folder = try TemporaryDirectory()
        func put(_ name: String, _ bytes: [UInt8]) throws {
            try Data(bytes).write(to: folder.url.appendingPathComponent("\(name).html"))
        }
        try put("night", PlanHTML.bytes(SampleHistory.report()))
        try put("held", PlanHTML.bytes(Self.held()))
        try put("failed", PlanHTML.bytes(PlanReportTests.failed()))
        try put("crowd", PlanHTML.bytes(Self.crowd()))
        try put("hostile", PlanHTML.bytes(Self.hostile()))
        try put("comparison", PlanHTML.bytes(ComparisonReportTests.report("x")))
        try put("index", Self.index())
        try put("review", ReviewHTML.bytes(SampleReview.quarter()))
        let text = PlanText.bytes(SampleHistory.report())
        try put("recorded", TextInPage.bytes(text, title: "Run 812", version: "0.1.0"))
        let shots = ProcessInfo.processInfo.environment["ROLLCALL_SCREENSHOTS"].map { [$0] } ?? []
        let axe = Repository.root.appendingPathComponent(".build/axe/axe.min.js").path
        try #require(FileManager.default.fileExists(atPath: axe), "`scripts/lib/get-axe .build/axe` gets axe-core")
        let said = try Command.output("python3", [HostilePageTests.tool("browse.py"), folder.url.path, axe] + shots)
        print(said)
    }

    /// A held target with what would have happened, beside one of which a directory could not be read.
    static func held() -> PlanReport {
        var plan = SamplePlans.heldNight()
        plan.heldBack = HeldBack(SamplePlans.secondNight())
        plan.findings = [
            Finding(
                code: "target.orphan", weight: .severe, label: "acme-old",
                message: "the configuration no longer names `acme-old`, which has 12 users",
                hint: "put it back, or take its users out first")
        ]
        var other = SamplePlans.secondNight()
        other.target = "acme-crm"
        let unread = UnreadDirectory(
            name: "contractors", cause: "no server answered: ldaps://ldap2.example.org", hint: "start the server",
            sinceRun: 809, since: SamplePlans.night, sinceText: "run 809, 2026-11-18 02:15 UTC", users: 214)
        plan.unread = [unread]
        other.unread = [unread]
        other.pause(by: 811)
        return SamplePlans.report([plan, other], stage: .applied)
    }

    /// Ten thousand people with a change each, for a few causes.
    private static func crowd() -> PlanReport {
        var plan = TargetPlan(target: "acme-desk", mode: .manage)
        plan.directories = ["corp"]
        let rule = RuleReason(
            rule: "Support desk", place: "mappings/vivi.yaml:14", captured: nil, groups: ["support"])
        plan.reasons = [
            .cause(.missing, detail: "not seen in 2 complete runs"), .rules([rule]),
            .cause(.disabled, detail: "attribute `employeeType` says so"),
        ]
        for number in 0..<10_000 {
            let place = SamplePlans.addSubject(
                "p\(number)@acme.example", "Person Number \(number)", number: 1, to: &plan)
            plan.subjects[Int(place)].id = ImmutableID(text: "id-\(number)") ?? SamplePlans.id(1)
        }
        let kinds: [(ChangeKind, UInt32)] = [(.suspend, 0), (.changeRole, 1), (.suspend, 2)]
        for (part, (kind, reason)) in kinds.enumerated() {
            for number in stride(from: part, to: 10_000, by: 3) {
                plan.changes.append(
                    Change(
                        kind: kind, evidence: .absence, subject: UInt32(number), reason: reason,
                        scope: ScopePath(["support"]), before: "chat-user", after: "agent-manager"))
            }
        }
        plan.changes.sort { $0.kind.rawValue < $1.kind.rawValue }
        return SamplePlans.report([plan])
    }

    /// All hostile names in one page.
    private static func hostile() -> PlanReport {
        SamplePlans.report(HostileNames.all.map(HostileTextTests.plan), stage: .applied)
    }

    private static func index() -> [UInt8] {
        let records = (0..<40).map(SampleHistory.record)
        let entries = records.map {
            ReportIndex.Entry(run: $0.number, record: $0, endings: ["html", "json"])
        }
        return ReportIndex(entries, version: "0.1.0", history: NightFigures.nights(of: records)).bytes()
    }
}
