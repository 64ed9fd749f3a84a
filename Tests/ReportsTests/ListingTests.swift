import Diagnostics
import Foundation
import Reports
import Testing

struct ListingTests {
    private static let listing = Listing(
        format: "rollcall.things/1", noun: "thing", plural: "things",
        columns: [.init("name", "name"), .init("count", "count", isNumber: true), .init("seen", "seen")])

    private static func write(_ rows: [[Cell]], _ format: OutputFormat, _ style: TextStyle = .plain) -> String {
        var bytes: [UInt8] = []
        var writer = ListingWriter(listing, format: format, style: style)
        for row in rows { writer.row(row) { bytes.append(contentsOf: $0) } }
        writer.end(nothing: "no things yet") { bytes.append(contentsOf: $0) }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static let rows: [[Cell]] = [
        [.text("山田"), .number(1_200), .time(0)], [.text("b"), .number(7), .none],
    ]

    @Test func columnsLineUpByDisplayWidth() {
        let expected = """
            name  count  seen
            山田  1,200  1970-01-01 00:00 UTC
            b         7  –

            2 things

            """
        #expect(Self.write(Self.rows, .text) == expected)
    }

    /// The widest columns give way, numbers and times do not, and what is cut is counted; where nothing would fit, nothing is cut.
    @Test func rowsFitIntoTheTerminal() {
        let rows: [[Cell]] = [
            [.text("anna.ahlgren@acme.example"), .number(1_200), .time(0)], [.text("ben"), .number(7), .none],
        ]
        func lines(_ columns: Int?) -> [Substring] {
            Self.write(rows, .text, TextStyle(columns: columns)).split(separator: "\n")
        }
        #expect(lines(54) == lines(nil) && lines(nil)[1] == "anna.ahlgren@acme.example  1,200  1970-01-01 00:00 UTC")
        #expect(
            lines(41) == [
                "name          count  seen", "anna.ahlgre…  1,200  1970-01-01 00:00 UTC", "ben               7  –",
                "2 things", "1 long text cut at `…`; --all shows them",
            ])
        #expect(lines(40) == lines(nil) && lines(1).prefix(3) == lines(nil).prefix(3))
    }

