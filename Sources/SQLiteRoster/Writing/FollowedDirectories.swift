import DirectoryModel
import Reconciliation

/// The followed directories in the file, by number: read once, written where something differs.
final class FollowedDirectories {
    /// A row of `followed`.
    struct Entry: Equatable {
        var key: DNHashKey
        /// Whether the tables of names hold the directory.
        var isNamed: Bool
        /// The position's bytes.
        var position: [UInt8]?
    }

    private let connection: OpaquePointer
    private(set) var entries: [Int64: Entry] = [:]

    init(_ connection: OpaquePointer) throws {
        self.connection = connection
        let rows = try SQLStatement(
            connection, "SELECT directory, key_first, key_second, named, position FROM followed")
        try rows.forEach {
            let key = DNHashKey(
                first: UInt64(bitPattern: rows.integer(1)), second: UInt64(bitPattern: rows.integer(2)))
            entries[rows.integer(0)] = Entry(
                key: key, isNamed: rows.integer(3) == 1, position: rows.isNull(4) ? nil : Array(rows.bytes(4)))
        }
    }

    /// The key of a directory whose people and groups stand in the tables of names.
    func key(ofNamed directory: Int64) -> DNHashKey? {
        entries[directory].flatMap { $0.isNamed ? $0.key : nil }
    }

    func set(_ directory: Int64, _ entry: Entry) throws {
        guard entries[directory] != entry else { return }
        entries[directory] = entry
        let write = try SQLStatement(
            connection,
            "REPLACE INTO followed (directory, key_first, key_second, named, position) VALUES (?, ?, ?, ?, ?)")
        write.bind(1, directory)
        write.bind(2, Int64(bitPattern: entry.key.first))
        write.bind(3, Int64(bitPattern: entry.key.second))
        write.bind(4, entry.isNamed ? 1 : 0)
        if let position = entry.position { write.bind(5, blob: position) } else { write.bind(5, optional: nil) }
        try write.run()
    }

    /// Only a full pull can tell what changed from now on.
    func forgetPosition(_ directory: Int64) throws {
        guard var entry = entries[directory] else { return }
        entry.position = nil
        try set(directory, entry)
    }

    /// Follows a directory no longer.
    func forget(_ directory: Int64) throws {
        guard entries[directory] != nil else { return }
        try forgetNames(directory)
        entries[directory] = nil
        let delete = try SQLStatement(connection, "DELETE FROM followed WHERE directory = ?")
        delete.bind(1, directory)
        try delete.run()
    }

    /// Takes a directory out of the tables of names, at the cost of a look at all of them.
    func forgetNames(_ directory: Int64) throws {
        guard var entry = entries[directory], entry.isNamed else { return }
        entry.isNamed = false
        try set(directory, entry)
        if !entries.values.contains(where: \.isNamed) {
            for table in ["person_names", "group_names", "loose_members", "loose_groups"] {
                try execute(connection, "DELETE FROM \(table)")
            }
            return try execute(connection, "UPDATE mirror_groups SET loose = 0 WHERE loose <> 0")
        }
        let groups = "(SELECT grp FROM mirror_groups WHERE directory = ?)"
        for sql in [
            """
            DELETE FROM person_names
            WHERE (pair & 0xffffffff) IN (SELECT person FROM mirror_people WHERE directory = ?)
            """,
            "DELETE FROM group_names WHERE (pair & 0xffffffff) IN \(groups)",
            "DELETE FROM loose_groups WHERE (pair & 0xffffffff) IN \(groups)",
            "DELETE FROM loose_members WHERE grp IN \(groups)",
            "UPDATE mirror_groups SET loose = 0 WHERE directory = ?",
        ] {
            let statement = try SQLStatement(connection, sql)
            statement.bind(1, directory)
            try statement.run()
        }
    }
}
