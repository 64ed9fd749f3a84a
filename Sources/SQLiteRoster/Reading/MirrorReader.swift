import DirectoryModel

/// Reads the mirror of the last applied run.
struct MirrorReader {
    var connection: OpaquePointer

    func mirror() throws -> Mirror {
        var mirror = Mirror(
            directories: try list("SELECT name FROM directories WHERE place IS NOT NULL ORDER BY place"))
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

    /// Fills the people; returns for each number the place in the mirror, `UInt32.max` for those who are not in it.
    private func readPeople(_ mirror: inout Mirror) throws -> [UInt32] {
        let last = Int(try integer(connection, "SELECT max(person) FROM mirror_people") ?? 0)
        var places = Array(repeating: UInt32.max, count: last + 1)
        let entries = try SQLStatement(
            connection,
            """
            SELECT e.entry_id, e.person, e.hash, d.place FROM directories d JOIN mirror_entries e USING (directory)
            WHERE d.place IS NOT NULL AND e.hash IS NOT NULL ORDER BY d.place, e.entry_id
            """)
        try entries.forEach {
            let person = Int(entries.integer(1))
            guard places.indices.contains(person) else { return }
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

    private func readGroups(_ mirror: inout Mirror) throws -> [UInt32] {
        let last = Int(try integer(connection, "SELECT max(grp) FROM mirror_groups") ?? 0)
        var places = Array(repeating: UInt32.max, count: last + 1)
        let rows = try SQLStatement(
            connection,
            """
            SELECT g.grp, g.entry_id, g.dn, g.name, g.unresolved, g.hash, d.place
            FROM mirror_groups g JOIN directories d USING (directory)
            WHERE d.place IS NOT NULL ORDER BY d.place, g.entry_id
            """)
        try rows.forEach {
            places[Int(rows.integer(0))] = UInt32(truncatingIfNeeded: mirror.groups.count)
            mirror.groups.append(
                GroupRow(
                    id: try rows.id(1), dn: Array(rows.bytes(2)), name: Array(rows.bytes(3)),
                    unresolvedMembers: UInt32(truncatingIfNeeded: rows.integer(4)),
                    contentHash: UInt64(bitPattern: rows.integer(5)),
                    directory: UInt8(truncatingIfNeeded: rows.integer(6))))
        }
        return places
    }

    private func readMembers(_ mirror: inout Mirror, people: [UInt32], groups: [UInt32]) throws {
        var numbers = Array(repeating: Int64(0), count: mirror.groups.count)
        for (number, place) in groups.enumerated() where place != UInt32.max { numbers[Int(place)] = Int64(number) }
        let persons = try PairReader(connection, "group_people")
        let nested = try PairReader(connection, "group_groups")
        for number in numbers {
            try append(persons, number, people, &mirror.memberPeople)
            mirror.memberPeopleStart.append(UInt32(truncatingIfNeeded: mirror.memberPeople.count))
            try append(nested, number, groups, &mirror.memberGroups)
            mirror.memberGroupsStart.append(UInt32(truncatingIfNeeded: mirror.memberGroups.count))
        }
    }

    private func append(_ rows: PairReader, _ group: Int64, _ places: [UInt32], _ members: inout [UInt32]) throws {
        let first = members.count
        try rows.forEach(first: group) {
            let number = Int($0)
            if places.indices.contains(number), places[number] != UInt32.max { members.append(places[number]) }
        }
        members[first...].sort()
    }
}
