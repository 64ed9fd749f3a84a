import DirectoryModel

/// The numbers of people: given once to each identity and kept for good.
final class PersonNumbers {
    private let find: SQLStatement
    private let insertEntry: SQLStatement
    private let insertPerson: SQLStatement
    private var next: Int64

    init(_ connection: OpaquePointer) throws {
        find = try SQLStatement(
            connection, "SELECT person FROM mirror_entries WHERE directory = ? AND entry_id = ?")
        insertEntry = try SQLStatement(
            connection, "INSERT INTO mirror_entries (directory, entry_id, person, hash) VALUES (?, ?, ?, ?)")
        insertPerson = try SQLStatement(
            connection,
            """
            INSERT INTO mirror_people (person, directory, entry_id, state, problems, last_sign_in, record)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """)
        next = (try integer(connection, "SELECT max(person) FROM mirror_people") ?? 0) + 1
    }

    /// The number of somebody who need not be in the mirror.
    func number(directory: Int64, id: ImmutableID) throws -> UInt32 {
        if let known = try known(directory: directory, id: id) { return known }
        let nothing = UnsafeRawBufferPointer(start: nil, count: 0)
        let absent = PersonRow(
            id: id, start: 0, length: 0, contentHash: 0, lastSignIn: Int64.min, directory: 0, state: .enabled,
            problems: [])
        return try add(absent, directory: directory, record: nothing, inMirror: false)
    }

    func known(directory: Int64, id: ImmutableID) throws -> UInt32? {
        find.bind(1, directory)
        find.bind(2, id: id)
        defer { find.reset() }
        return try find.step() ? UInt32(truncatingIfNeeded: find.integer(0)) : nil
    }

    /// Gives somebody new the next number; the hash and the record are null for somebody who is not in the mirror.
    func add(
        _ row: PersonRow, directory: Int64, record: UnsafeRawBufferPointer, inMirror: Bool = true
    ) throws -> UInt32 {
        guard let number = UInt32(exactly: next) else {
            throw RosterError(
                kind: .fault, message: "the roster has no numbers left for new people", hint: "start a new roster")
        }
        next += 1
        insertEntry.bind(1, directory)
        insertEntry.bind(2, id: row.id)
        insertEntry.bind(3, Int64(number))
        insertEntry.bind(4, optional: inMirror ? Int64(bitPattern: row.contentHash) : nil)
        try insertEntry.run()
        insertPerson.bind(1, Int64(number))
        insertPerson.bind(2, directory)
        insertPerson.bind(3, id: row.id)
        insertPerson.bind(4, Int64(row.state.rawValue))
        insertPerson.bind(5, Int64(row.problems.rawValue))
        insertPerson.bind(6, time: row.lastSignIn)
        if inMirror { insertPerson.bind(7, keptBlob: record) } else { insertPerson.bind(7, optional: nil) }
        try insertPerson.run()
        return number
    }
}
