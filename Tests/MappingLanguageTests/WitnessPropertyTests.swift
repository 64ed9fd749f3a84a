import AccessModel
import DirectoryModel
import MappingLanguage
import TestSupport
import Testing

/// Everything that somebody is given has a rule that an explanation names, and a way through groups that can be walked by hand.
struct WitnessPropertyTests {
    @Test func everythingGivenHasAWayToFollow() throws {
        let trust = try RandomMapping.lock()
        var followed = 0
        var failed = 0
        for seed in Figures.caseSeeds {
            var random = SeededNumbers(seed: seed)
            let directory = RandomMapping.directory(&random)
            let mapping = try RandomMapping.rich(Int(seed % 3), &random)
            let plain = PlainReading(directory: directory)
            let (mirror, compiled, evaluation) = try EvaluationTests.night(mapping, directory, trust: trust)
            let explainer = Explainer(compiled, evaluation, mirror, MembershipGraph(mirror))
            for person in directory.people.shuffled(using: &random).prefix(4) {
                let explanation = explainer.explain(try mirror.place(person.name))
                let given = evaluation.accesses[Int(try mirror.place(person.name))]
                let outcomes = Set(explanation.matched.flatMap(\.outcomes))
                for sentence in sentences(given) {
                    #expect(outcomes.contains(sentence), "seed \(seed), \(person.name): \(sentence)")
                }
                let told = outcomes.filter { $0.hasPrefix("gives role `") && !$0.contains(" as well as ") }
                #expect(told.count == given.roles.count, "seed \(seed), \(person.name): \(told)")
                for rule in explanation.rules {
                    #expect(rule.isMatched == rule.condition.isMet, "seed \(seed), \(person.name), \(rule.rule.name)")
                    let isTrue = isTrue(rule.condition, rule.rule.condition, person, plain)
                    #expect(isTrue, "seed \(seed), \(person.name), \(rule.rule.name)")
                    if rule.isMatched {
                        followed += 1
                    } else {
                        let texts = Set(rule.condition.firstFailures.map(\.text))
                        #expect(
                            !texts.isEmpty && fails(rule.rule.condition, texts) == true,
                            "seed \(seed), \(person.name), \(rule.rule.name): \(texts)")
                        failed += 1
                    }
                }
            }
        }
        if Figures.hasAllSeeds { #expect(followed > 1_000 && failed > 1_000) }
    }

    /// Whether a condition cannot be met as long as what these sentences say is not so; nil where that hangs on something else.
    private func fails(_ condition: Condition, _ unmet: Set<String>, isNegated: Bool = false) -> Bool? {
        switch condition {
        case .all(let parts), .any(let parts):
            let isAll = if case .all = condition { true } else { false }
            let values = parts.map { fails($0, unmet, isNegated: isNegated) }
            // Under a `not` all becomes any.
            if isAll != isNegated { return values.contains(true) ? true : nil }
            return values.allSatisfy { $0 == true } ? true : nil
        case .not(let part): return fails(part, unmet, isNegated: !isNegated)
        case .group, .attribute, .under, .person:
            return unmet.contains((isNegated ? "not " : "") + condition.text) ? true : nil
        }
    }

    /// What must be said of an access by the rules that give it.
    private func sentences(_ access: Access) -> [String] {
        access.roles.map { "gives role `\($0.role)`" + ($0.scope == .root ? "" : " in `\($0.scope)`") }
            + access.templates.map { "gives template `\($0)`" } + access.switches.map { "turns `\($0)` on" }
            + access.grants.map { "gives `\($0.role)` on `\($0.scope)`" }
    }

    /// Whether a trace says of each part what the directory says, and leads to each group it claims.
    private func isTrue(
        _ trace: ConditionTrace, _ condition: Condition, _ person: SampleDirectory.Person, _ plain: PlainReading
    ) -> Bool {
        guard trace.isMet == plain.isMet(condition, person) else { return false }
        switch condition {
        case .group(let reference):
            return !trace.isMet || plain.isWay(trace.chain, from: person.name, to: reference)
        case .all(let parts), .any(let parts):
            return trace.parts.count == parts.count
                && zip(trace.parts, parts).allSatisfy { isTrue($0, $1, person, plain) }
        case .not, .attribute, .under, .person: return true
        }
    }
}
