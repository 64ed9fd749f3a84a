import AccessModel
import Diagnostics
import DirectoryModel
import Reconciliation
import Reports
import Testing

@testable import SyncAgent

/// What an edit does to people, worked out before anybody runs it.
struct CompareTests {
    private static let mapping = """
        version: 1
        platform: tenant
        templates:
          agent: {title: Agent, permissions: {conversations: [view]}}
        rules:
          - name: Staff
            when: {group: staff}
            give: {role: user, template: agent}
        """

    private func company(_ now: String = mapping) throws -> SmallCompany {
        let company = try SmallCompany()
        try company.directory.write("mapping.yaml", now)
        try company.sync()
        return company
    }

    private func compare(
        _ company: SmallCompany, _ edited: String, snapshot: String? = nil
    ) throws -> ComparisonResult {
        try company.directory.write("new.yaml", edited)
        let files = (company.directory.path("mapping.yaml"), company.directory.path("new.yaml"))
        let source: ComparisonRequest.Source = snapshot.map { .file($0) } ?? .roster
        return try company.agent().compare(ComparisonRequest(files: files, source: source))
    }

    private func kinds(_ result: ComparisonResult) -> [String: Int] {
        PlanCounts(result.plans[0]).changes.reduce(into: [:]) { $0[$1.key.name] = $1.value }
    }

    @Test func theSameFilesChangeNothing() throws {
        let company = try company()
        let before = try company.dump()
        let result = try compare(company, Self.mapping + "\n# a comment\n")
        #expect(kinds(result) == [:])
        #expect(result.plans[0].findings == [])
        #expect(result.people == 20)
        #expect(result.run == 1)
        #expect(try company.dump() == before)
    }

    @Test func whoGetsAnotherTemplateIsTold() throws {
        let edited = Self.mapping.replacing("template: agent}", with: "template: lead}")
            .replacing("  agent:", with: "  lead: {title: L, permissions: {analytics: [view]}}\n  agent:")
        let result = try compare(try company(), edited)
        #expect(kinds(result)["add_template"] == 20)
        #expect(kinds(result)["remove_template"] == 20)
        #expect(ComparisonCounts(result.plans)["lose_access"] == 20)
        #expect(ComparisonCounts(result.plans)["exceeded_guards"] > 0)
    }

    @Test func whoLosesEverythingIsSuspendedAtOnceAndByWhichRule() throws {
        let edited = Self.mapping.replacing(
            "when: {group: staff}", with: "when: {all: [{group: staff}, {id: \(SmallCompany.id("p3"))}]}")
        let result = try compare(try company(), edited)
        #expect(kinds(result) == ["suspend": 19])
        #expect(ComparisonCounts(result.plans)["suspend_other"] == 19)
    }

    @Test func aPrivilegeIsCountedAndNotHeldBack() throws {
        let edited = Self.mapping.replacing(
            "give: {role: user, template: agent}", with: "give: {role: admin}\n    privileged: true"
        ).replacing(
            "when: {group: staff}", with: "when: {group: staff, nested: false}")
        let result = try compare(try company(), edited)
        #expect(ComparisonCounts(result.plans)["privileged_gain"] == 20)
        #expect(result.plans[0].holds.isEmpty)
        #expect(kinds(result)["change_role"] == 20)
    }

    @Test func permissionsOfAnEditedTemplateAreTold() throws {
        let result = try compare(try company(), Self.mapping.replacing("[view]", with: "[view, edit]"))
        #expect(kinds(result) == ["change_permissions": 20])
        #expect(ComparisonCounts(result.plans)["change_permissions"] == 20)
    }

    /// The roster, a snapshot and a snapshot with pseudonyms come to the same figures.
    @Test(arguments: [false, true]) func aSnapshotSaysTheSameAsTheRoster(_ pseudonyms: Bool) throws {
        let company = try company()
        let path = company.directory.path("people.snapshot")
        _ = try company.agent().writeSnapshot(to: path, pseudonyms: pseudonyms)
        let edited = Self.mapping.replacing(", template: agent}", with: "}")
        let (known, read) = (try compare(company, edited), try compare(company, edited, snapshot: path))
        #expect(kinds(known) == kinds(read))
        #expect(kinds(read) == ["remove_template": 20])
        #expect(read.isPseudonymous == pseudonyms)
        let labels = read.plans[0].subjects.map { read.plans[0].texts[$0.email] }
        #expect(labels.contains("p3@example.org") == !pseudonyms)
        #expect(labels.allSatisfy { $0.hasSuffix("@example.org") })
    }

