import AccessModel
import Diagnostics
import Reconciliation
import Testing

@testable import SyncAgent

/// An emergency does not wait until files are repaired that it does not need.
struct ActsBesideErrorsTests {
    private func company() throws -> SmallCompany {
        let company = try SmallCompany()
        company.config = SmallCompany.office()
        try company.sync()
        return company
    }

    private func suspend(_ company: SmallCompany, _ targets: [String]? = nil) throws -> ActResult {
        try company.agent().suspend(ActRequest(person: "p3@example.org", targets: targets, reason: "taken over"))
    }

    @Test func aDraftOfAnApprovalStopsNoSuspension() throws {
        let company = try company()
        try company.directory.makeDirectory("approvals")
        try company.directory.write("approvals/draft.yaml", "junk\n")
        let result = try suspend(company)
        #expect(result.status == .done)
        #expect(result.sentences.count == 2)
        #expect(result.warnings.sorted.allSatisfy { $0.severity == .warning })
        #expect(result.warnings.sorted.contains { $0.position?.file.hasSuffix("draft.yaml") == true })
        #expect(try company.emails(.suspended) == ["p3@example.org"])
        let refused = #expect(throws: AgentFailure.self) { try company.plan() }
        #expect(refused?.status == .badData)
    }

    @Test func rulesAreNotNeeded() throws {
        let company = try company()
        try company.directory.write("mapping.yaml", "version: 1\nplatform: tenant\nrulez: []\n")
        _ = try suspend(company)
        let resumed = try company.agent().resume(ActRequest(person: "p3@example.org", reason: "was nobody"))
        #expect(resumed.status == .done)
        #expect(!resumed.warnings.isEmpty)
        let path = try company.directory.write("list.csv", "p4@example.org\n")
        let listed = try company.agent().suspend(
            ListRequest(path: path, targets: nil, reason: "taken over", skipsUnknown: false, isDryRun: false))
        #expect(listed.isWritten)
        #expect(try company.emails(.suspended) == ["p4@example.org"])
    }

    @Test func anErrorInOneTargetLeavesTheOthers() throws {
        let company = try company()
        company.config = SmallCompany.office().replacing("{seats: 100}", with: "{seats: many}")
        let result = try suspend(company)
        #expect(result.status == .held)
        #expect(result.record.exitStatus == 3)
        #expect(
            result.sentences == [
                "desk: `p3@example.org` is suspended",
                "office: `p3@example.org` is left as is, since the settings of the target have an error",
            ])
        #expect(try company.emails(.suspended) == ["p3@example.org"])
        let refused = #expect(throws: AgentFailure.self) { try suspend(company, ["office"]) }
        #expect(refused?.status == .badConfiguration)
        #expect(refused?.diagnostics.hasErrors == true)
    }

    @Test(arguments: [
        ("mode: manage\n    platform: tenant.yaml", "mode: none\n    platform: tenant.yaml"),
        ("state: state", "state: [x]"),
    ])
    func whatTheActNeedsMustBeRight(right: String, wrong: String) throws {
        let company = try company()
        company.config = ""
        company.edit = { $0.replacing(right, with: wrong) }
        let refused = #expect(throws: AgentFailure.self) { try suspend(company) }
        #expect(refused?.status == .badConfiguration)
        #expect(try company.emails(.suspended) == [])
    }
}
