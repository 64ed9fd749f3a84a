extension Mirror {
    /// Brings the rows of one of its directories up to date; the others stay as they are.
    ///
    /// Records of people who changed or left stay in the arena, where nothing leads to them. Returns false, with the mirror as it was, when there
    /// would be more than the tables can hold.
    package mutating func apply(_ changes: MirrorRowChanges, toDirectory place: Int) -> Bool {
        if changes.isEmpty { return true }
        let more = changes.people.reduce(0) { $0 + $1.record.count }
        guard let directory = UInt8(exactly: place), arena.count + more <= Int(UInt32.max),
            people.count + changes.people.count < Int(Int32.max)
        else { return false }
        let moves = MemberMoves(self, changes, directory)
        let newPeople = merge(changes.people, without: changes.removedPeople, directory)
        let newGroups = merge(changes.groups, without: changes.removedGroups, directory)
        moveMembers(moves, newPeople, newGroups)
        return true
    }

    /// Takes up people; returns for each old place the new one, `UInt32.max` for who is gone, or nil where nobody's place changed.
    private mutating func merge(
        _ changed: [PersonChange], without removed: [ImmutableID], _ directory: UInt8
    ) -> [UInt32]? {
        var newcomers: [PersonRow] = []
        for change in changed {
            var row = change.row
            row.directory = directory
            row.start = UInt32(truncatingIfNeeded: arena.count)
            row.length = UInt32(truncatingIfNeeded: change.record.count)
            arena.append(contentsOf: change.record)
            if let known = place(ofPerson: row.id, directory) { people[known] = row } else { newcomers.append(row) }
        }
        let gone = Set(removed.compactMap { place(ofPerson: $0, directory) })
        return Mirror.merge(&people, newcomers, without: gone) { Key($0.directory, $0.id) }
    }

    private mutating func merge(
        _ changed: [MirrorRowChanges.Group], without removed: [ImmutableID], _ directory: UInt8
    ) -> [UInt32]? {
        var newcomers: [GroupRow] = []
        for change in changed {
            var row = change.row
            row.directory = directory
            if let known = place(ofGroup: row.id, directory) { groups[known] = row } else { newcomers.append(row) }
        }
        let gone = Set(removed.compactMap { place(ofGroup: $0, directory) })
        return Mirror.merge(&groups, newcomers, without: gone) { Key($0.directory, $0.id) }
    }

    /// What rows stand in the order of.
    private struct Key: Comparable {
        var directory: UInt8
        var id: ImmutableID

        init(_ directory: UInt8, _ id: ImmutableID) {
            self.directory = directory
            self.id = id
        }

        static func < (left: Key, right: Key) -> Bool {
            left.directory == right.directory ? left.id < right.id : left.directory < right.directory
        }
    }

    private static func merge<Row>(
        _ rows: inout [Row], _ newcomers: [Row], without gone: Set<Int>, _ key: (Row) -> Key
    ) -> [UInt32]? {
        if newcomers.isEmpty, gone.isEmpty { return nil }
        let newcomers = newcomers.sorted { key($0) < key($1) }
        var places = [UInt32](repeating: .max, count: rows.count)
        var merged: [Row] = []
        merged.reserveCapacity(rows.count + newcomers.count - gone.count)
        var next = 0
        for (place, row) in rows.enumerated() where !gone.contains(place) {
            while next < newcomers.count, key(newcomers[next]) < key(row) {
                merged.append(newcomers[next])
                next += 1
            }
            places[place] = UInt32(truncatingIfNeeded: merged.count)
            merged.append(row)
        }
        merged += newcomers[next...]
        rows = merged
        return places
    }

    // MARK: Members

    /// Memberships that came and went, by the ids of the groups.
    private struct MemberMoves {
        let directory: UInt8
        let ids: Set<ImmutableID>
        let joinedPeople: [ImmutableID: [ImmutableID]]
        let leftPeople: [ImmutableID: Set<PersonIndex>]
        let joinedGroups: [ImmutableID: [ImmutableID]]
        let leftGroups: [ImmutableID: Set<GroupIndex>]

        /// `mirror` has its old rows: who left is told by the places there.
        init(_ mirror: borrowing Mirror, _ changes: MirrorRowChanges, _ directory: UInt8) {
            self.directory = directory
            joinedPeople = Dictionary(grouping: changes.joinedPeople, by: \.group).mapValues { $0.map(\.member) }
            joinedGroups = Dictionary(grouping: changes.joinedGroups, by: \.group).mapValues { $0.map(\.member) }
            var people: [ImmutableID: Set<PersonIndex>] = [:]
            for one in changes.leftPeople {
                guard let place = mirror.place(ofPerson: one.member, directory) else { continue }
                people[one.group, default: []].insert(PersonIndex(truncatingIfNeeded: place))
            }
            var groups: [ImmutableID: Set<GroupIndex>] = [:]
            for one in changes.leftGroups {
                guard let place = mirror.place(ofGroup: one.member, directory) else { continue }
                groups[one.group, default: []].insert(GroupIndex(truncatingIfNeeded: place))
            }
            leftPeople = people
            leftGroups = groups
            ids = Set(joinedPeople.keys).union(joinedGroups.keys).union(people.keys).union(groups.keys)
        }
    }

    /// Writes the lists of members anew, with the new places of people and groups.
    private mutating func moveMembers(_ moves: MemberMoves, _ newPeople: [UInt32]?, _ newGroups: [UInt32]?) {
        if moves.ids.isEmpty, newPeople == nil, newGroups == nil { return }
        let old = (people: memberPeople, peopleStart: memberPeopleStart, groups: memberGroups, memberGroupsStart)
        var oldPlaces = [Int](repeating: -1, count: groups.count)
        for place in 0..<(old.peopleStart.count - 1) {
            let now = newGroups.map { $0[place] } ?? UInt32(place)
            if now != .max { oldPlaces[Int(now)] = place }
        }
        memberPeople = []
        memberPeople.reserveCapacity(old.people.count + moves.joinedPeople.count)
        memberPeopleStart = [0]
        memberGroups = []
        memberGroupsStart = [0]
        for (place, row) in groups.enumerated() {
            let was = oldPlaces[place]
            let isMoved = row.directory == moves.directory && moves.ids.contains(row.id)
            let people = was < 0 ? [] : old.people[Int(old.peopleStart[was])..<Int(old.peopleStart[was + 1])]
            let nested = was < 0 ? [] : old.groups[Int(old.3[was])..<Int(old.3[was + 1])]
            let joined = isMoved ? (moves.joinedPeople[row.id] ?? []) : []
            let joinedGroups = isMoved ? (moves.joinedGroups[row.id] ?? []) : []
            let newcomers = joined.compactMap { self.place(ofPerson: $0, moves.directory) }
            let left = isMoved ? moves.leftPeople[row.id] : nil
            Mirror.append(people, newPeople, without: left, with: newcomers, to: &memberPeople)
            memberPeopleStart.append(UInt32(truncatingIfNeeded: memberPeople.count))
            let newNested = joinedGroups.compactMap { self.place(ofGroup: $0, moves.directory) }
            let leftGroups = isMoved ? moves.leftGroups[row.id] : nil
            Mirror.append(nested, newGroups, without: leftGroups, with: newNested, to: &memberGroups)
            memberGroupsStart.append(UInt32(truncatingIfNeeded: memberGroups.count))
        }
    }

    private static func append(
        _ members: ArraySlice<UInt32>, _ places: [UInt32]?, without left: Set<UInt32>?, with joined: [Int],
        to list: inout [UInt32]
    ) {
        let first = list.count
        if places == nil, left == nil {
            list += members
        } else {
            for member in members where left?.contains(member) != true {
                let place = places.map { $0[Int(member)] } ?? member
                if place != .max { list.append(place) }
            }
        }
        guard !joined.isEmpty else { return }
        list += joined.map { UInt32(truncatingIfNeeded: $0) }
        list[first...].sort()
    }

    // MARK: Places

    /// The place of somebody in the order of rows.
    package func place(ofPerson id: ImmutableID, _ directory: UInt8) -> Int? {
        let key = Key(directory, id)
        let place = Mirror.firstPlace(people.count) { Key(people[$0].directory, people[$0].id) < key }
        return place < people.count && people[place].id == id && people[place].directory == directory ? place : nil
    }

    package func place(ofGroup id: ImmutableID, _ directory: UInt8) -> Int? {
        let key = Key(directory, id)
        let place = Mirror.firstPlace(groups.count) { Key(groups[$0].directory, groups[$0].id) < key }
        return place < groups.count && groups[place].id == id && groups[place].directory == directory ? place : nil
    }

    private static func firstPlace(_ count: Int, _ isBefore: (Int) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if isBefore(middle) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
