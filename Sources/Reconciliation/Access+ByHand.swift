package import AccessModel
import MappingLanguage

/// What rules give and what humans give, put together and taken apart.
extension Access {
    /// This access with more parts: in each scope the higher role wins, the rest adds up; what then has no effect is left out.
    ///
    /// Where a platform allows one template per user, the given one replaces what is there.
    func joined(with parts: [ManualGrant.Part], on platform: Platform) -> Access {
        if parts.isEmpty { return self }
        var result = self
        var permissions = PermissionSet(result.permissions, on: platform)
        for part in parts {
            switch part {
            case .role(let role, let scope): Access.raise(&result.roles, to: role, in: scope, platform)
            case .template(let name):
                if platform.templatesPerUser == .one { result.templates = [] }
                if !result.templates.contains(name) { result.templates.append(name) }
            case .switchOn(let name): if !result.switches.contains(name) { result.switches.append(name) }
            case .grant(let role, let scope): Access.raise(&result.grants, to: role, in: scope, platform)
            case .permission(let area, let values):
                permissions.merge(PermissionSet([AreaSetting(area: area, values: values)], on: platform), on: platform)
            }
        }
        if parts.contains(where: \.isPermission) { result.permissions = permissions.settings(on: platform) }
        let all = result.roles
        result.roles.removeAll { inner in
            all.contains { outer in
                outer.scope.depth < inner.scope.depth && inner.scope.isInside(outer.scope)
                    && platform.covers(outer.role, inner.role)
            }
        }
        return result.sorted.withoutIdleGrants(on: platform)
    }

    private static func raise(
        _ held: inout [ScopedRole], to role: String, in scope: ScopePath, _ platform: Platform
    ) {
        guard let rank = platform.rank(of: role) else { return }
        if let place = held.firstIndex(where: { $0.scope == scope }) {
            if let present = platform.rank(of: held[place].role), present <= rank { return }
            held.remove(at: place)
        }
        held.append(ScopedRole(scope: scope, role: role))
    }

    /// This access without the parts; of permissions the whole area goes.
    func without(_ parts: [ManualGrant.Part]) -> Access {
        if parts.isEmpty { return self }
        var result = self
        for part in parts {
            switch part {
            case .role(let role, let scope): result.roles.removeAll { $0 == ScopedRole(scope: scope, role: role) }
            case .template(let name): result.templates.removeAll { $0 == name }
            case .switchOn(let name): result.switches.removeAll { $0 == name }
            case .grant(let role, let scope): result.grants.removeAll { $0 == ScopedRole(scope: scope, role: role) }
            case .permission(let area, _): result.permissions.removeAll { $0.area == area }
            }
        }
        return result
    }

    /// The parts of this access that stand where the given part stands: the role in its scope, the setting of its area.
    func parts(besides part: ManualGrant.Part) -> [ManualGrant.Part] {
        manualParts.filter { mine in
            switch (part, mine) {
            case (.role(_, let scope), .role(_, let other)), (.grant(_, let scope), .grant(_, let other)):
                scope == other
            case (.template, .template): true
            case (.switchOn(let name), .switchOn(let other)): name == other
            case (.permission(let area, _), .permission(let other, _)): area == other
            default: false
            }
        }
    }

    private var sorted: Access {
        Access(roles: roles, templates: templates, switches: switches, grants: grants, permissions: permissions)
    }

    /// Without roles on assistants that have no effect beside the roles there are.
    func withoutIdleGrants(on platform: Platform) -> Access {
        if grants.isEmpty { return self }
        var result = self
        let idle = platform.grantsWithoutEffect(in: self)
        result.grants.removeAll(where: idle.contains)
        return result
    }
}

extension ManualGrant.Part {
    fileprivate var isPermission: Bool {
        if case .permission = self { true } else { false }
    }
}

extension Access {
    /// The access in two: what humans gave of it, and the rest.
    package func apart(_ grants: [ManualGrant]) -> (rules: Access, byHand: [ManualGrant.Part]) {
        let held = manualParts
        let byHand = grants.map(\.part).filter(held.contains)
        return (without(byHand), byHand)
    }
}
