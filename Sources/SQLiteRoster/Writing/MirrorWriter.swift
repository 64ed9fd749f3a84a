import DirectoryModel
import Reconciliation

/// Writes a mirror over the one in the file: only what differs by content hash.
final class MirrorWriter {
    private let connection: OpaquePointer
    private let mirror: Mirror
    private let directories: DirectoryNumbers
    private let rows: PersonRowWriter
    private let following: MirrorFollowing
    /// For each person of the mirror the number in the file.
    private(set) var numbers: [UInt32]
    private var changed: [PersonIndex] = []
    private var gone: [Gone] = []

    /// Somebody in the file's mirror who is not in the new one.
    private struct Gone {
        var directory: Int64
        var id: ImmutableID
        var person: UInt32
    }

    init(_ writer: RunWriter, _ mirror: Mirror) throws {
        connection = writer.connection
        self.mirror = mirror
        directories = writer.directories
        rows = try PersonRowWriter(connection, writer.persons)
        following = try MirrorFollowing(writer, mirror, rows)
        numbers = Array(repeating: 0, count: mirror.people.count)
    }

    func write() throws {
        try writeDirectories()
        try writeAttributes()
        try following.begin()
        try compare()
        try mirror.arena.withUnsafeBytes { arena in
            try addNew(arena)
            try updateChanged(arena)
            try nameOthers(arena)
        }
        try dropGone()
        try rows.finish()
        let groups = try GroupWriter(connection, mirror, following, numbers)
        try groups.write()
        try following.finish()
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
        for place in mirror.directories.indices {
            let directory = following.numbers[place]
            rows.bind(1, directory)
            try compare(rows, following.people[place], directory: directory)
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
        rows.reserve(newcomers, changed: changed.count)
        for place in numbers.indices where numbers[place] == 0 {
            let row = mirror.people[place]
            numbers[place] = try rows.add(
                row, directory: following.numbers[Int(row.directory)], record: try recordBytes(row, arena),
                name: following.name(ofPerson: place, in: Int(row.directory)))
            following.touch(Int(row.directory))
        }
    }

    private func updateChanged(_ arena: UnsafeRawBufferPointer) throws {
        for place in changed {
            let row = mirror.people[Int(place)]
            try rows.update(
                numbers[Int(place)], row, directory: following.numbers[Int(row.directory)],
                record: try recordBytes(row, arena))
            following.touch(Int(row.directory))
        }
    }

    /// Where the tables of names begin anew, puts those into them who were known and are as they were.
    private func nameOthers(_ arena: UnsafeRawBufferPointer) throws {
        for place in mirror.directories.indices where following.isNew(place) {
            let written = Set(changed)
            for person in following.people[place] where numbers[person] < following.firstNumber {
                guard !written.contains(PersonIndex(truncatingIfNeeded: person)),
                    let name = following.name(ofPerson: person, in: place)
                else { continue }
                let row = mirror.people[person]
                rows.enterNames(
                    row, directory: following.numbers[place], record: try recordBytes(row, arena),
                    person: numbers[person], name: name)
            }
        }
    }

    /// Takes people out of the mirror; their numbers and ids stay.
    private func dropGone() throws {
        let groups = try PairReader(connection, "person_groups")
        let forward = try PairTable(connection, "group_people")
        let reverse = try PairTable(connection, "person_groups")
        for one in gone {
            try rows.drop(one.person, directory: one.directory, id: one.id)
            following.touch(number: one.directory)
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