    /// Columns that matter less go first: those that say nothing, then those that leave the others no room; which they are is told.
    @Test func narrowTerminalsDoWithoutColumnsThatMatterLess() {
        let listing = Listing(
            format: "rollcall.things/1", noun: "thing", plural: "things",
            columns: [
                .init("name", "name"), .init("by", "by"), .init("until", "until"), .init("code", "code"),
                .init("what", "what"),
            ], expendable: ["code", "by", "until"])
        let rows: [[Cell]] = [
            [
                .text("anna.ahlgren"), .text("root"), .none, .text("things.odd"),
                .text("has one thing, and no other things"),
            ],
            [.text("ben"), .text("cron"), .none, .text("things.even"), .text("has two things")],
        ]
        func lines(_ columns: Int?) -> [Substring] {
            var bytes: [UInt8] = []
            var writer = ListingWriter(listing, format: .text, style: TextStyle(columns: columns))
            for row in rows { writer.row(row) { bytes.append(contentsOf: $0) } }
            writer.end(nothing: "no things yet") { bytes.append(contentsOf: $0) }
            return String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        }
        #expect(lines(nil)[1] == "anna.ahlgren  root  –      things.odd   has one thing, and no other things")
        #expect(lines(74) == lines(nil))
        #expect(
            lines(73) == [
                "name          by    code         what",
                "anna.ahlgren  root  things.odd   has one thing, and no other things",
                "ben           cron  things.even  has two things", "2 things",
                "no room here for: until; --all shows them",
            ])
        #expect(
            lines(40) == [
                "name          by    what", "anna.ahlgren  root  has one thing, and …",
                "ben           cron  has two things", "2 things", "1 long text cut at `…`; --all shows them",
                "no room here for: until, code; --all", "  shows them",
            ])
    }

    /// Every column that may be left out is one, and is not the first.
    @Test(arguments: [
        Listing.users, .seats, .waiting, .seatHistory, .due, .outbox, .findings, .acknowledgements, .groups, .runs,
        .groupGifts, .roleHolders, .changes,
    ])
    func expendableColumnsAreThere(listing: Listing) {
        let keys = listing.columns.map(\.key)
        #expect(listing.expendable.allSatisfy { keys.dropFirst().contains($0) }, "\(listing.format)")
        #expect(Set(listing.expendable).count == listing.expendable.count && listing.expendable.count < keys.count - 1)
    }

    /// Rows that come after those that were measured are cut as well.
    @Test func laterRowsFitIntoTheTerminal() {
        let names = (0..<600).map { $0 < 550 ? "Person \($0)" : String(repeating: "山", count: 60) }
        let text = Self.write(names.map { [.text($0), .number(1), .none] }, .text, TextStyle(columns: 40))
        let lines = text.split(separator: "\n").prefix(601)
        #expect(lines.last?.contains("山…") == true && lines.allSatisfy { DisplayWidth.columns(of: String($0)) <= 40 })
    }

    /// Numbers and times stand whole also where the first rows had none, and words keep enough to be known by.
    @Test func laterNumbersAndTimesAreNeverCut() {
        let rows: [[Cell]] = (0..<600).map {
            $0 < 590
                ? [.text("–"), .number(1), .none] : [.text("administrator"), .number(1_234_567), .end(1_798_761_600)]
        }
        let text = Self.write(rows, .text, TextStyle(columns: 30))
        #expect(text.contains("1,234,567") && text.contains("the end of 2026-12-31 UTC"))
        #expect(text.contains("administra"))
    }

    @Test func sheetHasHeadAndRecords() {
        #expect(Self.write(Self.rows, .csv) == "name,count,seen\r\n山田,1200,1970-01-01T00:00:00Z\r\nb,7,\r\n")
    }

    @Test func jsonHasFormatRowsAndCount() throws {
        let json = try JSONSerialization.jsonObject(with: Data(Self.write(Self.rows, .json).utf8)) as? [String: Any]
        let things = try #require(json?["things"] as? [[String: Any]])
        #expect(json?["format"] as? String == "rollcall.things/1")
        #expect(json?["count"] as? Int == 2)
        #expect(things[0]["count"] as? Int == 1_200)
        #expect(things[1]["seen"] is NSNull)
    }

    @Test func nothingIsSaidPlainly() {
        #expect(Self.write([], .text) == "no things yet\n")
        #expect(Self.write([], .csv) == "name,count,seen\r\n")
    }

    @Test(arguments: [
        (0, "1970-01-01T00:00:00Z"), (951_782_399, "2000-02-28T23:59:59Z"), (951_782_400, "2000-02-29T00:00:00Z"),
        (4_107_542_400, "2100-03-01T00:00:00Z"), (-1, "1969-12-31T23:59:59Z"), (Int64.max, "9999-12-31T23:59:59Z"),
        (Int64.min, "0000-01-01T00:00:00Z"),
    ])
    func timesAreThoseOfTheCalendar(_ seconds: Int64, _ expected: String) {
        #expect(Timestamp.machine(seconds) == expected)
    }

    /// A day that counts whole ends with it; machines are told the first second after it.
    @Test(arguments: [
        (1_798_156_800, "the end of 2026-12-24 UTC"), (1_798_156_860, "2026-12-25 00:01 UTC"),
        (1_798_156_799, "2026-12-24 23:59 UTC"), (0, "the end of 1969-12-31 UTC"), (Int64.min, "0000-01-01 00:00 UTC"),
    ])
    func endsAreThoseOfTheDay(_ seconds: Int64, _ expected: String) {
        #expect(Timestamp.end(seconds) == expected)
        #expect(Self.write([[.none, .none, .end(seconds)]], .text).contains(expected))
        #expect(Self.write([[.none, .none, .end(seconds)]], .csv).contains(Timestamp.machine(seconds)))
        #expect(Self.write([[.none, .none, .end(seconds)]], .json).contains(Timestamp.machine(seconds)))
    }
}
