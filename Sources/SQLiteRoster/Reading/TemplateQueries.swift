import AccessModel
import GRDBSQLite

/// Questions about who has which template, answered without looking at every user.
extension SQLiteRoster {
    /// Templates that users of a target have who are not removed, and how many have each.
    package func templatesInUse(target: String) throws -> [String: Int] {
        try read { connection in
            guard let number = try TargetNumbers.known(target, connection) else { return [:] }
            let rows = try SQLStatement(
                connection,
                """
                SELECT p.name, sum(c.users)
                FROM (SELECT DISTINCT access, name FROM access_parts WHERE kind = 'template') p
                  JOIN accesses a USING (access) JOIN access_users c USING (access)
                WHERE a.target = ? AND c.status <> \(StoredCode.code(.removed)) GROUP BY p.name
                """)
            rows.bind(1, number)
            var counts: [String: Int] = [:]
            try rows.forEach { counts[rows.text(0)] = Int(rows.integer(1)) }
            return counts
        }
    }

    /// Emails of those who have a template and are not removed, in the order of their bytes, at most so many.
    package func emails(target: String, template: String, most: Int) throws -> [String] {
        try read { connection in
            guard let number = try TargetNumbers.known(target, connection) else { return [] }
            let rows = try SQLStatement(
                connection,
                """
                SELECT email FROM users WHERE target = ?1 AND status <> \(StoredCode.code(.removed)) AND access IN
                  (SELECT p.access FROM access_parts p WHERE p.kind = 'template' AND p.name = ?2)
                ORDER BY email LIMIT \(most)
                """)
            rows.bind(1, number)
            rows.bind(2, text: template)
            var emails: [String] = []
            try rows.forEach { emails.append(rows.text(0)) }
            return emails
        }
    }
}
