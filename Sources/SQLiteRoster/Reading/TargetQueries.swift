import AccessModel
import DirectoryModel
package import Reconciliation

/// A seat pool of a target as the last applied run left it.
package struct SeatState: Sendable, Equatable {
    package var target: String
    package var row: LedgerRow
    /// People of the pool's scope who wait for no seat, only for their turn among joiners.
    package var waitingForPace: Int
}

/// What one applied run made of a seat pool; runs that changed nothing about it have none.
package struct SeatMove: Sendable, Equatable {
    package var target: String
    package var scope: String
    package var seatClass: String
    package var run: Int64
    /// Seconds since 1970.
    package var time: Int64
    package var limit: Int
    package var freed: Int
    package var given: Int
    package var held: Int
    package var waiting: Int
}

/// Somebody in line, with the email to show.
package struct WaitingPerson: Sendable, Equatable {
    package var target: String
    package var place: PlaceInLine
    package var email: String
}

extension SQLiteRoster {
    /// Targets that the roster knows, sorted.
    package func targets() throws -> [String] {
        try read { connection in
            let rows = try SQLStatement(connection, "SELECT name FROM targets ORDER BY name")
            var names: [String] = []
            try rows.forEach { names.append(rows.text(0)) }
            return names
        }
    }

    /// How many managed users of a target are not removed.
    package func managedUsers(target: String) throws -> Int {
        try read { connection in
            let count = try SQLStatement(
                connection,
                """
                SELECT count(*) FROM users u JOIN targets t USING (target)
                WHERE t.name = ? AND u.managed = 1 AND u.status <> \(StoredCode.code(.removed))
                """)
            count.bind(1, text: target)
            defer { count.reset() }
            return try count.step() ? Int(count.integer(0)) : 0
        }
    }

    /// Seat pools, sorted by target, scope, class; nil is all targets.
    package func seats(target: String? = nil) throws -> [SeatState] {
        try read { connection in
            let rows = try SQLStatement(
                connection,
                """
                SELECT t.name, s.scope, s.class, s.seat_limit, s.price, s.held_before, s.freed, s.given, s.held, s.waiting,
                  s.oldest_waiting, s.reclaimable, s.on_leave, coalesce(p.people, 0)
                FROM seats s JOIN targets t USING (target) LEFT JOIN (
                  SELECT w.target AS target, x.text AS scope, count(*) AS people
                  FROM waiting w JOIN texts x ON x.text_number = w.scope WHERE w.for_pace = 1 GROUP BY w.target, w.scope
                ) p ON p.target = s.target AND p.scope = s.scope
                WHERE ?1 IS NULL OR t.name = ?1
                ORDER BY t.name, s.scope, s.class
                """)
            rows.bind(1, optionalText: target)
            var seats: [SeatState] = []
            try rows.forEach {
                let pool = SeatPool(
                    scope: ScopePath(rows.text(1)), seatClass: rows.text(2), limit: Int(rows.integer(3)),
                    price: rows.optionalText(4))
                let row = LedgerRow(
                    pool: pool, heldBefore: Int(rows.integer(5)), freed: Int(rows.integer(6)),
                    given: Int(rows.integer(7)), heldAfter: Int(rows.integer(8)), waiting: Int(rows.integer(9)),
                    oldestWaiting: rows.optionalInteger(10), reclaimable: Int(rows.integer(11)),
                    onLeave: Int(rows.integer(12)))
                seats.append(SeatState(target: rows.text(0), row: row, waitingForPace: Int(rows.integer(13))))
            }
            return seats
        }
    }

    /// How seats moved, the newest run first; nil is all targets.
    package func seatHistory(target: String? = nil, limit: Int = Int.max) throws -> [SeatMove] {
        try read { connection in
            let rows = try SQLStatement(
                connection,
                """
                SELECT t.name, s.scope, s.class, s.run, s.time, s.seat_limit, s.freed, s.given, s.held, s.waiting
                FROM seat_history s JOIN targets t USING (target) WHERE ?1 IS NULL OR t.name = ?1
                ORDER BY s.run DESC, t.name, s.scope, s.class LIMIT \(limit)
                """)
            rows.bind(1, optionalText: target)
            var moves: [SeatMove] = []
            try rows.forEach {
                moves.append(
                    SeatMove(
                        target: rows.text(0), scope: rows.text(1), seatClass: rows.text(2), run: rows.integer(3),
                        time: rows.integer(4), limit: Int(rows.integer(5)), freed: Int(rows.integer(6)),
                        given: Int(rows.integer(7)), held: Int(rows.integer(8)), waiting: Int(rows.integer(9))))
            }
            return moves
        }
    }

    /// The line for seats of a target in order, at most so many.
    package func waiting(target: String, limit: Int = Int.max) throws -> [WaitingPerson] {
        try read { connection in
            let rows = try SQLStatement(
                connection,
                """
                SELECT d.name, w.entry_id, s.text, r.text, w.seat_priority, w.since, w.for_pace, w.label, w.is_first
                FROM waiting w JOIN targets t USING (target) JOIN directories d ON d.directory = w.directory
                  JOIN texts s ON s.text_number = w.scope JOIN texts r ON r.text_number = w.role
                WHERE t.name = ? ORDER BY s.text, w.is_first DESC, w.seat_priority DESC, w.since, w.entry_id, d.name LIMIT \(limit)
                """)
            rows.bind(1, text: target)
            var line: [WaitingPerson] = []
            try rows.forEach {
                let place = PlaceInLine(
                    person: PersonKey(directory: rows.text(0), id: try rows.id(1)), scope: ScopePath(rows.text(2)),
                    role: rows.text(3), seatPriority: Int(rows.integer(4)), since: rows.integer(5),
                    forPace: rows.integer(6) == 1, isFirst: rows.integer(8) == 1)
                line.append(WaitingPerson(target: target, place: place, email: rows.text(7)))
            }
            return line
        }
    }

    /// The mapped groups of a target with their effective people, as the last applied run counted them.
    package func mappedGroups(target: String) throws -> [GroupBaseline] {
        try read { connection in
            guard let number = try TargetNumbers.known(target, connection) else { return [] }
            return try BaselineReader(connection: connection).mappedGroups(target: number)
        }
    }

    /// The findings of a target in its last applied run.
    package func findings(target: String) throws -> [Finding] {
        try read { connection in
            guard let number = try TargetNumbers.known(target, connection) else { return [] }
            return try FindingsReader(connection: connection).findings(target: number)
        }
    }
}
