import AccessModel
import DirectoryModel

/// Taking seats back from people who have not signed in for long, for people who stand in line: never more than these need.
extension Planning {
    /// A last sign-in at or before this leaves a seat to be taken back; the least number where the policy takes none.
    ///
    /// A feed of sign-ins that is not fresh takes nothing from anybody.
    var reclaimBefore: Int64 {
        guard let seconds = settings.policy.reclaimInactiveSeconds, allowed == .everything else { return Int64.min }
        if let imported = input.roster.signInsImported {
            let age = input.now.subtractingReportingOverflow(imported).partialValue
            if age > settings.policy.inactive.feedNotOlderThanSeconds { return Int64.min }
        }
        let (before, overflow) = input.now.subtractingReportingOverflow(seconds)
        return overflow ? Int64.min : before
    }

    /// Takes back what the line needs, never what a human gave back, least recently signed in first; true when anything was.
    mutating func reclaimSeats() -> Bool {
        seats.reclaimable = [Int](repeating: 0, count: book.topology.pools.count)
        if inactiveHolders.isEmpty { return false }
        var need = seatsInDemand()
        var took = false
        for user in inactiveHolders.sorted(by: signedInBefore) {
            if let index = caseOfUser[user], !mayReclaim(cases[index]) { continue }
            if protection.contains(user: user) { continue }
            if input.roster.details[Int(user)].map(isKeptByHand) == true { continue }
            let held = poolsToFree(of: user)
            let needed = held.filter { need[Int($0)] > 0 }
            if needed.isEmpty {
                for pool in held { seats.reclaimable[Int(pool)] += 1 }
            } else {
                take(needed, from: user)
                for pool in held { need[Int(pool)] -= 1 }
                took = true
            }
        }
        return took
    }

    /// Gives back what was taken: an admin who is kept may stand in line no more, and then so much is not needed.
    mutating func leaveReclaimed() {
        for (index, item, outcome) in reclaimed {
            if cases[index].flags.contains(.keptForFloor) {
                cases[index].flags.formUnion(item.flags.intersection([.emailChanges, .nameChanges]))
            } else {
                cases[index] = item
                outcomes[index] = outcome
            }
        }
        reclaimed = []
    }

    /// Whether a human gave the seat back, or gave access that has not expired.
    private func isKeptByHand(_ details: UserDetails) -> Bool {
        details.lifted.contains(.reclaimed) || details.manual.contains { !$0.isExpired(at: input.now) }
    }

    private func mayReclaim(_ item: PersonCase) -> Bool {
        item.newStatus == .active && item.flags.isDisjoint(with: [.frozen, .protected, .keptForFloor])
            && item.final == item.oldAccess
    }

    /// What people lack who could have a seat tonight, pool by pool, with what is held beyond a lowered limit.
    ///
    /// Places that are merely kept, since nothing is decided about their holders, take nothing from anybody.
    private func seatsInDemand() -> [Int] {
        var need = [Int](repeating: 0, count: book.topology.pools.count)
        for standing in seats.places where standing.kept == SeatOutcome.Standing.none && !standing.place.forPace {
            if let pool = standing.pools.first(where: { seats.free[Int($0)] <= 0 }) { need[Int(pool)] += 1 }
        }
        for place in need.indices where need[place] > 0 { need[place] += max(0, -seats.free[place]) }
        return need
    }

    private func lastSignIn(_ user: UInt32) -> Int64 {
        let person = join.personOfUser[Int(user)]
        let known = input.roster.users[Int(user)].lastSignIn
        return person == RosterJoin.none ? known : max(known, input.mirror.people[Int(person)].lastSignIn)
    }

    private func signedInBefore(_ left: UInt32, _ right: UInt32) -> Bool {
        let (one, other) = (lastSignIn(left), lastSignIn(right))
        return one == other ? left < right : one < other
    }

    /// Pools in which a user's own role takes a seat; one that an outer role takes stays.
    private mutating func poolsToFree(of user: UInt32) -> [UInt32] {
        let row = input.roster.users[Int(user)]
        return book.pools(row.access, row.status).filter { place in
            switch freedBy(place) {
            case .suspend, .remove: true
            case .leave, .lower: book[row.access].role(in: book.topology.pools[Int(place)].scope) != nil
            case nil: false
            }
        }
    }

    private func freedBy(_ pool: UInt32) -> SeatRelease? {
        let name = book.topology.pools[Int(pool)].seatClass
        return settings.platform.seatClasses.first { $0.name == name }?.freedBy
    }

    /// Frees seats of one user in the way of the platform: by suspending or removing, or by leaving or lowering in those
    /// pools alone.
    private mutating func take(_ pools: [UInt32], from user: UInt32) {
        let index = caseOfUser[user] ?? addQuietCase(of: user)
        let freeing = pools.compactMap(freedBy)
        reclaimed.append((index, cases[index], outcomes[index]))
        var outcome = outcomes[index] ?? CauseRules.Outcome(details: details(index))
        let old = cases[index].oldAccess
        let others = Set(book.pools(old, cases[index].oldStatus)).subtracting(pools)
        let rest = released(old, .active, keeping: others)
        let isRemoved = freeing.contains(.remove)
        if isRemoved || freeing.contains(.suspend) || book[rest].roles.isEmpty {
            outcome.details.causes.append(Cause(kind: .reclaimed, since: input.now, by: "run \(input.run)"))
            outcome.details.causes.sort { $0.kind < $1.kind }
            outcome.begun.append(.reclaimed)
            outcome.details.statusBefore = cases[index].oldStatus
            outcome.details.statusSince = input.now
            cases[index].newStatus = isRemoved ? .removed : .suspended
            if isRemoved { cases[index].flags.remove([.emailChanges, .nameChanges]) }
        } else if !outcome.details.pending.contains(where: { $0.kind == .reclaimed }) {
            outcome.details.pending.append(PendingCause(kind: .reclaimed, firstSeen: input.now, runs: 1))
            outcome.details.pending.sort { $0.kind < $1.kind }
        }
        cases[index].wanted = isRemoved ? old : rest
        outcomes[index] = outcome
        cases[index].flags.insert(.reclaimed)
    }

    /// A case for a user about whom there was nothing to think.
    private mutating func addQuietCase(of user: UInt32) -> Int {
        let row = input.roster.users[Int(user)]
        let person = join.personOfUser[Int(user)]
        var item = PersonCase(user: user, person: person)
        item.oldAccess = row.access
        item.wanted = row.access
        item.final = row.access
        item.oldStatus = row.status
        item.newStatus = row.status
        if person != RosterJoin.none { item.grantSet = grantSet(of: Int(person)) }
        caseOfUser[user] = cases.count
        cases.append(item)
        return cases.count - 1
    }
}
