import AccessModel
import DirectoryModel
import GRDBSQLite
import Reconciliation

extension SQLiteRoster {
    /// The last run that started at or before a time; nil before the first.
    package func lastRun(at time: Int64) throws -> Int64? {
        try read { connection in
            let row = try SQLStatement(connection, "SELECT max(run) FROM runs WHERE started <= ?")
            row.bind(1, time)
            defer { row.reset() }
            return try row.step() ? row.optionalInteger(0) : nil
        }
    }

    /// The first run that started at or after a time; nil where none did.
    package func firstRun(from time: Int64) throws -> Int64? {
        try read { connection in
            let row = try SQLStatement(connection, "SELECT min(run) FROM runs WHERE started >= ?")
            row.bind(1, time)
            defer { row.reset() }
            return try row.step() ? row.optionalInteger(0) : nil
        }
    }

    /// Hands every change from a run on to `body`, oldest first.
    package func forEachChange(sinceRun number: Int64, _ body: (AuditEntry) throws -> Void) throws {
        try read {
            try AuditReader($0).list(
                "audit_runs i CROSS JOIN audit a ON i.run >= \(number) AND a.entry BETWEEN i.first AND i.last", body)
        }
    }

    /// Users as a run left them, who were not removed then and had a role, sorted by target, then email.
    package func users(after run: Int64, role: String, target: String?) throws -> [RosterUser] {
        try read { try PastUsers($0).list(after: run, role: role, target: target) }
    }
}

/// Users as they were: their first image since, or today's row where there is none.
private final class PastUsers {
    private let connection: OpaquePointer
    private let texts: TextReader
    private let details: DetailsReader
    private let directories: DirectoryNumbers

    init(_ connection: OpaquePointer) throws {
        self.connection = connection
        texts = try TextReader(connection)
        details = try DetailsReader(connection)
        directories = try DirectoryNumbers(connection)
    }

    func list(after run: Int64, role: String, target: String?) throws -> [RosterUser] {
        let rows = try SQLStatement(
            connection,
            """
            WITH later AS (SELECT user, min(run) AS run FROM user_images WHERE run > ?1 GROUP BY user),
              past AS (
                SELECT i.user AS user, i.email AS email, i.name AS name, i.status AS status, i.managed AS managed,
                  i.access AS access, i.reason AS reason, i.since AS since, i.last_sign_in AS last_sign_in,
                  i.version AS version, i.details AS details, 1 AS is_image
                FROM later l JOIN user_images i ON i.run = l.run AND i.user = l.user
                UNION ALL
                SELECT u.user, u.email, u.name, u.status, u.managed, u.access, u.reason, u.since, u.last_sign_in,
                  u.version, NULL, 0 FROM users u WHERE u.user NOT IN (SELECT user FROM later))
            SELECT p.user, t.name, u.directory, u.entry_id, p.email, p.name, p.status, p.managed, a.text, a.effective,
              p.reason, p.since, p.last_sign_in, p.version, p.details, p.is_image
            FROM past p JOIN users u ON u.user = p.user JOIN targets t ON t.target = u.target
              JOIN accesses a ON a.access = p.access
            WHERE p.status <> 3 AND (?3 IS NULL OR t.name = ?3)
              AND EXISTS (SELECT 1 FROM access_parts x
                WHERE x.access = p.access AND x.kind IN ('role', 'grant') AND x.name = ?2)
              AND NOT EXISTS (SELECT 1 FROM created_users c
                WHERE c.run > ?1 AND c.target = u.target AND p.user BETWEEN c.first AND c.last)
            ORDER BY t.name, lower(p.email), p.user
            """)
        rows.bind(1, run)
        rows.bind(2, text: role)
        rows.bind(3, optionalText: target)
        var users: [RosterUser] = []
        try rows.forEach { users.append(try user(rows)) }
        return users
    }

    private func user(_ row: SQLStatement) throws -> RosterUser {
        guard let status = StoredCode.status(row.integer(6)), let access = Access(canonicalText: row.text(8)) else {
            throw SQLFailure(code: SQLITE_CORRUPT, message: "user \(row.integer(0)) cannot be read")
        }
        let past =
            row.integer(15) == 1
            ? DetailsText.details(row.optionalText(14) ?? "") : try details.details(user: row.integer(0))
        return RosterUser(
            target: row.text(1), user: row.integer(0),
            person: PersonKey(directory: directories.name(of: row.integer(2)), id: try row.id(3)), email: row.text(4),
            name: row.text(5), status: status, managed: row.integer(7) == 1, access: access,
            effective: status == .suspended ? "" : row.text(9), reason: try texts.text(row.optionalInteger(10)) ?? "",
            since: row.integer(11), lastSignIn: row.optionalInteger(12), details: past,
            version: UInt32(truncatingIfNeeded: row.integer(13)))
    }
}
