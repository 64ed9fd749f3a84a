import AccessModel
import Diagnostics
import DirectoryModel
import Glibc
import Reconciliation
import SQLiteRoster
import Testing

@testable import SyncAgent

struct AgentRunTests {
    @Test func theFirstNightInvitesEverybodyAndTheSecondChangesNothing() throws {
        let company = try SmallCompany()
        let first = try company.sync()
        #expect(first.status == .done)
        #expect(first.ending == .applied)
        #expect(first.record.summary == "desk: 20 invited")
        #expect(try company.emails(.invited).count == 20)
        company.sleep()
        let second = try company.sync()
        #expect(!second.hasChanges)
        #expect(second.newFindings == [])
        #expect(second.record.number == 2)
    }

    @Test func aPlanWritesNothing() throws {
        let company = try SmallCompany()
        let plan = try company.plan()
        #expect(plan.ending == .planned)
        #expect(plan.plans[0].changes.count { $0.kind == .invite } == 20)
        #expect(try company.directory.names("state") == [])
        try company.sync()
        let before = try company.dump()
        company.sleep()
        company.disabled = ["p3"]
        #expect(try company.plan().hasChanges)
        #expect(try company.dump() == before)
        #expect(try company.directory.names("state").contains("run.lock"))
    }

    @Test func aPlanThatIsDeclinedWritesNothing() throws {
        let company = try SmallCompany()
        try company.sync()
        let before = try company.dump()
        company.sleep()
        company.disabled = ["p3"]
        let result = try company.agent().sync(RunRequest()) { planned in
            #expect(planned.ending == .planned)
            return false
        }
        #expect(result.ending == .declined)
        #expect(try company.dump() == before)
    }

    @Test func anObservedTargetIsLeftAlone() throws {
        let company = try SmallCompany()
        company.mode = "observe"
        let result = try company.sync()
        #expect(result.plans[0].changes.count { $0.kind == .invite } == 20)
        #expect(result.status == .done)
        #expect(try company.emails(.invited) == [])
    }

    @Test(arguments: [
        (PullFailure.Kind.unreachable, SyncAgent.ExitStatus.unavailable), (.refused, .refused),
        (.incomplete, .incomplete),
        (.missingFile, .missingFile), (.badData, .badData), (.badConfiguration, .badConfiguration),
    ])
    func aFailedPullChangesNothingAndSaysWhy(kind: PullFailure.Kind, status: SyncAgent.ExitStatus) throws {
        let company = try SmallCompany()
        try company.sync()
        let before = try company.dump()
        company.sleep()
        company.pullFailure = PullFailure(kind: kind, directory: "corp", message: "it broke", hint: "mend it")
        let failure = #expect(throws: AgentFailure.self) { try company.sync() }
        #expect(failure?.status == status)
        #expect(failure?.message == "directory `corp`: it broke")
        #expect(failure?.hint == "mend it")
        #expect(try company.dump() == before)
        let record = try #require(try company.runs().first)
        #expect(record.number == 2)
        #expect(record.outcome == .failed)
        #expect(record.exitStatus == status.rawValue)
        #expect(try company.directory.names("state/reports").contains("run-2.html"))
    }

    @Test func aRosterThatCannotBeWrittenStaysAsItIs() throws {
        let company = try SmallCompany()
        try company.sync()
        let before = try company.dump()
        company.sleep()
        company.disabled = ["p3"]
        company.isDiskFull = true
        let failure = #expect(throws: AgentFailure.self) { try company.sync() }
        #expect(failure?.status == .cannotWrite)
        #expect(try company.dump() == before)
    }

    @Test func aDisabledPersonIsSuspended() throws {
        let company = try SmallCompany()
        try company.sync()
        company.sleep()
        company.disabled = ["p3"]
        #expect(try company.sync().status == .done)
        #expect(try company.emails(.suspended) == ["p3@example.org"])
    }

    @Test func somebodyMissingIsSuspendedAfterTwoRunsAndTwentyHours() throws {
        let company = try SmallCompany()
        try company.sync()
        company.people.removeLast()
        company.sleep()
        try company.sync()
        #expect(try company.emails(.suspended) == [])
        company.sleep()
        try company.sync()
        #expect(try company.emails(.suspended) == ["p20@example.org"])
    }

    @Test func halfADirectoryGoneIsHeldAndLeavesEverybodyAsTheyAre() throws {
        let company = try SmallCompany()
        try company.sync()
        let users = try company.emails(.invited)
        company.people.removeLast(10)
        for _ in 1...4 {
            company.sleep()
            let result = try company.sync()
            #expect(result.status == .held)
            #expect(result.plans[0].isHeld)
        }
        #expect(try company.emails(.invited) == users)
        #expect(try company.runs().first?.outcome == .held)
        #expect(try company.directory.names("state").contains(LastHold.name))
    }

    @Test func aGroupThatIsNotThereEndsTheRun() throws {
        let company = try SmallCompany()
        try company.directory.write(
            "mapping.yaml",
            try company.directory.text("mapping.yaml").replacing("group: staff", with: "group: stuff"))
        let failure = #expect(throws: AgentFailure.self) { try company.sync() }
        #expect(failure?.status == .badData)
        #expect(failure?.diagnostics.sorted.first?.position?.line == 5)
        #expect(try company.emails(.invited) == [])
    }

