import Foundation
import TestSupport
import Testing

/// Every sheet that Rollcall writes, with hostile names wherever one can stand, opened with a real spreadsheet.
struct SpreadsheetTests {
    /// A cell that is calculated whatever parts cells: were none, the test would look at nothing.
    private static let control = ("control", Array("=1+1,x;=1+1,x\t=1+1\r\n".utf8))

    /// Nothing in any of them is calculated, whatever the reader says parts cells; by commas they are the cells that were written.
    @Test func noSheetIsCalculatedByARealSpreadsheet() throws {
        let folder = try TemporaryDirectory()
        let sheets = SampleSheets.all()
        let files = try (sheets + [Self.control]).map { name, bytes in
            let file = folder.url.appendingPathComponent("\(name).csv")
            try Data(bytes).write(to: file)
            return file
        }
        let office = try Spreadsheet()
        for separator in Spreadsheet.Separator.allCases {
            let opened = try office.open(files, partedBy: separator)
            #expect(opened["control"]?.formulas.isEmpty == false, "\(separator)")
            for (name, _) in sheets {
                let sheet = try #require(opened[name], "\(name)")
                #expect(sheet.formulas == [], "\(name), parted by \(separator)")
                let dangerous = sheet.rows.joined().filter(SheetReader.isFormula)
                #expect(dangerous == [], "\(name), parted by \(separator)")
            }
        }
        let texts = try office.open(files, partedBy: .comma, columns: .text)
        for (name, bytes) in sheets {
            let seen = try #require(texts[name]).rows
            let meant = SheetReader.rows(bytes).map(Self.withoutEmptyEnd)
            #expect(seen.count == meant.count && seen.count > HostileNames.all.count, "\(name)")
            for (row, (one, other)) in zip(seen, meant).enumerated() {
                let isSame = one.map { Array($0.utf8) } == other.map { Array($0.utf8) }
                #expect(isSame, "\(name), row \(row + 1): \(one.debugDescription), and not \(other.debugDescription)")
            }
        }
    }

    /// A spreadsheet shows nothing of the empty cells at the end of a row.
    private static func withoutEmptyEnd(_ row: [String]) -> [String] {
        var row = row
        while row.last?.isEmpty == true { row.removeLast() }
        return row
    }
}
