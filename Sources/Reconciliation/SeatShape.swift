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
        /// Further scopes that go with it, once there are too many to tell apart.
        var others: [ScopePath] = []
        /// Of a stand-in that needs a seat of its own the place of the unit that it stands in for.
        var standsInFor: Int?
    }

    struct Move: Hashable {
        var old: UInt32
        /// The old access without what humans gave until now: what may be kept.
        var kept: UInt32
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

    /// The mask of all units that are wanted: those that stand in for none.
    var everything: UInt64 {
        units.indices.reduce(0) { units[$1].standsInFor == nil ? $0 | 1 << UInt64($1) : $0 }
    }

    /// A mask without stand-ins for units that are in it.
    func effective(_ mask: UInt64) -> UInt64 {
        units.indices.reduce(mask) { mask, place in
            guard let unit = units[place].standsInFor, mask & 1 << UInt64(unit) != 0 else { return mask }
            return mask & ~(1 << UInt64(place))
        }
    }

    /// The unit that stands in for another; nil where the stand-in, if there is one, needs no seat.
    func standIn(for unit: Int) -> Int? { units.firstIndex { $0.standsInFor == unit } }
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
                units[units.count - 1].others.append(scope)
                continue
            }
            units.append(
                SeatShape.Unit(
                    scope: scope, role: book[move.wanted].role(in: scope) ?? "",
                    seatPriority: claims.first { $0.scope == scope }?.seatPriority ?? 0, pools: pools))
        }
        var shape = SeatShape(move: move, units: units)
        addStandIns(&shape, held: held)
        return shape
    }

    /// A unit for each stand-in that needs a seat in another pool: it is given there by the same rules, or not at all.
    private mutating func addStandIns(_ shape: inout SeatShape, held: Set<UInt32>) {
        guard settings.policy.whenSeatsRunOut == .otherwise else { return }
        let wanted = Set(book.pools(shape.move.wanted, shape.move.newStatus))
        for place in shape.units.indices where shape.units.count < SeatShape.most {
            let unit = shape.units[place]
            let number = book.number(of: standIn(for: [unit.scope], shape, keeping: held))
            let pools = book.pools(number, shape.move.newStatus).filter { !held.contains($0) }
            let own = pools.filter { !wanted.contains($0) }
            if own.isEmpty || pools.contains(where: unit.pools.contains) { continue }
            shape.units.append(
                SeatShape.Unit(
                    scope: unit.scope, role: unit.role, seatPriority: unit.seatPriority, pools: own, standsInFor: place)
            )
        }
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
        let mask = shape.effective(mask)
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
        let absent = shape.units.indices.filter { mask & (1 << UInt64($0)) == 0 }
        let missing = absent.filter { shape.units[$0].standsInFor == nil }.flatMap {
            [shape.units[$0].scope] + shape.units[$0].others
        }
        let bare = absent.filter { shape.units[$0].standsInFor != nil }.map { shape.units[$0].scope }
        for pools in [allowed, nil] {
            let access = standIn(for: missing, bare: bare, shape, keeping: pools)
            let number = book.number(of: access)
            if book.pools(number, shape.move.newStatus).allSatisfy(allowed.contains) { return number }
        }
        let old = isJoining(shape) ? book.number(of: .none) : shape.move.kept
        // Who returns held no seat while suspended: what was there may not fit any more.
        return book.pools(old, shape.move.newStatus).allSatisfy(allowed.contains) ? old : book.number(of: .none)
    }

    private func isJoining(_ shape: SeatShape) -> Bool { shape.move.oldStatus == .removed }

    /// The wanted access where the missing scopes keep what is there, or get what the rule gives otherwise.
    ///
    /// In `bare` scopes nothing stands in. A role that is there is kept where it needs seats in `pools` only: who returns
    /// from where the seat was freed has it no longer. Without pools the scopes have no role.
    private mutating func standIn(
        for missing: [ScopePath], bare: [ScopePath] = [], _ shape: SeatShape, keeping pools: Set<UInt32>?
    ) -> Access {
        let old = isJoining(shape) ? Access.none : book[shape.move.kept]
        var result = book[shape.move.wanted]
        let present = pools.map { fitting(old, shape, $0) } ?? old
        let claims = desired(shape.move.grantSet).claims
        for scope in missing {
            result.roles.removeAll { $0.scope == scope }
            result.grants.removeAll { $0.scope.isInside(scope) }
            if pools == nil { continue }
            var role = present.role(in: scope)
            if settings.policy.whenSeatsRunOut == .otherwise, !bare.contains(scope),
                let otherwise = claims.first(where: { $0.scope == scope })?.otherwise
            {
                role = higher(role, otherwise)
            }
            let staysAsIs = role != nil && role == present.role(in: scope)
            if let role { result.roles.append(ScopedRole(scope: scope, role: role)) }
            if staysAsIs { result.grants += old.grants.filter { $0.scope.isInside(scope) } }
            if old.role(in: scope) != book[shape.move.wanted].role(in: scope) {
                result = inner(of: scope, present, added: result)
            }
        }
        if result.roles.isEmpty, old.roles.isEmpty { return old }
        return Access(
            roles: result.roles, templates: result.templates, switches: result.switches, grants: result.grants,
            permissions: result.permissions)
    }

    /// An access without the roles that need a seat in other pools.
    private mutating func fitting(_ access: Access, _ shape: SeatShape, _ pools: Set<UInt32>) -> Access {
        var result = access
        for role in access.roles {
            let grants = access.grants.filter { $0.scope.isInside(role.scope) }
            let part = book.number(of: Access(roles: [role], grants: grants))
            if book.pools(part, shape.move.newStatus).allSatisfy(pools.contains) { continue }
            result.roles.removeAll { $0 == role }
        }
        return result
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
