import Foundation
import Reconciliation
import Testing

@testable import SyncAgent

/// Reports as the configuration has them kept, and the page that lists them.
struct KeptReportsTests {
    private static let pages = "reports: {keep: 2, formats: [html, csv, markdown]}"

    @Test func eachFormatHasAFileAndALink() throws {
        let company = try SmallCompany()
        company.config = Self.pages
        let result = try company.sync()
        #expect(result.reports.map { FilePath.name(of: $0) } == ["run-1.html", "run-1.csv", "run-1.md"])
        let names = [
            "index.html", "latest.csv", "latest.html", "latest.md", "run-1.csv", "run-1.html", "run-1.md",
        ]
        #expect(try company.directory.names("state/reports") == names)
    }

    @Test func theListHasTheKeptRunsAndNoOther() throws {
        let company = try SmallCompany()
        company.config = Self.pages
        for _ in 0..<3 {
            company.sleep()
            try company.sync()
        }
        let index = try company.directory.text("state/reports/index.html")
        #expect(
            index.contains("<a href=\"run-3.html\">html</a> <a href=\"run-3.md\">md</a> <a href=\"run-3.csv\">csv</a>"))
        #expect(index.contains("run-2.html") && !index.contains("run-1.html"))
        #expect(try company.directory.names("state/reports").filter { $0.hasPrefix("run-1.") } == [])
        #expect(index.contains("sync by ada"))
    }

    @Test func nobodyElseReadsThem() throws {
        let company = try SmallCompany()
        company.config = Self.pages
        try company.sync()
        for name in ["index.html", "run-1.html", "run-1.csv"] {
            let facts = try FileManager.default.attributesOfItem(
                atPath: company.directory.path("state/reports/\(name)"))
            #expect((facts[.posixPermissions] as? Int) == 0o600, "\(name)")
        }
    }

    @Test func aListThatNobodyBringsUpToDateIsRemoved() throws {
        let company = try SmallCompany()
        company.config = Self.pages
        try company.sync()
        company.config = "reports: {formats: [json]}"
        company.sleep()
        try company.sync()
        let names = try company.directory.names("state/reports")
        #expect(!names.contains("index.html") && names.contains("run-2.json") && names.contains("run-1.html"))
    }

    /// A lost roster is noticed by its reports, whatever they are written as.
    @Test func aPageIsATraceOfItsRun() throws {
        #expect(ReportShelf.run("run-812.html") == 812)
        #expect(ReportShelf.run("run-812.md") == 812)
        #expect(ReportShelf.run("run-812.csv") == 812)
        #expect(ReportShelf.run("run-812.exe") == nil)
        #expect(ReportShelf.run("index.html") == nil)
    }

    /// What charts are drawn from stands beside the counts of changes.
    @Test func runsRememberPeopleAndSeats() throws {
        let company = try SmallCompany()
        let result = try company.sync()
        let counts = try #require(result.record.targets.first?.counts)
        #expect(counts[TargetRunRecord.peopleRead] == company.people.count)
        #expect(counts[TargetRunRecord.seatsHeld] == result.plans[0].ledger.reduce(0) { $0 + $1.heldAfter })
    }
}
