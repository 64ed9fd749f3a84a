package import AccessModel
import DirectoryModel
package import MappingLanguage

/// Somebody who has a role somewhere in a target, and what gives it.
package struct RoleHolder: Sendable {
    package enum Source: Sendable {
        case rule(RuleExplanation)
        case byHand(ManualGrant)
        /// Nothing of today gives it; what was recorded when it was given.
        case record
    }
    package var key: PersonKey
    package var email: String
    package var name: String
    package var status: UserStatus
    package var scope: ScopePath
    /// Seconds since 1970: when the person became a user.
    package var since: Int64
    package var source: Source
}

/// Everybody who has a role.
extension TargetInquiry {
    /// Hands over each holder of a role with each thing that gives it, in the roster's order.
    package func forEachHolder(of role: String, _ body: (RoleHolder) throws -> Void) rethrows {
        let roster = input.roster
        let holding = roster.accesses.map { access in (access.roles + access.grants).filter { $0.role == role } }
        if holding.allSatisfy(\.isEmpty) { return }
        let explainer = explainer
        let join = RosterJoin(mirror: mirror, roster: roster)
        for (place, row) in roster.users.enumerated() where row.managed && row.status != .removed {
            guard holding.indices.contains(Int(row.access)) else { continue }
            let person = join.personOfUser[place]
            let rules = holding[Int(row.access)].isEmpty || person == RosterJoin.none ? [] : explainer.matches(person)
            for held in holding[Int(row.access)] {
                for source in sources(of: held, place, rules) {
                    try body(
                        RoleHolder(
                            key: roster.key(of: place), email: roster.email(of: place), name: roster.texts[row.name],
                            status: row.status, scope: held.scope, since: row.since, source: source))
                }
            }
        }
    }

    private func sources(of held: ScopedRole, _ place: Int, _ rules: [RuleExplanation]) -> [RoleHolder.Source] {
        let grants = input.roster.details[place]?.manual.filter { grant in
            switch grant.part {
            case .role(let role, let scope), .grant(let role, let scope): scope == held.scope && role == held.role
            case .template, .switchOn, .permission: false
            }
        }
        let scope = held.scope.ancestor(atDepth: 1).components.first
        let giving = rules.filter { rule in
            rule.gives.contains(.role(held.role)) && rule.gives.workspaces.first == scope
        }
        let sources = giving.map { RoleHolder.Source.rule($0) } + (grants ?? []).map { .byHand($0) }
        return sources.isEmpty ? [.record] : sources
    }
}
