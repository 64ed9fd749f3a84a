import Foundation
import Reconciliation
import Reports
import TestSupport
import Testing

/// What the reference says of the sheet of a plan is what the sheet has.
struct DocumentedSheetTests {
    /// Names in the first cells of the table with a head, in order.
    private static func names(under head: String) throws -> [String] {
        let page = try Repository.text("docs/reference/reports.md")
        let table = try #require(
            page.components(separatedBy: "\n| \(head) |").last?.components(separatedBy: "\n\n").first)
        return table.components(separatedBy: "\n").filter { $0.hasPrefix("| `") }.flatMap { line in
            line.components(separatedBy: " | ")[0].matches(of: /`([a-z_]+)`/).map { String($0.output.1) }
        }
    }

    @Test func everyColumnInOrder() throws {
        #expect(try Self.names(under: "column") == PlanCSV.columns)
    }

    /// Reports that have one of everything between them.
    private static var sheets: [[UInt8]] {
        var held = BrowserTests.held()
        held.setAside = SampleHistory.report().setAside
        return [
            PlanCSV.bytes(held), PlanCSV.bytes(SampleHistory.report(), rowsAtMost: 1),
            PlanCSV.bytes(PlanReportTests.failed()), PlanCSV.bytes(ComparisonReportTests.report("new.yaml")),
        ]
    }

    @Test func everyRecordIsThere() throws {
        let rows = Self.sheets.flatMap { SheetReader.rows($0).dropFirst() }
        #expect(Set(rows.map { $0[1] }).sorted() == (try Self.names(under: "`record`")).sorted())
    }

    @Test func kindsOfChangeAreNamedInOrder() throws {
        let page = try Repository.text("docs/reference/json.md")
        let start = try #require(page.components(separatedBy: "\nKinds of change, in the order of plans: ").last)
        let named = try #require(start.components(separatedBy: "\n\n").first).matches(of: /`([a-z_]+)`/)
        #expect(named.map { String($0.output.1) } == ChangeKind.allCases.map(\.name))
    }
}
