/// What roles, templates and whole accesses amount to.
extension Platform {
    package func effectivePermissions(of role: Role) -> PermissionSet {
        PermissionSet(role.permissions, on: self)
    }

    package func effectivePermissions(of template: Template) -> PermissionSet {
        PermissionSet(template.permissions, on: self)
    }

    /// What an access permits in one scope: the roles of that scope and of those around it, grants, templates and
    /// direct permissions, merged.
    ///
    /// Names that today's platform or templates do not know give nothing.
    package func effectivePermissions(
        of access: Access, templates: TemplateBook, in scope: ScopePath
    ) -> PermissionSet {
        var result = PermissionSet(access.permissions, on: self)
        for held in access.roles where scope.isInside(held.scope) {
            if let role = role(named: held.role) { result.merge(effectivePermissions(of: role), on: self) }
        }
        for grant in access.grants where scope.isInside(grant.scope) && hasEffect(grant, in: access) {
            if let role = role(named: grant.role) { result.merge(effectivePermissions(of: role), on: self) }
        }
        for name in access.templates {
            guard let template = templates.template(named: name) else { continue }
            result.merge(effectivePermissions(of: template), on: self)
        }
        return result
    }

    /// Switches that are on: by themselves, by a role, or forced on; in the order of the platform file.
    package func effectiveSwitches(of access: Access) -> [String] {
        let held = access.roles.map(\.role)
        return switches.map(\.name).filter { name in
            access.switches.contains(name) || isForced(name, by: held)
                || held.contains { role(named: $0)?.switches.contains(name) == true }
        }
    }

    /// Whether the platform keeps a switch on for one of these roles, so that it cannot be turned off.
    package func isForced(_ name: String, by roles: [String]) -> Bool {
        switches.contains { $0.name == name && $0.forcedOnFor.contains(where: roles.contains) }
    }

    /// Whether who has the first role in a wider scope gains nothing by the second in a narrower one.
    package func covers(_ outer: Role, _ inner: Role) -> Bool {
        guard outer.scope < inner.scope else { return false }
        let mine = effectivePermissions(of: outer)
        let switchesOfOuter = effectiveSwitches(of: Access(roles: [ScopedRole(scope: .root, role: outer.name)]))
        let switchesOfInner = effectiveSwitches(of: Access(roles: [ScopedRole(scope: .root, role: inner.name)]))
        return mine.contains(effectivePermissions(of: inner), on: self)
            && switchesOfInner.allSatisfy(switchesOfOuter.contains)
    }

    /// `covers` by name; false where the platform does not know one of the two.
    package func covers(_ outer: String, _ inner: String) -> Bool {
        guard let outer = role(named: outer), let inner = role(named: inner) else { return false }
        return covers(outer, inner)
    }

    /// Grants that change nothing: the role they stand on has their permissions anyway, is of the wrong kind, or is missing.
    package func grantsWithoutEffect(in access: Access) -> [ScopedRole] {
        access.grants.filter { !hasEffect($0, in: access) }
    }

    private func hasEffect(_ grant: ScopedRole, in access: Access) -> Bool {
        guard let kind = grants.first(where: { $0.scope == grant.scope.depth && $0.role == grant.role }),
            let granted = role(named: grant.role)
        else { return false }
        let base = grant.scope.ancestor(atDepth: granted.scope)
        let covered = access.roles.contains { grant.scope.isInside($0.scope) && covers($0.role, grant.role) }
        return !covered && access.roles.contains { $0.scope == base && kind.on.contains($0.role) }
    }
}
