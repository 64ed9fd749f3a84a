import Diagnostics
import Reports
import TestSupport
import Testing

@testable import SyncAgent

struct CSVReaderTests {
    @Test(arguments: [
        ("a,b\nc,d\n", [["a", "b"], ["c", "d"]]),
        ("a,b\r\nc,d", [["a", "b"], ["c", "d"]]),
        ("\u{FEFF}a\n", [["a"]]),
        ("\"a,b\",\"say \"\"x\"\"\"\n", [["a,b", "say \"x\""]]),
        ("\"two\nlines\",b\n", [["two\nlines", "b"]]),
        ("a,,\n\n\nb,,c\n", [["a", "", ""], ["b", "", "c"]]),
    ])
    func fieldsAreThoseOfTheStandard(text: String, rows: [[String]]) throws {
        #expect(try CSVReader.rows(Array(text.utf8)).map(\.fields) == rows)
    }

    /// A sheet that Rollcall wrote is read back as it was meant, without what keeps a spreadsheet from calculating.
    @Test func sheetsAreReadBack() throws {
        let names = HostileNames.all.filter { !$0.unicodeScalars.contains(where: SafeText.isDangerous) }
        #expect(names.count > 100)
        for name in names {
            var sheet = CSVWriter(columns: ["a", name])
            sheet.row([name, "b;" + name])
            let fields = try CSVReader.rows(sheet.bytes).flatMap(\.fields).map { Array($0.utf8) }
            #expect(fields == ["a", name, name, "b;" + name].map { Array($0.utf8) }, "\(name.debugDescription)")
        }
    }

    @Test(arguments: [
        ("a\nb\"c\n", 2, "a quote stands inside a field that is not quoted"),
        ("a\n\"b", 2, "a quoted field has no end"),
        ("\"a\"b\n", 1, "text follows the end of a quoted field"),
    ])
    func whatIsNoCSVIsRefusedWithItsLine(text: String, line: Int, message: String) {
        #expect(throws: CSVReader.Problem(line: line, message: message)) { try CSVReader.rows(Array(text.utf8)) }
    }

    @Test func linesInQuotedFieldsAreCounted() throws {
        #expect(try CSVReader.rows(Array("\"a\n\n\"\nb\n".utf8)).map(\.line) == [1, 4])
    }

    @Test func placesAreThoseOfTheFieldsInScalars() throws {
        let rows = try CSVReader.rows(Array("\u{FEFF}é,b\nc,\"d\ne\",f\n".utf8))
        #expect(rows.flatMap(\.places).map { "\($0.line):\($0.column)" } == ["1:1", "1:3", "2:1", "2:3", "3:4"])
    }

    @Test(
        arguments: [
            ("2026-12-01T00:00+01:00", 1_796_079_600), ("2026-12-01T00:00:00Z", 1_796_083_200),
            ("1970-01-01T00:00Z", 0), ("2024-02-29T12:30:15-02:30", 1_709_218_815),
        ] as [(String, Int64)])
    func timesAreRead(text: String, seconds: Int64) {
        #expect(TimeText.parse(text) == seconds)
    }

    @Test(arguments: ["2026-02-29T00:00Z", "2026-12-01", "2026-12-01T24:00Z", "2026-12-01T00:00", "2026-13-01T00:00Z"])
    func whatIsNoTimeIsRefused(text: String) {
        #expect(TimeText.parse(text) == nil)
    }

    @Test(arguments: stride(from: Int64(0), to: 4_000_000_000, by: 98_765_460).map { $0 / 60 * 60 })
    func aTimeIsReadAsItIsWritten(seconds: Int64) {
        #expect(TimeText.parse(TimeText.text(seconds)) == seconds)
    }

    /// Known answers of FIPS 180-4.
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ])
    func digestsAreThoseOfTheStandard(text: String, digest: String) {
        #expect(ContentDigest.of(text) == digest)
    }
}
