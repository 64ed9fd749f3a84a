import Diagnostics
import Foundation
import Reports
import TestSupport
import Testing

/// Names that try to act in a page, in Markdown or in a sheet, read back by programs that know nothing of Rollcall.
struct HostilePageTests {
    static let names = HostileNames.all

    @Test func thereAreAHundredOfThem() {
        #expect(Set(Self.names.map { Array($0.utf8) }).count >= 100)
    }

    /// Python's parser of HTML finds the same elements and attributes, whatever the name.
    @Test func noNameAddsAnythingToAPage() throws {
        try compare("html") { name in
            var report = SamplePlans.report([HostileTextTests.plan(name)], stage: .applied)
            report.setAside = SampleHistory.report().setAside
            report.history = SampleHistory.report().history
            return PlanHTML.bytes(report)
        }
    }

    @Test func noNameAddsAnythingToTheIndex() throws {
        try compare("html") { name in
            ReportIndex(
                [ReportIndex.Entry(run: 1, record: HostilePersonTests.record(name), endings: ["html", "json"])],
                version: name
            ).bytes()
        }
    }

    /// The reference implementation of GitHub's Markdown makes the same elements of it, whatever the name.
    @Test func noNameAddsAnythingToMarkdown() throws {
        try compare("markdown") { PlanMarkdown.bytes(SamplePlans.report([HostileTextTests.plan($0)])) }
    }

    @Test(arguments: names)
    func pagesArePrintable(_ name: String) {
        let report = SamplePlans.report([HostileTextTests.plan(name)])
        HostileTextTests.expectPrintable(PlanHTML.bytes(report))
        HostileTextTests.expectPrintable(PlanMarkdown.bytes(report))
        HostileTextTests.expectPrintable(PlanCSV.bytes(report).filter { $0 != 0x0D })
    }

    /// Python, the shell of SQLite and a reader of ten lines find the same cells, those that were meant, and no formula.
    @Test func threeReadersOfSheetsAgree() throws {
        let folder = try TemporaryDirectory()
        for (place, name) in Self.names.enumerated() {
            let bytes = PlanCSV.bytes(SamplePlans.report([HostileTextTests.plan(name)]))
            try Data(bytes).write(to: folder.url.appendingPathComponent("\(place).csv"))
            let rows = SheetReader.rows(bytes)
            #expect(rows.allSatisfy { $0.count == PlanCSV.columns.count }, "name \(place)")
            let finding = try #require(rows.first { $0[1] == "finding" })
            let plain = finding[3].utf8.first == UInt8(ascii: "'") ? String(finding[3].dropFirst()) : finding[3]
            let meant = SafeText.escaped(name)
            #expect(finding[3].utf8.elementsEqual(meant.utf8) || plain.utf8.elementsEqual(meant.utf8), "name \(place)")
            #expect(rows.joined().allSatisfy { !SheetReader.isFormula($0) }, "name \(place)")
            try JSONEncoder().encode(rows).write(to: folder.url.appendingPathComponent("\(place).json"))
        }
        _ = try Command.output("python3", [Self.tool("read_sheet.py"), folder.url.path])
    }

    /// Renders a plain name and each hostile one, and has the tool compare what stands in each with what stands in the plain one.
    private func compare(_ kind: String, _ render: (String) -> [UInt8]) throws {
        let folder = try TemporaryDirectory()
        for (place, name) in (["plain"] + Self.names).enumerated() {
            try Data(render(name)).write(to: folder.url.appendingPathComponent("\(place).\(kind)"))
            try Data(SafeText.escaped(name).utf8).write(to: folder.url.appendingPathComponent("\(place).name"))
        }
        _ = try Command.output("python3", [Self.tool("compare_structure.py"), kind, folder.url.path])
    }

    static func tool(_ name: String) -> String {
        Repository.root.appendingPathComponent("Tests/ReportsTests/Tools/\(name)").path
    }
}
