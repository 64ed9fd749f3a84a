package import Reconciliation

extension SQLiteRoster {
    /// How many people and groups the mirror has of each directory, by name.
    package func readCounts() throws -> [String: ReadCounts] {
        try read { connection in
            var counts: [String: ReadCounts] = [:]
            let rows = try SQLStatement(
                connection,
                """
                SELECT d.name,
                  (SELECT count(*) FROM mirror_entries e WHERE e.directory = d.directory AND e.hash IS NOT NULL),
                  (SELECT count(*) FROM mirror_groups g WHERE g.directory = d.directory)
                FROM directories d WHERE d.place IS NOT NULL
                """)
            defer { rows.reset() }
            while try rows.step() {
                counts[rows.text(0)] = ReadCounts(people: Int(rows.integer(1)), groups: Int(rows.integer(2)))
            }
            return counts
        }
    }
}
