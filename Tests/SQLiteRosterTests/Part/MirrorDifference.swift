import DirectoryModel

/// What changed between two mirrors of the same directories, as a run that reads changes would tell it.
enum MirrorDifference {
    static func changes(from old: Mirror, to new: Mirror) -> [String: MirrorRowChanges] {
        var changes: [String: MirrorRowChanges] = [:]
        for (place, name) in new.directories.enumerated() {
            let (before, after) = (Side(old, place), Side(new, place))
            var rows = MirrorRowChanges()
            for (id, person) in after.people where before.people[id]?.row.contentHash != person.row.contentHash {
                rows.people.append(person)
            }
            rows.removedPeople = before.people.keys.filter { after.people[$0] == nil }
            for (id, group) in after.groups where before.groups[id]?.row.contentHash != group.row.contentHash {
                rows.groups.append(group)
            }
            rows.removedGroups = before.groups.keys.filter { after.groups[$0] == nil }
            rows.joinedPeople = Array(after.members.subtracting(before.members))
            rows.leftPeople = before.members.subtracting(after.members).filter { after.groups[$0.group] != nil }
            rows.joinedGroups = Array(after.nested.subtracting(before.nested))
            rows.leftGroups = before.nested.subtracting(after.nested).filter { after.groups[$0.group] != nil }
            if !rows.isEmpty { changes[name] = rows }
        }
        return changes
    }

    private struct Side {
        var people: [ImmutableID: PersonChange] = [:]
        var groups: [ImmutableID: MirrorRowChanges.Group] = [:]
        var members: Set<MirrorRowChanges.Membership> = []
        var nested: Set<MirrorRowChanges.Membership> = []

        init(_ mirror: Mirror, _ directory: Int) {
            let key = DNHashKey(first: 1, second: 2)
            for (place, row) in mirror.people.enumerated() where Int(row.directory) == directory {
                var row = row
                let record = Array(mirror.record(PersonIndex(place)).bytes)
                row.start = 0
                people[row.id] = PersonChange(row: row, record: record, name: key.hash(row.id), login: nil)
            }
            for (place, row) in mirror.groups.enumerated() where Int(row.directory) == directory {
                groups[row.id] = MirrorRowChanges.Group(row: row, name: key.hash(row.id))
                for person in mirror.directPeople(of: GroupIndex(place)) {
                    members.insert(
                        MirrorRowChanges.Membership(group: row.id, member: mirror.people[Int(person)].id))
                }
                for group in mirror.directGroups(of: GroupIndex(place)) {
                    nested.insert(MirrorRowChanges.Membership(group: row.id, member: mirror.groups[Int(group)].id))
                }
            }
        }
    }
}

extension DNHashKey {
    fileprivate func hash(_ id: ImmutableID) -> DNHash { id.bytes.withUnsafeBytes { hash($0) } }
}
