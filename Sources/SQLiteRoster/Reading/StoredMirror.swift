package import DirectoryModel
import GRDBSQLite

/// The mirror in the file as one asks it about single people and groups, by their numbers: every answer costs what it holds.
///
/// It belongs to one connection, is used by one thread at a time, and must be gone before the roster is closed.
package final class StoredMirror {
    /// A person of the mirror.
    package struct Person {
        package var directory: Int64
        /// `start` is 0, and so is `directory`: the record is beside it.
        package var row: PersonRow
        package var record: [UInt8]
    }

    /// A group of the mirror.
    package struct Group {
        package var directory: Int64
        /// `directory` is 0.
        package var row: GroupRow
    }

    private let personOfEntry: SQLStatement
    private let personRow: SQLStatement
    private let groupOfEntry: SQLStatement
    private let groupRow: SQLStatement
    private let groupsOfPerson: PairReader
    private let peopleOfGroup: PairReader
    private let groupsOfGroup: PairReader
    private let holdersOfGroup: SQLStatement
    private let hasPerson: SQLStatement
    private let hasGroup: SQLStatement
    private let usersOfPerson: SQLStatement
    /// Numbers of directories by name.
    package let directories: [String: Int64]
    /// Names of the trusted attributes of the records, by their places.
    let attributes: [String]

    init(_ connection: OpaquePointer) throws {
        personOfEntry = try SQLStatement(
            connection, "SELECT person, hash FROM mirror_entries WHERE directory = ? AND entry_id = ?")
        personRow = try SQLStatement(
            connection,
            """
            SELECT p.directory, p.entry_id, p.state, p.problems, p.last_sign_in, p.record, e.hash
            FROM mirror_people p CROSS JOIN mirror_entries e USING (directory, entry_id) WHERE p.person = ?
            """)
        groupOfEntry = try SQLStatement(
            connection, "SELECT grp FROM mirror_groups WHERE directory = ? AND entry_id = ?")
        groupRow = try SQLStatement(
            connection, "SELECT directory, entry_id, dn, name, unresolved, hash FROM mirror_groups WHERE grp = ?")
        groupsOfPerson = try PairReader(connection, "person_groups")
        peopleOfGroup = try PairReader(connection, "group_people")
        groupsOfGroup = try PairReader(connection, "group_groups")
        holdersOfGroup = try SQLStatement(
            connection, "SELECT pair >> 32 FROM group_groups WHERE pair & 0xffffffff = ? ORDER BY 1")
        hasPerson = try SQLStatement(connection, "SELECT 1 FROM group_people WHERE pair = ?")
        hasGroup = try SQLStatement(connection, "SELECT 1 FROM group_groups WHERE pair = ?")
        usersOfPerson = try SQLStatement(
            connection,
            "SELECT t.name, u.user FROM users u CROSS JOIN targets t ON t.target = u.target WHERE u.person = ?")
        let names = try SQLStatement(connection, "SELECT name FROM attributes ORDER BY place")
        var attributes: [String] = []
        try names.forEach { attributes.append(names.text(0)) }
        self.attributes = attributes
        let rows = try SQLStatement(connection, "SELECT name, directory FROM directories NOT INDEXED")
        var directories: [String: Int64] = [:]
        try rows.forEach { directories[rows.text(0)] = rows.integer(1) }
        self.directories = directories
    }

    // MARK: People

    /// The number of somebody in the mirror; nil for somebody who is not in it, whether known or not.
    package func number(ofPerson id: ImmutableID, in directory: Int64) throws -> UInt32? {
        personOfEntry.bind(1, directory)
        personOfEntry.bind(2, id: id)
        defer { personOfEntry.reset() }
        guard try personOfEntry.step(), !personOfEntry.isNull(1) else { return nil }
        return UInt32(truncatingIfNeeded: personOfEntry.integer(0))
    }

    /// nil for a number that nobody in the mirror has; throws where somebody is not what the hash of content says.
    package func person(_ number: UInt32) throws -> Person? {
        personRow.bind(1, Int64(number))
        defer { personRow.reset() }
        guard try personRow.step(), !personRow.isNull(5), !personRow.isNull(6) else { return nil }
        let record = Array(personRow.bytes(5))
        let row = PersonRow(
            id: try personRow.id(1), start: 0, length: UInt32(truncatingIfNeeded: record.count),
            contentHash: UInt64(bitPattern: personRow.integer(6)), lastSignIn: personRow.time(4), directory: 0,
            state: PersonState(rawValue: UInt8(truncatingIfNeeded: personRow.integer(2))) ?? .enabled,
            problems: EntryProblems(rawValue: UInt8(truncatingIfNeeded: personRow.integer(3))))
        let hash = record.withUnsafeBytes {
            ContentHash.of(record: $0, state: row.state, problems: row.problems, lastSignIn: row.lastSignIn)
        }
        guard hash == row.contentHash else {
            throw SQLFailure(code: SQLITE_CORRUPT, message: "person \(number) of the mirror is not as it was read")
        }
        return Person(directory: personRow.integer(0), row: row, record: record)
    }

    /// The users that a person is, by target.
    package func users(ofPerson number: UInt32) throws -> [(target: String, user: Int64)] {
        var found: [(target: String, user: Int64)] = []
        usersOfPerson.bind(1, Int64(number))
        try usersOfPerson.forEach { found.append((usersOfPerson.text(0), usersOfPerson.integer(1))) }
        return found
    }

    // MARK: Groups

    package func number(ofGroup id: ImmutableID, in directory: Int64) throws -> UInt32? {
        groupOfEntry.bind(1, directory)
        groupOfEntry.bind(2, id: id)
        defer { groupOfEntry.reset() }
        return try groupOfEntry.step() ? UInt32(truncatingIfNeeded: groupOfEntry.integer(0)) : nil
    }

    package func group(_ number: UInt32) throws -> Group? {
        groupRow.bind(1, Int64(number))
        defer { groupRow.reset() }
        guard try groupRow.step() else { return nil }
        return Group(
            directory: groupRow.integer(0),
            row: GroupRow(
                id: try groupRow.id(1), dn: Array(groupRow.bytes(2)), name: Array(groupRow.bytes(3)),
                unresolvedMembers: UInt32(truncatingIfNeeded: groupRow.integer(4)),
                contentHash: UInt64(bitPattern: groupRow.integer(5)), directory: 0))
    }

    // MARK: Direct memberships, in the order of numbers

    package func groups(ofPerson number: UInt32) throws -> [UInt32] { try list(groupsOfPerson, number) }

    package func people(ofGroup number: UInt32) throws -> [UInt32] { try list(peopleOfGroup, number) }

    /// The groups that are members of a group.
    package func groups(inGroup number: UInt32) throws -> [UInt32] { try list(groupsOfGroup, number) }

    /// The groups of which a group is a member.
    package func groups(ofGroup number: UInt32) throws -> [UInt32] {
        var numbers: [UInt32] = []
        holdersOfGroup.bind(1, Int64(number))
        try holdersOfGroup.forEach { numbers.append(UInt32(truncatingIfNeeded: holdersOfGroup.integer(0))) }
        return numbers
    }

    package func isMember(person: UInt32, of group: UInt32) throws -> Bool { try has(hasPerson, group, person) }

    package func isMember(group member: UInt32, of group: UInt32) throws -> Bool { try has(hasGroup, group, member) }

    private func has(_ statement: SQLStatement, _ first: UInt32, _ second: UInt32) throws -> Bool {
        statement.bind(1, Int64(first) << 32 | Int64(second))
        defer { statement.reset() }
        return try statement.step()
    }

    private func list(_ reader: PairReader, _ first: UInt32) throws -> [UInt32] {
        var numbers: [UInt32] = []
        try reader.forEach(first: Int64(first)) { numbers.append($0) }
        return numbers
    }
}
