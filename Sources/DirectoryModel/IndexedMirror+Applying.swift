extension IndexedMirror {
    /// The mirror after a delta, made in memory: every row is copied once.
    ///
    /// Throws a `DeltaDoubt` when only a full pull can tell.
    package func applying(_ delta: MirrorDelta) throws -> IndexedMirror {
        applying(try MirrorEdit.changes(delta, MirrorRows(self)))
    }

    /// The mirror after changes of its rows.
    package func applying(_ changes: MirrorRowChanges) -> IndexedMirror {
        var work = RowMerge(self)
        work.mergePeople(changes)
        work.mergeGroups(changes)
        work.mergeMembers(self, changes)
        return work.result
    }
}

/// One pass over a mirror and the changes of its rows.
private struct RowMerge {
    var result: IndexedMirror
    private let mirror: Mirror
    private let index: MirrorIndex
    /// Places in the result.
    private var people: [ImmutableID: PersonIndex] = [:]
    private var groups: [ImmutableID: GroupIndex] = [:]

    init(_ source: IndexedMirror) {
        mirror = source.mirror
        index = source.index
        result = IndexedMirror(
            mirror: Mirror(directories: mirror.directories, attributes: mirror.attributes),
            index: MirrorIndex(key: index.key))
    }

    mutating func mergePeople(_ changes: MirrorRowChanges) {
        var rows: [(row: PersonRow, record: ArraySlice<UInt8>, name: DNHash)] = []
        let dropped = Set(changes.removedPeople).union(changes.people.map(\.row.id))
        for (place, row) in mirror.people.enumerated() where !dropped.contains(row.id) {
            rows.append((row, mirror.record(PersonIndex(place)).bytes, index.personNames[place]))
        }
        for change in changes.people { rows.append((change.row, change.record[...], change.name)) }
        rows.sort { $0.row.id < $1.row.id }
        for (place, entry) in rows.enumerated() {
            var row = entry.row
            row.start = UInt32(truncatingIfNeeded: result.mirror.arena.count)
            result.mirror.arena.append(contentsOf: entry.record)
            result.mirror.people.append(row)
            result.index.personNames.append(entry.name)
            people[row.id] = PersonIndex(place)
        }
    }

    mutating func mergeGroups(_ changes: MirrorRowChanges) {
        var rows: [(row: GroupRow, name: DNHash)] = []
        let dropped = Set(changes.removedGroups).union(changes.groups.map(\.row.id))
        for (place, row) in mirror.groups.enumerated() where !dropped.contains(row.id) {
            rows.append((row, index.groupNames[place]))
        }
        for change in changes.groups { rows.append((change.row, change.name)) }
        rows.sort { $0.row.id < $1.row.id }
        result.mirror.groups = rows.map(\.row)
        result.index.groupNames = rows.map(\.name)
        for (place, entry) in rows.enumerated() { groups[entry.row.id] = GroupIndex(place) }
    }

    /// Memberships of somebody who is gone and was not said to have left do not survive: they would lead nowhere.
    mutating func mergeMembers(_ source: IndexedMirror, _ changes: MirrorRowChanges) {
        let rows = MirrorRows(source)
        let joinedPeople = Dictionary(grouping: changes.joinedPeople, by: \.group)
        let leftPeople = Dictionary(grouping: changes.leftPeople, by: \.group)
        let joinedGroups = Dictionary(grouping: changes.joinedGroups, by: \.group)
        let leftGroups = Dictionary(grouping: changes.leftGroups, by: \.group)
        let loose = Dictionary(grouping: changes.loose, by: \.group)
        for row in result.mirror.groups {
            let known = rows.members(of: row.id)
            let leavers = Set((leftPeople[row.id] ?? []).map(\.member))
            let members = known.people.map(\.id).filter { !leavers.contains($0) }
            let newcomers = (joinedPeople[row.id] ?? []).map(\.member)
            result.mirror.memberPeople += (members + newcomers).compactMap { people[$0] }.sorted()
            result.mirror.memberPeopleStart.append(UInt32(truncatingIfNeeded: result.mirror.memberPeople.count))
            let leavingGroups = Set((leftGroups[row.id] ?? []).map(\.member))
            let nested = known.groups.map(\.id).filter { !leavingGroups.contains($0) }
            let newGroups = (joinedGroups[row.id] ?? []).map(\.member)
            result.mirror.memberGroups += (nested + newGroups).compactMap { groups[$0] }.sorted()
            result.mirror.memberGroupsStart.append(UInt32(truncatingIfNeeded: result.mirror.memberGroups.count))
            var named = Dictionary(known.loose.map { ($0.name, $0.count) }) { first, _ in first }
            for change in loose[row.id] ?? [] {
                named[change.member.name] = change.member.count == 0 ? nil : change.member.count
            }
            let sorted = named.map { LooseMember(name: $0.key, count: $0.value) }.sorted { $0.name < $1.name }
            result.index.looseMembers += sorted
            result.index.looseStart.append(UInt32(truncatingIfNeeded: result.index.looseMembers.count))
        }
    }
}
