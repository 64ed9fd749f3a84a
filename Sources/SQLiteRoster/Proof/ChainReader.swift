import Diagnostics

/// Reads the chain of runs.
struct ChainReader {
    var connection: OpaquePointer

    /// The hash of the last run; that of the start before the first.
    func lastHash() throws -> [UInt8] { try last()?.hash ?? ChainLink.start }

    /// The last run with its hash.
    func last() throws -> (run: Int64, hash: [UInt8])? {
        let row = try SQLStatement(connection, "SELECT run, hash FROM runs ORDER BY run DESC LIMIT 1")
        defer { row.reset() }
        return try row.step() ? (row.integer(0), Array(row.bytes(1))) : nil
    }

    func hash(ofRun run: Int64) throws -> [UInt8]? {
        let row = try SQLStatement(connection, "SELECT hash FROM runs WHERE run = ?")
        row.bind(1, run)
        defer { row.reset() }
        return try row.step() ? Array(row.bytes(0)) : nil
    }

    /// Hands every link to `body`, oldest first, with its number and the hash that stands in the file.
    func forEach(
        from first: Int64 = 0, _ body: (_ run: Int64, _ link: ChainLink, _ hash: [UInt8]) throws -> Void
    ) throws {
        let rows = try SQLStatement(
            connection,
            """
            SELECT run, command, actor, started, ended, outcome, exit_status, summary, version, applied, audit_digest,
              roster_digest, previous, hash FROM runs WHERE run >= ? ORDER BY run
            """)
        let targets = try SQLStatement(
            connection,
            "SELECT target, mode, held, counts, holds, finding_keys FROM run_targets WHERE run = ? ORDER BY place")
        rows.bind(1, first)
        try rows.forEach {
            var values = (0..<10).map { rows.text($0) }
            targets.bind(1, rows.integer(0))
            try targets.forEach { values += (0..<6).map { targets.text($0) } }
            try body(
                rows.integer(0),
                ChainLink(
                    values: values, audit: Array(rows.bytes(10)), roster: Array(rows.bytes(11)),
                    previous: Array(rows.bytes(12))), Array(rows.bytes(13)))
        }
    }

    /// Throws `RosterEdited` unless the small tables, the digests and the last run fit together.
    ///
    /// The stored digests, for whoever reads the users.
    func check() throws -> [String: DigestSum] {
        let parts = PartDigests(connection: connection)
        let stored = try parts.stored()
        guard let last = try last() else { return stored }
        for table in PartDigests.tables where try parts.content(of: table) != stored[table] {
            throw RosterEdited(part: "`\(table)`", run: last.run)
        }
        try forEach(from: last.run) { run, link, hash in
            guard link.hash == hash else { throw RosterEdited(part: "the record of run \(run)", run: run) }
            guard link.roster == PartDigests.seal(stored) else {
                throw RosterEdited(part: "`digests`", run: run)
            }
        }
        return stored
    }
}
