/// Brings a file to the newest schema: all missing steps in one transaction, so that it has either schema and none between.
struct Migrator {
    var connection: OpaquePointer
    var migrations: [Migration] = Migration.all

    func migrate() throws {
        guard try version() < migrations.count else { return }
        try execute(connection, "BEGIN IMMEDIATE")
        do {
            // Another process may have come first.
            let done = try version()
            if done < migrations.count { for place in done..<migrations.count { try apply(place) } }
            try execute(connection, "COMMIT")
        } catch {
            try? execute(connection, "ROLLBACK")
            throw error
        }
    }

    private func version() throws -> Int { Int(try integer(connection, "PRAGMA user_version") ?? 0) }

    private func apply(_ place: Int) throws {
        let migration = migrations[place]
        for statement in migration.statements { try execute(connection, statement) }
        let record = try SQLStatement(connection, "INSERT INTO migrations (number, name) VALUES (?, ?)")
        record.bind(1, place + 1)
        record.bind(2, text: migration.name)
        try record.run()
        try execute(connection, "PRAGMA user_version = \(place + 1)")
        try execute(connection, "PRAGMA application_id = \(RosterConnection.applicationID)")
    }
}
