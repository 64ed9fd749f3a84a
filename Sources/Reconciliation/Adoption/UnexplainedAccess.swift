import AccessModel

extension AccessBook {
    /// The parts of an access that another, which rules give, does not explain: what it has in addition, or higher.
    func unexplained(_ held: Access, by desired: Access) -> [ManualGrant.Part] {
        let given = PermissionSet(desired.permissions, on: platform)
        var extra = Access()
        extra.roles = held.roles.filter { !explains(desired, $0) }
        extra.templates = held.templates.filter { !desired.templates.contains($0) }
        extra.switches = held.switches.filter { !desired.switches.contains($0) }
        extra.grants = held.grants.filter { grant in
            !desired.grants.contains(grant)
                && !desired.roles.contains { grant.scope.isInside($0.scope) && platform.covers($0.role, grant.role) }
        }
        extra.permissions = held.permissions.filter { setting in
            !desired.permissions.contains(setting)
                && !given.contains(PermissionSet([setting], on: platform), on: platform)
        }
        return extra.manualParts
    }

    /// Whether rules give the role, one of higher rank in its scope, or an outer one that covers it.
    private func explains(_ desired: Access, _ held: ScopedRole) -> Bool {
        if let role = desired.role(in: held.scope) {
            if role == held.role { return true }
            if let right = platform.rank(of: role), let rank = platform.rank(of: held.role), right < rank {
                return true
            }
        }
        return desired.roles.contains {
            $0.scope != held.scope && held.scope.isInside($0.scope) && platform.covers($0.role, held.role)
        }
    }
}
