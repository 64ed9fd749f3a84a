import AccessModel
package import DirectoryModel

/// Explains people of one evaluation.
package struct Explainer<View: MembershipView> {
    private let compiled: CompiledMapping
    private let evaluation: Evaluation
    private let mirror: Mirror
    private let view: View
    /// Groups that are frozen in the evaluation.
    private let frozen: Set<GroupKey>
    /// The last applied run, as of which frozen groups keep their members.
    private let run: Int64

    /// Explains an evaluation in which no group is frozen.
    package init(_ compiled: CompiledMapping, _ evaluation: Evaluation, _ mirror: Mirror, _ view: View) {
        self.compiled = compiled
        self.evaluation = evaluation
        self.mirror = mirror
        self.view = view
        frozen = []
        run = 0
    }

    /// The same with groups frozen since a run.
    package init(_ other: Explainer<View>, frozen: FrozenMembers, since run: Int64) {
        compiled = other.compiled
        evaluation = other.evaluation
        mirror = other.mirror
        view = other.view
        self.frozen = Set(frozen.members.keys)
        self.run = run
    }

    /// The rules that match somebody, and no others: what a look at very many people takes.
    package func matches(_ person: PersonIndex) -> [RuleExplanation] {
        let set = Int(evaluation.grantSet[Int(person)])
        return evaluation.grantSets[set].map {
            explain(Int($0), person, isMatched: true, evaluation.desired[set])
        }
    }

    package func explain(_ person: PersonIndex) -> Explanation {
        let set = Int(evaluation.grantSet[Int(person)])
        let granted = Set(evaluation.grantSets[set])
        let desired = evaluation.desired[set]
        var places: [Int: [Int]] = [:]
        for (place, instance) in compiled.instances.enumerated() { places[instance.rule, default: []].append(place) }
        let rules = compiled.mapping.rules.enumerated().flatMap { index, rule -> [RuleExplanation] in
            guard let places = places[index] else { return [unbound(rule)] }
            return places.map { explain($0, person, isMatched: granted.contains(UInt32($0)), desired) }
        }
        return Explanation(rules: rules, desired: desired, causes: causes(person))
    }

    private func causes(_ person: PersonIndex) -> [CauseExplanation] {
        zip(compiled.mapping.causes, compiled.causes).enumerated().map { place, cause in
            CauseExplanation(
                name: cause.0.name,
                holds: evaluation.causes.indices.contains(place) && evaluation.causes[place].contains(person),
                condition: trace(cause.0.condition, cause.1, person))
        }
    }

    /// A rule with an open word that no group fits.
    private func unbound(_ rule: Rule) -> RuleExplanation {
        RuleExplanation(
            rule: rule, captured: nil, isMatched: false,
            condition: ConditionTrace(rule.condition.text, isMet: false, note: "no group has such a name"),
            gives: rule.possibleGifts, outcomes: [])
    }

    /// The way from the person up to a mapped group, by names; nil where the mirror shows none.
    package func chain(from person: PersonIndex, toGroup place: Int) -> [String]? {
        guard let index = compiled.groups[place].index else { return nil }
        return view.chain(from: person, to: index)?.map { name(of: $0) }
    }

    private func explain(
        _ place: Int, _ person: PersonIndex, isMatched: Bool, _ desired: DesiredAccess
    ) -> RuleExplanation {
        let instance = compiled.instances[place]
        let rule = compiled.mapping.rules[instance.rule]
        let trace = trace(rule.condition, compiled.conditions[place], person)
        let isFrozen = compiled.conditions[place].groups.contains { frozen.contains(compiled.groups[$0].key) }
        let isMatched = isMatched || (isFrozen && trace.isMet && compiled.gifts[place] != nil)
        var outcomes: [String] = []
        var gives = rule.possibleGifts
        if compiled.gifts[place] == nil {
            outcomes = ["gives nothing: " + reasonForNothing(rule, instance)]
        } else if isMatched, let gift = compiled.gifts[place] {
            outcomes = OutcomeText(compiled, desired, UInt32(place), gift).lines(isFrozen: isFrozen)
        }
        gives.workspaces = compiled.gifts[place].map { $0.scope.components.first.map { [$0] } ?? [] } ?? []
        return RuleExplanation(
            rule: rule, captured: instance.captured, isMatched: isMatched, condition: trace, gives: gives,
            outcomes: outcomes)
    }

    private func reasonForNothing(_ rule: Rule, _ instance: RuleInstance) -> String {
        if let word = instance.captured { return "`\(word)` is not in the topology" }
        return rule.isPrivileged
            ? "it is privileged, and there is no lock file" : "what it names is not in the topology"
    }

    private func trace(
        _ condition: Condition, _ bound: BoundCondition, _ person: PersonIndex, isNegated: Bool = false
    ) -> ConditionTrace {
        switch (condition, bound) {
        case (.group(let reference), .group(let place, _)):
            return group(reference, place, person, isNegated: isNegated)
        case (.all(let parts), .all(let boundParts)):
            let traces = zip(parts, boundParts).map { trace($0, $1, person, isNegated: isNegated) }
            return .all(traces)
        case (.any(let parts), .any(let boundParts)):
            let traces = zip(parts, boundParts).map { trace($0, $1, person, isNegated: isNegated) }
            return .any(traces)
        case (.not(let part), .not(let boundPart)):
            return trace(part, boundPart, person, isNegated: !isNegated).negated
        case (_, .test(let place)):
            return ConditionTrace(condition.text, isMet: passes(compiled.tests[place], place, person))
        case (_, .people(let people)):
            return ConditionTrace(condition.text, isMet: people.contains(person))
        default:
            return ConditionTrace(condition.text, isMet: false, note: "the group is not locked")
        }
    }

    private func group(
        _ reference: GroupReference, _ place: Int, _ person: PersonIndex, isNegated: Bool
    ) -> ConditionTrace {
        let group = compiled.groups[place]
        let chain = chain(from: person, toGroup: place) ?? []
        var isMet = evaluation.effectivePeople[place].contains(person)
        var note = group.standing.note
        if !reference.nested, chain.count > 1 {
            isMet = false
            note = "only through a nested group, and the rule counts direct members"
        } else if frozen.contains(group.key) {
            if isMet {
                note = (note.map { $0 + "; " } ?? "") + "frozen: kept as of run \(run)"
            } else if !chain.isEmpty {
                isMet = isNegated
                note =
                    isNegated
                    ? "frozen: it keeps out who is new in it too"
                    : "frozen: who is new in it gets nothing through it"
            }
        }
        let text = "in group `\(group.name)`" + (reference.nested ? "" : " directly")
        return ConditionTrace(text, isMet: isMet, chain: chain, note: note)
    }

    private func passes(_ test: RecordTest, _ place: Int, _ person: PersonIndex) -> Bool {
        var scan = RecordScan(mirror, compiled.tests, asked: [place])
        return !scan.passing(among: .sparse([person]))[place].isEmpty
    }

    private func name(of group: GroupIndex) -> String {
        String(decoding: mirror.groups[Int(group)].name, as: UTF8.self)
    }
}

extension Rule {
    /// Everything that it could give, by name.
    package var possibleGifts: PossibleGifts {
        var workspaces: [String] = []
        if case .literal(let name) = gift.workspace { workspaces = [name] }
        return PossibleGifts(
            roles: [gift.role] + [otherwise].compactMap(\.self) + gift.grants.map(\.role), templates: gift.templates,
            switches: gift.switches, workspaces: workspaces)
    }
}

extension MappedGroup.Standing {
    /// For explanations; nil where nothing is to be said.
    var note: String? {
        switch self {
        case .found: nil
        case .renamed(let before): "it was called `\(before)`"
        case .vanished: "the group is no longer in the directory"
        case .recreated: "the group was deleted and made again, and is not the one that is locked"
        case .notLocked: "the group is not locked"
        }
    }
}