    @Test func aClockThatGoesBackwardsIsRefused() throws {
        let company = try SmallCompany()
        try company.sync()
        company.now -= 200
        #expect(throws: Never.self) { try company.sync() }
        company.now -= 301
        let failure = #expect(throws: AgentFailure.self) { try company.plan() }
        #expect(failure?.message.contains("the clock says") == true)
    }

    @Test func actsByHandGoByTheSameClock() throws {
        let company = try SmallCompany()
        try company.sync()
        company.now -= 301
        let before = try company.dump()
        let path = try company.directory.write("users.csv", "email,accepted\np1@example.org,true\n")
        let request = ActRequest(person: "p3@example.org", reason: "lost laptop")
        for act in [
            { _ = try company.agent().suspend(request) }, { _ = try company.agent().resume(request) },
            { _ = try company.agent().importSignIns(path: path, target: "desk") },
        ] as [() throws -> Void] {
            let failure = #expect(throws: AgentFailure.self) { try act() }
            #expect(failure?.message.contains("the clock says") == true)
        }
        #expect(try company.dump() == before)
    }

    @Test func aClockThatWasAheadOnceIsAcceptedByAHuman() throws {
        let company = try SmallCompany()
        try company.sync()
        company.sleep(hours: 10_000)
        try company.sync()
        company.sleep(hours: -9_976)
        for _ in 1...2 {
            let failure = #expect(throws: AgentFailure.self) { try company.sync() }
            #expect(failure?.message.contains("run 2 started at") == true)
            #expect(failure?.hint.contains("rollcall sync --accept-clock") == true)
        }
        let result = try company.agent().sync(RunRequest(acceptsClock: true)) { _ in true }
        #expect(result.record.command == "sync --accept-clock")
        company.sleep()
        #expect(try company.sync().newFindings == [])
        company.now -= 301
        #expect(throws: AgentFailure.self) { try company.sync() }
    }

