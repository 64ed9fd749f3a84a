import DirectoryModel
import Reconciliation

/// Reads the people of a part with their groups: as they were in the last applied run, and as they are now.
struct PartMirrors {
    private let people: AffectedPeople
    private let connection: OpaquePointer

    init(_ people: AffectedPeople) {
        self.people = people
        connection = people.connection
    }

    func read() throws -> (before: Mirror, after: Mirror) {
        var mirror = Mirror(directories: try directories(), attributes: try attributes())
        let places = try readPeople(&mirror)
        guard mirror.isIntact else {
            throw EverybodyReason(.counts, "the mirror in the roster is not as the last run left it")
        }
        try readGroups(&mirror, places)
        var after = mirror
        for (name, rows) in people.question.changes.sorted(by: { $0.key < $1.key }) where !rows.isEmpty {
            guard let place = mirror.directories.firstIndex(of: name),
                after.apply(known(rows, mirror, place), toDirectory: place)
            else { throw EverybodyReason(.directories, "directory `\(name)` was not in the last run") }
        }
        return (mirror, after)
    }

    private func directories() throws -> [String] {
        let rows = try SQLStatement(
            connection, "SELECT name FROM directories NOT INDEXED WHERE place IS NOT NULL ORDER BY place")
        var names: [String] = []
        try rows.forEach { names.append(rows.text(0)) }
        return names
    }

    private func attributes() throws -> [String] {
        let rows = try SQLStatement(connection, "SELECT name FROM attributes ORDER BY place")
        var names: [String] = []
        try rows.forEach { names.append(rows.text(0)) }
        return names
    }

    /// Changes of groups that are in the part; of others nothing is known.
    private func known(_ rows: MirrorRowChanges, _ mirror: Mirror, _ place: Int) -> MirrorRowChanges {
        let groups = Set(mirror.groups.filter { Int($0.directory) == place }.map(\.id))
        var rows = rows
        rows.groups.removeAll { !groups.contains($0.row.id) }
        return rows
    }

    private struct Person {
        var number: UInt32
        var row: PersonRow
        var record: [UInt8]
    }

    /// Fills the people; returns the place of each by number.
    private func readPeople(_ mirror: inout Mirror) throws -> [UInt32: UInt32] {
        let rows = try SQLStatement(
            connection,
            """
            SELECT d.place, p.entry_id, p.state, p.problems, p.last_sign_in, p.record, e.hash FROM mirror_people p
            CROSS JOIN directories d USING (directory)
            CROSS JOIN mirror_entries e ON e.directory = p.directory AND e.entry_id = p.entry_id
            WHERE p.person = ? AND d.place IS NOT NULL AND e.hash IS NOT NULL
            """)
        var found: [Person] = []
        for number in people.numbers {
            rows.bind(1, Int64(number))
            try rows.forEach {
                let row = PersonRow(
                    id: try rows.id(1), start: 0, length: 0, contentHash: UInt64(bitPattern: rows.integer(6)),
                    lastSignIn: rows.time(4), directory: UInt8(truncatingIfNeeded: rows.integer(0)),
                    state: PersonState(rawValue: UInt8(truncatingIfNeeded: rows.integer(2))) ?? .enabled,
                    problems: EntryProblems(rawValue: UInt8(truncatingIfNeeded: rows.integer(3))))
                found.append(Person(number: number, row: row, record: Array(rows.bytes(5))))
            }
        }
        found.sort { ($0.row.directory, $0.row.id) < ($1.row.directory, $1.row.id) }
        var places: [UInt32: UInt32] = [:]
        for var person in found {
            person.row.start = UInt32(truncatingIfNeeded: mirror.arena.count)
            person.row.length = UInt32(truncatingIfNeeded: person.record.count)
            places[person.number] = UInt32(truncatingIfNeeded: mirror.people.count)
            mirror.people.append(person.row)
            mirror.arena += person.record
        }
        return places
    }

    /// Fills the groups that rules name and those on the ways to them, with the members that are people of the part.
    private func readGroups(_ mirror: inout Mirror, _ places: [UInt32: UInt32]) throws {
        let (members, numbers) = try memberships(places)
        var rows = try numbers.map { (number: $0, row: try row($0)) }
        rows.sort { ($0.row.directory, $0.row.id) < ($1.row.directory, $1.row.id) }
        var groupPlaces: [UInt32: UInt32] = [:]
        for (place, one) in rows.enumerated() { groupPlaces[one.number] = UInt32(truncatingIfNeeded: place) }
        var nested: [UInt32: [UInt32]] = [:]
        for (number, place) in groupPlaces {
            for holder in try people.groups.holders(of: number) where groupPlaces[holder] != nil {
                nested[holder, default: []].append(place)
            }
        }
        for (number, row) in rows {
            mirror.groups.append(row)
            mirror.memberPeople += (members[number] ?? []).sorted()
            mirror.memberPeopleStart.append(UInt32(truncatingIfNeeded: mirror.memberPeople.count))
            mirror.memberGroups += (nested[number] ?? []).sorted()
            mirror.memberGroupsStart.append(UInt32(truncatingIfNeeded: mirror.memberGroups.count))
        }
    }

    /// Direct members by group, and every group that belongs to the part.
    private func memberships(
        _ places: [UInt32: UInt32]
    ) throws -> (members: [UInt32: [UInt32]], groups: Set<UInt32>) {
        let reader = try PairReader(connection, "person_groups")
        var members: [UInt32: [UInt32]] = [:]
        for (number, place) in places {
            try reader.forEach(first: Int64(number)) { members[$0, default: []].append(place) }
        }
        var starts = Set(members.keys).union(people.groups.wanted)
        for (name, rows) in people.question.changes {
            guard let directory = people.directories.known(name) else { continue }
            for one in rows.joinedPeople.map(\.group) + rows.joinedGroups.flatMap({ [$0.group, $0.member] }) {
                if let group = try people.groups.number(directory: directory, id: one) { starts.insert(group) }
            }
        }
        var groups: Set<UInt32> = []
        for start in starts where !groups.contains(start) {
            let isAsked = !people.question.people.isEmpty
            groups.formUnion(isAsked ? try people.groups.above(start) : Set(try people.groups.ways(from: start)))
        }
        return (members, groups)
    }

    private func row(_ group: UInt32) throws -> GroupRow {
        let rows = try SQLStatement(
            connection,
            """
            SELECT g.entry_id, g.dn, g.name, g.unresolved, g.hash, d.place FROM mirror_groups g
            CROSS JOIN directories d USING (directory) WHERE g.grp = ? AND d.place IS NOT NULL
            """)
        rows.bind(1, Int64(group))
        defer { rows.reset() }
        guard try rows.step() else { throw EverybodyReason(.groups, "a group is of no directory") }
        return GroupRow(
            id: try rows.id(0), dn: Array(rows.bytes(1)), name: Array(rows.bytes(2)),
            unresolvedMembers: UInt32(truncatingIfNeeded: rows.integer(3)),
            contentHash: UInt64(bitPattern: rows.integer(4)), directory: UInt8(truncatingIfNeeded: rows.integer(5)))
    }
}
