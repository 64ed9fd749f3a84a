import AccessModel

/// Giving seats back: what is left of an access, and why.
extension Planning {
    /// The weightiest standing cause of a case that gives its seat back.
    func releasingCause(_ index: Int) -> CauseKind? {
        let item = cases[index]
        if item.flags.contains(.joiner) { return nil }
        return details(index).causes.map(\.kind).filter(settings.releasesSeat).min { $0.weight < $1.weight }
    }

    /// Whether the seat was taken back from somebody who has not signed in since, and keeps the rest.
    func isReclaimed(_ index: Int) -> Bool {
        details(index).pending.contains { $0.kind == .reclaimed }
    }

    /// A user's details after the plan.
    func details(_ index: Int) -> UserDetails {
        outcomes[index]?.details ?? input.roster.details[Int(cases[index].user)] ?? UserDetails()
    }

    /// The access without what holds seats in other pools, where leaving or lowering frees them.
    mutating func released(_ number: UInt32, _ status: UserStatus, keeping pools: Set<UInt32> = []) -> UInt32 {
        book.released(number, status, on: settings.platform, keeping: pools)
    }

    /// What rules give somebody whose seat was taken back: no seat that they do not hold.
    mutating func withoutNewSeats(_ number: UInt32, _ index: Int) -> UInt32 {
        let item = cases[index]
        return released(number, item.newStatus, keeping: Set(book.pools(item.oldAccess, item.oldStatus)))
    }
}

extension TargetSettings {
    /// Whether a cause gives seats back while it stands.
    func releasesSeat(_ kind: CauseKind) -> Bool { kind == .reclaimed || policy.own(kind)?.releasesSeat == true }
}

extension AccessBook {
    /// The access without what holds seats, where leaving or lowering frees them; the same where only removal does.
    ///
    /// An outer role that holds seats further in stays as it is, and so does what holds seats in pools that are kept.
    mutating func released(
        _ number: UInt32, _ status: UserStatus, on platform: Platform, keeping kept: Set<UInt32> = []
    ) -> UInt32 {
        let pools = pools(number, status).filter { !kept.contains($0) }
        if pools.isEmpty { return number }
        var access = self[number]
        for place in pools {
            let pool = topology.pools[Int(place)]
            guard let seatClass = platform.seatClasses.first(where: { $0.name == pool.seatClass }),
                let role = access.role(in: pool.scope),
                seatClass.freedBy == .leave || seatClass.freedBy == .lower
            else { continue }
            access.roles.removeAll { $0.scope == pool.scope }
            let lower =
                seatClass.freedBy == .lower ? AccessBook.lowerRole(than: role, without: seatClass, on: platform) : nil
            if let lower {
                access.roles.append(ScopedRole(scope: pool.scope, role: lower))
            } else {
                access.grants.removeAll { $0.scope.isInside(pool.scope) }
            }
        }
        if access.roles.isEmpty { return self.number(of: .none) }
        return self.number(
            of: Access(
                roles: access.roles, templates: access.templates, switches: access.switches, grants: access.grants,
                permissions: access.permissions))
    }

    /// The highest role below another, in the same kind of scope, that takes no seat of a class.
    private static func lowerRole(
        than role: String, without seatClass: SeatClass, on platform: Platform
    ) -> String? {
        guard let rank = platform.rank(of: role), let scope = platform.role(named: role)?.scope else { return nil }
        return platform.roles.enumerated().first { place, other in
            place > rank && other.scope == scope && !seatClass.roles.contains(other.name)
                && !seatClass.rolesWithGrant.contains(other.name)
        }?.element.name
    }
}
