/// Checks of single values, and of values that may be one of several things.
extension GrammarValidator {
    mutating func checkScalar(_ node: YAMLNode, _ shape: Shape) {
        guard let scalar = node.scalar else {
            wrongType(node, grammar.expectation(of: shape))
            return
        }
        switch shape {
        case .patternedText(let pattern): checkText(node, scalar, pattern)
        case .integers(let range): checkInteger(node, scalar, range)
        case .boolean:
            guard scalar.kind != .boolean else { return }
            let meant = truth(scalar.text)
            wrongType(node, "`true` or `false`", hint: meant.map { "write `\($0)`, without quotes" })
        case .durations(let range): checkDuration(node, scalar, range)
        case .choices(let choices): checkChoice(node, scalar, choices)
        case .null:
            if scalar.kind != .null { wrongType(node, "nothing") }
        default: wrongType(node, grammar.expectation(of: shape))
        }
    }

    /// Also used for keys that a person chose.
    mutating func checkText(_ text: String, _ pattern: TextPattern, at position: SourcePosition) {
        let shown = DisplayWidth.truncated(text, to: 60)
        if text.unicodeScalars.count > pattern.longest {
            diagnostics.error(
                "file.out-of-range", at: position, "the text is longer than \(pattern.longest) characters: `\(shown)`")
        } else if !pattern.matches(text) {
            diagnostics.error("file.wrong-text", at: position, "expected \(pattern.what), found `\(shown)`")
        }
    }

    private mutating func checkText(_ node: YAMLNode, _ scalar: YAMLScalar, _ pattern: TextPattern) {
        switch scalar.kind {
        case .text: checkText(scalar.text, pattern, at: node.position)
        case .null: wrongType(node, pattern.what)
        default: wrongType(node, pattern.what, hint: "put it in quotes: `\"\(scalar.text)\"`")
        }
    }

    private mutating func checkInteger(_ node: YAMLNode, _ scalar: YAMLScalar, _ range: ClosedRange<Int>) {
        guard scalar.kind == .integer, let number = WholeNumber.parse(scalar.text) else {
            let unquoted = scalar.kind == .text && WholeNumber.parse(scalar.text) != nil
            let hint = unquoted ? "remove the quotes" : "write it with the digits 0 to 9 only, without leading zeros"
            wrongType(node, "a whole number", hint: scalar.kind == .null ? nil : hint)
            return
        }
        if !range.contains(number) {
            let isOne = range.lowerBound == range.upperBound
            let expected = isOne ? "\(range.lowerBound)" : "a number from \(range.lowerBound) to \(range.upperBound)"
            diagnostics.error(
                "file.out-of-range", at: node.position, "expected \(expected), found \(number)",
                hint: key == "version" && isOne
                    ? "this Rollcall reads version \(range.lowerBound) of the file: write that, or use the Rollcall that the file is for"
                    : nil)
        }
    }

    private mutating func checkDuration(_ node: YAMLNode, _ scalar: YAMLScalar, _ range: ClosedRange<Duration>) {
        guard scalar.kind == .text, let duration = DurationText.parse(scalar.text) else {
            let hint =
                scalar.kind == .integer ? "say the unit: `\(scalar.text)s`, `\(scalar.text)m`, `\(scalar.text)h`" : nil
            wrongType(node, "a length of time like `10s`, `30m`, `24h`, `90d`", hint: hint)
            return
        }
        if !range.contains(duration) {
            let least = DurationText.text(range.lowerBound)
            let most = DurationText.text(range.upperBound)
            diagnostics.error(
                "file.out-of-range", at: node.position,
                "expected a time from \(least) to \(most), found `\(scalar.text)`")
        }
    }

    private mutating func checkChoice(_ node: YAMLNode, _ scalar: YAMLScalar, _ choices: [Choice]) {
        guard let choice = choices.first(where: { $0.word == scalar.text }), scalar.kind != .null else {
            let words = choices.map { "`\($0.word)`" }.joined(separator: ", ")
            let nearest = NearestName.of(scalar.text, in: choices.map(\.word))
            let expected = choices.count == 1 ? words : "one of \(words)"
            diagnostics.error(
                "file.unknown-word", at: node.position, "expected \(expected), found \(node.described)",
                hint: nearest.map { "did you mean `\($0)`?" })
            return
        }
        if let feature = choice.feature { refuseLater(feature, at: node.position, "`\(choice.word)`") }
    }

