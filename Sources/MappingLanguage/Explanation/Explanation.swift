/// Why one person has what they have: every rule, whether it matched, and what became of what it gave.
package struct Explanation: Sendable, Equatable {
    /// By rule, then captured word.
    package var rules: [RuleExplanation]
    package var desired: DesiredAccess
    /// The policy's own causes, in its order.
    package var causes: [CauseExplanation] = []

    package init(rules: [RuleExplanation], desired: DesiredAccess, causes: [CauseExplanation] = []) {
        self.rules = rules
        self.desired = desired
        self.causes = causes
    }

    /// The rules that matched.
    package var matched: [RuleExplanation] { rules.filter(\.isMatched) }

    /// Rules that could give what is asked for, matched or not: why somebody has it, or why not.
    package func rules(giving wanted: WantedGift) -> [RuleExplanation] {
        rules.filter { $0.gives.contains(wanted) }
    }
}

/// One rule, or one captured word of it, and one person.
package struct RuleExplanation: Sendable, Equatable {
    package var rule: Rule
    package var captured: String?
    package var isMatched: Bool
    package var condition: ConditionTrace
    package var gives: PossibleGifts
    /// What became of it, one sentence each: what it gave, what won over it.
    package var outcomes: [String]

    package init(
        rule: Rule, captured: String?, isMatched: Bool, condition: ConditionTrace, gives: PossibleGifts,
        outcomes: [String]
    ) {
        self.rule = rule
        self.captured = captured
        self.isMatched = isMatched
        self.condition = condition
        self.gives = gives
        self.outcomes = outcomes
    }

    /// Whether the person is in a group the rule asks for, which does not count for them, with a remark why not.
    package var isMissedByNote: Bool {
        !isMatched && condition.failures.contains { !$0.chain.isEmpty && $0.note != nil }
    }
}

/// A cause of the policy's own and one person: whether it holds, and by what.
package struct CauseExplanation: Sendable, Equatable {
    package var name: String
    package var holds: Bool
    package var condition: ConditionTrace

    package init(name: String, holds: Bool, condition: ConditionTrace) {
        self.name = name
        self.holds = holds
        self.condition = condition
    }
}

/// A condition and whether the person meets it, part by part.
package struct ConditionTrace: Sendable, Equatable {
    /// In words: `in group \`support\``.
    package var text: String
    package var isMet: Bool
    /// For a group the way there, from the group that holds the person directly; empty where that is not known.
    package var chain: [String]
    /// A remark: frozen, vanished, not locked.
    package var note: String?
    /// Conditions that it is made of; none for one that asks for a single thing.
    package var parts: [ConditionTrace]
    /// How many of the parts it takes.
    package var needs = Need.all

    package enum Need: Sendable, Equatable { case all, any }

    package init(_ text: String, isMet: Bool, chain: [String] = [], note: String? = nil, parts: [ConditionTrace] = []) {
        self.text = text
        self.isMet = isMet
        self.chain = chain
        self.note = note
        self.parts = parts
    }

    /// The parts that stand in the way, deepest first wherever one alone decides.
    package var failures: [ConditionTrace] {
        if isMet { return [] }
        let unmet = parts.filter { !$0.isMet }
        return unmet.isEmpty ? [self] : unmet.flatMap(\.failures)
    }
    /// What failed first: of parts that are all needed the first one that is not met, of alternatives each; empty where it is met.
    ///
    /// With these met the condition would be, unless what stands behind them fails as well.
    package var firstFailures: [ConditionTrace] {
        if isMet { return [] }
        let unmet = parts.filter { !$0.isMet }
        if unmet.isEmpty { return [self] }
        return needs == .all ? unmet[0].firstFailures : unmet.flatMap(\.firstFailures)
    }

    static func all(_ parts: [ConditionTrace]) -> ConditionTrace {
        ConditionTrace("all of", isMet: parts.allSatisfy(\.isMet), parts: parts)
    }

    static func any(_ parts: [ConditionTrace]) -> ConditionTrace {
        var trace = ConditionTrace("any of", isMet: parts.contains(where: \.isMet), parts: parts)
        trace.needs = .any
        return trace
    }

    /// The contrary: of what is not all of some things, the contrary of any of them, and the other way round.
    var negated: ConditionTrace {
        if !parts.isEmpty {
            let contraries = parts.map(\.negated)
            return needs == .all ? .any(contraries) : .all(contraries)
        }
        let word = "not "
        let contrary = text.utf8.starts(with: word.utf8) ? String(text.dropFirst(word.count)) : word + text
        return ConditionTrace(contrary, isMet: !isMet, chain: chain, note: note)
    }
}
