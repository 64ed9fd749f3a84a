/// Renders a grammar as a reference page in Markdown: every key, what it takes, what it means when it is absent.
package enum FileReference {
    package static func render(_ grammar: FileGrammar) -> String {
        var page =
            "# \(grammar.title)\n\nWritten from the reader itself; `config/schema/\(grammar.name).schema.json` says"
        page += " the same to editors.\n"
        var sections: [Section] = []
        collect(grammar.root, path: "", grammar, &sections)
        let definitions = grammar.definitions.sorted { $0.key < $1.key }.filter { !isRoot($0.key, grammar) }
        for (name, shape) in definitions { collect(shape, path: "⟨\(name)⟩", grammar, &sections) }
        for section in sections { page += "\n" + section.text }
        for (name, shape) in definitions {
            if case .record = shape { continue }
            page += "\n## `⟨\(name)⟩`\n\nTakes \(type(of: shape)).\n"
        }
        return page + words
    }

    private static let words = """

        ## Words

        - An *id* is lower-case ASCII letters and digits, with `-` between them; a *word* may have `_` as well.
        - *Text* that looks like a number, a truth value or nothing stands in quotes.
        - A *length of time* is a whole number and `s`, `m`, `h`, `d` or `w`.
        - Names in `⟨ ⟩` stand for what is described under that name; `[]` for each item of a list.

        """

    private static func isRoot(_ name: String, _ grammar: FileGrammar) -> Bool {
        if case .reference(name) = grammar.root { true } else { false }
    }

    /// The keys of one object.
    private struct Section {
        let title: String
        let record: Record
        let grammar: FileGrammar

        var text: String {
            var text = "## \(title)\n\n| key | takes | when absent | meaning |\n|---|---|---|---|\n"
            for key in record.keys {
                let type = FileReference.escaped(FileReference.type(of: key.shape))
                text += "| `\(key.name)` | \(type) | \(absence(key)) | \(FileReference.escaped(key.doc)) |\n"
            }
            for constraint in record.constraints { text += "\n" + sentence(constraint) + "\n" }
            return text
        }

        private func absence(_ key: Key) -> String {
            switch key.presence {
            case .required: "required"
            case .optional(let value): value.map { "`\(FileReference.escaped($0))`" } ?? "–"
            }
        }

        private func sentence(_ constraint: KeyConstraint) -> String {
            func list(_ names: [String]) -> String { names.map { "`\($0)`" }.joined(separator: ", ") }
            return switch constraint {
            case .exactlyOne(let names): "Exactly one of \(list(names))."
            case .atLeastOne(let names): "At least one of \(list(names))."
            case .atMostOne(let names): "At most one of \(list(names))."
            case .needs(let name, let other): "`\(name)` only beside `\(other)`."
            }
        }
    }

    /// The sections of a shape and of what is inside, outer ones first.
    private static func collect(
        _ shape: Shape, path: String, _ grammar: FileGrammar, _ sections: inout [Section]
    ) {
        switch shape {
        case .reference(let name):
            if path.isEmpty, let target = grammar.definitions[name] { collect(target, path: "", grammar, &sections) }
        case .record(let record):
            sections.append(Section(title: path.isEmpty ? "The file" : "`\(path)`", record: record, grammar: grammar))
            for key in record.keys {
                collect(key.shape, path: path.isEmpty ? key.name : "\(path).\(key.name)", grammar, &sections)
            }
        case .lists(let items, _): collect(items, path: path + "[]", grammar, &sections)
        case .map(_, let values): collect(values, path: path + ".⟨name⟩", grammar, &sections)
        case .oneOf(let shapes): for shape in shapes { collect(shape, path: path, grammar, &sections) }
        case .later(_, let inner): collect(inner, path: path, grammar, &sections)
        default: break
        }
    }

    private static func type(of shape: Shape) -> String {
        switch shape {
        case .patternedText(let pattern): return pattern.short
        case .integers(let range):
            if range.lowerBound == range.upperBound { return "`\(range.lowerBound)`" }
            return "a number from \(range.lowerBound) to \(range.upperBound)"
        case .boolean: return "`true` or `false`"
        case .durations: return "a length of time like `24h`"
        case .choices(let choices): return choices.map(word).joined(separator: ", ")
        case .null: return "`null`"
        case .reference(let name): return "⟨\(name)⟩"
        case .lists(let items, _): return "a list of: \(type(of: items))"
        case .record(let record): return record.what
        case .map(let keys, let values):
            return "an object, by \(keys.short == "text" ? "name" : noun(keys.short)), of: \(type(of: values))"
        case .oneOf(let shapes): return shapes.map(type).joined(separator: "; or ")
        case .later(let feature, let inner): return "\(type(of: inner)) (not available yet: comes with \(feature))"
        }
    }

    /// `an id` without its article.
    private static func noun(_ short: String) -> String {
        let parts = short.utf8.split(separator: 0x20, maxSplits: 1)
        return parts.count == 2 && parts[0].count <= 2 ? String(Substring(parts[1])) : short
    }

    private static func word(_ choice: Choice) -> String {
        choice.feature.map { "`\(choice.word)` (not available yet: comes with \($0))" } ?? "`\(choice.word)`"
    }

    /// Cells must not hold bars.
    private static func escaped(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if scalar == "|" { result.append("\\") }
            result.append(scalar)
        }
        return String(result)
    }
}
