import AccessModel
import Reconciliation
import SQLiteRoster
import Testing

@testable import SyncAgent

/// A finding that somebody acknowledged is silent until the day, and news again after it.
struct AcknowledgedNightsTests {
    /// A company without an administrator: one finding every night.
    private func company() throws -> SmallCompany {
        let company = try SmallCompany()
        try company.sync()
        return company
    }

    private func request(_ finding: String, hours: Int64, _ company: SmallCompany) -> AckRequest {
        var request = AckRequest(findings: [finding], reason: "the ticket is open")
        request.until = TimeText.text(company.now + hours * 3600)
        return request
    }

    @Test func isCountedApartAndSpeaksAgainAfterTheDay() throws {
        let company = try company()
        let found = try company.agent().findings(target: nil)
        let one = try #require(found.first)
        #expect(found.count == 1 && one.acknowledgement == nil && one.isThere)
        try company.agent().acknowledge(request(one.id, hours: 40, company))

        company.sleep()
        let quiet = try company.sync()
        #expect(quiet.newFindings.isEmpty)
        #expect(quiet.plans[0].findings.count == 1)
        #expect(quiet.record.targets[0].counts[TargetRunRecord.findingsAcknowledged] == 1)
        #expect(quiet.record.targets[0].findingKeys.isEmpty)

        company.sleep()
        let loud = try company.sync()
        #expect(loud.newFindings.map { $0.finding.id(on: "desk") } == [one.id])
        company.sleep()
        #expect(try company.sync().newFindings.isEmpty)
    }

    @Test func whatIsTakenBackSpeaksTheNextNight() throws {
        let company = try company()
        let one = try #require(try company.agent().findings(target: nil).first)
        try company.agent().acknowledge(request(one.code, hours: 900, company))
        #expect(try company.agent().acknowledgements(target: "desk").map(\.id) == [one.id])
        company.sleep()
        try company.sync()
        #expect(try company.agent().takeBack(AckRequest(findings: [one.id], reason: "")).map(\.id) == [one.id])
        #expect(try company.agent().acknowledgements(target: nil).isEmpty)
        company.sleep()
        #expect(try company.sync().newFindings.count == 1)
    }

    /// What somebody acknowledges is no reason to plan anew, and no run of the night.
    @Test func theActIsRecordedAndChangesNobody() throws {
        let company = try company()
        let one = try #require(try company.agent().findings(target: nil).first)
        let users = try company.emails(.invited)
        try company.agent().acknowledge(request(one.id, hours: 24, company))
        let record = try #require(try company.runs().first)
        #expect(record.command == "ack" && record.actor == "ada" && !record.isRegular)
        #expect(record.summary.contains(one.id) && record.summary.hasSuffix(": the ticket is open"))
        #expect(try company.emails(.invited) == users)
        #expect(try company.roster { try $0.verify().problems } == [])
    }

    @Test func onATargetThatIsOnlyObservedToo() throws {
        let company = try SmallCompany()
        company.mode = "observe"
        try company.sync()
        let one = try #require(try company.agent().findings(target: nil).first)
        try company.agent().acknowledge(request(one.id, hours: 900, company))
        company.sleep()
        #expect(try company.sync().record.targets[0].findingKeys.isEmpty)
        #expect(try company.agent().findings(target: nil).map(\.id) == [one.id])
    }

    @Test(arguments: [
        ("0000000x", "no finding has the name or code `0000000x`"),
        ("group.unknown", "no finding has the name or code `group.unknown`"),
    ])
    func whatIsNotThereIsRefused(_ word: String, _ message: String) throws {
        let company = try company()
        let failure = #expect(throws: AgentFailure.self) {
            try company.agent().acknowledge(request(word, hours: 24, company))
        }
        #expect(failure?.status == .failed && failure?.message == message)
    }

    @Test func aDayThatIsOverIsRefused() throws {
        let company = try company()
        let one = try #require(try company.agent().findings(target: nil).first)
        let failure = #expect(throws: AgentFailure.self) {
            try company.agent().acknowledge(request(one.id, hours: -1, company))
        }
        #expect(failure?.status == .usage)
        #expect(try company.runs().count == 1)
    }

    /// Names may have spaces: run together nobody could tell where one ends.
    @Test func namesThatAFindingIsAboutStandApart() {
        let finding = Finding(
            code: "person.extras", weight: .warning, message: "`Campaign planners` gives `knowledge-bases: read`")
        let known = KnownFinding(target: "desk", key: FindingKey.of(finding), finding: finding, isThere: true)
        #expect(known.about == "Campaign planners, knowledge-bases: read")
    }

    @Test func theNameOfAFindingStaysAndTellsTargetsApart() {
        let finding = Finding(code: "person.no-email", weight: .note, label: "ada", message: "has no email")
        #expect(finding.id(on: "desk") == FindingKey.id(of: "person.no-email ada", target: "desk"))
        #expect(finding.id(on: "desk") == "qx3sq7vm")
        #expect(finding.id(on: "office") != finding.id(on: "desk"))
        let ids = Set((0..<10_000).map { FindingKey.id(of: "person.no-email p\($0)", target: "desk") })
        #expect(ids.count == 10_000)
    }
}
