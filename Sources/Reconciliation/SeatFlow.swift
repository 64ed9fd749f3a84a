import AccessModel
import DirectoryModel

/// Seats that a plan made by hand frees and gives, pool by pool.
struct SeatFlow {
    private var freed: [Int]
    private var given: [Int]

    init(_ topology: Topology) {
        freed = [Int](repeating: 0, count: topology.pools.count)
        given = freed
    }

    /// Counts somebody whose access, or status, becomes another; nil is no user.
    mutating func move(from old: (UInt32, UserStatus)?, to new: (UInt32, UserStatus)?, _ book: inout AccessBook) {
        let before = old.map { book.pools($0.0, $0.1) } ?? []
        let after = new.map { book.pools($0.0, $0.1) } ?? []
        for pool in before where !after.contains(pool) { freed[Int(pool)] += 1 }
        for pool in after where !before.contains(pool) { given[Int(pool)] += 1 }
    }

    /// The ledger after the plan: the line as the last run counted it, but for places that come or go, and what that run
    /// knew of seats to take back and of people on leave.
    func ledger(_ roster: TargetRoster, waiting: [PlaceInLine], _ book: inout AccessBook) -> [LedgerRow] {
        let pools = book.topology.pools
        if pools.isEmpty { return [] }
        let held = AccessCensus(roster: roster, accesses: roster.accesses.count).seatsHeld(in: &book)
        let last = pools.map { pool in
            roster.ledger.first { $0.pool.scope == pool.scope && $0.pool.seatClass == pool.seatClass }
        }
        let isSameLine = waiting == roster.waiting
        // Half a million people may wait: the line is counted only where something of it is not known.
        let isKnown = isSameLine && !last.contains(nil)
        let now = isKnown ? LineCount(pools.count) : LineCount(waiting, &book)
        let then = isSameLine ? now : LineCount(roster.waiting, &book)
        return pools.indices.map { index in
            let isSame = then.places[index] == now.places[index]
            let oldest = last[index].map { isSame ? $0.oldestWaiting : now.oldest[index] } ?? now.oldest[index]
            let line = last[index].map { $0.waiting + now.places[index] - then.places[index] }
            return LedgerRow(
                pool: pools[index], heldBefore: held[index], freed: freed[index], given: given[index],
                heldAfter: held[index] - freed[index] + given[index], waiting: max(0, line ?? now.places[index]),
                oldestWaiting: oldest, reclaimable: last[index]?.reclaimable ?? 0, onLeave: last[index]?.onLeave ?? 0)
        }
    }
}

/// How many places of a line need a seat of each pool, and since when the oldest.
private struct LineCount {
    var places: [Int]
    var oldest: [Int64?]

    init(_ pools: Int) {
        places = [Int](repeating: 0, count: pools)
        oldest = [Int64?](repeating: nil, count: pools)
    }

    init(_ line: [PlaceInLine], _ book: inout AccessBook) {
        self.init(book.topology.pools.count)
        for place in line {
            for pool in book.poolsAwaited(place) {
                places[Int(pool)] += 1
                oldest[Int(pool)] = min(oldest[Int(pool)] ?? Int64.max, place.since)
            }
        }
    }
}
