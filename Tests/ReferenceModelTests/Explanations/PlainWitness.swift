/// Checks explanations by reading groups and rules as they stand: dictionaries, word for word, person by person.
///
/// It is written apart from the engine and imports nothing of the product: what an explanation claims comes in as text.
struct PlainWitness {
    let directory: ModelDirectory
    /// Groups of which rules count direct members only.
    let direct: Set<String>
    let platform: ModelPlatform

    /// What an explanation says of one part of a condition: ``not in group `support` directly``.
    struct Claim: Hashable {
        var group: String
        var isNegated: Bool
        var isDirect: Bool

        /// Nil for words of another shape.
        init?(_ text: String) {
            guard let found = text.wholeMatch(of: /(not )?in group `([^`]+)`( directly)?/) else { return nil }
            isNegated = found.output.1 != nil
            group = String(found.output.2)
            isDirect = found.output.3 != nil
        }
    }

    /// Whether somebody is in a group, as rules count it.
    func isMember(_ person: String, of group: String) -> Bool {
        directory.members(of: group, nested: !direct.contains(group)).contains(person)
    }

    func isMet(_ condition: ModelCondition, by person: String) -> Bool {
        condition.isMet { group, _ in isMember(person, of: group) }
    }

    /// Whether a claim is so.
    func isTrue(_ claim: Claim, of person: String) -> Bool { isMember(person, of: claim.group) != claim.isNegated }

    /// Whether names of groups are a way from somebody up to a group: the first holds the person, each stands in the next.
    func isWay(_ chain: [String], from person: String, to group: String) -> Bool {
        guard let first = chain.first, chain.last == group else { return false }
        if direct.contains(group), chain.count > 1 { return false }
        guard directory.groups[first]?.people.contains(person) == true, chain.allSatisfy(directory.wasRead) else {
            return false
        }
        return zip(chain, chain.dropFirst()).allSatisfy { inner, outer in
            directory.groups[outer]?.groups.contains(inner) == true
        }
    }

    /// Whether a condition cannot be met as long as these claims are not so, whatever else is: what names them as failed says enough.
    func fails(_ condition: ModelCondition, for claims: Set<Claim>) -> Bool {
        value(condition) { group in
            if claims.contains(where: { $0.group == group && !$0.isNegated }) { return false }
            if claims.contains(where: { $0.group == group && $0.isNegated }) { return true }
            return nil
        } == false
    }

    /// True, false, or nil where that hangs on what is not known.
    private func value(_ condition: ModelCondition, _ known: (String) -> Bool?) -> Bool? {
        switch condition {
        case .group(let name): return known(name)
        case .not(let part): return value(part, known).map { !$0 }
        case .all(let parts):
            let values = parts.map { value($0, known) }
            return values.contains(false) ? false : values.contains(nil) ? nil : true
        case .any(let parts):
            let values = parts.map { value($0, known) }
            return values.contains(true) ? true : values.contains(nil) ? nil : false
        }
    }

    /// Whether a rule could give a role, template or switch.
    func couldGive(_ rule: ModelRule, _ wanted: String) -> Bool {
        rule.role == wanted || rule.otherwise == wanted || rule.template == wanted || rule.switchOn == wanted
            || (rule.assistant != nil && wanted == "editor")
    }

    /// Whether the role of a rule that matches gives way to another rule's that does, in the same scope or around it.
    func isBeaten(_ rule: ModelRule, among matching: [ModelRule]) -> Bool {
        matching.contains { other in
            if other.scope == rule.scope { return platform.rank(other.role) < platform.rank(rule.role) }
            return other.scope == "" && platform.covers(other.role, rule.role)
        }
    }
}
