import AccessModel
import DirectoryModel
package import Reconciliation

extension SQLiteRoster {
    /// People who can have something falling due on a target, in no order; nil where they are more than `most`.
    package func peopleDue(_ bounds: DueBounds, most: Int) throws -> [PersonKey]? {
        try read { connection in
            guard let target = try TargetNumbers.known(bounds.target, connection) else { return [] }
            let removed = StoredCode.code(.removed)
            let suspended = StoredCode.code(.suspended)
            let rows = try SQLStatement(
                connection,
                """
                SELECT u.directory, u.entry_id FROM users u
                WHERE u.target = ?1 AND u.managed = 1 AND u.status <> \(removed) AND (
                  (u.status = \(StoredCode.code(.invited)) AND u.since > ?2 AND u.since <= ?3)
                  OR (u.status = \(suspended) AND ?5)
                  OR (u.status <> \(suspended) AND u.last_sign_in IS NOT NULL AND max(u.last_sign_in, u.since) <= ?4)
                  OR u.user IN (SELECT user FROM user_pending)
                  OR u.user IN (SELECT user FROM manual_grants WHERE until <= ?6))
                LIMIT \(most + 1)
                """)
            rows.bind(1, target)
            rows.bind(2, bounds.invitedAfter)
            rows.bind(3, bounds.invitedUntil)
            rows.bind(4, optional: bounds.quietUntil)
            rows.bind(5, bounds.removes ? 1 : 0)
            rows.bind(6, bounds.grantsUntil)
            let directories = try DirectoryNumbers(connection)
            var people: [PersonKey] = []
            try rows.forEach {
                people.append(PersonKey(directory: directories.name(of: rows.integer(0)), id: try rows.id(1)))
            }
            return people.count > most ? nil : people
        }
    }

    /// Users of a target, invited or active, who are not in the directory as it was last read, in no order.
    ///
    /// Everybody who has a number keeps an entry, without a hash while they are not read. A directory of which nothing is kept says nothing.
    package func usersNotRead(target: String) throws -> [PersonKey] {
        try read { connection in
            guard let number = try TargetNumbers.known(target, connection) else { return [] }
            let rows = try SQLStatement(
                connection,
                """
                SELECT u.directory, u.entry_id
                FROM mirror_entries m CROSS JOIN users u ON u.person = m.person AND u.target = ?1
                WHERE m.hash IS NULL AND u.managed = 1
                  AND u.status IN (\(StoredCode.code(.invited)), \(StoredCode.code(.active)))
                  AND m.directory IN (
                    SELECT d.directory FROM directories d WHERE EXISTS (
                      SELECT 1 FROM mirror_entries r WHERE r.directory = d.directory AND r.hash IS NOT NULL))
                """)
            rows.bind(1, number)
            let directories = try DirectoryNumbers(connection)
            var people: [PersonKey] = []
            try rows.forEach {
                people.append(PersonKey(directory: directories.name(of: rows.integer(0)), id: try rows.id(1)))
            }
            return people
        }
    }
}
