import AccessModel
import DirectoryModel
import MappingLanguage
import Reconciliation
import Reports
import SQLiteRoster
import Testing

@testable import SyncAgent

/// Two directories in one run, of which one cannot be read.
struct SeveralDirectoriesTests {
    private let down = PullFailure(
        kind: .unreachable, directory: "contractors", message: "no server answered", hint: "look at it")

    private func both() throws -> SmallCompany {
        let company = try SmallCompany.withContractors()
        try company.sync()
        company.sleep()
        return company
    }

    @Test func bothAreReadInOneRun() throws {
        let company = try SmallCompany.withContractors()
        let result = try company.sync()
        #expect(result.status == .done)
        #expect(try company.emails(.invited).count == 30)
    }

    @Test(arguments: [
        PullFailure.Kind.unreachable, .refused, .incomplete, .missingFile, .badData, .badConfiguration,
    ])
    func oneThatCannotBeReadFreezesItsOwnPeopleOnly(kind: PullFailure.Kind) throws {
        let company = try both()
        company.disabled = ["p3"]
        company.people.append("p21")
        company.contractors?.disabled = ["c3"]
        company.contractors?.people.append("c11")
        company.failures["contractors"] = PullFailure(
            kind: kind, directory: "contractors", message: "it broke", hint: "mend it")
        let result = try company.sync()
        #expect(result.status == .partlyRead)
        #expect(result.record.exitStatus == 75)
        #expect(result.record.outcome == .applied)
        #expect(result.record.summary == "desk: 1 invited, 1 suspended; not read: contractors")
        #expect(try company.emails(.suspended) == ["p3@example.org"])
        #expect(try company.emails(.invited).count == 30)
        let unread = try #require(result.plans[0].unread.first)
        #expect(unread.name == "contractors" && unread.cause == "it broke" && unread.hint == "mend it")
        #expect(unread.users == 10 && unread.sinceRun == 2 && unread.since == company.now)
        let finding = try #require(result.newFindings.first { $0.finding.code == "directory.not-read" }?.finding)
        #expect(finding.weight == .severe && finding.label == "directory contractors")
        #expect(finding.message.contains("its 10 users stay as they are: it broke"))
    }

    /// Three nights without one directory, on which everybody of it left; on the fourth it is back as it was.
    @Test func nothingOfAFrozenDirectoryIsForgottenOrAdvances() throws {
        let company = try both()
        company.failures["contractors"] = down
        for _ in 1...3 {
            #expect(try company.sync().status == .partlyRead)
            company.sleep()
        }
        let frozen = try company.sync()
        #expect(frozen.plans[0].unread.first?.sinceRun == 2)
        #expect(frozen.newFindings.isEmpty)
        company.sleep()
        company.failures = [:]
        let back = try company.sync()
        #expect(back.status == .done)
        #expect(!back.hasChanges)
        #expect(back.plans[0].unread.isEmpty)
        #expect(back.record.number == 6)
    }

    @Test func theRosterKeepsMirrorStampBaselineAndPinsOfAFrozenDirectory() throws {
        let company = try both()
        let before = try company.roster { roster in
            (try roster.loadMirror().part(ofDirectory: "contractors"), try roster.load(targets: ["desk"]))
        }
        company.failures["contractors"] = down
        company.people.append("p21")
        try company.sync()
        let after = try company.roster { roster in
            (try roster.loadMirror().part(ofDirectory: "contractors"), try roster.load(targets: ["desk"]))
        }
        #expect(before.0?.people == after.0?.people)
        #expect(before.0?.groups == after.0?.groups)
        #expect(before.0?.memberPeople == after.0?.memberPeople)
        #expect(after.1.stamps["contractors"] == before.1.stamps["contractors"])
        #expect(after.1.stamps["contractors"] != nil)
        #expect(after.1.targets[0].baseline?.people == ["corp": 21, "contractors": 10])
        #expect(after.1.pins.filter { $0.key.directory == "contractors" }.count == 1)
    }

    /// A confirmation of an absence that stood before the directory failed does not count up while it cannot be read.
    @Test func anAbsenceIsNotConfirmedByANightOnWhichNothingWasRead() throws {
        let company = try both()
        company.contractors?.people.removeLast()
        #expect(try company.sync().status == .done)
        company.failures["contractors"] = down
        for _ in 1...3 {
            company.sleep()
            try company.sync()
            #expect(try company.emails(.suspended) == [])
        }
        company.failures = [:]
        company.sleep()
        try company.sync()
        #expect(try company.emails(.suspended) == ["c10@example.org"])
    }

