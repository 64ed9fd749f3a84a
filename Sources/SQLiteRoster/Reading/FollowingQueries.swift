import DirectoryModel
package import Reconciliation

extension SQLiteRoster {
    /// Which directories are followed, and from where.
    package func followedMirror() throws -> FollowedMirror {
        try read { connection in
            var mirror = FollowedMirror()
            let attributes = try SQLStatement(connection, "SELECT name FROM attributes ORDER BY place")
            try attributes.forEach { mirror.attributes.append(attributes.text(0)) }
            let entries = try FollowedDirectories(connection).entries
            let rows = try SQLStatement(
                connection,
                "SELECT directory, name FROM directories NOT INDEXED WHERE place IS NOT NULL ORDER BY place")
            try rows.forEach {
                mirror.directories.append(rows.text(1))
                guard let entry = entries[rows.integer(0)] else { return }
                mirror.followed[rows.text(1)] = FollowedDirectory(
                    key: entry.key, position: entry.position.flatMap { SyncPosition(bytes: $0) })
            }
            return mirror
        }
    }

    /// The rows of a followed directory, to be asked one by one; nil where it is not followed.
    ///
    /// `attributes` are those that a pull of it asks for. It must be gone before the roster is closed.
    package func lookup(_ directory: String, attributes: [String]) throws -> StoredDirectory? {
        try asking { try StoredDirectory(self, $0, name: directory, attributes: attributes) }
    }
}
