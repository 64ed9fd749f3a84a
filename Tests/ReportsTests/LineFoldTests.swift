import Diagnostics
import Reports
import TestSupport
import Testing

/// Lines that are wider than the terminal.
struct LineFoldTests {
    private static func lines(_ spans: [Span], indent: Int = 0, columns: Int?) -> [String] {
        var page = TextPage(style: TextStyle(columns: columns))
        page.line(spans, indent: indent)
        return String(decoding: page.bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    @Test(arguments: [
        (20, ["  one two three four", "    five"]), (19, ["  one two three", "    four five"]),
        (25, ["  one two three four five"]), (8, ["  one", "    two", "    three", "    four", "    five"]),
    ])
    func wordsGoOnBeneath(columns: Int, expected: [String]) {
        #expect(Self.lines(["one two three four five"], indent: 2, columns: columns) == expected)
    }

    @Test func whatFollowsACellStandsBeneathIt() {
        let lines = Self.lines(["because  ", "the rule of the support people"], indent: 2, columns: 30)
        #expect(lines == ["  because  the rule of the", "           support people"])
    }

    @Test func cellsOfTheRightHalfLeaveRoomForTheRest() {
        let lines = Self.lines(
            ["a cell that is very wide indeed", "  ", "and one more that is no less so"], columns: 40)
        #expect(lines == ["a cell that is very wide indeed  and one", "  more that is no less so"])
    }

    @Test func codeAndCommandsStayInOnePiece() {
        #expect(
            Self.lines(["see `policy: missing` in the configuration"], columns: 24)
                == ["see `policy: missing` in", "  the configuration"])
        #expect(
            Self.lines(["see `policy: missing` in the configuration"], columns: 14)
                == ["see", "  `policy: missing`", "  in the", "  configuration"])
        #expect(
            Self.lines(["intended? rollcall approve --last-hold --reason \"…\""], indent: 6, columns: 40)
                == ["      intended?", "        rollcall approve --last-hold --reason \"…\""])
    }

    /// A backquote within a name quotes nothing.
    @Test func aNameWithABackquoteHidesNoCode() {
        #expect(
            Self.lines(["O`Neil: see `policy: missing` there"], columns: 20)
                == ["O`Neil: see", "  `policy: missing`", "  there"])
    }

    @Test func blankLinesStay() {
        var page = TextPage(style: TextStyle(columns: 1))
        page.line("   ")
        page.line("", indent: 2)
        #expect(String(decoding: page.bytes, as: UTF8.self) == "   \n  \n")
    }

    /// What `doctor` proposes to copy is as in a file.
    @Test func commandsAndFilesToCopyStayWhole() throws {
        let (_, report) = try #require(ExaminationReportTests.reports.first)
        let written = ExaminationText.bytes(report, style: TextStyle(columns: 40))
        let narrow = Set(String(decoding: written, as: UTF8.self).split(separator: "\n"))
        let whole = String(decoding: ExaminationText.bytes(report, style: .plain), as: UTF8.self)
        let copied = whole.split(separator: "\n").filter { $0.contains("ldapsearch") || $0.contains("kind: openldap") }
        #expect(copied.count == 2 && copied.contains { $0.utf8.count > 200 })
        #expect(copied.allSatisfy { narrow.contains($0) })
        #expect(narrow.count > Set(whole.split(separator: "\n")).count)
    }

    @Test func wideCharactersCountTwice() {
        #expect(Self.lines(["山田 山田 山田"], columns: 10) == ["山田 山田", "  山田"])
    }

    @Test func colorsGoOnAfterABreak() {
        var page = TextPage(style: TextStyle(colors: true, columns: 8))
        page.line(Span("one two three", .alarm))
        let alarm = "\u{1B}[1;31m"
        let end = "\u{1B}[0m"
        let expected = "\(alarm)one two\(end)\n  \(alarm)three\(end)\n"
        #expect(String(decoding: page.bytes, as: UTF8.self) == expected)
    }

    /// Nothing is lost but spaces, nothing stands out that could have been broken, and what fits stays as it is.
    @Test func foldedLinesSayTheSame() {
        let words = ["a", "rule", "support-leads", "`policy: missing`", "山田", "  ", "rollcall status", "…", "`"]
        for seed in Figures.caseSeeds {
            var numbers = SeededNumbers(seed: seed)
            let spans = (0..<Int.random(in: 0..<14, using: &numbers)).map { _ in
                Span((words.randomElement(using: &numbers) ?? "") + (numbers.once(in: 4) ? "" : " "))
            }
            let columns = Int.random(in: 1..<60, using: &numbers)
            let indent = Int.random(in: 0..<9, using: &numbers)
            let whole = Self.lines(spans, indent: indent, columns: nil)
            let folded = Self.lines(spans, indent: indent, columns: columns)
            let text = { (lines: [String]) in lines.joined().unicodeScalars.filter { $0 != " " } }
            #expect(
                String(String.UnicodeScalarView(text(folded))) == String(String.UnicodeScalarView(text(whole))),
                "seed \(seed)")
            if DisplayWidth.columns(of: whole.first ?? "") <= columns { #expect(folded == whole, "seed \(seed)") }
            for line in folded where DisplayWidth.columns(of: line) > columns {
                // A break that would not bring the second piece further to the left is none.
                let isWhole = line.split(separator: " ").count <= 2 || line.contains("`") || line.contains("rollcall ")
                #expect(isWhole, "seed \(seed): \(line)")
            }
        }
    }
}