    @Test func shrinkingIsComparedWithTheLastRunThatReadTheDirectory() throws {
        let company = try both()
        company.failures["contractors"] = down
        try company.sync()
        company.sleep()
        company.failures = [:]
        company.contractors?.people.removeLast(6)
        let result = try company.sync()
        #expect(result.status == .held)
        #expect(result.plans[0].holds.first?.message.hasPrefix("directory contractors lost 6 of 10 people") == true)
    }

    @Test func aDirectoryThatCannotAnswerAboutAbsencesIsNotBelievedAtAll() throws {
        let company = try both()
        company.contractors?.people.removeLast()
        company.contractors?.disabled = ["c1"]
        company.people.removeLast()
        company.mute = ["contractors"]
        let result = try company.sync()
        #expect(result.status == .partlyRead)
        #expect(try company.emails(.suspended) == [])
        let pending = result.plans[0].findings.filter { $0.code == "user.missing-pending" }
        #expect(pending.map(\.label) == ["p20@example.org"])
    }

    @Test func ifNoneCanBeReadTheRunFailsAsWithOne() throws {
        let company = try both()
        let before = try company.dump()
        company.failures["contractors"] = down
        company.failures["corp"] = PullFailure(
            kind: .refused, directory: "corp", message: "wrong password", hint: "give the right one")
        let failure = #expect(throws: AgentFailure.self) { try company.sync() }
        #expect(failure?.status == .refused)
        #expect(failure?.message == "directory `corp`: wrong password")
        #expect(failure?.causes == ["directory `contractors`: no server answered"])
        #expect(try company.dump() == before)
    }

    @Test func whatAGuardHoldsComesBeforeADirectoryThatWasNotRead() throws {
        let company = try both()
        company.failures["contractors"] = down
        company.people.removeLast(10)
        let result = try company.sync()
        #expect(result.status == .held)
        #expect(result.record.summary.hasSuffix("; not read: contractors"))
        #expect(result.plans[0].unread.count == 1)
    }

    /// Nobody disabled is suspended on old evidence, not even where the target was held when it was fresh.
    @Test func oldEvidenceOfAFrozenDirectorySuspendsNobody() throws {
        let company = try both()
        company.contractors?.disabled = Set((1...10).map { "c\($0)" })
        company.config = "    limits: {suspend_disabled: {count: 0, floor: 0}}"
        #expect(try company.sync().status == .held)
        company.sleep()
        company.config = ""
        company.failures["contractors"] = down
        try company.sync()
        #expect(try company.emails(.suspended) == [])
    }

    @Test func aDirectoryThatWasNeverReadHasNobodyAndStandsInNobodysWay() throws {
        let company = try SmallCompany.withContractors()
        company.failures["contractors"] = down
        let first = try company.sync()
        #expect(first.status == .partlyRead)
        #expect(first.plans[0].findings.map(\.code).contains("mapping.group-not-read-yet"))
        #expect(try company.emails(.invited).count == 20)
        company.sleep()
        company.failures = [:]
        #expect(try company.sync().status == .done)
        #expect(try company.emails(.invited).count == 30)
    }

    @Test func aSavedPlanGoesOnWhenTheDirectoryIsBack() throws {
        let company = try both()
        company.failures["contractors"] = down
        company.disabled = ["p3"]
        let path = company.directory.path("plan.json")
        let planned = try company.plan()
        #expect(planned.status == .partlyRead)
        let report = PlanReport(stage: .planned, run: nil, time: company.now, version: "1", plans: planned.plans)
        try company.agent().save(planned, report, to: path)
        company.failures = [:]
        let applied = try company.agent().applyPlan(path) { _ in true }
        #expect(applied.status == .partlyRead)
        #expect(applied.plans[0].unread == planned.plans[0].unread)
        #expect(try company.emails(.suspended) == ["p3@example.org"])
        company.sleep()
        #expect(try company.sync().status == .done)
        #expect(try company.emails(.suspended) == ["p3@example.org"])
    }

    @Test func byHandSomebodyOfAFrozenDirectoryIsSuspended() throws {
        let company = try both()
        company.failures["contractors"] = down
        try company.sync()
        _ = try company.agent().suspend(
            ActRequest(person: "c4@example.org", reason: "stolen laptop"))
        #expect(try company.emails(.suspended) == ["c4@example.org"])
        company.sleep()
        try company.sync()
        #expect(try company.emails(.suspended) == ["c4@example.org"])
    }
}
