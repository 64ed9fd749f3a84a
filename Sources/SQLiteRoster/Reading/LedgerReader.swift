import AccessModel
import Reconciliation

/// Reads the seats of one target as its last run counted them.
struct LedgerReader {
    var connection: OpaquePointer

    /// By scope, then class.
    func ledger(target: Int64) throws -> [LedgerRow] {
        let rows = try SQLStatement(
            connection,
            """
            SELECT scope, class, seat_limit, price, held_before, freed, given, held, waiting, oldest_waiting, reclaimable,
              on_leave
            FROM seats WHERE target = ? ORDER BY scope, class
            """)
        rows.bind(1, target)
        var ledger: [LedgerRow] = []
        try rows.forEach {
            let pool = SeatPool(
                scope: ScopePath(rows.text(0)), seatClass: rows.text(1), limit: Int(rows.integer(2)),
                price: rows.optionalText(3))
            ledger.append(
                LedgerRow(
                    pool: pool, heldBefore: Int(rows.integer(4)), freed: Int(rows.integer(5)),
                    given: Int(rows.integer(6)), heldAfter: Int(rows.integer(7)), waiting: Int(rows.integer(8)),
                    oldestWaiting: rows.optionalInteger(9), reclaimable: Int(rows.integer(10)),
                    onLeave: Int(rows.integer(11))))
        }
        return ledger
    }
}
