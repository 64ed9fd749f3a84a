import Diagnostics
import Testing

/// The first line of each diagnostic, without its file name.
func firstLines(_ diagnostics: DiagnosticList) -> [String] {
    diagnostics.sorted.map { String($0.text.prefix { $0 != "\n" }.dropFirst("t.yaml:".count)) }
}

struct YAMLReaderTests {
    private func read(_ text: String, limits: YAMLLimits = YAMLLimits()) -> (YAMLNode?, DiagnosticList) {
        var diagnostics = DiagnosticList()
        let node = YAMLReader.read(SourceFile(name: "t.yaml", text: text), limits: limits, into: &diagnostics)
        return (node, diagnostics)
    }

    static let refused: [(String, [String])] = [
        ("a: 1\nb: &x 2\n", ["2:4: error: `&x` is an anchor, and anchors are not read [file.anchor]"]),
        ("a: 1\nb: *x\n", ["2:4: error: `*x` is an alias, and aliases are not read [file.alias]"]),
        (
            "a: !!str 1\n",
            ["1:4: error: the value has the tag `tag:yaml.org,2002:str`, and tags are not read [file.tag]"]
        ),
        ("a: !x {b: 1}\n", ["1:4: error: the value has the tag `!x`, and tags are not read [file.tag]"]),
        ("a: 1\nb: 2\na: 3\n", ["3:1: error: `a` is given twice, first on line 1 [file.duplicate-key]"]),
        (
            "x: {a: 1, a: 2}\ny: &q 1\n",
            [
                "1:11: error: `a` is given twice, first on line 1 [file.duplicate-key]",
                "2:4: error: `&q` is an anchor, and anchors are not read [file.anchor]",
            ]
        ),
        (
            "a: 1\n---\nb: 2\n",
            ["2:1: error: a second document starts here, but a file holds one [file.several-documents]"]
        ),
        ("", ["1:1: error: the file holds nothing [file.empty]"]),
        ("# nothing\n", ["1:1: error: the file holds nothing [file.empty]"]),
        ("a:\n\tb: 1\n", ["2:1: error: a tab cannot indent or separate here [file.tab]"]),
        ("[a]: 1\n", ["1:1: error: a key must be one piece of text [file.key-not-text]"]),
        ("~: 1\n", ["1:1: error: a key is missing before the colon [file.key-not-text]"]),
        ("a: \"\\0\"\n", ["1:4: error: the text holds the control character U+0000 [file.control-character]"]),
        ("a: \u{7}\n", ["1:4: error: the file holds the control character U+0007 [file.control-character]"]),
        ("a: \u{FEFF}\n", ["1:4: error: the file holds the control character U+FEFF [file.control-character]"]),
        ("a: \u{2028}\n", ["1:4: error: the file holds the control character U+2028 [file.control-character]"]),
        (
            "a: [1\n",
            [
                "2:1: error: this is no YAML: did not find expected ',' or ']' "
                    + "while parsing a flow sequence that starts on line 1 [file.not-yaml]"
            ]
        ),
    ]

    @Test(arguments: refused)
    func strictnessNamesThePlace(text: String, expected: [String]) {
        #expect(firstLines(read(text).1) == expected)
    }

    @Test func invalidUTF8IsRefusedWithItsPlace() {
        var diagnostics = DiagnosticList()
        let source = SourceFile(name: "t.yaml", bytes: Array("a: 1\nbü: ".utf8) + [0xFF, 0x0A])
        #expect(YAMLReader.read(source, into: &diagnostics) == nil)
        #expect(firstLines(diagnostics) == ["2:5: error: the file is not UTF-8 here [file.not-utf8]"])
    }

    @Test func byteOrderMarkAndCarriageReturnsAreHarmless() {
        let (node, diagnostics) = read("\u{FEFF}a: x\r\nb: y\r\n")
        #expect(diagnostics.isEmpty)
        #expect(node?.object?["a"]?.text == "x")
        #expect(node?.object?["b"]?.text == "y")
        #expect(node?.object?["b"]?.position == SourcePosition(file: "t.yaml", line: 2, column: 4))
    }

    static let kinds: [(String, YAMLScalar.Kind)] = [
        ("no", .text), ("off", .text), ("1:30", .text), ("24h", .text), ("2026-12-01", .text), ("'1'", .text),
        ("\"true\"", .text), ("1.2.3", .text), ("-", .text), ("e3", .text),
        ("0", .integer), ("17", .integer), ("-3", .integer),
        ("0123", .ambiguous), ("1e3", .ambiguous), ("0x10", .ambiguous), ("0o17", .ambiguous), ("+5", .ambiguous),
        ("1.5", .ambiguous), (".5", .ambiguous), ("5.", .ambiguous), (".inf", .ambiguous), ("-.INF", .ambiguous),
        (".nan", .ambiguous), ("True", .ambiguous), ("99999999999999999999", .ambiguous),
        ("true", .boolean), ("false", .boolean), ("~", .null), ("null", .null), ("", .null),
    ]

    @Test(arguments: kinds)
    func scalarsAreWhatTheirTextSays(text: String, kind: YAMLScalar.Kind) {
        let text = text == "-" ? "'-'" : text
        #expect(read("a: \(text)\n").0?.object?["a"]?.scalar?.kind == kind)
    }

    @Test func depthIsLimited() {
        let deepest = String(repeating: "[", count: 32) + String(repeating: "]", count: 32)
        #expect(read(deepest).0 != nil)
        #expect(
            firstLines(read("[\(deepest)]").1)
                == ["1:33: error: values are nested more than 32 deep here [file.too-deep]"])
        #expect(firstLines(read(String(repeating: "- ", count: 400_000)).1).count == 1)
        #expect(firstLines(read(String(repeating: "[", count: 1_000_000)).1).count == 1)
        #expect(firstLines(read(String(repeating: "{a: ", count: 250_000)).1).count == 1)
    }

    @Test func numberOfValuesIsLimited() {
        var limits = YAMLLimits()
        limits.nodes = 4
        #expect(read("[a, b, c]", limits: limits).0 != nil)
        #expect(
            firstLines(read("[a, b, c, d]", limits: limits).1)
                == ["1:1: error: the file holds more than 4 values [file.too-many-values]"])
    }

    @Test func sizeIsLimited() {
        let large = "a: " + String(repeating: "x", count: 1_048_576)
        #expect(
            firstLines(read(large).1)
                == ["1:1: error: the file has 1048579 bytes, more than 1048576 [file.too-large]"])
    }

    @Test(arguments: [UInt64](1...40))
    func noBytesTrap(seed: UInt64) {
        var random = SeededNumbers(seed: seed)
        let alphabet =
            Array("ab01:-,?#&*!|>'\"%@`{}[]<~\\/._= \n\n\r\t\u{85}\u{2028}\u{FEFF}é😀x: - ".utf8) + [0, 0xFF, 0xC3]
        for _ in 0..<200 {
            let count = Int(random.next() % 60)
            let bytes = (0..<count).map { _ in alphabet[Int(random.next() % UInt64(alphabet.count))] }
            var diagnostics = DiagnosticList()
            let node = YAMLReader.read(SourceFile(name: "t.yaml", bytes: bytes), into: &diagnostics)
            #expect(node != nil || diagnostics.hasErrors, "seed \(seed), bytes \(bytes)")
            _ = diagnostics.text
        }
    }
}

/// SplitMix64: the same numbers for the same seed, everywhere.
struct SeededNumbers {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
