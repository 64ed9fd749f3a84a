/// One thing in an access that takes a privileged rule, and an approval.
package struct Privilege: Hashable, Sendable, Comparable {
    package enum Right: Hashable, Sendable {
        case role(String)
        /// A level or an action of an area.
        case permission(area: String, value: String)
    }

    /// Where it comes from.
    package enum Source: Hashable, Sendable {
        /// A role of the access in its scope.
        case role
        /// A grant in a narrower scope.
        case grant
        case template(String)
        /// A permission given directly.
        case direct
    }

    package var right: Right
    package var scope: ScopePath
    package var source: Source

    package init(_ right: Right, in scope: ScopePath, from source: Source) {
        self.right = right
        self.scope = scope
        self.source = source
    }

    package static func < (left: Privilege, right: Privilege) -> Bool {
        if left.scope != right.scope { return left.scope < right.scope }
        return precedes(left.sortText, right.sortText)
    }

    private var sortText: String {
        let what =
            switch right {
            case .role(let name): "0 \(name)"
            case .permission(let area, let value): "1 \(area) \(value)"
            }
        switch source {
        case .role: return what + " 0"
        case .grant: return what + " 1"
        case .template(let name): return what + " 2 \(name)"
        case .direct: return what + " 3"
        }
    }
}

extension Privilege: CustomStringConvertible {
    /// `account-admin`, `users: manage by template manager`; for messages.
    package var description: String {
        let what =
            switch right {
            case .role(let name): name
            case .permission(let area, let value): "\(area): \(value)"
            }
        let place = scope == .root ? "" : " in \(scope)"
        return if case .template(let name) = source { "\(what) by template \(name)\(place)" } else { "\(what)\(place)" }
    }
}

extension Platform {
    /// Everything privileged in an access, whether by role, grant, template or direct permission; sorted.
    package func privileges(in access: Access, templates: TemplateBook) -> [Privilege] {
        var found: Set<Privilege> = []
        for (held, source) in access.roles.map({ ($0, Privilege.Source.role) })
            + access.grants.map({ ($0, Privilege.Source.grant) })
        {
            guard let role = role(named: held.role), role.privileged else { continue }
            found.insert(Privilege(.role(role.name), in: held.scope, from: source))
        }
        for name in access.templates {
            guard let template = templates.template(named: name) else { continue }
            found.formUnion(privileges(in: effectivePermissions(of: template), from: .template(name)))
        }
        found.formUnion(privileges(in: PermissionSet(access.permissions, on: self), from: .direct))
        return found.sorted()
    }

    /// Privileged levels and actions in a set of permissions.
    ///
    /// A level is in the set when the set's level is that one or a higher one.
    package func privileges(in permissions: PermissionSet, from source: Privilege.Source) -> [Privilege] {
        var found: [Privilege] = []
        for (index, area) in areas.enumerated() where permissions.values.indices.contains(index) {
            let value = permissions.values[index]
            for name in area.privileged {
                let needed = area.scale.value(of: [name])
                let isGiven =
                    switch area.scale {
                    case .levels: needed > 0 && value >= needed
                    case .actions: value & needed != 0
                    }
                if isGiven {
                    found.append(Privilege(.permission(area: area.path, value: name), in: .root, from: source))
                }
            }
        }
        return found
    }
}
