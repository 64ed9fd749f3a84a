import AccessModel
import DirectoryModel

/// The seat ledger of a plan.
enum Ledger {
    static func rows(_ planning: inout Planning, _ lines: LineChanges) -> [LedgerRow] {
        let pools = planning.settings.topology.pools
        if pools.isEmpty { return [] }
        var freed = [Int](repeating: 0, count: pools.count)
        var given = freed
        for item in planning.cases where item.isCreated {
            let isNew = item.flags.contains(.joiner)
            if !isNew, item.final == item.oldAccess, item.newStatus == item.oldStatus { continue }
            let before = isNew ? [] : planning.book.pools(item.oldAccess, item.oldStatus)
            let after = planning.book.pools(item.final, item.newStatus)
            for pool in before where !after.contains(pool) { freed[Int(pool)] += 1 }
            for pool in after where !before.contains(pool) { given[Int(pool)] += 1 }
        }
        var waiting = [Int](repeating: 0, count: pools.count)
        var oldest = [Int64?](repeating: nil, count: pools.count)
        for (place, needed) in zip(lines.waiting, lines.pools) {
            for pool in needed {
                waiting[Int(pool)] += 1
                oldest[Int(pool)] = min(oldest[Int(pool)] ?? Int64.max, place.since)
            }
        }
        let onLeave = onLeave(&planning)
        return pools.indices.map { index in
            let held = index < planning.seats.heldBefore.count ? planning.seats.heldBefore[index] : 0
            return LedgerRow(
                pool: pools[index], heldBefore: held, freed: freed[index], given: given[index],
                heldAfter: held - freed[index] + given[index], waiting: waiting[index], oldestWaiting: oldest[index],
                reclaimable: index < planning.seats.reclaimable.count ? planning.seats.reclaimable[index] : 0,
                onLeave: onLeave[index])
        }
    }

    /// People who would hold a seat, and gave it back while an own cause stands.
    private static func onLeave(_ planning: inout Planning) -> [Int] {
        var onLeave = [Int](repeating: 0, count: planning.settings.topology.pools.count)
        guard planning.settings.policy.ownCauses.contains(where: \.releasesSeat) else { return onLeave }
        for (index, item) in planning.cases.enumerated() where item.newStatus == .suspended {
            guard case .own = planning.releasingCause(index) else { continue }
            let wanted = planning.isMappedByRules(item) ? planning.accessOfGrantSet[Int(item.grantSet)] : item.oldAccess
            let held = planning.book.pools(item.final, .suspended)
            for pool in planning.book.pools(wanted, .active) where !held.contains(pool) { onLeave[Int(pool)] += 1 }
        }
        return onLeave
    }

    /// The ledger of a held target: seats move as in what is left of the plan, in which the line stays as it is; what it
    /// could take back, and who is on leave, is known from the full one.
    static func ofHeld(_ rest: [LedgerRow], full: [LedgerRow]) -> [LedgerRow] {
        full.map { row in
            guard var held = rest.first(where: { $0.pool == row.pool }) else { return row }
            held.reclaimable = row.reclaimable
            held.onLeave = row.onLeave
            return held
        }
    }
}
