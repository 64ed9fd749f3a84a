import Diagnostics
import Foundation
import Reports
import TestSupport
import Testing

/// Names that try to act in a page, in Markdown or in a sheet, read back by programs that know nothing of Rollcall.
struct HostilePageTests {
    @Test func thereAreAHundredAndFortyOfThem() {
        #expect(Set(HostileNames.all.map { Array($0.utf8) }).count >= 140)
    }

    /// Python's parser of HTML finds the same elements and attributes, whatever the name.
    @Test func noNameAddsAnythingToAPage() throws {
        try compare("html") { name in
            var report = HostileTextTests.report(name)
            report.history = SampleHistory.report().history
            return PlanHTML.bytes(report) + PlanHTML.bytes(HostileTextTests.failed(name))
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
        try compare("markdown") {
            PlanMarkdown.bytes(HostileTextTests.report($0)) + PlanMarkdown.bytes(HostileTextTests.failed($0))
        }
    }

    @Test(arguments: HostileNames.all)
    func pagesArePrintable(_ name: String) {
        let report = HostileTextTests.report(name)
        PrintableText.expect(PlanHTML.bytes(report))
        PrintableText.expect(PlanMarkdown.bytes(report))
        PrintableText.expect(PlanCSV.bytes(report).filter { $0 != 0x0D })
    }

    /// Python, the shell of SQLite and a reader of ten lines find the same cells, those that were meant, and no formula.
    @Test func threeReadersOfSheetsAgree() throws {
        let folder = try TemporaryDirectory()
        for (place, name) in HostileNames.all.enumerated() {
            let bytes = PlanCSV.bytes(HostileTextTests.report(name))
            try Data(bytes).write(to: folder.url.appendingPathComponent("\(place).csv"))
            let rows = SheetReader.rows(bytes)
            #expect(rows.allSatisfy { $0.count == PlanCSV.columns.count }, "name \(place)")
            let finding = try #require(rows.first { $0[1] == "finding" })
            #expect(SheetReader.says(name, finding[3]), "name \(place)")
            #expect(rows.joined().allSatisfy { !SheetReader.isFormula($0) }, "name \(place)")
            try JSONEncoder().encode(rows).write(to: folder.url.appendingPathComponent("\(place).json"))
        }
        _ = try Command.output("python3", [Self.tool("read_sheet.py"), folder.url.path])
    }

    /// The same of every list: in each row of it the names stand in the columns where they were put.
    @Test func threeReadersOfListsAgree() throws {
        let folder = try TemporaryDirectory()
        for (place, sheet) in SampleSheets.lists().enumerated() {
            try Data(sheet.bytes).write(to: folder.url.appendingPathComponent("\(place).csv"))
            let rows = SheetReader.rows(sheet.bytes)
            #expect(rows.count == 1 + 3 * HostileNames.all.count, "\(sheet.name)")
            #expect(Set(rows.map(\.count)).count == 1, "\(sheet.name)")
            for (name, row) in zip(HostileNames.all, stride(from: 1, to: rows.count, by: 3).map({ rows[$0] })) {
                #expect(row.allSatisfy { SheetReader.says(name, $0) }, "\(sheet.name): \(name.debugDescription)")
            }
            #expect(rows.joined().allSatisfy { !SheetReader.isFormula($0) }, "\(sheet.name)")
            try JSONEncoder().encode(rows).write(to: folder.url.appendingPathComponent("\(place).json"))
        }
        _ = try Command.output("python3", [Self.tool("read_sheet.py"), folder.url.path])
    }

    /// Renders a plain name and each hostile one, and has the tool compare what stands in each with what stands in the plain one.
    private func compare(_ kind: String, _ render: (String) -> [UInt8]) throws {
        let folder = try TemporaryDirectory()
        for (place, name) in (["plain"] + HostileNames.all).enumerated() {
            try Data(render(name)).write(to: folder.url.appendingPathComponent("\(place).\(kind)"))
            try Data(SafeText.escaped(name).utf8).write(to: folder.url.appendingPathComponent("\(place).name"))
        }
        _ = try Command.output("python3", [Self.tool("compare_structure.py"), kind, folder.url.path])
    }

    static func tool(_ name: String) -> String {
        Repository.root.appendingPathComponent("Tests/ReportsTests/Tools/\(name)").path
    }
}
