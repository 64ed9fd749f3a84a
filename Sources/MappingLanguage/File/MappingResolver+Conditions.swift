import AccessModel
import Diagnostics
import DirectoryModel

/// Reading the `when` of rules.
extension MappingResolver {
    mutating func condition(_ node: YAMLNode, isNegated: Bool = false) -> Condition? {
        guard let object = node.object else { return nil }
        if let group = object["group"] { return groupCondition(group, object, isNegated: isNegated) }
        if let attribute = object["attribute"]?.object { return attributeTest(attribute).map(Condition.attribute) }
        if let under = object["under"]?.locatedText {
            return isDN(under.value, at: under.position)
                ? .under(BaseName(dn: under.value, position: under.position)) : nil
        }
        if let id = object["id"] { return people(id) }
        if let parts = object["all"]?.items { return .all(conditions(parts, isNegated: isNegated)) }
        if let parts = object["any"]?.items { return .any(conditions(parts, isNegated: isNegated)) }
        return object["not"].flatMap { condition($0, isNegated: true) }.map(Condition.not)
    }

    private mutating func conditions(_ nodes: [YAMLNode], isNegated: Bool) -> [Condition] {
        nodes.compactMap { condition($0, isNegated: isNegated) }
    }

    private mutating func people(_ node: YAMLNode) -> Condition? {
        let written = node.locatedText.map { [$0] } ?? node.texts ?? []
        let people = written.compactMap { text -> PersonReference? in
            let (directory, rest) = splitDirectory(text)
            guard let id = immutableID(rest, at: text.position) else { return nil }
            return PersonReference(directory: directory, id: id, position: text.position)
        }
        if people.count == 1, let only = people.first { return .person(only) }
        return people.isEmpty ? nil : .any(people.map(Condition.person))
    }

    private mutating func groupCondition(_ node: YAMLNode, _ object: ObjectNode, isNegated: Bool) -> Condition? {
        let base = object["groups_under"]?.locatedText
        if let base, !isDN(base.value, at: base.position) { return nil }
        guard let (name, directory) = groupName(node) else { return nil }
        if case .captured(let captured) = name {
            if isNegated {
                diagnostics.error(
                    "mapping.captured-in-not", at: node.position,
                    "`\(captured.text)` stands inside `not`, where no word may be left open",
                    hint: "name the groups one by one")
                return nil
            }
            if base == nil {
                diagnostics.error(
                    "mapping.captured-without-base", at: node.position,
                    "`\(captured.text)` leaves a word open and needs a base, so that nobody can add a group elsewhere",
                    hint: "add `groups_under:` with the DN above these groups")
                return nil
            }
        }
        return .group(
            GroupReference(
                name: name, directory: directory, base: base?.value, nested: object["nested"]?.boolean ?? true,
                position: node.position))
    }

    private mutating func groupName(_ node: YAMLNode) -> (GroupReference.Name, directory: String?)? {
        if let id = node.object?["id"]?.locatedText {
            let (directory, rest) = splitDirectory(id)
            return immutableID(rest, at: id.position).map { (.id($0), directory) }
        }
        guard let text = node.locatedText else { return nil }
        let (directory, name) = splitDirectory(text)
        if name.utf8.contains(UInt8(ascii: "{")) || name.utf8.contains(UInt8(ascii: "}")) {
            return capturedName(name, at: text.position).map { (.captured($0), directory) }
        }
        if name.utf8.contains(UInt8(ascii: "=")) {
            return isDN(name, at: text.position) ? (.dn(name), directory) : nil
        }
        if name.utf8.contains(UInt8(ascii: "*")) {
            diagnostics.error(
                "mapping.glob-group", at: text.position, "a group is named in full, `\(name)` is a pattern",
                hint: "name each group, or leave one word open: `desk-{workspace}` with `groups_under`")
            return nil
        }
        return (.name(name), directory)
    }

