import DirectoryModel

/// Writes groups and direct memberships, both ways; groups with the same content hash, and as many members that are nobody read, are
/// not looked at.
final class GroupWriter {
    private let connection: OpaquePointer
    private let mirror: Mirror
    private let following: MirrorFollowing
    private let names: GroupNames
    private let people: [UInt32]
    /// For each group of the mirror the number in the file; 0 while it has none.
    private var numbers: [UInt32]
    private var known: [Bool]
    private var changed: [Int] = []
    /// Known groups with other loose members than before.
    private var otherLoose: [Int] = []
    private var reverseAdded: [UInt64] = []
    private var reverseRemoved: [UInt64] = []

    init(_ connection: OpaquePointer, _ mirror: Mirror, _ following: MirrorFollowing, _ people: [UInt32]) throws {
        self.connection = connection
        self.mirror = mirror
        self.following = following
        self.people = people
        names = try GroupNames(connection)
        numbers = Array(repeating: 0, count: mirror.groups.count)
        known = Array(repeating: false, count: mirror.groups.count)
    }

    func write() throws {
        let gone = try compare()
        if !gone.isEmpty {
            let groups = try GroupDrop(connection)
            for (group, directory) in gone {
                following.touch(number: directory)
                var hashes = following.hashes(directory)
                reverseRemoved += try groups.drop(group, &hashes, names)
            }
        }
        try writeRows()
        try writeNames()
        try writeMembers()
        try PairTable(connection, "person_groups")
            .exchange(removed: &reverseRemoved, added: &reverseAdded)
    }

    /// Finds which groups of the file are still there, by directory and id; returns those that are not.
    private func compare() throws -> [(group: UInt32, directory: Int64)] {
        let rows = try SQLStatement(
            connection,
            """
            SELECT g.grp, g.entry_id, g.hash, d.place, g.unresolved, g.loose, g.directory
            FROM mirror_groups g JOIN directories d USING (directory)
            ORDER BY d.place IS NULL, d.place, g.entry_id
            """)
        var gone: [(group: UInt32, directory: Int64)] = []
        var place = 0
        try rows.forEach {
            let number = UInt32(truncatingIfNeeded: rows.integer(0))
            guard let directory = rows.optionalInteger(3) else { return gone.append((number, rows.integer(6))) }
            let id = try rows.id(1)
            while place < mirror.groups.count, precedes(mirror.groups[place], directory, id) { place += 1 }
            guard place < mirror.groups.count, Int64(mirror.groups[place].directory) == directory,
                mirror.groups[place].id == id
            else { return gone.append((number, rows.integer(6))) }
            numbers[place] = number
            known[place] = true
            if rows.integer(2) != Int64(bitPattern: mirror.groups[place].contentHash)
                || rows.integer(4) != Int64(mirror.groups[place].unresolvedMembers)
            {
                changed.append(place)
            }
            if let told = told(place), rows.integer(5) != GroupNames.digest(told.loose) { otherLoose.append(place) }
            place += 1
        }
        return gone
    }

    private func told(_ place: Int) -> (name: DNHash, loose: ArraySlice<LooseMember>)? {
        following.names(ofGroup: place, in: Int(mirror.groups[place].directory))
    }

    private func precedes(_ row: GroupRow, _ directory: Int64, _ id: ImmutableID) -> Bool {
        Int64(row.directory) == directory ? row.id < id : Int64(row.directory) < directory
    }

    private func writeRows() throws {
        let insert = try SQLStatement(
            connection,
            """
            INSERT INTO mirror_groups (grp, directory, entry_id, dn, name, unresolved, hash) VALUES (?, ?, ?, ?, ?, ?, ?)
            """)
        let update = try SQLStatement(
            connection, "UPDATE mirror_groups SET dn = ?, name = ?, unresolved = ?, hash = ? WHERE grp = ?")
        let old = try SQLStatement(connection, "SELECT dn FROM mirror_groups WHERE grp = ?")
        for place in changed {
            let row = mirror.groups[place]
            let directory = following.numbers[Int(row.directory)]
            following.touch(number: directory)
            if var hashes = following.hashes(directory) {
                old.bind(1, Int64(numbers[place]))
                try old.forEach {
                    if let name = hashes.hash(ofDN: old.bytes(0)) { try names.leave(numbers[place], name: name) }
                }
            }
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
            following.touch(Int(row.directory))
            insert.bind(2, following.numbers[Int(row.directory)])
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

    /// Writes what groups are found by: of those that changed, or of all where the tables of names begin anew.
    private func writeNames() throws {
        for place in changed { if let told = told(place) { try names.enter(numbers[place], name: told.name) } }
        for place in numbers.indices
        where !known[place] || following.isNew(Int(mirror.groups[place].directory)) {
            guard let told = told(place) else { continue }
            try names.enter(numbers[place], name: told.name)
            if !told.loose.isEmpty { try names.setLoose(told.loose, of: numbers[place]) }
        }
        for place in otherLoose where !following.isNew(Int(mirror.groups[place].directory)) {
            if let told = told(place) { try names.setLoose(told.loose, of: numbers[place]) }
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
