package import AccessModel
import DirectoryModel

/// How one mapping test went.
package struct MappingTestResult: Sendable, Equatable {
    package var test: MappingTest
    /// Names of the rules that matched, in the order of the file.
    package var matched: [String]
    package var given: Access
    /// What is given and not expected, and what is expected and not given, one line each: `role \`chat-user\` in \`support\``.
    package var unexpected: [String]
    package var lacking: [String]
    /// Templates that contradict each other, if the person would keep what they have.
    package var conflicts: Bool

    package var passed: Bool { unexpected.isEmpty && lacking.isEmpty && !conflicts }
}

/// The tests of a mapping, run without a directory.
package struct MappingTestRun: Sendable, Equatable {
    package var results: [MappingTestResult]
    /// Rules that no test's person matched, in the order of the file.
    package var untouched: [String]

    package var passed: Bool { results.allSatisfy(\.passed) }

    /// Runs every test.
    package init(_ mapping: Mapping) {
        var touched: Set<Int> = []
        var results: [MappingTestResult] = []
        for test in mapping.tests {
            let (result, rules) = MappingTestRun.run(test, mapping)
            results.append(result)
            touched.formUnion(rules)
        }
        self.results = results
        untouched = mapping.rules.indices.filter { !touched.contains($0) }.map { mapping.rules[$0].name }
    }

    private static func run(_ test: MappingTest, _ mapping: Mapping) -> (MappingTestResult, rules: [Int]) {
        var gifts: [InstanceGift?] = []
        var matched: [Int] = []
        for (place, rule) in mapping.rules.enumerated() {
            for word in words(of: rule, test) where isMet(rule.condition, test, word: word) {
                if matched.last != place { matched.append(place) }
                gifts.append(InstanceGift(rule, word: word, in: mapping))
            }
        }
        let book = GiftBook(mapping, gifts)
        var builder = DesiredAccessBuilder(book)
        let desired = builder.desired(gifts.indices.map(UInt32.init))
        let given = Set(desired.access.lines)
        let expected = Set(test.expected.lines)
        let result = MappingTestResult(
            test: test, matched: matched.map { mapping.rules[$0].name }, given: desired.access,
            unexpected: desired.access.lines.filter { !expected.contains($0) },
            lacking: test.expected.lines.filter { !given.contains($0) }, conflicts: !desired.templateConflict.isEmpty)
        return (result, matched)
    }

    /// What may stand for the rule's open word; nothing, once, where there is none.
    private static func words(of rule: Rule, _ test: MappingTest) -> [String?] {
        guard let open = rule.condition.groups.first(where: { $0.reference.captured != nil }) else { return [nil] }
        let words = test.groups.compactMap { open.reference.match($0)?.word }
        return words.isEmpty ? [nil] : Set(words).sorted(by: precedes).map(Optional.some)
    }

    private static func isMet(_ condition: Condition, _ test: MappingTest, word: String?) -> Bool {
        switch condition {
        case .group(let reference):
            test.groups.contains { group in
                guard let match = reference.match(group) else { return false }
                return reference.captured == nil || match.word == word
            }
        case .attribute(let attribute):
            test.attributes.first { $0.name == attribute.name }?.values
                .contains(where: FoldedTest(attribute).passes) == true
        case .under(let base): isUnder(test.dn, base.dn)
        case .person(let reference): test.id.flatMap { ImmutableID(written: $0) } == reference.id
        case .all(let parts): parts.allSatisfy { isMet($0, test, word: word) }
        case .any(let parts): parts.contains { isMet($0, test, word: word) }
        case .not(let part): !isMet(part, test, word: word)
        }
    }

    private static func isUnder(_ name: String?, _ base: String) -> Bool {
        guard let name, let name = try? DistinguishedName(name), let base = try? DistinguishedName(base) else {
            return false
        }
        return name.isUnder(base)
    }
}

extension Access {
    /// Everything in it, one line each, in a fixed order.
    package var lines: [String] {
        let place = { (scope: ScopePath) in scope == .root ? "" : " in `\(scope)`" }
        return roles.map { "role `\($0.role)`\(place($0.scope))" } + templates.map { "template `\($0)`" }
            + switches.map { "switch `\($0)`" } + grants.map { "grant `\($0.role)`\(place($0.scope))" }
            + permissions.map { "permission `\($0.text)`" }
    }
}
