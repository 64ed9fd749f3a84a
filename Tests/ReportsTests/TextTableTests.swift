import TestSupport
import Testing

@testable import Reports

struct TextTableTests {
    @Test func columnsLineUpWhateverIsInThem() {
        var table = TextTable([.left("NAME", widest: 12), .right("N"), .left("NOTE")], indent: 1)
        table.add(["日本語", "7", "wide"])
        table.add(["e\u{301}tude", "12"])
        table.add(["a\u{1B}[2J", "3", "safe", "left out"])
        table.add(["a very long name", "1", ""])
        #expect(
            table.text == """
                 NAME           N  NOTE
                 日本語         7  wide
                 e\u{301}tude         12
                 a\\u{1B}[2J     3  safe
                 a very long…   1

                """)
    }

    @Test func withoutTitlesThereIsNoHead() {
        var table = TextTable([.left(""), .left("")])
        #expect(table.text == "")
        table.add(["a", "b"])
        #expect(table.text == "a  b\n")
    }
}

struct CSVWriterTests {
    static let cells: [(String, String)] = [
        ("plain", "plain"), ("", ""), ("a,b", "\"a,b\""), ("say \"hi\"", "\"say \"\"hi\"\"\""), (" x", "\" x\""),
        ("=1+1", "'=1+1"), ("+49 30 1", "'+49 30 1"), ("-5", "-5"), ("-5+1", "'-5+1"), ("@x", "'@x"),
        ("=A1,B1", "\"'=A1,B1\""), ("\t=1", "'\\u{9}=1"), ("a\r\nb", "a\\u{D}\\u{A}b"), ("\u{FF1D}1", "'\u{FF1D}1"),
        ("  =1", "'  =1"), ("x\u{202E}y", "x\\u{202E}y"), (";=1", ";'=1"), ("x;=1,2", "\"x;'=1,2\""),
        ("x; +1", "x;' +1"), ("x;\"=1", "\"x;'\"\"=1\""), ("x;-5", "x;'-5"), ("'=1", "''=1"), ("a;b=c", "a;b=c"),
        ("x\t=1", "x\\u{9}=1"), ("\"=1", "\"'\"\"=1\""), ("'", "'"),
    ]

    @Test(arguments: cells)
    func noCellIsAFormula(text: String, cell: String) {
        #expect(CSVWriter.cell(text) == cell)
    }

    /// What keeps a spreadsheet from calculating comes off again, and nothing else does.
    @Test func textIsReadBackFromItsCell() {
        for name in HostileNames.all {
            for text in [name, "x;" + name, "'" + name, name + ";" + name] {
                let neutralized = SheetFormula.neutralized(text)
                #expect(SheetFormula.restored(neutralized).utf8.elementsEqual(text.utf8), "\(text.debugDescription)")
            }
        }
    }

    @Test func rowsEndAsTheStandardSays() {
        var csv = CSVWriter(columns: ["a", "b"])
        csv.row(["1", "x,y"])
        #expect(csv.text.utf8.elementsEqual("a,b\r\n1,\"x,y\"\r\n".utf8))
    }
}
