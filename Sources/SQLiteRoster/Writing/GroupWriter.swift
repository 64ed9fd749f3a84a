import DirectoryModel

/// Writes groups and direct memberships, both ways; groups with the same content hash, and as many members that are nobody read, are
/// not looked at.
final class GroupWriter {
    private let connection: OpaquePointer
    private let mirror: Mirror
    private let directories: DirectoryNumbers
    private let people: [UInt32]
    /// For each group of the mirror the number in the file; 0 while it has none.
    private var numbers: [UInt32]
    private var known: [Bool]
    private var changed: [Int] = []
    private var reverseAdded: [UInt64] = []
    private var reverseRemoved: [UInt64] = []

    init(_ connection: OpaquePointer, _ mirror: Mirror, _ directories: DirectoryNumbers, _ people: [UInt32]) {
        self.connection = connection
        self.mirror = mirror
        self.directories = directories
        self.people = people
        numbers = Array(repeating: 0, count: mirror.groups.count)
        known = Array(repeating: false, count: mirror.groups.count)
    }

    func write() throws {
        let gone = try compare()
        for group in gone { try drop(group) }
        try writeRows()
        try writeMembers()
        try PairTable(connection, "person_groups")
            .exchange(removed: &reverseRemoved, added: &reverseAdded)
    }

    /// Finds which groups of the file are still there, by directory and id; returns those that are not.
    private func compare() throws -> [UInt32] {
        let rows = try SQLStatement(
            connection,
            """
            SELECT g.grp, g.entry_id, g.hash, d.place, g.unresolved FROM mirror_groups g JOIN directories d USING (directory)
            ORDER BY d.place IS NULL, d.place, g.entry_id
            """)
        var gone: [UInt32] = []
        var place = 0
        try rows.forEach {
            let number = UInt32(truncatingIfNeeded: rows.integer(0))
            guard let directory = rows.optionalInteger(3) else { return gone.append(number) }
            let id = try rows.id(1)
            while place < mirror.groups.count, precedes(mirror.groups[place], directory, id) { place += 1 }
            guard place < mirror.groups.count, Int64(mirror.groups[place].directory) == directory,
                mirror.groups[place].id == id
            else { return gone.append(number) }
            numbers[place] = number
            known[place] = true
            let row = mirror.groups[place]
            if rows.integer(2) != Int64(bitPattern: row.contentHash) || rows.integer(4) != Int64(row.unresolvedMembers)
            {
                changed.append(place)
            }
            place += 1
        }
        return gone
    }

    private func precedes(_ row: GroupRow, _ directory: Int64, _ id: ImmutableID) -> Bool {
        Int64(row.directory) == directory ? row.id < id : Int64(row.directory) < directory
    }

    private func drop(_ group: UInt32) throws {
        try PairReader(connection, "group_people").forEach(first: Int64(group)) {
            reverseRemoved.append(UInt64($0) << 32 | UInt64(group))
        }
        for sql in [
            "DELETE FROM group_people WHERE pair BETWEEN ?1 << 32 AND ?1 << 32 | 0xffffffff",
            "DELETE FROM group_groups WHERE pair BETWEEN ?1 << 32 AND ?1 << 32 | 0xffffffff",
            "DELETE FROM group_groups WHERE pair & 0xffffffff = ?", "DELETE FROM mirror_groups WHERE grp = ?",
        ] {
            let statement = try SQLStatement(connection, sql)
            statement.bind(1, Int64(group))
            try statement.run()
        }
    }

    private func writeRows() throws {
        let insert = try SQLStatement(
            connection,
            """
            INSERT INTO mirror_groups (grp, directory, entry_id, dn, name, unresolved, hash) VALUES (?, ?, ?, ?, ?, ?, ?)
            """)
        let update = try SQLStatement(
            connection, "UPDATE mirror_groups SET dn = ?, name = ?, unresolved = ?, hash = ? WHERE grp = ?")
        for place in changed {
            let row = mirror.groups[place]
            update.bind(1, blob: row.dn)
            update.bind(2, blob: row.name)
            update.bind(3, Int64(row.unresolvedMembers))
            update.bind(4, Int64(bitPattern: row.contentHash))
            update.bind(5, Int64(numbers[place]))
            try update.run()
        }
        var next = (try integer(connection, "SELECT max(grp) FROM mirror_groups") ?? 0) + 1
        for place in numbers.indices where !known[place] {
            let row = mirror.groups[place]
            insert.bind(1, next)
            insert.bind(2, try directories.number(of: mirror.directories[Int(row.directory)]))
            insert.bind(3, id: row.id)
            insert.bind(4, blob: row.dn)
            insert.bind(5, blob: row.name)
            insert.bind(6, Int64(row.unresolvedMembers))
            insert.bind(7, Int64(bitPattern: row.contentHash))
            try insert.run()
            numbers[place] = UInt32(truncatingIfNeeded: next)
            next += 1
        }
    }

    /// Writes the members of new groups, and the differences of changed ones.
    private func writeMembers() throws {
        let forward = try PairTable(connection, "group_people")
        let nested = try PairTable(connection, "group_groups")
        let storedPeople = try PairReader(connection, "group_people")
        let storedGroups = try PairReader(connection, "group_groups")
        for place in changed {
            let group = UInt64(numbers[place])
            let members = peopleNumbers(place)
            try difference(storedPeople, group, members) { person, isNew in
                let pair = group << 32 | person
                if isNew { try forward.insert(pair) } else { try forward.delete(pair) }
                let reverse = person << 32 | group
                if isNew { reverseAdded.append(reverse) } else { reverseRemoved.append(reverse) }
            }
            try difference(storedGroups, group, groupNumbers(place)) { member, isNew in
                if isNew { try nested.insert(group << 32 | member) } else { try nested.delete(group << 32 | member) }
            }
        }
        for place in numbers.indices where !known[place] {
            let group = UInt64(numbers[place])
            for person in peopleNumbers(place) {
                try forward.insert(group << 32 | UInt64(person))
                reverseAdded.append(UInt64(person) << 32 | group)
            }
            for member in groupNumbers(place) { try nested.insert(group << 32 | UInt64(member)) }
        }
    }

    private func difference(
        _ stored: PairReader, _ group: UInt64, _ wanted: [UInt32],
        _ body: (_ member: UInt64, _ isNew: Bool) throws -> Void
    ) throws {
        var present: [UInt32] = []
        try stored.forEach(first: Int64(group)) { present.append($0) }
        var left = 0
        var right = 0
        while left < present.count || right < wanted.count {
            if right == wanted.count || (left < present.count && present[left] < wanted[right]) {
                try body(UInt64(present[left]), false)
                left += 1
            } else if left == present.count || wanted[right] < present[left] {
                try body(UInt64(wanted[right]), true)
                right += 1
            } else {
                left += 1
                right += 1
            }
        }
    }

    private func peopleNumbers(_ place: Int) -> [UInt32] {
        let range = Int(mirror.memberPeopleStart[place])..<Int(mirror.memberPeopleStart[place + 1])
        return sorted(range.map { people[Int(mirror.memberPeople[$0])] })
    }

    private func groupNumbers(_ place: Int) -> [UInt32] {
        let range = Int(mirror.memberGroupsStart[place])..<Int(mirror.memberGroupsStart[place + 1])
        return sorted(range.map { numbers[Int(mirror.memberGroups[$0])] })
    }

    /// Numbers follow the order of ids on the first night, and mostly later.
    private func sorted(_ members: [UInt32]) -> [UInt32] {
        for place in members.indices.dropFirst() where members[place - 1] > members[place] { return members.sorted() }
        return members
    }
}
