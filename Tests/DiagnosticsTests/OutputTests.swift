import Diagnostics
import Testing

struct SafeTextTests {
    static let texts: [(String, String)] = [
        ("plain ü 日本 😀 é", "plain ü 日本 😀 é"),
        ("a\u{1B}[2Jb", "a\\u{1B}[2Jb"), ("a\nb\tc\r", "a\\u{A}b\\u{9}c\\u{D}"), ("\u{0}", "\\u{0}"),
        ("\u{7F}\u{85}\u{9B}", "\\u{7F}\\u{85}\\u{9B}"), ("\u{2028}\u{2029}", "\\u{2028}\\u{2029}"),
        ("\u{202E}abc\u{2066}", "\\u{202E}abc\\u{2066}"), ("a\u{200B}b\u{FEFF}", "a\\u{200B}b\\u{FEFF}"),
        ("\u{E0041}", "\\u{E0041}"), ("\u{E000}\u{10FFFF}", "\\u{E000}\\u{10FFFF}"), ("\u{AD}", "\\u{AD}"),
        ("\u{3164}\u{FFF9}", "\\u{3164}\\u{FFF9}"),
    ]

    @Test(arguments: texts)
    func nothingDangerousIsLeft(text: String, expected: String) {
        #expect(SafeText.escaped(text) == expected)
        #expect(!SafeText.escaped(text).unicodeScalars.contains(where: SafeText.isDangerous))
    }
}

struct DisplayWidthTests {
    static let texts: [(String, Int)] = [
        ("", 0), ("abc", 3), ("é", 1), ("e\u{301}", 1), ("日本", 4), ("😀", 2), ("ｱ", 1), ("Ａ", 2), ("한글", 4),
    ]

    @Test(arguments: texts)
    func columnsAreThoseOfATerminal(text: String, columns: Int) {
        #expect(DisplayWidth.columns(of: text) == columns)
        #expect(DisplayWidth.columns(of: DisplayWidth.padded(text, to: 6)) == 6)
    }

    static let cuts: [(String, Int, String)] = [
        ("abcdef", 6, "abcdef"), ("abcdef", 5, "abcd…"), ("日本語", 5, "日本…"), ("日本語", 4, "日…"), ("ab", 1, "…"),
        ("ab", 0, ""),
    ]

    @Test(arguments: cuts)
    func whatIsTooLongIsCut(text: String, limit: Int, expected: String) {
        #expect(DisplayWidth.truncated(text, to: limit) == expected)
        #expect(DisplayWidth.columns(of: expected) <= limit)
    }
}

struct SafeTextCutTests {
    static let cuts: [(String, Int, String)] = [
        ("abc", 3, "abc"), ("abcd", 3, "ab…"), ("ab\u{1B}", 8, "ab\\u{1B}"), ("ab\u{1B}c", 9, "ab\\u{1B}c"),
        ("ab\u{1B}cd", 9, "ab\\u{1B}…"), ("ab\u{1B}cd", 8, "ab…"), ("ab\u{1B}", 4, "ab…"), ("\u{202E}abc", 5, "…"),
        ("日\u{202E}x", 3, "日…"), ("\u{1B}", 1, "…"), ("\u{1B}", 0, ""), ("", 0, ""),
    ]

    /// What stands for a dangerous scalar is whole or not there.
    @Test(arguments: cuts)
    func anEscapeIsNeverCutInTwo(text: String, limit: Int, expected: String) {
        #expect(SafeText.escaped(text, to: limit) == expected)
        #expect(DisplayWidth.columns(of: expected) <= limit)
    }
}

