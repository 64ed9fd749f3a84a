/// The `when` of a rule, in groups.
indirect enum ModelCondition: Sendable, Equatable {
    case group(String)
    case all([ModelCondition])
    case any([ModelCondition])
    case not(ModelCondition)

    /// Groups named, and whether each stands under a `not`.
    var groups: [(name: String, isNegated: Bool)] {
        switch self {
        case .group(let name): [(name, false)]
        case .all(let parts), .any(let parts): parts.flatMap(\.groups)
        case .not(let part): part.groups.map { ($0.name, true) }
        }
    }

    /// `members` answers whether the person is in a group, which under a `not` may be another question.
    func isMet(negated: Bool = false, _ members: (String, Bool) -> Bool) -> Bool {
        switch self {
        case .group(let name): members(name, negated)
        case .all(let parts): parts.allSatisfy { $0.isMet(negated: negated, members) }
        case .any(let parts): parts.contains { $0.isMet(negated: negated, members) }
        case .not(let part): !part.isMet(negated: !negated, members)
        }
    }
}

/// One rule.
struct ModelRule: Sendable, Equatable {
    var name: String
    var condition: ModelCondition
    var scope = ""
    var role: String
    var otherwise: String?
    var template: String?
    var switchOn: String?
    /// Name of an assistant in the scope on which editing is granted.
    var assistant: String?
    var seatPriority = 0
    var templatePriority = 0
    /// False for what is left of a rule through a frozen group, for somebody who had other parts of it.
    var givesRole = true
}

/// A role that rules give somebody in one scope.
struct ModelClaim: Sendable, Equatable {
    var role: String
    var otherwise: String?
    var priority: Int
    var grants: Set<String>
}

/// What the rules give one person, as if every seat were free.
struct ModelDesire: Sendable, Equatable {
    /// By scope.
    var claims: [String: ModelClaim] = [:]
    var templates: Set<String> = []
    /// The person keeps the templates there are.
    var hasTemplateConflict = false
    var switches: Set<String> = []

    var isEmpty: Bool { claims.isEmpty && templates.isEmpty && switches.isEmpty }
}

extension ModelDesire {
    /// The same, and at least what somebody has: that decides over a template, too.
    func keeping(_ held: ModelAccess, _ platform: ModelPlatform) -> ModelDesire {
        var desire = self
        for (scope, role) in held.roles {
            if let claim = claims[scope], platform.rank(claim.role) <= platform.rank(role) { continue }
            desire.claims[scope] = ModelClaim(
                role: role, otherwise: nil, priority: 0, grants: claims[scope]?.grants ?? [])
        }
        if let outer = desire.claims[""]?.role {
            desire.claims = desire.claims.filter { $0.key == "" || !platform.covers(outer, $0.value.role) }
        }
        for scope in desire.claims.keys {
            desire.claims[scope]?.grants.formUnion(held.grants(in: scope))
            if let role = desire.claims[scope]?.role, !platform.seatedWithGrant.contains(role) {
                desire.claims[scope]?.grants = []
            }
        }
        if platform.hasOneTemplate, !held.templates.isEmpty {
            desire.templates = held.templates
            desire.hasTemplateConflict = false
        }
        desire.switches.formUnion(held.switches)
        return desire
    }
}

extension ModelPlatform {
    /// What a set of rules comes to: the highest role in a scope wins, a wider role covers, of several templates the
    /// one with the highest priority.
    func desire(_ rules: [ModelRule]) -> ModelDesire {
        var desire = ModelDesire()
        for scope in Set(rules.map(\.scope)) {
            let all = rules.filter { $0.scope == scope }
            let here = all.filter(\.givesRole)
            guard let best = here.map({ rank($0.role) }).min(),
                let winner = here.first(where: { rank($0.role) == best })
            else { continue }
            let equals = here.filter { $0.role == winner.role }
            desire.claims[scope] = ModelClaim(
                role: winner.role, otherwise: winner.otherwise, priority: equals.map(\.seatPriority).max() ?? 0,
                grants: seatedWithGrant.contains(winner.role)
                    ? Set(all.compactMap { rule in rule.assistant.map { "\(scope)/\($0)" } }) : [])
        }
        if let outer = desire.claims[""]?.role {
            for (scope, claim) in desire.claims where scope != "" && covers(outer, claim.role) {
                desire.claims[scope] = nil
            }
        }
        let named = rules.filter { $0.template != nil }
        let highest = named.map(\.templatePriority).max() ?? 0
        let templates = Set(named.filter { $0.templatePriority == highest }.compactMap(\.template))
        desire.hasTemplateConflict = hasOneTemplate && templates.count > 1
        desire.templates = desire.hasTemplateConflict ? [] : templates
        desire.switches = Set(rules.compactMap(\.switchOn))
        return desire
    }
}
