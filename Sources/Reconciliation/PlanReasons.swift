import AccessModel
import MappingLanguage

/// The reasons of a plan, each once, with shortcuts for those that many people share.
struct PlanReasons {
    private(set) var reasons: [Reason] = []
    private var numbers: [Reason: UInt32] = [:]
    private var ofMatch: [Match: UInt32] = [:]
    private var ofClaim: [Claim: UInt32] = [:]
    private let evaluation: Evaluation
    private let rules: [RuleLabel]

    /// What rules give somebody, and the mapped groups by which they may: what decides the words.
    private struct Match: Hashable {
        var grantSet: UInt32
        var groupSet: UInt32
    }

    /// One of the roles that a match comes to.
    private struct Claim: Hashable {
        var match: Match
        var place: Int
    }

    init(_ input: ReconcileInput) {
        evaluation = input.evaluation
        rules = input.rules
    }

    mutating func number(_ reason: Reason) -> UInt32 {
        if let known = numbers[reason] { return known }
        let number = UInt32(truncatingIfNeeded: reasons.count)
        reasons.append(reason)
        numbers[reason] = number
        return number
    }

    /// Every rule that gives something to the person of a case; not those that lost all they had to give.
    mutating func number(rulesOf item: PersonCase) -> UInt32 { number(rulesOf: Int(item.person), item.grantSet) }

    /// The same for a person of the mirror, whom the rules give a grant set.
    mutating func number(rulesOf person: Int, _ grantSet: UInt32) -> UInt32 {
        let match = match(person, grantSet)
        if let known = ofMatch[match] { return known }
        let set = Int(match.grantSet)
        let matching = set < evaluation.grantSets.count ? evaluation.grantSets[set] : []
        let givers = set < evaluation.desired.count ? evaluation.desired[set].givers : []
        let instances = givers.isEmpty ? matching : givers
        let number = number(.rules(instances.compactMap { rule($0, match) }))
        ofMatch[match] = number
        return number
    }

    /// The rule that won in a scope; nil when no claim is made there.
    mutating func number(rulesOf item: PersonCase, scope: ScopePath, role: String) -> UInt32? {
        let match = match(Int(item.person), item.grantSet)
        guard Int(match.grantSet) < evaluation.desired.count else { return nil }
        let claims = evaluation.desired[Int(match.grantSet)].claims
        guard let place = claims.firstIndex(where: { $0.scope == scope && $0.role == role }) else { return nil }
        let claim = Claim(match: match, place: place)
        if let known = ofClaim[claim] { return known }
        guard let rule = rule(claims[place].winner, match) else { return nil }
        let number = number(.rules([rule]))
        ofClaim[claim] = number
        return number
    }

    /// The rules that give one part of an access; nil where none is known.
    mutating func number(rulesOf item: PersonCase, part: GiftSource.Part) -> UInt32? {
        let match = match(Int(item.person), item.grantSet)
        guard Int(match.grantSet) < evaluation.desired.count else { return nil }
        let source = evaluation.desired[Int(match.grantSet)].sources.first { $0.part == part }
        guard let rules = source?.instances.compactMap({ rule($0, match) }), !rules.isEmpty else { return nil }
        return number(.rules(rules))
    }

    private func match(_ person: Int, _ grantSet: UInt32) -> Match {
        let groupSet = evaluation.groupSet.indices.contains(person) ? evaluation.groupSet[person] : 0
        return Match(grantSet: grantSet, groupSet: groupSet)
    }

    /// A rule with those of its groups that the person is in: the others gave nothing.
    private func rule(_ instance: UInt32, _ match: Match) -> RuleReason? {
        guard Int(instance) < evaluation.instances.count else { return nil }
        let found = evaluation.instances[Int(instance)]
        guard found.rule >= 0, found.rule < rules.count else { return nil }
        let set = Int(match.groupSet) < evaluation.groupSets.count ? evaluation.groupSets[Int(match.groupSet)] : []
        let groups = found.groups.filter { group in
            evaluation.groups.indices.contains(group) && set.contains { Int($0) == group }
        }
        return RuleReason(
            rule: rules[found.rule].name, place: rules[found.rule].place, captured: found.captured,
            groups: groups.map { evaluation.groups[$0].name })
    }
}

extension Reason {
    /// The reason in a few words, the same for everybody who shares it.
    package var summary: String {
        switch self {
        case .rules(let rules):
            rules.isEmpty
                ? "rules" : rules.map { "rule `\($0.rule)` (\($0.place))" }.joined(separator: ", ")
        case .noRule(let before): "no rule gives \(before.isEmpty ? "it" : before) any more"
        case .cause(_, let detail): detail
        case .seats(let pool, let detail): pool.isEmpty ? detail : "\(detail) (`\(pool)`)"
        case .edited(let file): "\(file) changed"
        case .directory(let detail): detail
        case .recorded(let text): text
        case .human(let name, let reason): reason.isEmpty ? "by \(name)" : "by \(name): \(reason)"
        }
    }
}
