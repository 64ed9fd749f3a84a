import Diagnostics

/// The digests of the roster's parts: users and line of each target, texts and what accesses are made of, kept as they are written, and small
/// tables by their content.
struct PartDigests {
    var connection: OpaquePointer

    /// Small tables; what the agent or the platform decides by, and is not derived from something else.
    ///
    /// A table in here is written only inside a run; one that a later schema brought has no digest before the next.
    static let tables = [
        "roster", "directories", "change_stamps", "followed", "targets", "accesses", "group_sets", "seats", "baselines",
        "baseline_directories", "baseline_groups", "baseline_matches", "fingerprints", "pins", "protected_people",
        "approvals_used", "guard_counts", AcknowledgementTables.name,
    ]
    /// What accesses are made of and permit, many rows for each: for readers of the views, nothing is decided by them.
    static let accessTables = ["access_parts", "access_permissions"]
    static let texts = "texts"
    static let accounts = "accounts"

    static func users(_ target: Int64) -> String { "users \(target)" }

    static func line(_ target: Int64) -> String { "line \(target)" }

    func stored() throws -> [String: DigestSum] {
        let rows = try SQLStatement(connection, "SELECT part, digest FROM digests")
        var parts: [String: DigestSum] = [:]
        try rows.forEach { parts[rows.text(0)] = DigestSum(bytes: rows.bytes(1)) }
        return parts
    }

    func content(of table: String) throws -> DigestSum {
        if table == AcknowledgementTables.name, try !AcknowledgementTables.isThere(connection) { return DigestSum() }
        return try KeptRows.sum(SQLStatement(connection, "SELECT * FROM \(table)"))
    }

    /// Adds what changed, takes over the digests of tables that are known, looks at the small tables anew where the run may have written
    /// them, and gives the digest of the whole.
    func write(
        _ differences: [String: DigestSum], contents: [String: DigestSum] = [:], unwritten: Set<String> = [],
        tablesChanged: Bool
    ) throws -> [UInt8] {
        var parts = try stored()
        let before = parts
        for (part, difference) in differences { parts[part, default: DigestSum()] += difference }
        parts.merge(contents) { $1 }
        // The first run may be one that failed: then nothing is digested yet.
        if tablesChanged || parts[PartDigests.tables[0]] == nil {
            for table in PartDigests.tables where before[table] == nil || !unwritten.contains(table) {
                parts[table] = try content(of: table)
            }
        }
        try store(parts, over: before)
        return PartDigests.seal(parts)
    }

    func store(_ parts: [String: DigestSum], over before: [String: DigestSum]) throws {
        let write = try SQLStatement(connection, "REPLACE INTO digests (part, digest) VALUES (?, ?)")
        for (part, digest) in parts where before[part] != digest {
            write.bind(1, text: part)
            write.bind(2, blob: digest.bytes)
            try write.run()
        }
    }

    /// One digest of all parts but that of the outbox, which changes between runs.
    static func seal(_ parts: [String: DigestSum]) -> [UInt8] {
        var hash = SHA256()
        for (part, digest) in parts.filter({ $0.key != OutboxDigest.part }).sorted(by: {
            $0.key.utf8.lexicographicallyPrecedes($1.key.utf8)
        }) {
            hash.add("\(part)\n")
            hash.add(digest.bytes)
        }
        return hash.finish()
    }
}

/// The roster is not as the last run left it.
struct RosterEdited: Error {
    /// What differs: `users of desk`.
    var part: String
    var run: Int64
}
