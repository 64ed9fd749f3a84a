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
        if try storedKeys() != people.keys {
            problems.append("the index of names in the mirror is not that of its people")
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
    }

    private func people() throws -> People {
        let rows = try SQLStatement(
            connection,
            """
            SELECT p.person, p.state, p.problems, p.last_sign_in, p.record, e.hash, e.person
            FROM mirror_people p LEFT JOIN mirror_entries e USING (directory, entry_id)
            """)
        var people = People()
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
        return people
    }

    private func storedKeys() throws -> [UInt64] {
        let rows = try SQLStatement(connection, "SELECT pair FROM person_keys ORDER BY pair")
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
