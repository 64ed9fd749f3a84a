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
        from first: Int64 = 0, to end: Int64 = Int64.max,
        _ body: (_ run: Int64, _ link: ChainLink, _ hash: [UInt8]) throws -> Void
    ) throws {
        let rows = try SQLStatement(
            connection,
            """
            SELECT run, command, actor, started, ended, outcome, exit_status, summary, version, applied, audit_digest,
              roster_digest, previous, hash FROM runs WHERE run BETWEEN ? AND ? ORDER BY run
            """)
        let targets = try SQLStatement(
            connection,
            "SELECT target, mode, held, counts, holds, finding_keys FROM run_targets WHERE run = ? ORDER BY place")
        rows.bind(1, first)
        rows.bind(2, end)
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

    /// Throws `RosterEdited` unless the record of one run is as it was written.
    func checkRecord(ofRun number: Int64) throws {
        try forEach(from: number, to: number) { run, link, hash in
            guard link.hash == hash else { throw RosterEdited(part: "the record of run \(run)", run: run) }
        }
    }

    /// A roster without runs holds nothing: one that does has lost them.
    private func checkNew(_ stored: [String: DigestSum]) throws {
        let rows = try SQLStatement(
            connection,
            """
            SELECT (SELECT generation FROM roster) <> 0 OR EXISTS (SELECT 1 FROM users) OR EXISTS (SELECT 1 FROM targets)
              OR EXISTS (SELECT 1 FROM accesses) OR EXISTS (SELECT 1 FROM audit)
            """)
        defer { rows.reset() }
        guard stored.isEmpty, try rows.step(), rows.optionalInteger(0) == 0 else {
            throw RosterEdited(part: "`runs`", run: 0)
        }
    }

    /// Throws `RosterEdited` unless the small tables, the digests and the last run fit together; where it looks at everybody, what
    /// accesses are made of, too.
    ///
    /// The stored digests, for whoever reads the users.
    func check(everybody: Bool) throws -> [String: DigestSum] {
        let parts = PartDigests(connection: connection)
        let stored = try parts.stored()
        guard let last = try last() else {
            try checkNew(stored)
            return stored
        }
        let tables = PartDigests.tables + (everybody ? PartDigests.accessTables : [])
        for table in tables where try parts.content(of: table) != stored[table] ?? DigestSum() {
            throw RosterEdited(part: "`\(table)`", run: last.run)
        }
        if try OutboxDigest.content(connection) != stored[OutboxDigest.part] ?? DigestSum() {
            throw RosterEdited(part: "messages that wait to be delivered", run: last.run)
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
