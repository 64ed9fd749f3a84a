import DirectoryModel
import GRDBSQLite

/// Reads the mirror of the last applied run.
struct MirrorReader {
    var connection: OpaquePointer

    func mirror() throws -> Mirror {
        var mirror = Mirror(directories: try readDirectories())
        mirror.attributes = try list("SELECT name FROM attributes ORDER BY place")
        let people = try readPeople(&mirror)
        let groups = try readGroups(&mirror)
        try readMembers(&mirror, people: people, groups: groups)
        return mirror
    }

    private func list(_ sql: String) throws -> [String] {
        let rows = try SQLStatement(connection, sql)
        var texts: [String] = []
        try rows.forEach { texts.append(rows.text(0)) }
        return texts
    }

    /// Directories stand at the places that rows name, one after the other.
    private func readDirectories() throws -> [String] {
        let rows = try SQLStatement(
            connection, "SELECT name, place FROM directories NOT INDEXED WHERE place IS NOT NULL ORDER BY place")
        var names: [String] = []
        try rows.forEach {
            guard rows.integer(1) == Int64(names.count), names.count < 256 else {
                throw SQLFailure(code: SQLITE_CORRUPT, message: "no directory stands at place \(names.count)")
            }
            names.append(rows.text(0))
        }
        return names
    }

    /// Fills the people; returns for each number the place in the mirror, `UInt32.max` for those who are not in it.
    private func readPeople(_ mirror: inout Mirror) throws -> [UInt32] {
        let last = try HighestNumber.of("person", in: "mirror_people", countedIn: "mirror_entries", connection)
        var places = Array(repeating: UInt32.max, count: last + 1)
        let entries = try SQLStatement(
            connection,
            """
            SELECT e.entry_id, e.person, e.hash, d.place FROM directories d JOIN mirror_entries e USING (directory)
            WHERE d.place IS NOT NULL AND e.hash IS NOT NULL ORDER BY d.place, e.entry_id
            """)
        try entries.forEach {
            let person = Int(entries.integer(1))
            guard places.indices.contains(person), places[person] == UInt32.max else {
                throw SQLFailure(code: SQLITE_CORRUPT, message: "person \(person) of the mirror cannot be read")
            }
            places[person] = UInt32(truncatingIfNeeded: mirror.people.count)
            mirror.people.append(
                PersonRow(
                    id: try entries.id(0), start: 0, length: 0,
                    contentHash: UInt64(bitPattern: entries.integer(2)), lastSignIn: Int64.min,
                    directory: UInt8(truncatingIfNeeded: entries.integer(3)), state: .enabled, problems: []))
        }
        let rows = try SQLStatement(
            connection,
            "SELECT person, state, problems, last_sign_in, record FROM mirror_people WHERE record IS NOT NULL")
        try rows.forEach {
            let person = Int(rows.integer(0))
            guard places.indices.contains(person), places[person] != UInt32.max else { return }
            let place = Int(places[person])
            let record = rows.bytes(4)
            mirror.people[place].start = UInt32(truncatingIfNeeded: mirror.arena.count)
            mirror.people[place].length = UInt32(truncatingIfNeeded: record.count)
            mirror.people[place].state = PersonState(rawValue: UInt8(truncatingIfNeeded: rows.integer(1))) ?? .enabled
            mirror.people[place].problems = EntryProblems(rawValue: UInt8(truncatingIfNeeded: rows.integer(2)))
            mirror.people[place].lastSignIn = rows.time(3)
            mirror.arena.append(contentsOf: record)
        }
        return places
    }

    /// Fills the groups; returns their numbers in order.
    private func readGroups(_ mirror: inout Mirror) throws -> [Int64] {
        var numbers: [Int64] = []
        let rows = try SQLStatement(
            connection,
            """
            SELECT g.grp, g.entry_id, g.dn, g.name, g.unresolved, g.hash, d.place
            FROM mirror_groups g JOIN directories d USING (directory)
            WHERE d.place IS NOT NULL ORDER BY d.place, g.entry_id
            """)
        try rows.forEach {
            guard UInt32(exactly: rows.integer(0)) != nil else {
                throw SQLFailure(code: SQLITE_CORRUPT, message: "there is no group \(rows.integer(0))")
            }
            numbers.append(rows.integer(0))
            mirror.groups.append(
                GroupRow(
                    id: try rows.id(1), dn: Array(rows.bytes(2)), name: Array(rows.bytes(3)),
                    unresolvedMembers: UInt32(truncatingIfNeeded: rows.integer(4)),
                    contentHash: UInt64(bitPattern: rows.integer(5)),
                    directory: UInt8(truncatingIfNeeded: rows.integer(6))))
        }
        return numbers
    }

    private func readMembers(_ mirror: inout Mirror, people: [UInt32], groups: [Int64]) throws {
        var places: [UInt32: UInt32] = [:]
        for (place, number) in groups.enumerated() {
            places[UInt32(truncatingIfNeeded: number)] = UInt32(truncatingIfNeeded: place)
        }
        let persons = try PairReader(connection, "group_people")
        let nested = try PairReader(connection, "group_groups")
        for number in groups {
            try append(persons, number, &mirror.memberPeople) {
                people.indices.contains(Int($0)) && people[Int($0)] != UInt32.max ? people[Int($0)] : nil
            }
            mirror.memberPeopleStart.append(UInt32(truncatingIfNeeded: mirror.memberPeople.count))
            try append(nested, number, &mirror.memberGroups) { places[$0] }
            mirror.memberGroupsStart.append(UInt32(truncatingIfNeeded: mirror.memberGroups.count))
        }
    }

    private func append(
        _ rows: PairReader, _ group: Int64, _ members: inout [UInt32], _ place: (UInt32) -> UInt32?
    ) throws {
        let first = members.count
        try rows.forEach(first: group) { if let place = place($0) { members.append(place) } }
        members[first...].sort()
    }
}
