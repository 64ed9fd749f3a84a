import Diagnostics
import Testing

struct FileGrammarTests {
    /// One key of every sort.
    static let grammar = FileGrammar(
        name: "pet", title: "A pet",
        root: .reference("pet"),
        definitions: [
            "pet": .object(
                "a pet",
                [
                    .required("name", .text, "What it is called."),
                    .optional("id", .text(.id), "Its id."),
                    .optional("legs", .integer(0...100), default: "4", "How many legs it has."),
                    .optional("tame", .boolean, "Whether it is tame."),
                    .optional("nap", .duration(.seconds(60)...(.seconds(3600))), "How long it naps."),
                    .optional("food", .choice(["hay", "fish", Choice("cake", later: "the bakery")]), "What it eats."),
                    .optional("bath", .oneOf([.choice(["never"]), .duration]), default: "never", "How often."),
                    .optional("young", .list(.reference("pet"), count: 1...2), "Its children."),
                    .optional("toys", .map(keys: .id, values: .integer(1...9)), "Its toys, by id."),
                    .later("chip", .text, feature: "the chip reader", "Its chip."),
                    .optional(
                        "home",
                        .oneOf([
                            .object("a house", [.required("street", .text, "Where it stands.")]),
                            .object("a kennel", [.required("yard", .text, "Where it stands.")]),
                            .later(feature: "the sea", .list(.text)),
                        ]), "Where it lives."),
                    .optional("cat", .boolean, "A cat."),
                    .optional("dog", .boolean, "A dog."),
                    .optional("leash", .boolean, "A leash."),
                ],
                [.atMostOne(["cat", "dog"]), .needs("leash", "dog")])
        ])

    static let wrong: [(String, [String])] = [
        (
            "nmae: x",
            [
                "1:1: error: `nmae` is not a key of a pet [file.unknown-key]"
            ]
        ),
        ("[a]", ["1:1: error: expected a pet (an object with keys), found a list [file.wrong-type]"]),
        ("name:", ["1:6: error: expected text, found nothing [file.wrong-type]"]),
        ("name: [x]", ["1:7: error: expected text, found a list [file.wrong-type]"]),
        ("name: 17", ["1:7: error: expected text, found a number: `17` [file.wrong-type]"]),
        ("name: ''", ["1:7: error: expected text, found `` [file.wrong-text]"]),
        (
            "{name: x, id: Rex}",
            [
                "1:15: error: expected lower-case letters and digits, with `-` between them, found `Rex` [file.wrong-text]"
            ]
        ),
        ("{name: x, legs: four}", ["1:17: error: expected a whole number, found text: `four` [file.wrong-type]"]),
        (
            "{name: x, legs: 0123}",
            [
                "1:17: error: expected a whole number, found what some programs read as a number or truth value: `0123`"
                    + " [file.wrong-type]"
            ]
        ),
        ("{name: x, legs: 101}", ["1:17: error: expected a number from 0 to 100, found 101 [file.out-of-range]"]),
        ("{name: x, tame: yes}", ["1:17: error: expected `true` or `false`, found text: `yes` [file.wrong-type]"]),
        (
            "{name: x, nap: 5}",
            [
                "1:16: error: expected a length of time like `10s`, `30m`, `24h`, `90d`, found a number: `5`"
                    + " [file.wrong-type]"
            ]
        ),
        ("{name: x, nap: 2h}", ["1:16: error: expected a time from 1m to 1h, found `2h` [file.out-of-range]"]),
        (
            "{name: x, food: fsh}",
            [
                "1:17: error: expected one of `hay`, `fish`, `cake`, found text: `fsh` [file.unknown-word]"
            ]
        ),
        (
            "{name: x, food: cake}",
            [
                "1:17: error: `cake` is not available yet: it comes with the bakery [file.not-available-yet]"
            ]
        ),
        (
            "{name: x, chip: c}",
            [
                "1:11: error: `chip` is not available yet: it comes with the chip reader [file.not-available-yet]"
            ]
        ),
        ("{name: x, chip: [c]}", ["1:17: error: expected text, found a list [file.wrong-type]"]),
        (
            "{name: x, bath: nevr}",
            [
                "1:17: error: expected `never`, or a length of time like `24h`, found text: `nevr` [file.wrong-type]"
            ]
        ),
        ("{name: x, young: []}", ["1:18: error: expected at least 1 in this list, found 0 [file.out-of-range]"]),
        (
            "{name: x, young: [{name: y, young: [{nam: z}]}]}",
            [
                "1:38: error: `nam` is not a key of a pet [file.unknown-key]"
            ]
        ),
        (
            "{name: x, young: [{nam: 1, legs: many}]}",
            [
                "1:20: error: `nam` is not a key of a pet [file.unknown-key]",
                "1:25: error: expected text, found a number: `1` [file.wrong-type]",
                "1:34: error: expected a whole number, found text: `many` [file.wrong-type]",
            ]
        ),
        (
            "{name: x, toys: {Ball: 1, bone: 0}}",
            [
                "1:18: error: expected lower-case letters and digits, with `-` between them, found `Ball` [file.wrong-text]",
                "1:33: error: expected a number from 1 to 9, found 0 [file.out-of-range]",
            ]
        ),
        (
            "{name: x, home: {yard: a, roof: b}}",
            [
                "1:27: error: `roof` is not a key of a kennel [file.unknown-key]"
            ]
        ),
        (
            "{name: x, home: [a]}",
            [
                "1:17: error: this value of `home` is not available yet: it comes with the sea [file.not-available-yet]"
            ]
        ),
        (
            "{name: x, home: a}",
            [
                "1:17: error: expected a house, or a kennel, or a list, found text: `a` [file.wrong-type]"
            ]
        ),
        (
            "{name: x, cat: true, dog: true}",
            [
                "1:22: error: `dog` cannot stand beside `cat` in a pet [file.conflicting-keys]"
            ]
        ),
        ("{name: x, leash: true}", ["1:11: error: `leash` means nothing without `dog` [file.missing-key]"]),
        (
            "{name: &a x, legs: many}",
            [
                "1:8: error: `&a` is an anchor, and anchors are not read [file.anchor]",
                "1:20: error: expected a whole number, found text: `many` [file.wrong-type]",
            ]
        ),
    ]

