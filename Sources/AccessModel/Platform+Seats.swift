/// Who takes a paid seat.
extension Platform {
    /// Places in `topology.pools` of the seats that a user with this access and status holds; ascending, each once.
    ///
    /// However many grants somebody has in a workspace, they take one seat of a class there.
    package func seatsHeld(by access: Access, status: UserStatus, in topology: Topology) -> [Int] {
        topology.pools.indices.filter { index in
            let pool = topology.pools[index]
            guard let seatClass = seatClass(named: pool.seatClass), seatClass.heldWhile.contains(status) else {
                return false
            }
            return holds(seatClass, in: pool.scope, by: access, topology)
        }
    }

    private func holds(_ seatClass: SeatClass, in scope: ScopePath, by access: Access, _ topology: Topology) -> Bool {
        if let role = access.role(in: scope) {
            if seatClass.roles.contains(role) { return true }
            if seatClass.rolesWithGrant.contains(role), access.grants.contains(where: { $0.scope.isInside(scope) }) {
                return true
            }
        }
        guard topology.scope(at: scope)?.ownersHoldSeats == true else { return false }
        return access.roles.contains { held in
            held.scope.depth < scope.depth && scope.isInside(held.scope) && seatClass.ownerRoles.contains(held.role)
        }
    }
}
