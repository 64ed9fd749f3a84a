package import Reconciliation

extension SQLiteRoster: Outbox {
    package func due(at now: Int64, most: Int) throws -> [OutboxMessage] {
        try read(patiently: true) { connection in
            let rows = try SQLStatement(
                connection,
                """
                \(OutboxRows.select) WHERE o.dead = 0 AND o.next_try <= ?1 AND NOT EXISTS (
                  SELECT 1 FROM outbox b WHERE b.user = o.user AND b.message < o.message
                    AND (b.dead = 1 OR b.next_try > ?1))
                ORDER BY o.message LIMIT ?2
                """)
            rows.bind(1, now)
            rows.bind(2, most)
            return try OutboxRows.list(rows)
        }
    }

    package func messages() throws -> [OutboxMessage] {
        try read { try OutboxRows.list(SQLStatement($0, "\(OutboxRows.select) ORDER BY o.message")) }
    }

    package func counts() throws -> (waiting: Int, dead: Int) {
        try read(patiently: true) { connection in
            let all = try integer(connection, "SELECT count(*) FROM outbox") ?? 0
            let dead = try integer(connection, "SELECT count(*) FROM outbox WHERE dead = 1") ?? 0
            return (Int(all - dead), Int(dead))
        }
    }

    package func backlog() throws -> [OutboxBacklog] { try outbox(areDead: false) }

    /// Dead letters, by target.
    package func deadLetters() throws -> [OutboxBacklog] { try outbox(areDead: true) }

    private func outbox(areDead: Bool) throws -> [OutboxBacklog] {
        try read(patiently: true) { connection in
            let rows = try SQLStatement(
                connection,
                """
                SELECT name, count(*), min(queued), sum(suspends), min(CASE WHEN suspends THEN queued END)
                FROM (SELECT t.name, o.queued, instr(o.body, ?1) > 0 AS suspends
                  FROM outbox o JOIN targets t USING (target) WHERE o.dead = ?2)
                GROUP BY name ORDER BY name
                """)
            rows.bind(1, text: OutboxBacklog.suspensionMark)
            rows.bind(2, areDead ? 1 : 0)
            var backlog: [OutboxBacklog] = []
            try rows.forEach {
                backlog.append(
                    OutboxBacklog(
                        target: rows.text(0), messages: Int(rows.integer(1)), oldest: rows.integer(2),
                        suspensions: Int(rows.integer(3)), oldestSuspension: rows.optionalInteger(4)))
            }
            return backlog
        }
    }

    package func settle(delivered: [Int64], failed: [OutboxFailure]) throws {
        try write(waitingToBegin: true) { connection in
            var digest = try OutboxDigest(connection)
            let delete = try SQLStatement(connection, "DELETE FROM outbox WHERE message = ?")
            for number in delivered {
                try digest.leave(number)
                delete.bind(1, number)
                try delete.run()
            }
            let update = try SQLStatement(
                connection,
                "UPDATE outbox SET attempts = ?, next_try = ?, dead = ?, problem = ? WHERE message = ?")
            for failure in failed {
                try digest.leave(failure.number)
                update.bind(1, failure.attempts)
                update.bind(2, failure.nextTry)
                update.bind(3, failure.isDead ? 1 : 0)
                update.bind(4, text: failure.problem)
                update.bind(5, failure.number)
                try update.run()
                try digest.enter(failure.number)
            }
            try digest.write()
        }
    }

    package func retry(_ message: Int64?) throws -> Int {
        var failed: [Int64] = []
        try write { connection in
            let rows = try SQLStatement(
                connection,
                "SELECT message FROM outbox WHERE (attempts > 0 OR dead = 1) AND (?1 IS NULL OR message = ?1)")
            rows.bind(1, optional: message)
            try rows.forEach { failed.append(rows.integer(0)) }
            let update = try SQLStatement(
                connection, "UPDATE outbox SET attempts = 0, next_try = 0, dead = 0 WHERE message = ?")
            var digest = try OutboxDigest(connection)
            for number in failed {
                try digest.leave(number)
                update.bind(1, number)
                try update.run()
                try digest.enter(number)
            }
            try digest.write()
        }
        return failed.count
    }

    package func drop(_ message: Int64, recording run: RunRecord) throws {
        try write { connection in
            var digest = try OutboxDigest(connection)
            try digest.leave(message)
            let delete = try SQLStatement(connection, "DELETE FROM outbox WHERE message = ?")
            delete.bind(1, message)
            try delete.run()
            guard delete.changes == 1 else {
                throw RosterMoved(message: "message \(message) was delivered or dropped meanwhile")
            }
            try digest.write()
            try RunRecordWriter(connection: connection, texts: TextNumbers(connection)).write(run, applied: false)
        }
    }
}

/// Rows of the outbox as messages.
private enum OutboxRows {
    static let select = """
        SELECT o.message, o.key, t.name, o.user, o.label, o.run, o.queued, o.attempts, o.next_try, o.dead, o.problem, o.body
        FROM outbox o JOIN targets t USING (target)
        """

    static func list(_ rows: SQLStatement) throws -> [OutboxMessage] {
        var messages: [OutboxMessage] = []
        try rows.forEach {
            messages.append(
                OutboxMessage(
                    number: rows.integer(0), key: rows.text(1), target: rows.text(2), user: rows.integer(3),
                    label: rows.text(4), run: rows.integer(5), queued: rows.integer(6),
                    attempts: Int(rows.integer(7)), nextTry: rows.integer(8), isDead: rows.integer(9) == 1,
                    problem: rows.text(10), body: Array(rows.bytes(11))))
        }
        return messages
    }
}
