import AccessModel
import DirectoryModel
import Reconciliation
import Reports
import SQLiteRoster
import Testing

@testable import SyncAgent

/// What a saved plan rests on, and what applying it leaves alone.
struct AppliedPlanTests {
    /// A company after its first night, with a plan of two suspensions saved.
    private func planned() throws -> SmallCompany {
        let company = try SmallCompany()
        try company.sync()
        company.sleep()
        company.disabled = ["p3", "p4"]
        try company.agent().savePlan(try company.plan(), to: company.directory.path("tonight.json"))
        return company
    }

    private func apply(_ company: SmallCompany) throws -> RunResult {
        try company.agent().applyPlan(company.directory.path("tonight.json")) { _ in true }
    }

    @Test func itIsAppliedWithinADay() throws {
        let company = try planned()
        company.sleep(hours: 23)
        #expect(try apply(company).status == .done)
        #expect(try company.emails(.suspended) == ["p3@example.org", "p4@example.org"])
    }

    @Test func afterADayItIsStale() throws {
        let company = try planned()
        company.sleep(hours: 24)
        let failure = #expect(throws: AgentFailure.self) { try apply(company) }
        #expect(failure?.status == .stale)
        #expect(failure?.message.contains("it was made at 2027-01-16 08:00 UTC, 24 hours ago or more") == true)
        #expect(failure?.hint.contains("plan anew") == true)
        #expect(try company.emails(.suspended) == [])
    }

    /// A plan of a clock that was ahead would stay fresh for as long as that.
    @Test func aPlanFromTheFutureIsStale() throws {
        let company = try SmallCompany()
        try company.sync()
        company.sleep(hours: 72)
        company.disabled = ["p3"]
        try company.agent().savePlan(try company.plan(), to: company.directory.path("tonight.json"))
        company.sleep(hours: -71)
        let failure = #expect(throws: AgentFailure.self) { try apply(company) }
        #expect(failure?.status == .stale)
        #expect(failure?.message.contains("the clock is behind that") == true)
        #expect(try company.emails(.suspended) == [])
    }

    @Test(arguments: ["limits: {suspend_disabled: {count: 0, percent: 0, floor: 0}}", "pace: {invite: 1}"])
    func underOtherLimitsItIsStale(section: String) throws {
        let company = try planned()
        company.config = "    \(section)"
        company.sleep(hours: 1)
        let failure = #expect(throws: AgentFailure.self) { try apply(company) }
        #expect(failure?.status == .stale)
        #expect(failure?.message.contains("rollcall.yaml (limits) was changed") == true)
        #expect(try company.emails(.suspended) == [])
    }

    /// An edit of limits halves none: that is for what decides.
    @Test func otherLimitsAreNoEditedFile() throws {
        let company = try SmallCompany()
        try company.sync()
        let before = try company.agent().files().targets[0].settings.fingerprints
        company.config = "    pace: {invite: 1}"
        #expect(try company.agent().files().targets[0].settings.fingerprints == before)
    }

    @Test func pinsOfOtherTargetsStay() throws {
        let company = try SmallCompany()
        company.config = SmallCompany.office()
        _ = try company.agent().sync(RunRequest(targets: ["desk"])) { _ in true }
        company.sleep()
        company.disabled = ["p3"]
        let plan = try company.agent().plan(RunRequest(targets: ["desk"], command: "plan"))
        try company.agent().savePlan(plan, to: company.directory.path("tonight.json"))
        company.sleep(hours: 1)
        _ = try company.agent().sync(RunRequest(targets: ["office"])) { _ in true }
        let before = try company.roster { try $0.load(targets: []).pins }
        #expect(before.map(\.target) == ["desk", "office"])
        company.sleep(hours: 1)
        _ = try apply(company)
        #expect(try company.roster { try $0.load(targets: []).pins } == before)
    }

    /// Applying reads no directory: until the first run the roster knows its users and nobody else.
    @Test func aFirstNightByPlanSaysThatNobodyIsKnownYet() throws {
        let company = try SmallCompany()
        try company.agent().savePlan(try company.plan(), to: company.directory.path("tonight.json"))
        #expect(try apply(company).lacksMirror)
        company.sleep()
        try company.sync()
        company.sleep(hours: 1)
        company.disabled = ["p3"]
        let path = company.directory.path("later.json")
        try company.agent().savePlan(try company.plan(), to: path)
        #expect(try !company.agent().applyPlan(path) { _ in true }.lacksMirror)
    }

    @Test func aPlaceThatBecomesTheFirstIsAnotherLine() {
        let place = PlaceInLine(
            person: PersonKey(directory: "corp", id: .zero), scope: .root, role: "user", seatPriority: 0, since: 1,
            forPace: false, isFirst: false)
        var first = place
        first.isFirst = true
        #expect(PlanBasis.line([place]) != PlanBasis.line([first]))
    }
}

extension Agent {
    /// Saves a plan as `rollcall plan --out` does.
    func savePlan(_ result: RunResult, to path: String) throws {
        try save(
            result,
            PlanReport(
                stage: .planned, run: nil, time: result.record.started, version: result.record.version,
                plans: result.plans),
            to: path)
    }
}
