import AccessModel
import GRDBSQLite

/// The tables that follow from users and accesses: after an edit that a human accepted they are made anew.
struct DerivedTables {
    var connection: OpaquePointer

    /// Throws `RosterUnusable` where users and accesses are not such that a run could go on from them.
    func rebuild() throws {
        try checkAccesses()
        try rebuildEmails()
        try execute(
            connection,
            """
            DELETE FROM access_users;
            INSERT INTO access_users (access, status, users) SELECT access, status, count(*) FROM users GROUP BY access, status
            """)
        try rebuildAccesses()
    }

    private func checkAccesses() throws {
        let rows = try SQLStatement(
            connection,
            """
            SELECT u.user FROM users u LEFT JOIN accesses a ON a.access = u.access AND a.target = u.target
            WHERE a.access IS NULL LIMIT 1
            """)
        defer { rows.reset() }
        if try rows.step() {
            throw RosterUnusable(problem: "user \(rows.integer(0)) has an access that is not there")
        }
    }

    private func rebuildEmails() throws {
        try execute(connection, "DELETE FROM user_emails")
        let rows = try SQLStatement(
            connection,
            """
            SELECT u.target, u.user, u.email, t.name FROM users u LEFT JOIN targets t USING (target)
            WHERE u.status <> 3 ORDER BY u.user
            """)
        let holder = try SQLStatement(connection, "SELECT user FROM user_emails WHERE target = ? AND email_key = ?")
        let insert = try SQLStatement(
            connection, "INSERT OR IGNORE INTO user_emails (target, email_key, user) VALUES (?, ?, ?)")
        var key: [UInt8] = []
        try rows.forEach {
            EmailKey.write(rows.bytes(2), into: &key)
            let text = String(decoding: key, as: UTF8.self)
            insert.bind(1, rows.integer(0))
            insert.bind(2, text: text)
            insert.bind(3, rows.integer(1))
            try insert.run()
            if insert.changes > 0 { return }
            holder.bind(1, rows.integer(0))
            holder.bind(2, text: text)
            var first: Int64 = 0
            try holder.forEach { first = holder.integer(0) }
            throw RosterUnusable(
                problem: "users \(first) and \(rows.integer(1)) of `\(rows.text(3))` have one email")
        }
    }

    private func rebuildAccesses() throws {
        try execute(connection, "DELETE FROM access_parts; DELETE FROM access_permissions")
        let rows = try SQLStatement(connection, "SELECT access, text, effective FROM accesses NOT INDEXED")
        let parts = try AccessPartsWriter(connection)
        try rows.forEach {
            guard let access = Access(canonicalText: rows.text(1)) else {
                throw RosterUnusable(problem: "access \(rows.integer(0)) cannot be read")
            }
            try parts.write(access, effective: rows.text(2), access: rows.integer(0))
        }
    }
}

/// The roster was edited so that no run could go on from it.
struct RosterUnusable: Error {
    /// What stands in the way: `users 3 and 17 of desk have one email`.
    var problem: String
}