    @Test func aGroupThatIsNotThereIsAnErrorWithItsPlace() throws {
        let company = try company()
        do {
            _ = try compare(company, Self.mapping.replacing("staff}", with: "stuff}"))
            Issue.record("it was compared")
        } catch let failure as AgentFailure {
            #expect(failure.status == .badData)
            #expect(failure.diagnostics.text.contains("new.yaml:7:19: error: no group `stuff` in the directory"))
            #expect(failure.diagnostics.text.contains("did you mean `staff`?"))
        }
    }

    @Test func whatIsNotOfAKindIsNotCompared() throws {
        let company = try company()
        _ = try company.agent()
        let files = (company.directory.path("mapping.yaml"), company.directory.path("tenant.yaml"))
        do {
            _ = try company.agent().compare(ComparisonRequest(files: files, source: .roster))
            Issue.record("it was compared")
        } catch { #expect((error as? AgentFailure)?.status == .usage) }
    }

    @Test func wholeFoldersAreComparedWithEverythingInThem() throws {
        let company = try company()
        _ = try company.agent()
        try company.directory.makeDirectory("edited")
        for name in ["rollcall.yaml", "mapping.yaml", "tenant.yaml", "people.ldif"] {
            try company.directory.write("edited/\(name)", InputFile.bytes(company.directory.path(name)))
        }
        let path = company.directory.path("edited/rollcall.yaml")
        let text = String(decoding: try InputFile.bytes(path), as: UTF8.self)
        try company.directory.write("edited/rollcall.yaml", text.replacing("seats: 100", with: "seats: 5"))
        let files = (company.directory.path("rollcall.yaml"), company.directory.path("edited"))
        let result = try company.agent().compare(ComparisonRequest(files: files, source: .roster))
        #expect(result.plans[0].ledger.first?.pool.limit == 5)
        #expect(result.plans[0].findings.contains { $0.code == "seats.over-limit" })
        #expect(result.newFindings.contains { $0.finding.code == "seats.over-limit" })
    }

    @Test func anEmailDomainIsChangedBeforeAnybodyIsRenamed() throws {
        let company = try company()
        var request = ComparisonRequest(
            files: nil, domains: [.init(old: "example.org", new: "new.example")], source: .roster)
        let lacking = try company.agent().compare(request)
        #expect(lacking.notes.contains { $0.contains("does not hold `new.example`") })
        #expect(lacking.notes.contains("20 people have an email in `example.org`, which becomes `new.example`"))
        #expect(!kinds(lacking).keys.contains("suspend"))
        company.edit = {
            $0.replacing("email_domains: [example.org]", with: "email_domains: [example.org, new.example]")
        }
        let renamed = try company.agent().compare(request)
        #expect(kinds(renamed) == ["change_email": 20])
        #expect(ComparisonCounts(renamed.plans)["change_email"] == 20)
        request.domains = [.init(old: "other.example", new: "new.example")]
        #expect(kinds(try company.agent().compare(request)) == [:])
    }

    // Thresholds.

    @Test func thresholdsAreRead() throws {
        let found = try Threshold.list("privileged_gain>0, lose_access >= 10")
        #expect(found.map(\.name) == ["privileged_gain", "lose_access"])
        #expect(found.map { $0.isExceeded(by: 10) } == [true, true])
        #expect(found.map { $0.isExceeded(by: 0) } == [false, false])
        #expect(try Threshold.list("invite>10")[0].isExceeded(by: 10) == false)
        #expect(try Threshold.list("invite>=10")[0].sentence(12) == "invite is 12, and fails at 10")
    }

    @Test(arguments: ["", ",", "invite", "invite>", "invite>x", "invite>-1", ">3", "invites>3", "invite<3"])
    func whatIsNoThresholdIsRefused(_ text: String) {
        #expect(throws: AgentFailure.self) { _ = try Threshold.list(text) }
    }

    @Test func aNameThatIsNearlyRightHasAHint() {
        do {
            _ = try Threshold.list("privilege_gain>0")
            Issue.record("it was read")
        } catch { #expect(error.hint == "did you mean `privileged_gain`?") }
    }
}