    private mutating func capturedName(_ text: String, at position: SourcePosition) -> CapturedName? {
        let bytes = Array(text.utf8)
        let opens = bytes.indices.filter { bytes[$0] == UInt8(ascii: "{") }
        let closes = bytes.indices.filter { bytes[$0] == UInt8(ascii: "}") }
        guard opens.count == 1, closes.count == 1, let open = opens.first, let close = closes.first, open + 1 < close,
            let word = CapturedName.slug(bytes[(open + 1)..<close]),
            word.utf8.elementsEqual(bytes[(open + 1)..<close])
        else {
            diagnostics.error(
                "mapping.malformed-capture", at: position,
                "expected one open word in braces, lower-case, found `\(text)`",
                hint: "write it like `desk-{workspace}`")
            return nil
        }
        return CapturedName(
            prefix: String(decoding: bytes[..<open], as: UTF8.self), word: word,
            suffix: String(decoding: bytes[(close + 1)...], as: UTF8.self))
    }

    /// `corp:support` as `corp` and `support`; a colon after anything but a directory's name is part of the name.
    private mutating func splitDirectory(_ text: Located<String>) -> (directory: String?, rest: String) {
        let parts = text.value.utf8.split(separator: UInt8(ascii: ":"), maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return (nil, text.value) }
        let prefix = String(Substring(parts[0]))
        let names = context.directories.map(\.name)
        if names.contains(prefix) { return (prefix, String(Substring(parts[1]))) }
        if names.count > 1, let nearest = NearestName.of(prefix, in: names) {
            diagnostics.error(
                "mapping.unknown-directory", at: text.position, "there is no directory `\(prefix)`",
                hint: "did you mean `\(nearest)`?")
        }
        return (nil, text.value)
    }

    private mutating func immutableID(_ text: String, at position: SourcePosition) -> ImmutableID? {
        if let id = ImmutableID(written: text) { return id }
        diagnostics.error(
            "mapping.malformed-id", at: position, "expected an immutable id, found `\(text)`",
            hint: "`rollcall explain` and `rollcall groups` show ids")
        return nil
    }

    private mutating func isDN(_ text: String, at position: SourcePosition) -> Bool {
        if let canonical = try? DNCanonicalForm.of(Array(text.utf8)), !canonical.isEmpty { return true }
        diagnostics.error(
            "mapping.malformed-dn", at: position, "expected a DN, found `\(text)`",
            hint: "write it like `ou=groups,dc=example,dc=org`")
        return false
    }

    private mutating func attributeTest(_ object: ObjectNode) -> AttributeTest? {
        guard let name = object["name"]?.locatedText, let test = attributeOperator(object) else { return nil }
        let trusted = context.trustedAttributes
        guard trusted.contains(name.value.lowercased()) else {
            let nearest = NearestName.of(name.value, in: trusted).map { "did you mean `\($0)`?" }
            diagnostics.error(
                "mapping.untrusted-attribute", at: name.position,
                "attribute `\(name.value)` is not trusted: people may be able to edit it on themselves",
                hint: nearest ?? "add it to `trusted_attributes` of the directory if only administrators can write it")
            return nil
        }
        return AttributeTest(name: name.value, operator: test, position: object.position)
    }

    private mutating func attributeOperator(_ object: ObjectNode) -> AttributeTest.Operator? {
        if let value = object["equals"]?.text { return .equals(value) }
        if let values = object["in"]?.texts { return .oneOf(values.map(\.value)) }
        if let pattern = object["matches"]?.locatedText { return glob(pattern) }
        guard let present = object["present"], let value = present.boolean else { return nil }
        if !value {
            diagnostics.error(
                "mapping.present-false", at: present.position, "`present` can only be true",
                hint: "write `not: {attribute: {name: …, present: true}}`")
        }
        return value ? .present : nil
    }

    private mutating func glob(_ text: Located<String>) -> AttributeTest.Operator? {
        guard text.value.utf8.count <= GlobPattern.longest else {
            diagnostics.error(
                "mapping.long-pattern", at: text.position,
                "the pattern has \(text.value.utf8.count) bytes, more than \(GlobPattern.longest)")
            return nil
        }
        let pattern = GlobPattern(text.value)
        if pattern.matchesEverything {
            diagnostics.warning(
                "mapping.pattern-matches-all", at: text.position, "`\(text.value)` matches every value",
                hint: "write `present: true`, which says so")
        }
        return .matches(pattern)
    }
}
