import DirectoryModel
import Reconciliation

/// Lets somebody be known by the id that another directory has for them: their number, and with it history, audit, place in line
/// and protection, stays theirs.
///
/// The number that the other identity had, or a new one, stands for the old identity from then on.
struct DirectoryMove {
    let connection: OpaquePointer
    let directories: DirectoryNumbers
    let persons: PersonNumbers

    /// Adds what the digests of users and lines change by.
    func write(_ change: IDChange, _ differences: inout [String: DigestSum]) throws {
        let from = try directories.number(of: change.directory)
        let to = try directories.number(of: change.newDirectory)
        guard let person = try persons.known(directory: from, id: change.old) else { return }
        let other = try persons.number(directory: to, id: change.new)
        try refuseUser(other)
        try digest(person, from, change.old) { differences[$0, default: DigestSum()] -= $1 }
        try point(from, change.old, at: other)
        try point(to, change.new, at: person)
        try rename(other, from, change.old)
        try rename(person, to, change.new)
        try renameLine(from, change.old, to, change.new)
        try digest(person, to, change.new) { differences[$0, default: DigestSum()] += $1 }
    }

    private func refuseUser(_ person: UInt32) throws {
        let count = try SQLStatement(connection, "SELECT count(*) FROM users WHERE person = ?")
        count.bind(1, Int64(person))
        defer { count.reset() }
        guard try count.step(), count.integer(0) == 0 else {
            throw RosterMoved(message: "the other identity of a person belongs to a user already")
        }
    }

    /// The digests of somebody's rows and places in line on all targets, by part.
    private func digest(
        _ person: UInt32, _ directory: Int64, _ id: ImmutableID, _ body: (String, DigestSum) -> Void
    ) throws {
        let rows = try SQLStatement(connection, "SELECT \(UserDigest.columns) FROM users WHERE person = ?")
        rows.bind(1, Int64(person))
        try rows.forEach { body(PartDigests.users(rows.integer(1)), UserDigest.of(rows, id: try rows.id(3))) }
        let places = try SQLStatement(
            connection,
            "SELECT w.target, \(LineDigest.columns) FROM \(LineDigest.source) WHERE w.directory = ? AND w.entry_id = ?")
        places.bind(1, directory)
        places.bind(2, id: id)
        try places.forEach { body(PartDigests.line(places.integer(0)), try LineDigest.of(places, from: 1)) }
    }

    /// Exchanges whom an id stands for; what the mirror holds of them is compared anew.
    private func point(_ directory: Int64, _ id: ImmutableID, at person: UInt32) throws {
        let update = try SQLStatement(
            connection,
            """
            UPDATE mirror_entries SET person = ?1,
              hash = (SELECT CASE WHEN record IS NULL THEN NULL ELSE 0 END FROM mirror_people WHERE person = ?1)
            WHERE directory = ?2 AND entry_id = ?3
            """)
        update.bind(1, Int64(person))
        update.bind(2, directory)
        update.bind(3, id: id)
        try update.run()
    }

    private func rename(_ person: UInt32, _ directory: Int64, _ id: ImmutableID) throws {
        for table in ["mirror_people", "users"] {
            let update = try SQLStatement(
                connection, "UPDATE \(table) SET directory = ?, entry_id = ? WHERE person = ?")
            update.bind(1, directory)
            update.bind(2, id: id)
            update.bind(3, Int64(person))
            try update.run()
        }
    }

    /// Places in line and protection are kept by id.
    private func renameLine(_ from: Int64, _ old: ImmutableID, _ to: Int64, _ new: ImmutableID) throws {
        let line = try SQLStatement(
            connection, "UPDATE waiting SET directory = ?, entry_id = ? WHERE directory = ? AND entry_id = ?")
        line.bind(1, to)
        line.bind(2, id: new)
        line.bind(3, from)
        line.bind(4, id: old, slot: 1)
        try line.run()
        let protected = try SQLStatement(
            connection,
            "UPDATE OR IGNORE protected_people SET directory = ?, entry_id = ? WHERE directory = ? AND entry_id = ?")
        protected.bind(1, text: directories.name(of: to))
        protected.bind(2, id: new)
        protected.bind(3, text: directories.name(of: from))
        protected.bind(4, id: old, slot: 1)
        try protected.run()
    }
}
