import DirectoryModel
import Reconciliation
import Testing

@testable import SyncAgent

/// Whoever waits in line has a name in the report of every run, also of those that read no directory.
struct NamesInReportsTests {
    /// Twenty people and five seats: fifteen wait.
    private func company() throws -> SmallCompany {
        let company = try SmallCompany()
        company.topology = "{seats: 5}"
        try company.sync()
        company.sleep()
        company.disabled = ["p1"]
        return company
    }

    /// The newest report names everybody in line by their email.
    private func expectNames(_ company: SmallCompany, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let report = try #require(company.reports.last, sourceLocation: sourceLocation)
        let line = report.plans.flatMap(\.waiting)
        #expect(line.count == 15, sourceLocation: sourceLocation)
        for place in line {
            #expect(report.names[place.person]?.hasSuffix("@example.org") == true, sourceLocation: sourceLocation)
        }
    }

    @Test func ofASavedPlan() throws {
        let company = try company()
        try company.agent().savePlan(try company.plan(), to: company.directory.path("tonight.json"))
        let path = company.directory.path("tonight.json")
        #expect(try company.agent().applyPlan(path) { $0.namesInLine.count == 15 }.ending == .applied)
        try expectNames(company)
    }

    @Test func ofAnUndo() throws {
        let company = try company()
        let night = try company.sync()
        company.sleep(hours: 1)
        #expect(try company.agent().undo(UndoRequest(run: night.record.number)) { _ in true }.ending == .applied)
        try expectNames(company)
    }

    @Test func ofWhatIsDoneBetweenTheRuns() throws {
        let company = try company()
        let key = PersonKey(directory: "corp", id: try #require(ImmutableID(written: SmallCompany.id("p1"))))
        let agent = try company.agent()
        let result = try agent.suspend(
            [DisabledPerson(key: key, state: .disabledByAttribute)], files: agent.decidingFiles())
        #expect(result.isWritten)
        try expectNames(company)
    }
}
