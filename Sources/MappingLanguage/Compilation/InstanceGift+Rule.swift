import AccessModel

extension InstanceGift {
    /// What a rule gives with this word put in; nil where the topology has no such workspace or assistant.
    init?(_ rule: Rule, word: String?, in mapping: Mapping) {
        let gift = rule.gift
        var scope = ScopePath.root
        if let workspace = gift.workspace {
            guard let name = workspace.filled(word) else { return nil }
            scope = ScopePath([name])
        }
        var grants: [ScopedRole] = []
        for grant in gift.grants {
            guard let name = grant.assistant.filled(word) else { return nil }
            grants.append(ScopedRole(scope: ScopePath(scope.components + [name]), role: grant.role))
        }
        let isKnown = ([scope] + grants.map(\.scope)).allSatisfy { mapping.topology.scope(at: $0) != nil }
        guard isKnown, let rank = mapping.platform.rank(of: gift.role) else { return nil }
        self.init(
            scope: scope, role: gift.role, rank: rank, isDefaultRole: gift.isDefaultRole, otherwise: rule.otherwise,
            seatPriority: rule.seatPriority, templatePriority: rule.templatePriority, isPrivileged: rule.isPrivileged,
            templates: gift.templates, switches: gift.switches, permissions: gift.permissions, grants: grants.sorted())
    }
}
