import DirectoryModel
import Reconciliation

/// Gives people new ids and keeps their numbers, so that history and audit stay theirs.
///
/// Somebody whom a run already met under the new id, and who is no user, gets the old id in exchange and leaves the mirror.
struct IDRewriter {
    let connection: OpaquePointer
    let directories: DirectoryNumbers
    let persons: PersonNumbers
    let followed: FollowedDirectories

    /// What the digests of users change by, by part.
    func write(_ changes: [IDChange]) throws -> [String: DigestSum] {
        var differences: [String: DigestSum] = [:]
        if changes.isEmpty { return differences }
        for change in changes where change.directory != change.newDirectory {
            try DirectoryMove(
                connection: connection, directories: directories, persons: persons, followed: followed
            )
            .write(change, &differences)
        }
        for change in changes where change.directory == change.newDirectory {
            let directory = try directories.number(of: change.directory)
            guard let person = try persons.known(directory: directory, id: change.old) else { continue }
            if let other = try persons.known(directory: directory, id: change.new) {
                try refuseUser(other, change)
                try point(directory, change.old, at: other, forget: false)
                try point(directory, change.new, at: person, forget: true)
                try rename(other, to: change.old)
            } else {
                let entry = try SQLStatement(
                    connection,
                    "UPDATE mirror_entries SET entry_id = ?, hash = NULL WHERE directory = ? AND entry_id = ?")
                entry.bind(1, id: change.new)
                entry.bind(2, directory)
                entry.bind(3, id: change.old, slot: 1)
                try entry.run()
            }
            try digest(person) { differences[$0, default: DigestSum()] -= $1 }
            try rename(person, to: change.new)
            try digest(person) { differences[$0, default: DigestSum()] += $1 }
        }
        guard changes.contains(where: { $0.directory == $0.newDirectory }) else { return differences }
        // Memberships are kept by number: every group is compared anew.
        try execute(connection, "UPDATE mirror_groups SET hash = ~hash")
        return differences
    }

    /// The digests of somebody's rows on all targets, by part.
    private func digest(_ person: UInt32, _ body: (String, DigestSum) -> Void) throws {
        let rows = try SQLStatement(connection, "SELECT \(UserDigest.columns) FROM users WHERE person = ?")
        rows.bind(1, Int64(person))
        try rows.forEach { body(PartDigests.users(rows.integer(1)), UserDigest.of(rows, id: try rows.id(3))) }
    }

    private func refuseUser(_ person: UInt32, _ change: IDChange) throws {
        let count = try SQLStatement(connection, "SELECT count(*) FROM users WHERE person = ?")
        count.bind(1, Int64(person))
        defer { count.reset() }
        guard try count.step(), count.integer(0) == 0 else {
            throw RosterMoved(message: "the new id \(change.new) belongs to a user already")
        }
    }

    /// Exchanges whom an id stands for; `forget` makes the mirror take up the entry anew.
    private func point(_ directory: Int64, _ id: ImmutableID, at person: UInt32, forget: Bool) throws {
        let update = try SQLStatement(
            connection,
            """
            UPDATE mirror_entries SET person = ?1, hash = CASE WHEN ?2 THEN NULL ELSE coalesce(hash, 0) END
            WHERE directory = ?3 AND entry_id = ?4
            """)
        update.bind(1, Int64(person))
        update.bind(2, forget ? 1 : 0)
        update.bind(3, directory)
        update.bind(4, id: id)
        try update.run()
    }

    private func rename(_ person: UInt32, to id: ImmutableID) throws {
        for sql in [
            "UPDATE mirror_people SET entry_id = ? WHERE person = ?", "UPDATE users SET entry_id = ? WHERE person = ?",
        ] {
            let update = try SQLStatement(connection, sql)
            update.bind(1, id: id)
            update.bind(2, Int64(person))
            try update.run()
        }
    }
}