    @Test(arguments: wrong)
    func everyMistakeIsNamedWithItsPlace(text: String, expected: [String]) {
        var diagnostics = DiagnosticList()
        _ = FileGrammarTests.grammar.read(SourceFile(name: "t.yaml", text: text), into: &diagnostics)
        #expect(firstLines(diagnostics) == expected)
    }

    @Test func aGoodFileIsSilent() {
        var diagnostics = DiagnosticList()
        let text = """
            name: Rex
            id: rex-2
            legs: 3
            tame: true
            nap: 30m
            food: hay
            bath: 2w
            young: [{name: "17", bath: never}]
            toys: {ball: 1}
            home: {street: High Street}
            dog: true
            leash: false
            """
        let node = FileGrammarTests.grammar.read(SourceFile(name: "t.yaml", text: text), into: &diagnostics)
        #expect(diagnostics.text == "")
        let pet = node?.object
        #expect(pet?["name"]?.text == "Rex")
        #expect(pet?["legs"]?.integer == 3)
        #expect(pet?["tame"]?.boolean == true)
        #expect(pet?["nap"]?.duration == .seconds(1800))
        #expect(pet?["young"]?.items?.first?.object?["name"]?.text == "17")
    }

    @Test func aDiagnosticReadsLikeThis() {
        var diagnostics = DiagnosticList()
        let text = "name: Rex\nhome:\n    sreet: \u{202E}High Street\n"
        _ = FileGrammarTests.grammar.read(SourceFile(name: "pets/rex.yaml", text: text), into: &diagnostics)
        #expect(
            diagnostics.text == """
                pets/rex.yaml:3:5: error: `sreet` is not a key of a house [file.unknown-key]
                 3 |     sreet: \\u{202E}High Street
                   |     ^
                hint: did you mean `street`?

                """)
        // What it means stands under the right name, for whoever reads on.
        let typed = SourceFile(name: "t.yaml", text: "nmae: Rex\nlegs: 3\n")
        let node = FileGrammarTests.grammar.read(typed, into: &diagnostics)
        #expect(node?.object?["name"]?.text == "Rex" && node?.object?.has("nmae") == false)
    }

    @Test func thousandsOfErrorsAreCountedNotShown() {
        var diagnostics = DiagnosticList()
        let text = "name: x\n" + (0..<20_000).map { "k\($0): 1\n" }.joined()
        _ = FileGrammarTests.grammar.read(SourceFile(name: "t.yaml", text: text), into: &diagnostics)
        #expect(diagnostics.errorCount == 20_000)
        #expect(diagnostics.text.hasSuffix("\n\n… and 19900 more\n"))
    }

    @Test func theSchemaIsTheSameEveryTime() {
        let schema = JSONSchema.render(FileGrammarTests.grammar)
        #expect(schema == JSONSchema.render(FileGrammarTests.grammar))
        #expect(schema.contains("\"$ref\": \"#/$defs/pet\""))
        #expect(!schema.contains("chip"))
        #expect(!schema.contains("cake"))
    }

    static let names: [(String, String?)] = [
        ("mial", "mail"), ("Mail", "mail"), ("memberof", "member_of"), ("xyz", nil), ("e-mial", "email"), ("m", nil),
        ("", nil), (String(repeating: "a", count: 500), nil),
    ]

    @Test(arguments: names)
    func nearestNameIsWhatWasMeant(typed: String, expected: String?) {
        #expect(
            NearestName.of(typed, in: ["email", "mail", "member-of", "member_of"].filter { $0 != "member-of" })
                == expected)
    }
}
