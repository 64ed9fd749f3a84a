/// Why one person has what they have: every rule, whether it matched, and what became of what it gave.
package struct Explanation: Sendable, Equatable {
    /// By rule, then captured word.
    package var rules: [RuleExplanation]
    package var desired: DesiredAccess
    /// The policy's own causes, in its order.
    package var causes: [CauseExplanation] = []

    /// The rules that matched.
    package var matched: [RuleExplanation] { rules.filter(\.isMatched) }

    /// Rules that could give the role, matched or not: why somebody has it, or why not.
    package func rules(giving role: String) -> [RuleExplanation] {
        rules.filter { $0.gives.contains { $0 == role } }
    }
}

/// One rule, or one captured word of it, and one person.
package struct RuleExplanation: Sendable, Equatable {
    package var rule: Rule
    package var captured: String?
    package var isMatched: Bool
    package var condition: ConditionTrace
    /// Roles that it could give: the role, the one of `otherwise`, those on assistants.
    package var gives: [String]
    /// What became of it, one sentence each: what it gave, what won over it.
    package var outcomes: [String]

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
    package var parts: [ConditionTrace]

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
}
