import Reconciliation

/// Appends a run to the record of runs.
struct RunRecordWriter {
    var connection: OpaquePointer
    var texts: TextNumbers
    /// Digest of the run's changes; empty where there are none.
    var audit: [UInt8] = []
    /// What the digests of users change by, by part.
    var differences: [String: DigestSum] = [:]
    /// Digests of small tables that an act wrote which is not applied to users.
    var contents: [String: DigestSum] = [:]
    /// Small tables that an applied run did not write.
    var unwritten: Set<String> = []

    /// Throws `RosterMoved` when a run of this number, or a later one, is recorded already.
    func write(_ record: RunRecord, applied: Bool) throws {
        let last = try integer(connection, "SELECT max(run) FROM runs") ?? 0
        guard record.number > last else {
            throw RosterMoved(message: "run \(last) was recorded meanwhile")
        }
        let targets = try record.targets.map(values)
        let link = ChainLink(
            values: RunRecordWriter.values(record, applied: applied) + targets.flatMap { $0 }, audit: audit,
            roster: try digests(applied: applied), previous: try ChainReader(connection: connection).lastHash())
        let run = try SQLStatement(
            connection,
            """
            INSERT INTO runs (run, command, actor, started, ended, outcome, exit_status, summary, version, applied,
              audit_digest, roster_digest, previous, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
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
        run.bind(11, blob: link.audit)
        run.bind(12, blob: link.roster)
        run.bind(13, blob: link.previous)
        run.bind(14, blob: link.hash)
        try run.run()
        try writeTargets(record.number, targets)
    }

    private func digests(applied: Bool) throws -> [UInt8] {
        var differences = differences
        differences[PartDigests.texts, default: DigestSum()] += texts.difference
        return try PartDigests(connection: connection).write(
            differences, contents: contents, unwritten: unwritten, tablesChanged: applied)
    }

    private static func values(_ record: RunRecord, applied: Bool) -> [String] {
        [
            "\(record.number)", record.command, record.actor, "\(record.started)", "\(record.ended)",
            record.outcome.rawValue, "\(record.exitStatus)", record.summary, record.version, applied ? "1" : "0",
        ]
    }

    /// The columns of a target's row, but for run and place.
    private func values(_ target: TargetRunRecord) throws -> [String] {
        let counts = target.counts.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        return [
            target.target, target.mode.rawValue, target.held ? "1" : "0",
            LineList.text(counts.map { "\($0.value) \($0.key)" }), LineList.text(target.holds),
            "\(try texts.number(of: LineList.text(target.findingKeys)))",
        ]
    }

    private func writeTargets(_ run: Int64, _ targets: [[String]]) throws {
        let insert = try SQLStatement(
            connection,
            """
            INSERT INTO run_targets (run, place, target, mode, held, counts, holds, finding_keys)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """)
        for (place, values) in targets.enumerated() {
            insert.bind(1, run)
            insert.bind(2, place)
            for (column, value) in values.enumerated() {
                let number = column == 2 || column == 5 ? Int64(value) : nil
                let place = Int32(truncatingIfNeeded: column + 3)
                if let number { insert.bind(place, number) } else { insert.bind(place, text: value) }
            }
            try insert.run()
        }
    }
}
