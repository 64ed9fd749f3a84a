import AccessModel
import MappingLanguage

/// How one move from an old access to a wanted one can be granted in part: a unit for each scope whose role needs a seat.
///
/// People with the same move share a shape.
struct SeatShape {
    struct Unit {
        var scope: ScopePath
        var role: String
        var seatPriority: Int
        /// Pools in which the unit needs a seat, by place in the topology.
        var pools: [UInt32]
    }

    struct Move: Hashable {
        var old: UInt32
        var oldStatus: UserStatus
        var wanted: UInt32
        var newStatus: UserStatus
        var grantSet: UInt32
    }

    var move: Move
    var units: [Unit]
    /// The access for each set of granted units, by bit mask; 0 is what needs no further seat.
    var accesses: [UInt64: UInt32] = [:]

    /// At most so many units are told apart; further ones go with the last.
    static let most = 63

    /// The mask of all units.
    var everything: UInt64 { units.isEmpty ? 0 : (1 << UInt64(units.count)) - 1 }
}

extension Planning {
    /// The units of a move; empty when it needs no seat that is not held already.
    mutating func shape(of move: SeatShape.Move) -> SeatShape {
        let held = Set(book.pools(move.old, move.oldStatus))
        let needed = book.pools(move.wanted, move.newStatus).filter { !held.contains($0) }
        var pools: [ScopePath: [UInt32]] = [:]
        for pool in needed {
            pools[responsibleScope(for: book.topology.pools[Int(pool)], in: book[move.wanted]), default: []].append(
                pool)
        }
        let claims = desired(move.grantSet).claims
        var units: [SeatShape.Unit] = []
        for (scope, pools) in pools.sorted(by: { $0.key < $1.key }) {
            if units.count == SeatShape.most {
                units[units.count - 1].pools += pools
                continue
            }
            units.append(
                SeatShape.Unit(
                    scope: scope, role: book[move.wanted].role(in: scope) ?? "",
                    seatPriority: claims.first { $0.scope == scope }?.seatPriority ?? 0, pools: pools))
        }
        return SeatShape(move: move, units: units)
    }

    /// The scope whose role takes the seat: the pool's own, or an outer one.
    private func responsibleScope(for pool: SeatPool, in access: Access) -> ScopePath {
        guard let seatClass = settings.platform.seatClasses.first(where: { $0.name == pool.seatClass }) else {
            return pool.scope
        }
        if let role = access.role(in: pool.scope) {
            if seatClass.roles.contains(role) { return pool.scope }
            let hasGrant = access.grants.contains { $0.scope.isInside(pool.scope) }
            if hasGrant, seatClass.rolesWithGrant.contains(role) { return pool.scope }
        }
        let owner = access.roles.first { held in
            held.scope.depth < pool.scope.depth && pool.scope.isInside(held.scope)
                && seatClass.ownerRoles.contains(held.role)
        }
        return owner?.scope ?? pool.scope
    }

    /// The access when only the units in the mask are granted.
    mutating func access(_ mask: UInt64, of shape: inout SeatShape) -> UInt32 {
        if mask == shape.everything { return shape.move.wanted }
        if let known = shape.accesses[mask] { return known }
        let held = book.pools(shape.move.old, shape.move.oldStatus)
        var allowed = Set(held)
        for (index, unit) in shape.units.enumerated() where mask & (1 << UInt64(index)) != 0 {
            allowed.formUnion(unit.pools)
        }
        let number = partialAccess(mask, shape, allowed)
        shape.accesses[mask] = number
        return number
    }

    private mutating func partialAccess(_ mask: UInt64, _ shape: SeatShape, _ allowed: Set<UInt32>) -> UInt32 {
        let missing = shape.units.indices.filter { mask & (1 << UInt64($0)) == 0 }.map { shape.units[$0].scope }
        for keepsRoles in [true, false] {
            let access = standIn(for: missing, shape, keepsRoles: keepsRoles)
            let number = book.number(of: access)
            if book.pools(number, shape.move.newStatus).allSatisfy(allowed.contains) { return number }
        }
        return isJoining(shape) ? book.number(of: .none) : shape.move.old
    }

    private func isJoining(_ shape: SeatShape) -> Bool { shape.move.oldStatus == .removed }

    /// The wanted access where the missing scopes keep what is there, or get what the rule gives otherwise.
    private func standIn(for missing: [ScopePath], _ shape: SeatShape, keepsRoles: Bool) -> Access {
        let old = isJoining(shape) ? Access.none : book[shape.move.old]
        var result = book[shape.move.wanted]
        let claims = desired(shape.move.grantSet).claims
        for scope in missing {
            result.roles.removeAll { $0.scope == scope }
            result.grants.removeAll { $0.scope.isInside(scope) }
            if !keepsRoles { continue }
            var role = old.role(in: scope)
            if settings.policy.whenSeatsRunOut == .otherwise,
                let otherwise = claims.first(where: { $0.scope == scope })?.otherwise
            {
                role = higher(role, otherwise)
            }
            let staysAsIs = role != nil && role == old.role(in: scope)
            if let role { result.roles.append(ScopedRole(scope: scope, role: role)) }
            if staysAsIs { result.grants += old.grants.filter { $0.scope.isInside(scope) } }
            if old.role(in: scope) != book[shape.move.wanted].role(in: scope) {
                result = inner(of: scope, old, added: result)
            }
        }
        if result.roles.isEmpty, old.roles.isEmpty { return .none }
        return Access(
            roles: result.roles, templates: result.templates, switches: result.switches, grants: result.grants,
            permissions: result.permissions)
    }

    /// Who waits for an outer role keeps the inner ones.
    private func inner(of scope: ScopePath, _ old: Access, added result: Access) -> Access {
        var result = result
        for role in old.roles
        where role.scope != scope && role.scope.isInside(scope) && result.role(in: role.scope) == nil {
            result.roles.append(role)
            result.grants += old.grants.filter { $0.scope.isInside(role.scope) && !result.grants.contains($0) }
        }
        return result
    }

    /// The one of higher rank.
    private func higher(_ one: String?, _ other: String) -> String {
        guard let one, let rank = settings.platform.rank(of: one) else { return other }
        guard let otherRank = settings.platform.rank(of: other) else { return one }
        return otherRank < rank ? other : one
    }
}
