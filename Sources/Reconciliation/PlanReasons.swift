import AccessModel
import MappingLanguage

/// The reasons of a plan, each once, with shortcuts for those that many people share.
struct PlanReasons {
    private(set) var reasons: [Reason] = []
    private var numbers: [Reason: UInt32] = [:]
    private var ofGrantSet: [UInt32: UInt32] = [:]
    private var ofClaim: [UInt64: UInt32] = [:]
    private let evaluation: Evaluation
    private let rules: [RuleLabel]

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

    /// Every rule that gives something of a grant set; not those that lost all they had to give.
    mutating func number(grantSet: UInt32) -> UInt32 {
        if let known = ofGrantSet[grantSet] { return known }
        let matching = Int(grantSet) < evaluation.grantSets.count ? evaluation.grantSets[Int(grantSet)] : []
        let givers = Int(grantSet) < evaluation.desired.count ? evaluation.desired[Int(grantSet)].givers : []
        let instances = givers.isEmpty ? matching : givers
        let number = number(.rules(instances.compactMap(rule)))
        ofGrantSet[grantSet] = number
        return number
    }

    /// The rule that won in a scope; nil when no claim is made there.
    mutating func number(grantSet: UInt32, scope: ScopePath, role: String) -> UInt32? {
        guard Int(grantSet) < evaluation.desired.count else { return nil }
        let claims = evaluation.desired[Int(grantSet)].claims
        guard let place = claims.firstIndex(where: { $0.scope == scope && $0.role == role }) else { return nil }
        let key = UInt64(grantSet) << 32 | UInt64(place)
        if let known = ofClaim[key] { return known }
        guard let rule = rule(claims[place].winner) else { return nil }
        let number = number(.rules([rule]))
        ofClaim[key] = number
        return number
    }

    /// The rules that give one part of an access; nil where none is known.
    mutating func number(grantSet: UInt32, part: GiftSource.Part) -> UInt32? {
        guard Int(grantSet) < evaluation.desired.count else { return nil }
        let source = evaluation.desired[Int(grantSet)].sources.first { $0.part == part }
        guard let rules = source?.instances.compactMap(rule), !rules.isEmpty else { return nil }
        return number(.rules(rules))
    }

    private func rule(_ instance: UInt32) -> RuleReason? {
        guard Int(instance) < evaluation.instances.count else { return nil }
        let found = evaluation.instances[Int(instance)]
        guard found.rule >= 0, found.rule < rules.count else { return nil }
        return RuleReason(
            rule: rules[found.rule].name, place: rules[found.rule].place, captured: found.captured,
            groups: found.groups.filter { evaluation.groups.indices.contains($0) }.map { evaluation.groups[$0].name })
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
