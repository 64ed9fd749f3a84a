import AccessModel

/// What somebody newly has, and which seats a place in line is for.
extension AccessBook {
    /// What is privileged in a new access and not in an old one.
    ///
    /// A role that one of the old roles covers from further out is no gain: whoever is lowered gets nothing new.
    mutating func gained(_ new: UInt32, beside old: UInt32) -> Set<HeldPrivilege> {
        let more = privileges(new).subtracting(privileges(old))
        if more.isEmpty { return [] }
        let roles = self[old].roles
        return more.filter { !isCovered($0, by: roles) }
    }

    /// Whether roles of enclosing scopes permit all that a privileged role does.
    func isCovered(_ privilege: HeldPrivilege, by roles: [ScopedRole]) -> Bool {
        guard case .role(let name) = privilege.right else { return false }
        return roles.contains { held in
            held.scope != privilege.scope && privilege.scope.isInside(held.scope) && platform.covers(held.role, name)
        }
    }

    /// Places in the topology's pools that somebody who waits for a role in a scope needs a seat in; ascending.
    ///
    /// Where the role takes one only beside a grant, which a place in line does not name, that one.
    mutating func poolsAwaited(_ place: PlaceInLine) -> [UInt32] {
        if place.forPace || topology.pools.isEmpty { return [] }
        let role = ScopedRole(scope: place.scope, role: place.role)
        if let known = awaited[role] { return known }
        var found = pools(number(of: Access(roles: [role])), .active)
        if found.isEmpty {
            let withGrant = platform.seatClasses.filter { $0.rolesWithGrant.contains(role.role) }.map(\.name)
            found = topology.pools.indices.filter {
                topology.pools[$0].scope == role.scope && withGrant.contains(topology.pools[$0].seatClass)
            }.map { UInt32(truncatingIfNeeded: $0) }
        }
        awaited[role] = found
        return found
    }
}