    /// Picks the alternative of the same kind as the node; among several the one whose keys or words fit best.
    mutating func checkAlternatives(_ node: YAMLNode, _ shapes: [Shape]) {
        let fitting = shapes.filter { grammar.sameKind(node, $0) }
        if fitting.isEmpty {
            let expected = shapes.map { grammar.expectation(of: $0) }.joined(separator: ", or ")
            wrongType(node, expected)
        } else if node.scalar != nil {
            checkScalarAlternatives(node, fitting)
        } else {
            let names = Set((node.fields ?? []).map(\.key))
            let best = fitting.enumerated().max { left, right in
                let mine = grammar.score(names, left.element)
                let other = grammar.score(names, right.element)
                return mine == other ? left.offset > right.offset : mine < other
            }
            if let best { check(node, best.element) }
        }
    }

    private mutating func checkScalarAlternatives(_ node: YAMLNode, _ shapes: [Shape]) {
        guard shapes.count > 1 else {
            if let only = shapes.first { check(node, only) }
            return
        }
        var quietest: DiagnosticList?
        for shape in shapes {
            var trial = GrammarValidator(grammar: grammar, diagnostics: DiagnosticList(), key: key)
            trial.check(node, shape)
            if !trial.diagnostics.hasErrors { return }
            let isLater = trial.diagnostics.sorted.contains { $0.code == "file.not-available-yet" }
            let isRange = trial.diagnostics.sorted.contains { $0.code == "file.out-of-range" }
            if isLater || (isRange && quietest == nil) { quietest = trial.diagnostics }
        }
        if let quietest {
            for diagnostic in quietest.sorted { diagnostics.append(diagnostic) }
            return
        }
        let words = shapes.flatMap { grammar.words(of: $0) }
        let nearest = NearestName.of(node.scalar?.text ?? "", in: words)
        wrongType(
            node, shapes.map { grammar.expectation(of: $0) }.joined(separator: ", or "),
            hint: nearest.map { "did you mean `\($0)`?" })
    }

    private func truth(_ text: String) -> String? {
        switch text.lowercased() {
        case "true", "yes", "on", "y": "true"
        case "false", "no", "off", "n": "false"
        default: nil
        }
    }
}

extension FileGrammar {
    /// Whether a node could be meant as this shape, going by scalar, list or object.
    func sameKind(_ node: YAMLNode, _ shape: Shape) -> Bool {
        switch resolved(shape) {
        case .record, .map: node.fields != nil
        case .lists: node.items != nil
        case .null: node.scalar?.kind == .null
        case .oneOf(let shapes): shapes.contains { sameKind(node, $0) }
        case .later(_, let inner): sameKind(node, inner)
        default: node.scalar != nil
        }
    }

    /// How many of the keys an object of this shape knows, less those it does not.
    func score(_ names: Set<String>, _ shape: Shape) -> Int {
        switch resolved(shape) {
        case .record(let record):
            let known = names.intersection(record.keys.map(\.name)).count
            return 2 * known - names.count
        case .later(_, let inner): return score(names, inner)
        default: return 0
        }
    }

    /// For messages: `text`, `a whole number`.
    func expectation(of shape: Shape) -> String {
        switch resolved(shape) {
        case .patternedText(let pattern): pattern.what
        case .integers: "a whole number"
        case .boolean: "`true` or `false`"
        case .durations: "a length of time like `24h`"
        case .choices(let choices): choices.map { "`\($0.word)`" }.joined(separator: ", ")
        case .null: "nothing"
        case .lists: "a list"
        case .record(let record): record.what
        case .map: "an object with names as keys"
        case .oneOf(let shapes): shapes.map { expectation(of: $0) }.joined(separator: ", or ")
        case .later(_, let inner): expectation(of: inner)
        case .reference(let name): name
        }
    }

    fileprivate func words(of shape: Shape) -> [String] {
        switch resolved(shape) {
        case .choices(let choices): choices.map(\.word)
        case .oneOf(let shapes): shapes.flatMap { words(of: $0) }
        default: []
        }
    }
}
