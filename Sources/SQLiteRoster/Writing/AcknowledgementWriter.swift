package import Reconciliation

extension SQLiteRoster {
    /// Every acknowledgement, those that are over too, by target and key.
    package func acknowledgements() throws -> [Acknowledgement] {
        try read { try AcknowledgementReader(connection: $0).all() }
    }

    /// Gives acknowledgements and takes others back, and records the run that did so, in one transaction.
    package func acknowledge(_ act: AcknowledgementAct, recording run: RunRecord) throws {
        try write { connection in
            let delete = try SQLStatement(
                connection, "DELETE FROM \(AcknowledgementTables.name) WHERE target = ? AND finding_key = ?")
            for one in act.takenBack {
                delete.bind(1, text: one.target)
                delete.bind(2, text: one.key)
                try delete.run()
            }
            let insert = try SQLStatement(
                connection,
                """
                REPLACE INTO \(AcknowledgementTables.name) (target, finding_key, until, reason, actor, since, run)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """)
            for one in act.given {
                insert.bind(1, text: one.target)
                insert.bind(2, text: one.key)
                insert.bind(3, one.until)
                insert.bind(4, text: one.reason)
                insert.bind(5, text: one.actor)
                insert.bind(6, one.since)
                insert.bind(7, one.run)
                try insert.run()
            }
            let digest = try PartDigests(connection: connection).content(of: AcknowledgementTables.name)
            var writer = try RunRecordWriter(connection: connection, texts: TextNumbers(connection))
            writer.contents = [AcknowledgementTables.name: digest]
            try writer.write(run, applied: false)
        }
    }
}

/// Reads what humans acknowledged.
struct AcknowledgementReader {
    var connection: OpaquePointer

    func all() throws -> [Acknowledgement] {
        guard try AcknowledgementTables.isThere(connection) else { return [] }
        let rows = try SQLStatement(
            connection,
            """
            SELECT target, finding_key, until, reason, actor, since, run FROM \(AcknowledgementTables.name)
            ORDER BY target, finding_key
            """)
        var all: [Acknowledgement] = []
        try rows.forEach {
            all.append(
                Acknowledgement(
                    target: rows.text(0), key: rows.text(1), until: rows.integer(2), reason: rows.text(3),
                    actor: rows.text(4), since: rows.integer(5), run: rows.integer(6)))
        }
        return all
    }
}
