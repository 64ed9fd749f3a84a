/// Brings a file to the newest schema: each missing step in a transaction of its own.
struct Migrator {
    var connection: OpaquePointer
    var migrations: [Migration] = Migration.all

    func migrate() throws {
        var done = Int(try integer(connection, "PRAGMA user_version") ?? 0)
        while done < migrations.count {
            try execute(connection, "BEGIN IMMEDIATE")
            do {
                done = Int(try integer(connection, "PRAGMA user_version") ?? 0)
                if done < migrations.count { try apply(done) }
                try execute(connection, "COMMIT")
            } catch {
                try? execute(connection, "ROLLBACK")
                throw error
            }
            done += 1
        }
    }

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
