package import AccessModel

/// One seat pool through one plan.
package struct LedgerRow: Sendable, Equatable {
    package var pool: SeatPool
    package var heldBefore: Int
    package var freed: Int
    package var given: Int
    package var heldAfter: Int
    package var waiting: Int
    /// Since when the first in line waits, seconds since 1970.
    package var oldestWaiting: Int64?
    /// Seats of people inactive for as long as `reclaim_seats` says, which a newcomer would get.
    package var reclaimable: Int
    /// People who gave their seat back while a cause stands, and come back to one.
    package var onLeave: Int

    package init(
        pool: SeatPool, heldBefore: Int, freed: Int, given: Int, heldAfter: Int, waiting: Int, oldestWaiting: Int64?,
        reclaimable: Int = 0, onLeave: Int = 0
    ) {
        self.reclaimable = reclaimable
        self.onLeave = onLeave
        self.pool = pool
        self.heldBefore = heldBefore
        self.freed = freed
        self.given = given
        self.heldAfter = heldAfter
        self.waiting = waiting
        self.oldestWaiting = oldestWaiting
    }
}
