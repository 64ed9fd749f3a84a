package import AccessModel

/// What became of the gift of one matching rule, in sentences.
struct OutcomeText {
    private let compiled: CompiledMapping
    private let desired: DesiredAccess
    private let instance: UInt32
    private let gift: InstanceGift

    init(_ compiled: CompiledMapping, _ desired: DesiredAccess, _ instance: UInt32, _ gift: InstanceGift) {
        self.compiled = compiled
        self.desired = desired
        self.instance = instance
        self.gift = gift
    }

    /// One sentence for each part; through a frozen group some are not given.
    func lines(isFrozen: Bool) -> [String] {
        guard isFrozen else {
            return [role] + templates + gift.switches.map { "turns `\($0)` on" } + grants
                + gift.permissions.map { "gives permission `\($0.text)`" }
        }
        return [frozenRole ?? role] + parts
    }

    private static let notGiven = "is not given: the group is frozen, and adds nothing to what was there"

    /// Nil where the role comes to the same as without a frozen group.
    private var frozenRole: String? {
        let held = desired.access.role(in: gift.scope)
        let isClaimed = desired.claims.contains { $0.scope == gift.scope && $0.role == held }
        if held == gift.role { return isClaimed ? nil : "gives \(name)" }
        let rank = held.flatMap { compiled.mapping.platform.rank(of: $0) }
        let isCovered = desired.claims.contains { gift.scope != $0.scope && gift.scope.isInside($0.scope) }
        if isCovered || (isClaimed && (rank ?? Int.max) < gift.rank) { return nil }
        return "\(name) \(OutcomeText.notGiven)"
    }

    private var parts: [String] {
        func text(_ name: String, _ isGiven: Bool, _ given: String) -> String {
            isGiven ? given : "\(name) \(OutcomeText.notGiven)"
        }
        let access = desired.access
        return gift.templates.map {
            text("template `\($0)`", access.templates.contains($0), "gives template `\($0)`")
        } + gift.switches.map { text("`\($0)`", access.switches.contains($0), "turns `\($0)` on") }
            + gift.grants.map {
                text("`\($0.role)` on `\($0.scope)`", access.grants.contains($0), "gives `\($0.role)` on `\($0.scope)`")
            }
            + gift.permissions.map {
                text("permission `\($0.text)`", access.permissions.contains($0), "gives permission `\($0.text)`")
            }
    }

    /// The role with its place.
    private var name: String { ScopedRole(scope: gift.scope, role: gift.role).outcomeName }

    private var role: String {
        if !gift.isPrivileged, compiled.mapping.platform.roles[gift.rank].privileged {
            return "\(name) is withheld: the rule is not privileged"
        }
        guard let claim = desired.claims.first(where: { $0.scope == gift.scope }) else {
            let covering = desired.claims.first { gift.scope.isInside($0.scope) }
            let by = covering.map { ": role `\($0.role)` contains it" } ?? ""
            return "\(name) is not given\(by)"
        }
        if claim.winner == instance { return "gives \(name)" }
        let winner = compiled.mapping.rules[compiled.instances[Int(claim.winner)].rule].name
        if claim.role == gift.role { return "gives \(name) as well as rule `\(winner)`" }
        return "\(name) loses to the higher `\(claim.role)` of rule `\(winner)`"
    }

    private var templates: [String] {
        gift.templates.map { template in
            if desired.access.templates.contains(template) { return "gives template `\(template)`" }
            if desired.templateConflict.contains(instance) {
                return "template `\(template)` is in conflict with another rule's: what the person has stays"
            }
            return "template `\(template)` is not given: another rule's has priority, or it takes a privileged rule"
        }
    }

    private var grants: [String] {
        gift.grants.map { grant in
            desired.access.grants.contains(grant)
                ? "gives `\(grant.role)` on `\(grant.scope)`"
                : "`\(grant.role)` on `\(grant.scope)` has no effect: the role gives as much"
        }
    }
}

extension ScopedRole {
    /// What outcomes call it: ``role `chat-user` in `sales```.
    package var outcomeName: String { "role `\(role)`" + (scope == .root ? "" : " in `\(scope)`") }
}

extension RuleExplanation {
    /// Puts other words for what outcomes say is given.
    package mutating func replaceGiven(_ name: String, _ sentence: String) {
        for place in outcomes.indices {
            let rest = outcomes[place].utf8.dropFirst("gives \(name)".utf8.count)
            let isIt = outcomes[place].utf8.starts(with: "gives \(name)".utf8)
            if isIt, rest.isEmpty || rest.starts(with: " as well as ".utf8) { outcomes[place] = sentence }
        }
    }
}
