import DirectoryModel

/// Writes a mirror over the one in the file: only what differs by content hash.
final class MirrorWriter {
    private let connection: OpaquePointer
    private let mirror: Mirror
    private let directories: DirectoryNumbers
    private let persons: PersonNumbers
    /// For each person of the mirror the number in the file.
    private(set) var numbers: [UInt32]
    private var changed: [PersonIndex] = []
    private var gone: [Gone] = []
    private var keysRemoved: [UInt64] = []
    private var keysAdded: [UInt64] = []

    /// Somebody in the file's mirror who is not in the new one.
    private struct Gone {
        var directory: Int64
        var id: ImmutableID
        var person: UInt32
    }

    init(_ connection: OpaquePointer, _ mirror: Mirror, _ directories: DirectoryNumbers, _ persons: PersonNumbers) {
        self.connection = connection
        self.mirror = mirror
        self.directories = directories
        self.persons = persons
        numbers = Array(repeating: 0, count: mirror.people.count)
    }

    func write() throws {
        try writeDirectories()
        try writeAttributes()
        try compare()
        try mirror.arena.withUnsafeBytes { arena in
            try addNew(arena)
            try updateChanged(arena)
        }
        try dropGone()
        try PairTable(connection, "person_keys").exchange(removed: &keysRemoved, added: &keysAdded)
        keysAdded = []
        try GroupWriter(connection, mirror, directories, numbers).write()
    }

    /// The place of each directory in the mirror; null for one that is no longer configured.
    private func writeDirectories() throws {
        for name in mirror.directories { _ = try directories.number(of: name) }
        let update = try SQLStatement(
            connection, "UPDATE directories SET place = ?1 WHERE directory = ?2 AND place IS NOT ?1")
        for directory in directories.all {
            let place = mirror.directories.firstIndex(of: directory.name)
            update.bind(1, optional: place.map(Int64.init))
            update.bind(2, directory.number)
            try update.run()
        }
    }

    private func writeAttributes() throws {
        let rows = try SQLStatement(connection, "SELECT name FROM attributes ORDER BY place")
        var stored: [String] = []
        try rows.forEach { stored.append(rows.text(0)) }
        guard stored != mirror.attributes else { return }
        try execute(connection, "DELETE FROM attributes")
        let insert = try SQLStatement(connection, "INSERT INTO attributes (place, name) VALUES (?, ?)")
        for (place, name) in mirror.attributes.enumerated() {
            insert.bind(1, place)
            insert.bind(2, text: name)
            try insert.run()
        }
    }

    /// Walks both mirrors in the order of ids, directory by directory: who is known, changed, gone.
    private func compare() throws {
        let rows = try SQLStatement(
            connection, "SELECT entry_id, person, hash FROM mirror_entries WHERE directory = ? ORDER BY entry_id")
        var first = 0
        for (place, name) in mirror.directories.enumerated() {
            var end = first
            while end < mirror.people.count, Int(mirror.people[end].directory) == place { end += 1 }
            rows.bind(1, try directories.number(of: name))
            try compare(rows, first..<end, directory: try directories.number(of: name))
            first = end
        }
        for directory in directories.all where !mirror.directories.contains(directory.name) {
            rows.bind(1, directory.number)
            try compare(rows, 0..<0, directory: directory.number)
        }
    }

    private func compare(_ rows: SQLStatement, _ range: Range<Int>, directory: Int64) throws {
        var place = range.lowerBound
        try rows.forEach {
            let id = try rows.id(0)
            while place < range.upperBound, mirror.people[place].id < id { place += 1 }
            let person = UInt32(truncatingIfNeeded: rows.integer(1))
            if place < range.upperBound, mirror.people[place].id == id {
                numbers[place] = person
                let hash = rows.optionalInteger(2)
                if hash != Int64(bitPattern: mirror.people[place].contentHash) {
                    changed.append(PersonIndex(truncatingIfNeeded: place))
                }
                place += 1
            } else if !rows.isNull(2) {
                gone.append(Gone(directory: directory, id: id, person: person))
            }
        }
    }

