/// Seats of people who have not signed in for long, for people in line.
extension ModelDraft {
    private var target: ModelTarget { night.target }

    /// Takes back as many seats as stand in line for each pool, and what is held above the limit; false for none.
    mutating func reclaim(_ seats: ModelSeats) -> Bool {
        guard let seconds = target.reclaimSeconds, let imported = night.before.signInsImported,
            night.now - imported <= target.feedSeconds
        else { return false }
        var need = seats.unmet
        var took = false
        for person in seats.cases.keys.sorted(by: {
            signedIn($0) == signedIn($1) ? $0 < $1 : signedIn($0) < signedIn($1)
        }) {
            guard let old = night.before.users[person], isAway(person, old, seats, seconds) else { continue }
            let held = target.seats(old.access, old.status).filter { need[$0, default: 0] > 0 }
            if held.isEmpty { continue }
            let all = target.platform.isFreedByLeaving ? held : target.seats(old.access, old.status)
            for scope in all { need[scope, default: 0] -= 1 }
            take(all, from: person, old)
            took = true
        }
        return took
    }

    private func signedIn(_ person: String) -> Int64 { night.before.users[person]?.lastSignIn ?? Int64.max }

    /// Active for long enough, and for as long without a sign-in; nothing else happens to them, and nobody holds a hand
    /// over them.
    private func isAway(_ person: String, _ old: ModelUser, _ seats: ModelSeats, _ seconds: Int64) -> Bool {
        guard let item = seats.cases[person], let new = item.new, let last = old.lastSignIn else { return false }
        let isQuiet = old.status == .active && new.status == .active && new.access == old.access
        let isTreated = night.directory.isThere(person) && !item.isSetAside && !item.isOutside
        let isKept = target.protected.contains(person) || kept.contains(person) || !item.standing.isEmpty
        return isQuiet && isTreated && !isKept && !new.lifted.contains(.reclaimed)
            && night.now - last >= seconds && night.now - old.since >= seconds
    }

    /// Frees seats in the way of the platform: by leaving the scope, by suspending, by removing.
    private mutating func take(_ scopes: Set<String>, from person: String, _ old: ModelUser) {
        guard var item = cases[person], var user = item.new else { return }
        user.access = old.access
        if target.platform.isFreedByLeaving {
            for scope in scopes {
                user.access.grants.subtract(user.access.grants(in: scope))
                user.access.roles[scope] = nil
            }
            if user.access.roles.isEmpty { user.access = ModelAccess() }
        }
        if !target.platform.isFreedByLeaving || user.access.roles.isEmpty {
            user.causes[.reclaimed] = night.now
            user.statusBefore = old.status
            user.statusSince = night.now
            let isFreed = target.platform.isFreedByLeaving || !target.platform.keepsSeatWhileSuspended
            user.status = isFreed ? .suspended : .removed
            if user.status == .removed { user.manual = [] }
            item.mayChange = false
        } else {
            user.pending[.reclaimed] = user.pending[.reclaimed] ?? ModelUser.Pending(firstSeen: night.now, runs: 1)
            takeNoSeat(&item, beyond: target.seats(old.access, old.status).subtracting(scopes))
        }
        item.new = user
        cases[person] = item
    }

    /// Until the next sign-in rules give somebody no seat that they do not hold; humans may.
    func takeNoSeat(_ item: inout Case, beyond held: Set<String>) {
        for (scope, claim) in item.desire.claims {
            let isByHand = item.standing.contains { $0.part == .role(claim.role, scope: scope) }
            let needed = target.seats(ModelAccess(roles: [scope: claim.role], grants: claim.grants), .active)
            if !isByHand, !needed.isSubset(of: held) { item.desire.claims[scope] = nil }
        }
    }
}