struct JSONWriterTests {
    @Test func layoutIsFixed() {
        var json = JSONWriter(layout: .pretty)
        json.beginObject()
        json.field("text", "a\"b\\c\n\u{1B}\u{202E}é😀\u{E0041}")
        json.field("none", String?.none)
        json.field("list", ["x", "y"])
        json.key("empty")
        json.beginArray()
        json.endArray()
        json.key("inner")
        json.beginObject()
        json.field("n", -3)
        json.field("yes", true)
        json.endObject()
        json.endObject()
        #expect(
            json.text == #"""
                {
                  "text": "a\"b\\c\n\u001b\u202eé😀\udb40\udc41",
                  "none": null,
                  "list": [
                    "x",
                    "y"
                  ],
                  "empty": [],
                  "inner": {
                    "n": -3,
                    "yes": true
                  }
                }
                """#)
    }

    @Test func compactIsOneLineAndCanBeDrained() {
        var json = JSONWriter(layout: .compact)
        json.beginArray()
        json.value(1)
        #expect(json.drain() == Array("[1".utf8))
        json.value("x")
        json.endArray()
        json.newline()
        #expect(json.text == ",\"x\"]\n")
    }
}

struct DurationTextTests {
    static let good: [(String, Int, String)] = [
        ("0s", 0, "0s"), ("10s", 10, "10s"), ("30m", 1_800, "30m"), ("24h", 86_400, "1d"), ("36h", 129_600, "36h"),
        ("90d", 7_776_000, "90d"), ("2w", 1_209_600, "14d"), ("90s", 90, "90s"),
    ]

    @Test(arguments: good)
    func lengthsOfTimeAreRead(text: String, seconds: Int, shortest: String) {
        #expect(DurationText.parse(text) == .seconds(seconds))
        #expect(DurationText.text(.seconds(seconds)) == shortest)
    }

    @Test(arguments: ["", "s", "10", "-1s", "01s", "1.5h", "1 h", "1y", "1H", "99999999999999999999d", "40000d", "١s"])
    func anythingElseIsNot(text: String) {
        #expect(DurationText.parse(text) == nil)
    }
}

struct DiagnosticListTests {
    @Test func programsGetTheSameAsPeople() {
        var diagnostics = DiagnosticList()
        diagnostics.register(SourceFile(name: "t.yaml", text: "a: 1\n"))
        let place = SourcePosition(file: "t.yaml", line: 1, column: 4)
        diagnostics.warning("x.second", at: place, "second")
        diagnostics.error("x.first", at: nil, "first", hint: "mend it")
        diagnostics.warning("x.second", at: place, "second")
        #expect(
            diagnostics.text == """
                error: first [x.first]
                hint: mend it

                t.yaml:1:4: warning: second [x.second]
                 1 | a: 1
                   |    ^

                """)
        #expect(
            diagnostics.json == """
                {
                  "format": "rollcall.diagnostics/1",
                  "errors": 1,
                  "diagnostics": [
                    {
                      "severity": "error",
                      "code": "x.first",
                      "message": "first",
                      "hint": "mend it"
                    },
                    {
                      "severity": "warning",
                      "code": "x.second",
                      "message": "second",
                      "file": "t.yaml",
                      "line": 1,
                      "column": 4
                    }
                  ]
                }

                """)
    }

    @Test func theCaretFollowsWideAndHiddenText() {
        var diagnostics = DiagnosticList()
        let text = "名前: \u{202E}x\tbad\n" + String(repeating: "a", count: 300)
        diagnostics.register(SourceFile(name: "t.yaml", text: text))
        diagnostics.error("x.wide", at: SourcePosition(file: "t.yaml", line: 1, column: 8), "wide")
        diagnostics.error("x.long", at: SourcePosition(file: "t.yaml", line: 2, column: 200), "long")
        let lines = diagnostics.text.split(separator: "\n").map(String.init)
        #expect(lines[1] == " 1 | 名前: \\u{202E}x bad")
        #expect(DisplayWidth.columns(of: lines[2]) - 1 == DisplayWidth.columns(of: " 1 | 名前: \\u{202E}x "))
        #expect(lines[4].hasPrefix(" 2 | …a") && lines[4].hasSuffix("a…"))
    }

    @Test func mergedListsKeepTheirCounts() {
        var one = DiagnosticList()
        one.error("x.a", at: nil, "a")
        var two = DiagnosticList()
        for number in 0..<10_500 { two.error("x.b", at: nil, "b \(number)") }
        one.append(contentsOf: two)
        #expect(one.errorCount == 10_501)
        #expect(one.text.hasSuffix("… and 10401 more\n"))
    }
}
