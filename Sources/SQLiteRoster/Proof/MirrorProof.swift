import DirectoryModel

/// Whether the stored mirror is what was last read: records and groups by their hashes, indexes and memberships by each other.
///
/// No run decides by it, but explanations and what-if questions are answered from it.
struct MirrorProof {
    var connection: OpaquePointer

    func problems() throws -> [String] {
        var problems: [String] = []
        let people = try people()
        if people.isWrong { problems.append("people of the mirror are not as they were read") }
        if try stored("person_keys") != people.keys {
            problems.append("the index of names in the mirror is not that of its people")
        }
        let ends = try AccountEnds.all(connection)
        if ends.count != people.ends.count || zip(ends, people.ends).contains(where: { $0 != $1 }) {
            problems.append("the list of accounts that end is not that of the people in the mirror")
        }
        if try stored("person_names") != people.names || !groupNamesAgree() || !looseMembersAgree() {
            problems.append("the names that changes of directories are told by are not those in the mirror")
        }
        if try !membershipsAgree() { problems.append("memberships of the mirror are not the same both ways") }
        // After `rekey` the groups wait for the next reading, and so do people under a new id.
        if people.isRead, !people.isWrong, try !groupsAgree() {
            problems.append("groups of the mirror are not as they were read")
        }
        return problems
    }

    private struct People {
        var isWrong = false
        /// Whether everybody was read since ids were taken over.
        var isRead = true
        /// What the index of names should hold, sorted.
        var keys: [UInt64] = []
        /// The same of the names of followed directories.
        var names: [UInt64] = []
        var ends: [[Int64]] = []
    }

    private func people() throws -> People {
        let rows = try SQLStatement(
            connection,
            """
            SELECT p.person, p.state, p.problems, p.last_sign_in, p.record, e.hash, e.person, p.directory
            FROM mirror_people p LEFT JOIN mirror_entries e USING (directory, entry_id)
            """)
        var people = People()
        var hashes = try namedDirectories()
        var count: Int64 = 0
        try rows.forEach {
            count += 1
            if rows.integer(6) != rows.integer(0) { people.isWrong = true }
            guard !rows.isNull(4) else {
                if !rows.isNull(5) { people.isWrong = true }
                return
            }
            let record = rows.bytes(4)
            LookupKey.append(record: record, person: UInt32(truncatingIfNeeded: rows.integer(0)), to: &people.keys)
            add(rows, record, &hashes, to: &people)
            guard !rows.isNull(5) else {
                people.isRead = false
                return
            }
            let state = PersonState(rawValue: UInt8(truncatingIfNeeded: rows.integer(1)))
            let hash = ContentHash.of(
                record: record, state: state ?? .enabled,
                problems: EntryProblems(rawValue: UInt8(truncatingIfNeeded: rows.integer(2))),
                lastSignIn: rows.time(3))
            if state == nil || rows.integer(5) != Int64(bitPattern: hash) { people.isWrong = true }
        }
        if try integer(connection, "SELECT count(*) FROM mirror_entries") != count { people.isWrong = true }
        people.keys.sort()
        people.names.sort()
        people.ends.sort { $0.lexicographicallyPrecedes($1) }
        return people
    }

    /// What a row of people adds to the tables by which a followed directory's changes are worked out.
    private func add(
        _ row: SQLStatement, _ record: UnsafeRawBufferPointer, _ hashes: inout [Int64: NameHashes],
        to people: inout People
    ) {
        let person = UInt32(truncatingIfNeeded: row.integer(0))
        let problems = EntryProblems(rawValue: UInt8(truncatingIfNeeded: row.integer(2)))
        _ = hashes[row.integer(7)]?.append(record: record, problems, person: person, to: &people.names)
        if let state = PersonState(rawValue: UInt8(truncatingIfNeeded: row.integer(1))),
            let ends = AccountEnds.end(record, state)
        {
            people.ends.append([Int64(state.rawValue), ends, Int64(person)])
        }
    }

    /// The hashes of names of every directory whose names are kept, by number.
    private func namedDirectories() throws -> [Int64: NameHashes] {
        try FollowedDirectories(connection).entries.filter(\.value.isNamed).mapValues { NameHashes($0.key) }
    }

    private func groupNamesAgree() throws -> Bool {
        var hashes = try namedDirectories()
        let rows = try SQLStatement(connection, "SELECT grp, directory, dn FROM mirror_groups")
        var names: [UInt64] = []
        try rows.forEach {
            guard let name = hashes[rows.integer(1)]?.hash(ofDN: rows.bytes(2)) else { return }
            names.append(NameHashes.pair(name, UInt32(truncatingIfNeeded: rows.integer(0))))
        }
        return try stored("group_names") == names.sorted()
    }

    /// Whether each group's digest is that of its loose members, and each of those leads to the group.
    private func looseMembersAgree() throws -> Bool {
        var digests: [Int64: Int64] = [:]
        var pairs: Set<UInt64> = []
        let members = try SQLStatement(connection, "SELECT grp, name, count FROM loose_members")
        try members.forEach {
            let member = LooseMember(
                name: try MemberName(blob: members.bytes(1)), count: UInt32(truncatingIfNeeded: members.integer(2)))
            let group = members.integer(0)
            digests[group, default: 0] &+= member.digest
            pairs.insert(NameHashes.pair(member.name.hash, UInt32(truncatingIfNeeded: group)))
        }
        let groups = try SQLStatement(connection, "SELECT grp, loose FROM mirror_groups")
        var agree = true
        try groups.forEach {
            agree = agree && digests.removeValue(forKey: groups.integer(0)) ?? 0 == groups.integer(1)
        }
        return try agree && digests.isEmpty && stored("loose_groups") == pairs.sorted()
    }

    /// The pairs of a table, in order.
    private func stored(_ table: String) throws -> [UInt64] {
        let rows = try SQLStatement(connection, "SELECT pair FROM \(table) ORDER BY pair")
        var keys: [UInt64] = []
        try rows.forEach { keys.append(UInt64(bitPattern: rows.integer(0))) }
        return keys
    }

    private func membershipsAgree() throws -> Bool {
        let forward = try integer(connection, "SELECT count(*) FROM group_people")
        let reverse = try integer(connection, "SELECT count(*) FROM person_groups")
        let shared = try integer(
            connection,
            """
            SELECT count(*) FROM group_people g JOIN person_groups p
            ON p.pair = ((g.pair & 0xffffffff) << 32) | (g.pair >> 32)
            """)
        return forward == reverse && forward == shared
    }

    private func groupsAgree() throws -> Bool {
        let mirror = try MirrorReader(connection: connection).mirror()
        return mirror.groups.indices.allSatisfy {
            mirror.groups[$0].contentHash == ContentHash.of(group: $0, in: mirror)
        }
    }
}