    private func addNew(_ arena: UnsafeRawBufferPointer) throws {
        var newcomers = 0
        for number in numbers where number == 0 { newcomers += 1 }
        keysAdded.reserveCapacity(newcomers * 3 + changed.count * 3)
        let places = try mirror.directories.map { try directories.number(of: $0) }
        for place in numbers.indices where numbers[place] == 0 {
            let row = mirror.people[place]
            let record = try recordBytes(row, arena)
            let person = try persons.add(row, directory: places[Int(row.directory)], record: record)
            numbers[place] = person
            LookupKey.append(record: record, person: person, to: &keysAdded)
        }
    }

    private func updateChanged(_ arena: UnsafeRawBufferPointer) throws {
        let old = try SQLStatement(connection, "SELECT record FROM mirror_people WHERE person = ?")
        let entry = try SQLStatement(
            connection, "UPDATE mirror_entries SET hash = ? WHERE directory = ? AND entry_id = ?")
        let update = try SQLStatement(
            connection,
            "UPDATE mirror_people SET state = ?, problems = ?, last_sign_in = ?, record = ? WHERE person = ?")
        for place in changed {
            let row = mirror.people[Int(place)]
            let person = numbers[Int(place)]
            old.bind(1, Int64(person))
            try old.forEach { LookupKey.append(record: old.bytes(0), person: person, to: &keysRemoved) }
            entry.bind(1, Int64(bitPattern: row.contentHash))
            entry.bind(2, try directories.number(of: mirror.directories[Int(row.directory)]))
            entry.bind(3, id: row.id)
            try entry.run()
            let record = try recordBytes(row, arena)
            update.bind(1, Int64(row.state.rawValue))
            update.bind(2, Int64(row.problems.rawValue))
            update.bind(3, time: row.lastSignIn)
            update.bind(4, keptBlob: record)
            update.bind(5, Int64(person))
            try update.run()
            LookupKey.append(record: record, person: person, to: &keysAdded)
        }
    }

    /// Takes people out of the mirror; their numbers and ids stay.
    private func dropGone() throws {
        let old = try SQLStatement(connection, "SELECT record FROM mirror_people WHERE person = ?")
        let entry = try SQLStatement(
            connection, "UPDATE mirror_entries SET hash = NULL WHERE directory = ? AND entry_id = ?")
        let update = try SQLStatement(
            connection,
            """
            UPDATE mirror_people SET state = 0, problems = 0, last_sign_in = NULL, record = NULL WHERE person = ?
            """)
        let groups = try PairReader(connection, "person_groups")
        let forward = try PairTable(connection, "group_people")
        let reverse = try PairTable(connection, "person_groups")
        for one in gone {
            old.bind(1, Int64(one.person))
            try old.forEach { LookupKey.append(record: old.bytes(0), person: one.person, to: &keysRemoved) }
            entry.bind(1, one.directory)
            entry.bind(2, id: one.id)
            try entry.run()
            update.bind(1, Int64(one.person))
            try update.run()
            var memberships: [UInt64] = []
            try groups.forEach(first: Int64(one.person)) { memberships.append(UInt64($0)) }
            for group in memberships {
                try forward.delete(group << 32 | UInt64(one.person))
                try reverse.delete(UInt64(one.person) << 32 | group)
            }
        }
    }

    private func recordBytes(_ row: PersonRow, _ arena: UnsafeRawBufferPointer) throws -> UnsafeRawBufferPointer {
        let start = Int(row.start)
        guard Int(row.directory) < mirror.directories.count, start + Int(row.length) <= arena.count else {
            throw RosterError(
                kind: .fault, message: "a person of the mirror lies outside its tables",
                hint: "the roster is unchanged; report this as a bug of Rollcall")
        }
        return UnsafeRawBufferPointer(rebasing: arena[start..<(start + Int(row.length))])
    }
}
