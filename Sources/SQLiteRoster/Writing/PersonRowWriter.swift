import DirectoryModel

/// Writes single people of the mirror, with everything that they are found by; `finish` writes what is collected on the way.
final class PersonRowWriter {
    private let persons: PersonNumbers
    private let connection: OpaquePointer
    private let old: SQLStatement
    private let entry: SQLStatement
    private let personRow: SQLStatement
    private let ends: AccountEnds
    private var keysRemoved: [UInt64] = []
    private var keysAdded: [UInt64] = []
    private var namesRemoved: [UInt64] = []
    private var namesAdded: [UInt64] = []
    /// The hashes of names of the directories in the tables of names, by number.
    private var hashes: [Int64: NameHashes] = [:]
    /// Directories with a person whose DN is not in the record: they cannot be followed.
    private(set) var nameless: Set<Int64> = []

    init(_ connection: OpaquePointer, _ persons: PersonNumbers) throws {
        self.connection = connection
        self.persons = persons
        old = try SQLStatement(connection, "SELECT record, problems, state FROM mirror_people WHERE person = ?")
        entry = try SQLStatement(
            connection, "UPDATE mirror_entries SET hash = ? WHERE directory = ? AND entry_id = ?")
        personRow = try SQLStatement(
            connection,
            "UPDATE mirror_people SET state = ?, problems = ?, last_sign_in = ?, record = ? WHERE person = ?")
        ends = try AccountEnds(connection)
    }

    /// Keeps the tables of names up to date for a directory from now on.
    func name(_ directory: Int64, _ key: DNHashKey) { hashes[directory] = NameHashes(key) }

    func reserve(_ newcomers: Int, changed: Int) { keysAdded.reserveCapacity(newcomers * 3 + changed * 3) }

    /// Adds somebody new; `name` is the hash of the DN, where it is known.
    func add(
        _ row: PersonRow, directory: Int64, record: UnsafeRawBufferPointer, name: DNHash? = nil
    ) throws -> UInt32 {
        let person = try persons.add(row, directory: directory, record: record)
        LookupKey.append(record: record, person: person, to: &keysAdded)
        try ends.enter(record, row.state, person)
        enter(row, directory, record, person, name)
        return person
    }

    /// Writes somebody over what was known under the number.
    func update(_ person: UInt32, _ row: PersonRow, directory: Int64, record: UnsafeRawBufferPointer) throws {
        try leave(person, directory)
        entry.bind(1, Int64(bitPattern: row.contentHash))
        entry.bind(2, directory)
        entry.bind(3, id: row.id)
        try entry.run()
        personRow.bind(1, Int64(row.state.rawValue))
        personRow.bind(2, Int64(row.problems.rawValue))
        personRow.bind(3, time: row.lastSignIn)
        personRow.bind(4, keptBlob: record)
        personRow.bind(5, Int64(person))
        try personRow.run()
        LookupKey.append(record: record, person: person, to: &keysAdded)
        try ends.enter(record, row.state, person)
        enter(row, directory, record, person, nil)
    }

    /// Takes somebody out of the mirror; number and id stay.
    func drop(_ person: UInt32, directory: Int64, id: ImmutableID) throws {
        try leave(person, directory)
        entry.bind(1, optional: nil)
        entry.bind(2, directory)
        entry.bind(3, id: id)
        try entry.run()
        personRow.bind(1, 0)
        personRow.bind(2, 0)
        personRow.bind(3, optional: nil)
        personRow.bind(4, optional: nil)
        personRow.bind(5, Int64(person))
        try personRow.run()
    }

    /// Puts somebody whose row stays as it is into the tables of names.
    func enterNames(
        _ row: PersonRow, directory: Int64, record: UnsafeRawBufferPointer, person: UInt32, name: DNHash
    ) { enter(row, directory, record, person, name) }

    /// Writes the tables by which people are found.
    func finish() throws {
        try PairTable(connection, "person_keys").exchange(removed: &keysRemoved, added: &keysAdded)
        keysAdded = []
        keysRemoved = []
        try PairTable(connection, "person_names").exchange(removed: &namesRemoved, added: &namesAdded)
        namesAdded = []
        namesRemoved = []
    }

    private func leave(_ person: UInt32, _ directory: Int64) throws {
        old.bind(1, Int64(person))
        try old.forEach {
            guard !old.isNull(0) else { return }
            let record = old.bytes(0)
            let problems = EntryProblems(rawValue: UInt8(truncatingIfNeeded: old.integer(1)))
            LookupKey.append(record: record, person: person, to: &keysRemoved)
            _ = hashes[directory]?.append(record: record, problems, person: person, to: &namesRemoved)
            try ends.leave(record, PersonState(rawValue: UInt8(truncatingIfNeeded: old.integer(2))), person)
        }
    }

    private func enter(
        _ row: PersonRow, _ directory: Int64, _ record: UnsafeRawBufferPointer, _ person: UInt32, _ name: DNHash?
    ) {
        guard hashes[directory] != nil else { return }
        if let name, record.first == PersonField.dn.tag {
            let login = hashes[directory]?.login(of: record, row.problems)
            NameHashes.append(name, login, person: person, to: &namesAdded)
        } else if hashes[directory]?.append(record: record, row.problems, person: person, to: &namesAdded) == false {
            nameless.insert(directory)
        }
    }
}
