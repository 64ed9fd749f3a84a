import AccessModel
import DirectoryModel
import Reconciliation

/// Writes what the next run compares with: seats, findings, baseline, protected people; and what it used of approvals.
struct TargetStateWriter {
    var context: PlanContext

    private var connection: OpaquePointer { context.connection }
    private var plan: TargetPlan { context.plan }

    func write() throws {
        try writeSeatHistory()
        try writeSeats()
        try writeGuardCounts()
        if plan.isNightly { try FindingsWriter(context: context).write() }
        if let baseline = plan.baseline {
            try BaselineWriter(connection: connection, target: context.target).write(baseline)
        }
        try writeProtected()
        try writeApprovals()
    }

    private func clear(_ table: String) throws {
        let delete = try SQLStatement(connection, "DELETE FROM \(table) WHERE target = ?")
        delete.bind(1, context.target)
        try delete.run()
    }

    private func writeSeats() throws {
        try clear("seats")
        let insert = try SQLStatement(
            connection,
            """
            INSERT INTO seats (target, scope, class, seat_limit, price, held_before, freed, given, held, waiting, oldest_waiting, reclaimable,
              on_leave)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        for row in plan.ledger {
            insert.bind(1, context.target)
            insert.bind(2, text: row.pool.scope.description)
            insert.bind(3, text: row.pool.seatClass)
            insert.bind(4, row.pool.limit)
            insert.bind(5, optionalText: row.pool.price)
            insert.bind(6, row.heldBefore)
            insert.bind(7, row.freed)
            insert.bind(8, row.given)
            insert.bind(9, row.heldAfter)
            insert.bind(10, row.waiting)
            insert.bind(11, optional: row.oldestWaiting)
            insert.bind(12, row.reclaimable)
            insert.bind(13, row.onLeave)
            try insert.run()
        }
    }

    /// One row for each pool in which something is another than in the last row; before `seats` is written anew.
    private func writeSeatHistory() throws {
        let insert = try SQLStatement(
            connection,
            """
            INSERT OR REPLACE INTO seat_history (target, scope, class, run, time, seat_limit, freed, given, held, waiting)
            SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10 WHERE NOT EXISTS (
              SELECT 1 FROM seats WHERE target = ?1 AND scope = ?2 AND class = ?3 AND seat_limit = ?6 AND held = ?9
                AND waiting = ?10 AND ?7 = 0 AND ?8 = 0)
            """)
        for row in plan.ledger {
            insert.bind(1, context.target)
            insert.bind(2, text: row.pool.scope.description)
            insert.bind(3, text: row.pool.seatClass)
            insert.bind(4, context.run)
            insert.bind(5, context.started)
            insert.bind(6, row.pool.limit)
            insert.bind(7, row.freed)
            insert.bind(8, row.given)
            insert.bind(9, row.heldAfter)
            insert.bind(10, row.waiting)
            try insert.run()
        }
    }

    /// How long counts are kept: longer than any rolling window.
    private static let keptSeconds: Int64 = 100 * 86_400

    private func writeGuardCounts() throws {
        if plan.guardCounts.isEmpty { return }
        let insert = try SQLStatement(
            connection, "INSERT OR REPLACE INTO guard_counts (target, run, kind, time, people) VALUES (?, ?, ?, ?, ?)")
        for count in plan.guardCounts where count.people > 0 {
            insert.bind(1, context.target)
            insert.bind(2, count.run)
            insert.bind(3, text: count.kind.rawValue)
            insert.bind(4, count.time)
            insert.bind(5, count.people)
            try insert.run()
        }
        let delete = try SQLStatement(connection, "DELETE FROM guard_counts WHERE target = ? AND time < ?")
        delete.bind(1, context.target)
        delete.bind(2, context.started.subtractingReportingOverflow(TargetStateWriter.keptSeconds).partialValue)
        try delete.run()
    }

    /// The plan holds everybody who is protected, pinned before or now.
    private func writeProtected() throws {
        try clear("protected_people")
        let insert = try SQLStatement(
            connection, "INSERT OR IGNORE INTO protected_people (target, directory, entry_id) VALUES (?, ?, ?)")
        for person in plan.protected {
            insert.bind(1, context.target)
            insert.bind(2, text: person.directory)
            insert.bind(3, id: person.id)
            try insert.run()
        }
    }

    private func writeApprovals() throws {
        let record = try SQLStatement(
            connection,
            "INSERT INTO approval_uses (run, target, digest, kind, group_name, file, people) VALUES (?, ?, ?, ?, ?, ?, ?)"
        )
        for use in [ApprovalUse].together([plan.approvalsSpent]) where use.count > 0 {
            record.bind(1, context.run)
            record.bind(2, context.target)
            record.bind(3, text: use.digest)
            record.bind(4, text: use.allowed.kind.rawValue)
            record.bind(5, text: use.allowed.group)
            record.bind(6, text: use.file)
            record.bind(7, use.count)
            try record.run()
        }
    }
}