    @Test(arguments: [true, false]) func aRosterThatIsGoneIsNotBegunAnew(isErased: Bool) throws {
        let company = try SmallCompany()
        try company.sync()
        let path = company.directory.path("state/roster.sqlite")
        #expect(unlink(path) == 0)
        if !isErased { try company.directory.write("state/roster.sqlite", "") }
        for command in [{ try company.sync() }, { try company.plan() }] as [() throws -> RunResult] {
            let failure = #expect(throws: AgentFailure.self) { try command() }
            #expect(failure?.status == .damagedRoster)
            #expect(
                failure?.message
                    == "the roster `\(path)` is \(isErased ? "gone" : "empty"), though run 1 was recorded")
            #expect(failure?.hint.contains("restore it from a backup") == true)
        }
        let suspension = #expect(throws: AgentFailure.self) {
            try company.agent().suspend(ActRequest(person: "p3@example.org", reason: "x"))
        }
        #expect(suspension?.status == .damagedRoster)
        #expect(rename(company.directory.path("state/reports"), company.directory.path("old")) == 0)
        #expect(unlink(company.directory.path("state/witness")) == 0)
        #expect(try company.plan().plans[0].changes.count == 20)
        #expect(try company.sync().status == .done)
    }

    @Test func aFirstRunThatWasKilledIsBegunAgain() throws {
        let company = try SmallCompany()
        try company.directory.write("state/roster.sqlite", "")
        try company.directory.write("state/roster.sqlite-journal", "")
        #expect(try company.plan().plans[0].changes.count == 20)
        #expect(try company.sync().status == .done)
    }

    @Test(arguments: ["mapping.yaml", "tenant.yaml", "approvals/one.yaml"])
    func aFileThatAnybodyCanWriteDecidesNothing(name: String) throws {
        let company = try SmallCompany()
        try company.directory.write(
            "approvals/one.yaml",
            "version: 1\nreason: r\nvalid: {from: 2027-01-15T00:00Z, until: 2027-01-16T00:00Z}\n"
                + "targets: [desk]\nallow: {group_shrink: {staff: 1}}\n")
        let path = company.directory.path(name)
        #expect(chmod(path, 0o620) == 0)
        #expect(try company.agent().check(.files).diagnostics.sorted.map(\.severity) == [.warning])
        #expect(try company.sync().status == .done)
        #expect(chmod(path, 0o602) == 0)
        let report = try company.agent().check(.files)
        #expect(report.status == .done)
        #expect(report.diagnostics.sorted.map(\.severity) == [.warning])
        company.sleep()
        let failure = #expect(throws: AgentFailure.self) { try company.sync() }
        #expect(failure?.status == .badConfiguration)
        #expect(failure?.message == "anybody can write the file `\(path)`")
        #expect(failure?.hint.contains("chmod go-w \(path)") == true)
    }

    @Test func aDirectoryThatAnybodyCanWriteDecidesNothing() throws {
        let company = try SmallCompany()
        #expect(chmod(company.directory.path, 0o777) == 0)
        let failure = #expect(throws: AgentFailure.self) { try company.sync() }
        #expect(failure?.status == .badConfiguration)
        #expect(failure?.hint.contains("chmod go-w \(company.directory.path)") == true)
        #expect(chmod(company.directory.path, 0o1777) == 0)
        #expect(try company.sync().status == .done)
    }

    @Test func whatIsNoRegularFileIsNamed() throws {
        let company = try SmallCompany()
        let path = company.directory.path("mapping.yaml")
        #expect(unlink(path) == 0 && mkfifo(path, 0o600) == 0)
        let failure = #expect(throws: AgentFailure.self) { try company.sync() }
        #expect(failure?.diagnostics.sorted.first?.message.contains("is not a regular file") == true)
        let other = #expect(throws: AgentFailure.self) {
            try SmallCompany().agent().importSignIns(path: "/dev/null", target: "desk")
        }
        #expect(other?.message.contains("is not a regular file") == true)
    }

    @Test func onlyNewFindingsAreNews() throws {
        let company = try SmallCompany()
        try company.sync()
        company.sleep()
        company.config = "    policy: {protect: [{email: nobody@example.org}]}"
        let known = try company.sync()
        #expect(!known.newFindings.isEmpty)
        company.sleep()
        let again = try company.sync()
        #expect(!again.plans[0].findings.isEmpty)
        #expect(again.newFindings == [])
    }

    @Test func eachRunIsWitnessedByTheSystemLogIfAsked() throws {
        let company = try SmallCompany()
        try company.sync()
        #expect(company.logged == [])
        company.config = "witness: {syslog: true}"
        company.sleep()
        _ = try company.plan()
        _ = try company.agent().sync(RunRequest()) { _ in false }
        #expect(company.logged == [])
        try company.sync()
        company.sleep(hours: 1)
        _ = try company.agent().suspend(ActRequest(person: "p3@example.org", reason: "lost laptop"))
        let path = company.directory.path("state/roster.sqlite")
        let lines = try company.roster { roster in
            try [Int64(2), 3].map { "run \($0) of \(path): hash \(try roster.hash(ofRun: $0) ?? "-")" }
        }
        #expect(company.logged == lines)
    }

    @Test func reportsAreWrittenForEachRun() throws {
        let company = try SmallCompany()
        let result = try company.sync()
        #expect(result.reports.map { FilePath.name(of: $0) } == ["run-1.html", "run-1.json"])
        let names = ["index.html", "latest.html", "latest.json", "run-1.html", "run-1.json"]
        #expect(try company.directory.names("state/reports") == names)
    }

    @Test func anUnknownTargetIsWrongUsage() throws {
        let company = try SmallCompany()
        let failure = #expect(throws: AgentFailure.self) {
            try company.agent().plan(RunRequest(targets: ["desc"]))
        }
        #expect(failure?.status == .usage)
        #expect(failure?.hint == "did you mean `desk`?")
    }

    @Test func wrongFilesAreToldAllAtOnce() throws {
        let company = try SmallCompany()
        try company.directory.write("mapping.yaml", "version: 1\nplatform: tenant\nrules: 7\n")
        try company.directory.write("tenant.yaml", "version: 2\n")
        let failure = #expect(throws: AgentFailure.self) { try company.sync() }
        #expect(failure?.status == .badData)
        let files = Set(failure?.diagnostics.sorted.compactMap { $0.position.map { FilePath.name(of: $0.file) } } ?? [])
        #expect(files == ["mapping.yaml", "tenant.yaml"])
        company.config = "nonsense: 1"
        #expect(#expect(throws: AgentFailure.self) { try company.sync() }?.status == .badConfiguration)
    }

    @Test func aMissingFileIsToldByName() throws {
        let company = try SmallCompany()
        company.config = ""
        let path = company.directory.path("nowhere.yaml")
        let agent = try company.agent()
        let elsewhere = Agent(configurationPath: path, ports: agent.ports, context: agent.context)
        let failure = #expect(throws: AgentFailure.self) { try elsewhere.files() }
        #expect(failure?.status == .missingFile)
        #expect(
            failure?.diagnostics.sorted.first?.message
                == "cannot read the agent configuration `\(path)`: no such file or directory")
    }

    @Test func aTargetUnderAnotherNameIsNotBegunAnew() throws {
        let company = try SmallCompany()
        try company.sync()
        company.sleep()
        company.targetName = "desk2"
        let error = #expect(throws: AgentFailure.self) { try company.sync() }
        #expect(error?.status == .badConfiguration)
        #expect(error?.message.contains("the roster has 20 users of `desk`") == true)
        let planned = try company.plan().plans[0].findings.map(\.code)
        #expect(planned.contains("roster.orphan-target"))
        let asked = try company.agent().sync(RunRequest(targets: ["desk2"])) { _ in true }
        #expect(asked.record.summary == "desk2: 20 invited")
        company.sleep()
        #expect(try company.sync().plans[0].findings.contains { $0.code == "roster.orphan-target" })
    }
}
