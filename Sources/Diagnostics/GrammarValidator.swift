/// Walks a file and its grammar side by side and reports every difference.
struct GrammarValidator {
    let grammar: FileGrammar
    var diagnostics: DiagnosticList
    /// The key whose value is being checked.
    var key: String?

    mutating func check(_ node: YAMLNode, _ shape: Shape) {
        if node.isBroken { return }
        switch grammar.resolved(shape) {
        case .lists(let items, let count): checkList(node, items, count)
        case .record(let record): checkRecord(node, record)
        case .map(let keys, let values): checkMap(node, keys, values)
        case .oneOf(let shapes): checkAlternatives(node, shapes)
        case .later(let feature, let inner):
            let before = diagnostics.errorCount
            let what = key.map { "this value of `\($0)`" } ?? "this"
            check(node, inner)
            if diagnostics.errorCount == before { refuseLater(feature, at: node.position, what) }
        case let simple: checkScalar(node, simple)
        }
    }

    // The rest is one function per kind of shape.

    private mutating func checkList(_ node: YAMLNode, _ items: Shape, _ count: ClosedRange<Int>) {
        guard let list = node.items else {
            wrongType(node, "a list")
            return
        }
        if !count.contains(list.count) {
            let most = count.upperBound
            let expected = list.count < count.lowerBound ? "at least \(count.lowerBound)" : "at most \(most)"
            diagnostics.error(
                "file.out-of-range", at: node.position, "expected \(expected) in this list, found \(list.count)")
        }
        for item in list { check(item, items) }
    }

    private mutating func checkMap(_ node: YAMLNode, _ keys: TextPattern, _ values: Shape) {
        guard let fields = node.fields else {
            wrongType(node, "an object with names as keys")
            return
        }
        for field in fields {
            checkText(field.key, keys, at: field.keyPosition)
            check(field.value, values)
        }
    }

    private mutating func checkRecord(_ node: YAMLNode, _ record: Record) {
        guard let fields = node.fields else {
            wrongType(node, "\(record.what) (an object with keys)")
            return
        }
        let outer = self.key
        defer { self.key = outer }
        for field in fields {
            self.key = field.key
            guard let key = record.keys.first(where: { $0.name == field.key }) else {
                unknownKey(field, record)
                if let meant = record.key(meantBy: field, among: fields) { check(field.value, meant.shape) }
                continue
            }
            if case .later(let feature, let inner) = key.shape {
                let before = diagnostics.errorCount
                check(field.value, inner)
                if diagnostics.errorCount == before { refuseLater(feature, at: field.keyPosition, "`\(field.key)`") }
            } else {
                check(field.value, key.shape)
            }
        }
        let present = Set(fields.map(\.key))
        let meant = Set(fields.compactMap { record.key(meantBy: $0, among: fields)?.name })
        for key in record.keys where key.presence == .required && !present.union(meant).contains(key.name) {
            diagnostics.error(
                "file.missing-key", at: node.position, "`\(key.name)` is missing in \(record.what)",
                hint: "add `\(key.name):` — \(key.doc)")
        }
        // A key that is not known is most likely the one that would be missed: one error is enough.
        let isComplete = present.isSubset(of: record.keys.map(\.name))
        for constraint in record.constraints { check(constraint, node, record.what, tellsMissing: isComplete) }
    }

    private mutating func unknownKey(_ field: YAMLField, _ record: Record) {
        let names = record.keys.map(\.name)
        diagnostics.error(
            "file.unknown-key", at: field.keyPosition, "`\(field.key)` is not a key of \(record.what)",
            hint: NearestName.hint(for: field.key, in: names, called: "the keys are"))
    }

    private mutating func check(_ constraint: KeyConstraint, _ node: YAMLNode, _ what: String, tellsMissing: Bool) {
        let fields = node.fields ?? []
        func present(_ names: [String]) -> [YAMLField] { fields.filter { names.contains($0.key) } }
        switch constraint {
        case .exactlyOne(let names):
            atMostOne(present(names), what)
            if tellsMissing, present(names).isEmpty { missing(oneOf: names, node, what, "exactly one") }
        case .atLeastOne(let names):
            if tellsMissing, present(names).isEmpty { missing(oneOf: names, node, what, "at least one") }
        case .atMostOne(let names): atMostOne(present(names), what)
        case .needs(let name, let other):
            guard let field = present([name]).first, present([other]).isEmpty else { return }
            diagnostics.error(
                "file.missing-key", at: field.keyPosition, "`\(name)` means nothing without `\(other)`",
                hint: "add `\(other):` beside it, or remove `\(name)`")
        }
    }

    private mutating func atMostOne(_ fields: [YAMLField], _ what: String) {
        guard let first = fields.first else { return }
        for field in fields.dropFirst() {
            diagnostics.error(
                "file.conflicting-keys", at: field.keyPosition,
                "`\(field.key)` cannot stand beside `\(first.key)` in \(what)", hint: "keep one of the two")
        }
    }

    private mutating func missing(oneOf names: [String], _ node: YAMLNode, _ what: String, _ count: String) {
        let list = names.map { "`\($0)`" }.joined(separator: ", ")
        diagnostics.error("file.missing-key", at: node.position, "\(what) needs \(count) of \(list)")
    }

    mutating func refuseLater(_ feature: String, at position: SourcePosition, _ what: String) {
        diagnostics.error(
            "file.not-available-yet", at: position, "\(what) is not available yet: it comes with \(feature)",
            hint: "remove it for now")
    }

    mutating func wrongType(_ node: YAMLNode, _ expected: String, hint: String? = nil) {
        diagnostics.error(
            "file.wrong-type", at: node.position, "expected \(expected), found \(node.described)", hint: hint)
    }
}

extension YAMLNode {
    /// For messages: `a list`, `text: \`abc\``.
    var described: String {
        switch content {
        case .list: return "a list"
        case .object: return "an object"
        case .scalar(let scalar):
            let shown = DisplayWidth.truncated(scalar.text, to: 60)
            return switch scalar.kind {
            case .null: "nothing"
            case .text: "text: `\(shown)`"
            case .boolean: "a truth value: `\(shown)`"
            case .integer: "a number: `\(shown)`"
            case .ambiguous: "what some programs read as a number or truth value: `\(shown)`"
            }
        }
    }
}
