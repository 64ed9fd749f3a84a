import AccessModel
import Diagnostics
import DirectoryModel
import Glibc
import MappingLanguage
import Reconciliation
import Reports
import Testing

@testable import SyncAgent

struct AgentActsTests {
    @Test func whatWasHeldIsAppliedOnceItIsApproved() throws {
        let company = try SmallCompany()
        try company.sync()
        company.sleep()
        company.disabled = Set(company.people.prefix(9))
        #expect(try company.sync().status == .held)
        #expect(try company.emails(.suspended) == [])
        let written = try company.agent().approveLastHold(reason: "HR-4411: \"site closes\"", targets: nil)
        #expect(written.map(\.people) == [9])
        #expect(written.map(\.allow) == ["suspend_disabled: 9"])
        #expect(written.map(\.run) == [2])
        company.sleep(hours: 1)
        #expect(try company.sync().status == .done)
        #expect(try company.emails(.suspended).count == 9)
        #expect(try !company.directory.names("state").contains(LastHold.name))
    }

    /// Numbers of two files for one hold would add up, so a second is refused while the first is in date.
    @Test func aHoldIsApprovedOnceAndNoFileIsWrittenOver() throws {
        let company = try SmallCompany()
        try company.sync()
        company.sleep()
        company.disabled = Set(company.people.prefix(9))
        try company.sync()
        let first = try company.agent().approveLastHold(reason: "one", targets: nil)
        let refused = #expect(throws: AgentFailure.self) {
            try company.agent().approveLastHold(reason: "two", targets: nil)
        }
        #expect(refused?.message.contains("is approved already by") == true)
        company.sleep(hours: 25)
        let second = try company.agent().approveLastHold(reason: "two", targets: nil)
        #expect(first.map { FilePath.name(of: $0.path) } == ["run-2.yaml"])
        #expect(second.map { FilePath.name(of: $0.path) } == ["run-2-2.yaml"])
        #expect(try company.directory.text("approvals/run-2.yaml").contains("reason: \"one\""))
    }

    /// Somebody who is to review the file knows people by their emails, newcomers too.
    @Test func anApprovalNamesThoseFromWhomAPrivilegeIsWithheld() throws {
        let company = try SmallCompany.withAdministrators()
        company.people = ["p1", "p2"]
        _ = try company.agent().lock { _ in true }
        #expect(try company.sync().plans[0].holds.map(\.count) == [2, 2])
        let written = try company.agent().approveLastHold(reason: "HR-1", targets: nil)
        let text = try String(decoding: InputFile.bytes(#require(written.first).path), as: UTF8.self)
        for name in company.people {
            #expect(text.contains("  - \"\(SmallCompany.id(name))\"  # \(name)@example.org\n"), "\(text)")
        }
    }

    /// The same after the night was planned by day: a saved plan brings no mirror, and the roster has one of the night before.
    @Test func anApprovalNamesThemAfterASavedPlan() throws {
        let company = try SmallCompany.withAdministrators()
        company.people = ["p1", "p2"]
        company.members = []
        _ = try company.agent().lock { _ in true }
        try company.sync()
        company.members = nil
        company.sleep()
        let saved = company.directory.path("night.plan")
        let agent = try company.agent()
        let night = try agent.plan(RunRequest(command: "plan"))
        let report = PlanReport(stage: .planned, run: nil, time: company.now, version: "0.1.0", plans: night.plans)
        try agent.save(night, report, to: saved)
        _ = try agent.applyPlan(saved) { _ in true }
        let written = try agent.approveLastHold(reason: "HR-1", targets: nil)
        let text = try String(decoding: InputFile.bytes(#require(written.first).path), as: UTF8.self)
        #expect(text.contains("  # p1@example.org\n") && text.contains("  # p2@example.org\n"), "\(text)")
    }

    /// What keeps rules from giving the role is what the hint about its lack begins with.
    @Test func theHintAboutTooFewAdministratorsIsAboutWhatIsInTheWay() throws {
        let company = try SmallCompany.withAdministrators()
        func hint() throws -> String? {
            try company.plan().plans[0].findings.first { $0.code == "admins.below" }?.hint
        }
        let notes = try company.agent().check(.files).notes
        #expect(notes.map { $0.contains("1 privileged rule gives nothing") } == [true])
        #expect(try hint() == "run `rollcall lock`: privileged rules give nothing before there is a lock file")
        _ = try company.agent().lock { _ in true }
        #expect(try company.agent().check(.files).notes == [])
        #expect(try hint()?.hasSuffix("`rollcall approve --last-hold`") == true)
        company.members = []
        #expect(try hint() == "give `admin` to more people")
    }

    @Test func anApprovalNeedsAReasonAndAHold() throws {
        let company = try SmallCompany()
        try company.sync()
        #expect(
            #expect(throws: AgentFailure.self) { try company.agent().approveLastHold(reason: " ", targets: nil) }?
                .status
                == .usage)
        #expect(
            #expect(throws: AgentFailure.self) { try company.agent().approveLastHold(reason: "x", targets: nil) }?
                .message == "the last run held nothing")
    }

    @Test(arguments: ["P3@Example.org", "00000000-0000-4000-8000-000000000003"])
    func aHumanSuspendsAndResumes(person: String) throws {
        let company = try SmallCompany()
        try company.sync()
        company.sleep(hours: 1)
        let result = try company.agent().suspend(ActRequest(person: person, reason: "lost laptop"))
        #expect(result.record.command == "suspend")
        #expect(result.sentences == ["desk: `\(person)` is suspended"])
        #expect(try company.emails(.suspended) == ["p3@example.org"])
        company.sleep()
        try company.sync()
        #expect(try company.emails(.suspended) == ["p3@example.org"])
        company.sleep(hours: 1)
        _ = try company.agent().resume(ActRequest(person: person, reason: "found"))
        #expect(try company.emails(.suspended) == [])
    }

    @Test func anActOnNobodyIsRefused() throws {
        let company = try SmallCompany()
        try company.sync()
        let failure = #expect(throws: AgentFailure.self) {
            try company.agent().suspend(ActRequest(person: "nobody@example.org", reason: "x"))
        }
        #expect(failure?.message == "nobody with the email, id or login `nobody@example.org` is a user here")
        #expect(
            #expect(throws: AgentFailure.self) {
                try company.agent().suspend(ActRequest(person: "p3@example.org", reason: ""))
            }?.status == .usage)
    }

    @Test func signInsAndAcceptedInvitationsAreTakenOver() throws {
        let company = try SmallCompany()
        try company.sync()
        company.sleep()
        let path = try company.directory.write(
            "users.csv",
            """
            \u{FEFF}Accepted,Last sign-in,E-Mail
            true,,p1@example.org
            ,2027-01-10 08:15:00.250,P2@example.org
            no,never,p3@example.org
            yes,,stranger@example.org
            """)
        let result = try company.agent().importSignIns(path: path, target: "desk")
        #expect(result.matched == 3)
        #expect(result.accepted == 2)
        #expect(result.signInsChanged == 1)
        #expect(result.unknown == [ImportLine(line: 5, who: "stranger@example.org")])
        #expect(try company.emails(.active) == ["p1@example.org", "p2@example.org"])
    }

    @Test func everyWrongLineOfAnImportIsTold() throws {
        let company = try SmallCompany()
        try company.sync()
        let path = try company.directory.write(
            "users.csv", "email,accepted,last_sign_in\nnobody,true,\na@b.c,perhaps,\na@b.c,,yesterday\na@b.c\n")
        let failure = #expect(throws: AgentFailure.self) {
            try company.agent().importSignIns(path: path, target: "desk")
        }
        #expect(failure?.status == .badData)
        #expect(
            failure?.diagnostics.sorted.errors == [
                "2:1: expected an email, found `nobody`", "3:1: expected `true` or `false`, found `perhaps`",
                "4:1: expected a time, found `yesterday`", "5:1: expected 3 fields as in the first line, found 1",
            ])
    }

    @Test func checkAsksTheDirectoryAboutEachGroup() throws {
        let company = try SmallCompany()
        let report = try company.agent().check(.online)
        #expect(report.status == .done)
        #expect(report.groups.map { "\($0.name) \($0.people) \($0.problem)" } == ["staff 20 "])
        #expect(report.files.map { FilePath.name(of: $0) } == ["rollcall.yaml", "tenant.yaml", "mapping.yaml"])
    }

    @Test func groupsAreLockedAndThenKnownById() throws {
        let company = try SmallCompany()
        let shown = try company.agent().lock { results in
            #expect(results.map(\.changes.count) == [1])
            return false
        }
        #expect(shown.map(\.written) == [false])
        #expect(try !company.directory.names().contains("groups.lock.yaml"))
        #expect(try company.agent().lock { _ in true }.map(\.written) == [true])
        #expect(try company.agent().lock { _ in true }.map(\.written) == [false])
        #expect(try company.sync().record.summary == "desk: 20 invited")
    }

    @Test func aLockFileThatIsGoneEndsTheRunUntilItIsBack() throws {
        let company = try SmallCompany()
        _ = try company.agent().lock { _ in true }
        try company.sync()
        let users = try company.emails(.invited)
        #expect(unlink(company.directory.path("groups.lock.yaml")) == 0)
        company.sleep()
        for failure in [
            #expect(throws: AgentFailure.self) { try company.sync() },
            #expect(throws: AgentFailure.self) { try company.plan() },
        ] {
            #expect(failure?.status == .missingFile)
            #expect(failure?.message == "the lock file `groups.lock.yaml` is gone, with which run 1 was applied")
        }
        #expect(try company.emails(.invited) == users)
        #expect(try company.agent().lock { _ in true }.map(\.written) == [true])
        #expect(try company.sync().status == .done)
    }

    @Test func mappingTestsRunWithoutADirectory() throws {
        let company = try SmallCompany()
        let report = try company.agent().test()
        #expect(report.passed)
        #expect(report.targets.map(\.run.results.count) == [1])
    }

    @Test(arguments: ["vivi", "tenant", "agent-studio", "voiceflow"])
    func aStarterConfigurationIsValid(platform: String) throws {
        let company = try SmallCompany()
        let answers = StarterAnswers(
            directory: SampleStarters.directory(.openldap), platform: platform, target: "acme", state: "state")
        let directory = try TemporaryDirectory()
        for file in Agent.starterFiles(answers) { try directory.write(file.path, file.content) }
        try directory.write("platforms/\(platform).yaml", SmallCompany.platform(platform))
        try directory.write("bind.password", "secret")
        #expect(chmod(directory.path("bind.password"), 0o600) == 0)
        let agent = try company.agent()
        let report = Agent(
            configurationPath: directory.path("rollcall.yaml"), ports: agent.ports, context: agent.context
        ).check(.files)
        #expect(report.diagnostics.sorted.map(\.text) == [])
        #expect(report.status == .done)
    }
}
