import DirectoryModel
import Reconciliation

/// Lets somebody be known by the id that another directory has for them: their number, and with it history, audit, place in line
/// and protection, stays theirs.
///
/// The number that the other identity had, or a new one, stands for the old identity from then on; what the mirror holds of either
/// entry stays with the entry.
struct DirectoryMove {
    let connection: OpaquePointer
    let directories: DirectoryNumbers
    let persons: PersonNumbers
    let followed: FollowedDirectories

    /// Adds what the digests of users and lines change by.
    func write(_ change: IDChange, _ differences: inout [String: DigestSum]) throws {
        let from = try directories.number(of: change.directory)
        let to = try directories.number(of: change.newDirectory)
        guard let person = try persons.known(directory: from, id: change.old) else { return }
        let other = try persons.number(directory: to, id: change.new)
        try refuseUser(other)
        try digest(person, from, change.old) { differences[$0, default: DigestSum()] -= $1 }
        try exchangeRecords(person, from, other, to)
        try exchangeMemberships(person, other)
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

    private func point(_ directory: Int64, _ id: ImmutableID, at person: UInt32) throws {
        let update = try SQLStatement(
            connection, "UPDATE mirror_entries SET person = ? WHERE directory = ? AND entry_id = ?")
        update.bind(1, Int64(person))
        update.bind(2, directory)
        update.bind(3, id: id)
        try update.run()
    }

    /// What was read of one entry, as it is kept under a number.
    private struct Content {
        var state: Int64 = 0
        var problems: Int64 = 0
        var lastSignIn: Int64?
        /// Nil for an entry that is not in the mirror.
        var record: [UInt8]?
    }

    /// Each number holds what the other held, names by which people are looked up included.
    private func exchangeRecords(_ person: UInt32, _ from: Int64, _ other: UInt32, _ to: Int64) throws {
        let (mine, theirs) = (try content(of: person), try content(of: other))
        var removed: [UInt64] = []
        var added: [UInt64] = []
        var namesRemoved: [UInt64] = []
        var namesAdded: [UInt64] = []
        let ends = try AccountEnds(connection)
        for (content, old, new, directory) in [(mine, person, other, from), (theirs, other, person, to)] {
            var hashes = followed.key(ofNamed: directory).map { NameHashes($0) }
            try content.record?.withUnsafeBytes { record in
                LookupKey.append(record: record, person: old, to: &removed)
                LookupKey.append(record: record, person: new, to: &added)
                let problems = EntryProblems(rawValue: UInt8(truncatingIfNeeded: content.problems))
                _ = hashes?.append(record: record, problems, person: old, to: &namesRemoved)
                _ = hashes?.append(record: record, problems, person: new, to: &namesAdded)
                let state = PersonState(rawValue: UInt8(truncatingIfNeeded: content.state))
                try ends.leave(record, state, old)
            }
            try write(content, to: new)
        }
        for (content, new) in [(mine, other), (theirs, person)] {
            let state = PersonState(rawValue: UInt8(truncatingIfNeeded: content.state))
            try content.record?.withUnsafeBytes { try ends.enter($0, state, new) }
        }
        try PairTable(connection, "person_keys").exchange(removed: &removed, added: &added)
        try PairTable(connection, "person_names").exchange(removed: &namesRemoved, added: &namesAdded)
    }

    private func content(of person: UInt32) throws -> Content {
        let row = try SQLStatement(
            connection, "SELECT state, problems, last_sign_in, record FROM mirror_people WHERE person = ?")
        row.bind(1, Int64(person))
        var content = Content()
        try row.forEach {
            content.state = row.integer(0)
            content.problems = row.integer(1)
            content.lastSignIn = row.optionalInteger(2)
            content.record = row.isNull(3) ? nil : Array(row.bytes(3))
        }
        return content
    }

    private func write(_ content: Content, to person: UInt32) throws {
        let update = try SQLStatement(
            connection,
            "UPDATE mirror_people SET state = ?, problems = ?, last_sign_in = ?, record = ? WHERE person = ?")
        update.bind(1, content.state)
        update.bind(2, content.problems)
        update.bind(3, optional: content.lastSignIn)
        if let record = content.record { update.bind(4, blob: record) } else { update.bind(4, optional: nil) }
        update.bind(5, Int64(person))
        try update.run()
    }

    private func exchangeMemberships(_ person: UInt32, _ other: UInt32) throws {
        let reader = try PairReader(connection, "person_groups")
        let forward = try PairTable(connection, "group_people")
        let reverse = try PairTable(connection, "person_groups")
        var groups: [UInt32: [UInt64]] = [:]
        for one in [person, other] {
            try reader.forEach(first: Int64(one)) { groups[one, default: []].append(UInt64($0)) }
            for group in groups[one] ?? [] {
                try forward.delete(group << 32 | UInt64(one))
                try reverse.delete(UInt64(one) << 32 | group)
            }
        }
        for (old, new) in [(person, other), (other, person)] {
            for group in groups[old] ?? [] {
                try forward.insert(group << 32 | UInt64(new))
                try reverse.insert(UInt64(new) << 32 | group)
            }
        }
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
