/// A mirror in memory as one asks it about single rows: hash tables over its tables, made once.
package final class MirrorRows: MirrorLookup {
    private let source: IndexedMirror
    private let peopleByName: HashTable
    private let groupsByName: HashTable
    private let logins: [DNHash?]
    private let peopleByLogin: [DNHash: [PersonIndex]]
    private let groupsByLoose: [MemberName: [GroupIndex]]
    /// For person, or group, `m` the groups in `holders[start[m]..<start[m + 1]]`.
    private let holdersOfPeople: (holders: [GroupIndex], start: [UInt32])
    private let holdersOfGroups: (holders: [GroupIndex], start: [UInt32])

    package init(_ source: IndexedMirror) {
        self.source = source
        let mirror = source.mirror
        let index = source.index
        peopleByName = HashTable(index.personNames)
        groupsByName = HashTable(index.groupNames)
        let logins = mirror.people.enumerated().map { index.login(of: $1, mirror.record(PersonIndex($0))) }
        self.logins = logins
        var peopleByLogin: [DNHash: [PersonIndex]] = [:]
        for (place, login) in logins.enumerated() {
            if let login { peopleByLogin[login, default: []].append(PersonIndex(place)) }
        }
        self.peopleByLogin = peopleByLogin
        var groupsByLoose: [MemberName: [GroupIndex]] = [:]
        for group in mirror.groups.indices {
            for member in index.loose(of: GroupIndex(group)) {
                groupsByLoose[member.name, default: []].append(GroupIndex(group))
            }
        }
        self.groupsByLoose = groupsByLoose
        holdersOfPeople = MirrorRows.holders(mirror.people.count, mirror.memberPeople, mirror.memberPeopleStart)
        holdersOfGroups = MirrorRows.holders(mirror.groups.count, mirror.memberGroups, mirror.memberGroupsStart)
    }

    private static func holders(
        _ count: Int, _ members: [UInt32], _ start: [UInt32]
    ) -> (holders: [GroupIndex], start: [UInt32]) {
        var ends = [UInt32](repeating: 0, count: count + 1)
        for member in members { ends[Int(member) + 1] += 1 }
        for place in ends.indices.dropFirst() { ends[place] += ends[place - 1] }
        var next = ends
        var holders = [GroupIndex](repeating: 0, count: members.count)
        for group in start.indices.dropLast() {
            for member in members[Int(start[group])..<Int(start[group + 1])] {
                holders[Int(next[Int(member)])] = GroupIndex(group)
                next[Int(member)] += 1
            }
        }
        return (holders, ends)
    }

    package var attributes: [String] { source.mirror.attributes }
    package var key: DNHashKey { source.index.key }

    // MARK: Rows

    package func attributes(ofPerson id: ImmutableID) -> Set<String> {
        guard let place = place(ofPerson: id) else { return [] }
        return source.mirror.record(PersonIndex(place)).shown(of: attributes)
    }

    package func person(_ id: ImmutableID) -> MirroredPerson? {
        guard let place = place(ofPerson: id) else { return nil }
        return MirroredPerson(
            contentHash: source.mirror.people[place].contentHash, name: source.index.personNames[place],
            login: logins[place], state: source.mirror.people[place].state,
            hasEnd: source.mirror.record(PersonIndex(place)).expires != .max)
    }

    package func group(_ id: ImmutableID) -> MirroredGroup? {
        guard let place = place(ofGroup: id) else { return nil }
        return MirroredGroup(row: source.mirror.groups[place], name: source.index.groupNames[place])
    }

    package func person(named name: DNHash) -> ImmutableID? { peopleByName[name].map { source.mirror.people[$0].id } }

    package func group(named name: DNHash) -> ImmutableID? { groupsByName[name].map { source.mirror.groups[$0].id } }

    package func people(withLogin login: DNHash) -> [ImmutableID] {
        (peopleByLogin[login] ?? []).map { source.mirror.people[Int($0)].id }
    }

    // MARK: Members

    package func groups(ofPerson id: ImmutableID) -> [ImmutableID] {
        place(ofPerson: id).map { ids(holdersOfPeople, $0) } ?? []
    }

    package func groups(ofGroup id: ImmutableID) -> [ImmutableID] {
        place(ofGroup: id).map { ids(holdersOfGroups, $0) } ?? []
    }

    package func isMember(person id: ImmutableID, of group: ImmutableID) -> Bool {
        guard let person = place(ofPerson: id), let group = place(ofGroup: group) else { return false }
        return MirrorRows.holds(source.mirror.directPeople(of: GroupIndex(group)), UInt32(person))
    }

    package func isMember(group id: ImmutableID, of group: ImmutableID) -> Bool {
        guard let member = place(ofGroup: id), let group = place(ofGroup: group) else { return false }
        return MirrorRows.holds(source.mirror.directGroups(of: GroupIndex(group)), UInt32(member))
    }

    package func groups(withLoose name: MemberName) -> [ImmutableID] {
        (groupsByLoose[name] ?? []).map { source.mirror.groups[Int($0)].id }
    }

    package func looseCount(of name: MemberName, in group: ImmutableID) -> UInt32 {
        guard let group = place(ofGroup: group) else { return 0 }
        return source.index.loose(of: GroupIndex(group)).first { $0.name == name }?.count ?? 0
    }

    package func members(of group: ImmutableID) -> MirroredMembers {
        guard let place = place(ofGroup: group) else { return MirroredMembers() }
        let mirror = source.mirror
        let index = source.index
        return MirroredMembers(
            people: mirror.directPeople(of: GroupIndex(place)).map {
                MirroredMembers.Member(id: mirror.people[Int($0)].id, name: index.personNames[Int($0)])
            },
            groups: mirror.directGroups(of: GroupIndex(place)).map {
                MirroredMembers.Member(id: mirror.groups[Int($0)].id, name: index.groupNames[Int($0)])
            }, loose: Array(index.loose(of: GroupIndex(place))))
    }

    package func everyPerson() -> [ImmutableID] { source.mirror.people.map(\.id) }

    package func everyGroup() -> [ImmutableID] { source.mirror.groups.map(\.id) }

    package func judgedAnew(at now: Int64) -> [PersonChange] {
        source.mirror.people.indices.compactMap { place in
            let record = source.mirror.record(PersonIndex(place))
            guard let row = source.mirror.people[place].judged(record, at: now) else { return nil }
            return PersonChange(
                row: row, record: Array(record.bytes), name: source.index.personNames[place], login: logins[place])
        }
    }

    // MARK: Places

    private func ids(_ table: (holders: [GroupIndex], start: [UInt32]), _ place: Int) -> [ImmutableID] {
        table.holders[Int(table.start[place])..<Int(table.start[place + 1])].map { source.mirror.groups[Int($0)].id }
    }

    private func place(ofPerson id: ImmutableID) -> Int? {
        MirrorRows.place(of: id, source.mirror.people.count) { source.mirror.people[$0].id }
    }

    private func place(ofGroup id: ImmutableID) -> Int? {
        MirrorRows.place(of: id, source.mirror.groups.count) { source.mirror.groups[$0].id }
    }

    private static func place(of id: ImmutableID, _ count: Int, _ row: (Int) -> ImmutableID) -> Int? {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if row(middle) < id { low = middle + 1 } else { high = middle }
        }
        return low < count && row(low) == id ? low : nil
    }

    private static func holds(_ members: ArraySlice<UInt32>, _ wanted: UInt32) -> Bool {
        var low = members.startIndex
        var high = members.endIndex
        while low < high {
            let middle = (low + high) / 2
            if members[middle] < wanted { low = middle + 1 } else { high = middle }
        }
        return low < members.endIndex && members[low] == wanted
    }
}
