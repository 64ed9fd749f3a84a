import Reconciliation

/// Appends a run to the record of runs.
struct RunRecordWriter {
    var connection: OpaquePointer

    /// Throws `RosterMoved` when a run of this number, or a later one, is recorded already.
    func write(_ record: RunRecord, applied: Bool) throws {
        let last = try integer(connection, "SELECT max(run) FROM runs") ?? 0
        guard record.number > last else {
            throw RosterMoved(message: "run \(last) was recorded meanwhile")
        }
        let run = try SQLStatement(
            connection,
            """
            INSERT INTO runs (run, command, actor, started, ended, outcome, exit_status, summary, version, applied)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        run.bind(1, record.number)
        run.bind(2, text: record.command)
        run.bind(3, text: record.actor)
        run.bind(4, record.started)
        run.bind(5, record.ended)
        run.bind(6, text: record.outcome.rawValue)
        run.bind(7, record.exitStatus)
        run.bind(8, text: record.summary)
        run.bind(9, text: record.version)
        run.bind(10, applied ? 1 : 0)
        try run.run()
        try writeTargets(record)
    }

    private func writeTargets(_ record: RunRecord) throws {
        let texts = try TextNumbers(connection)
        let insert = try SQLStatement(
            connection,
            """
            INSERT INTO run_targets (run, place, target, mode, held, counts, holds, finding_keys)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """)
        for (place, target) in record.targets.enumerated() {
            insert.bind(1, record.number)
            insert.bind(2, place)
            insert.bind(3, text: target.target)
            insert.bind(4, text: target.mode.rawValue)
            insert.bind(5, target.held ? 1 : 0)
            let counts = target.counts.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
            insert.bind(6, text: LineList.text(counts.map { "\($0.value) \($0.key)" }))
            insert.bind(7, text: LineList.text(target.holds))
            insert.bind(8, try texts.number(of: LineList.text(target.findingKeys)))
            try insert.run()
        }
    }
}
