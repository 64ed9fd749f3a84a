import AccessModel
import DirectoryModel
import Reconciliation
import Testing

@testable import SyncAgent

/// Approvals where there are several targets: what one uses, the other has not, and nobody allows more than was held.
struct SharedApprovalTests {
    private func approve(_ company: SmallCompany, _ people: Int) throws {
        let ids = company.people.prefix(9).map { "\"\(SmallCompany.id($0))\"" }.joined(separator: ", ")
        try company.directory.write(
            "approvals/one.yaml",
            """
            version: 1
            reason: the site closes
            valid: {from: 2027-01-15T00:00Z, until: 2027-01-20T00:00Z}
            targets: [desk, office]
            here: [\(ids)]
            allow: {suspend_disabled: \(people)}

            """)
    }

    private func disabled() throws -> SmallCompany {
        let company = try SmallCompany()
        company.config = SmallCompany.office()
        try company.sync()
        company.sleep()
        company.disabled = Set(company.people.prefix(9))
        return company
    }

    @Test(arguments: [(9, [false, true]), (18, [false, false])])
    func whatOneTargetUsesTheNextDoesNotHave(most: Int, held: [Bool]) throws {
        let company = try disabled()
        try approve(company, most)
        #expect(try company.plan().plans.map(\.isHeld) == held)
        #expect(try company.sync().plans.map(\.isHeld) == held)
    }

    @Test func aSavedPlanIsCheckedAgainstWhatAllItsTargetsUse() throws {
        let company = try disabled()
        try approve(company, 18)
        try company.agent().savePlan(try company.plan(), to: company.directory.path("tonight.json"))
        try approve(company, 17)
        let edited = #expect(throws: AgentFailure.self) {
            try company.agent().applyPlan(company.directory.path("tonight.json")) { _ in true }
        }
        #expect(edited?.status == .stale)
        try approve(company, 18)
        let result = try company.agent().applyPlan(company.directory.path("tonight.json")) { _ in true }
        #expect(result.status == .done)
        #expect(try company.emails(.suspended).count == 9)
    }

    /// What a plan applied meanwhile used of an approval, another saved one does not have any more.
    @Test func aSavedPlanIsCheckedAgainstWhatWasUsedMeanwhile() throws {
        let company = try disabled()
        try approve(company, 9)
        for target in ["desk", "office"] {
            let plan = try company.agent().plan(RunRequest(targets: [target]))
            #expect(plan.plans.map(\.isHeld) == [false])
            try company.agent().savePlan(plan, to: company.directory.path("\(target).json"))
        }
        let first = try company.agent().applyPlan(company.directory.path("desk.json")) { _ in true }
        #expect(first.status == .done)
        let second = #expect(throws: AgentFailure.self) {
            try company.agent().applyPlan(company.directory.path("office.json")) { _ in true }
        }
        #expect(second?.status == .stale)
        let said = "\(second?.message ?? "") \(second?.hint ?? "")"
        #expect(said.contains("was used up meanwhile"))
    }

    /// Each target and kind has a file of its own: leave for one kind is none for another.
    @Test func aHoldOfTwoKindsIsApprovedKindByKind() throws {
        let many = (1...30).compactMap { ImmutableID(text: "m\($0)") }
        let quinn = try #require(ImmutableID(text: "quinn"))
        let items = [
            LastHold.Item(target: "a", kind: .suspendOther, group: nil, count: 30, people: many, run: 4),
            LastHold.Item(target: "b", kind: .privilegedGain, group: nil, count: 1, people: [quinn], run: 4),
        ]
        let folder = try TemporaryDirectory()
        let drafts = ApprovalDraft.drafts(items, reason: "meant", now: 1_800_000_000)
        let written = try drafts.map { try $0.write(to: folder.path("approvals")) }
        #expect(written.map(\.target) == ["a", "b"])
        #expect(written.map(\.allow) == ["suspend_other: 30", "privileged_gain: 1"])
        #expect(
            try folder.names("approvals") == [
                "run-4-a-suspend_other.csv", "run-4-a-suspend_other.yaml", "run-4-b-privileged_gain.yaml",
            ])
        let privileged = try folder.text("approvals/run-4-b-privileged_gain.yaml")
        #expect(privileged.contains("targets: [b]\nhere:\n  - \"quinn\"\nallow: {privileged_gain: 1}"))
    }

    /// A run that was ended before its report forgets what was held on the targets that it looked at, and nothing else.
    @Test func aRunWithoutReportForgetsItsOwnTargets() {
        func item(_ target: String, _ run: Int64) -> LastHold.Item {
            LastHold.Item(target: target, kind: .remove, group: nil, count: 1, people: [], run: run)
        }
        func record(_ number: Int64, _ targets: [String]) -> RunRecord {
            RunRecord(
                number: number, command: "sync", actor: "root", started: 0, ended: 0, outcome: .applied, exitStatus: 0,
                summary: "", version: "",
                targets: targets.map {
                    TargetRunRecord(target: $0, mode: .manage, held: false, counts: [:], holds: [], findingKeys: [])
                })
        }
        let hold = LastHold(run: 5, items: [item("desk", 4), item("office", 5)])
        #expect(hold.left(by: record(6, ["office"])) == LastHold(run: 4, items: [item("desk", 4)]))
        #expect(hold.left(by: record(6, ["desk", "office"])) == nil)
        #expect(hold.left(by: record(6, ["other"])) == hold)
        #expect(hold.left(by: record(5, ["desk", "office"])) == LastHold(run: 5, items: [item("office", 5)]))
    }

    @Test func aRunOfOneTargetForgetsNoHoldOfAnother() throws {
        let company = try disabled()
        try company.sync()
        company.sleep(hours: 1)
        _ = try company.agent().sync(RunRequest(targets: ["office"])) { _ in true }
        let written = try company.agent().approveLastHold(reason: "meant", targets: nil)
        #expect(written.map { "\($0.target) \($0.run)" } == ["desk 2", "office 3"])
        company.disabled = []
        company.sleep(hours: 1)
        _ = try company.agent().sync(RunRequest(targets: ["office"])) { _ in true }
        let twice = #expect(throws: AgentFailure.self) {
            try company.agent().approveLastHold(reason: "x", targets: nil)
        }
        #expect(twice?.message.contains("run-2-desk-suspend_disabled.yaml") == true)
        company.sleep(hours: 1)
        try company.sync()
        #expect(throws: AgentFailure.self) { try company.agent().approveLastHold(reason: "x", targets: nil) }
    }
}
