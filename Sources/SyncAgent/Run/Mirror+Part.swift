import DirectoryModel

extension Mirror {
    /// The mirror of one directory alone, as a pull of it gave it; nil where this one does not hold it.
    func part(ofDirectory name: String) -> Mirror? {
        guard let place = directories.firstIndex(of: name) else { return nil }
        if directories.count == 1 { return self }
        var part = Mirror(directories: [name], attributes: attributes)
        let peopleRange = range(of: place, people) { $0.directory }
        let groupRange = range(of: place, groups) { $0.directory }
        part.people.reserveCapacity(peopleRange.count)
        for row in people[peopleRange] {
            var row = row
            let start = Int(row.start)
            row.start = UInt32(truncatingIfNeeded: part.arena.count)
            row.directory = 0
            part.arena.append(contentsOf: arena[start..<(start + Int(row.length))])
            part.people.append(row)
        }
        for group in groupRange {
            var row = groups[group]
            row.directory = 0
            part.groups.append(row)
            let index = GroupIndex(truncatingIfNeeded: group)
            for person in directPeople(of: index) where peopleRange.contains(Int(person)) {
                part.memberPeople.append(person - PersonIndex(truncatingIfNeeded: peopleRange.lowerBound))
            }
            for inner in directGroups(of: index) where groupRange.contains(Int(inner)) {
                part.memberGroups.append(inner - GroupIndex(truncatingIfNeeded: groupRange.lowerBound))
            }
            part.memberPeopleStart.append(UInt32(truncatingIfNeeded: part.memberPeople.count))
            part.memberGroupsStart.append(UInt32(truncatingIfNeeded: part.memberGroups.count))
        }
        return part
    }

    /// The rows of one directory, which stand together.
    private func range<Row>(of place: Int, _ rows: [Row], _ directory: (Row) -> UInt8) -> Range<Int> {
        let start = rows.firstIndex { Int(directory($0)) == place } ?? rows.count
        let end = rows[start...].firstIndex { Int(directory($0)) != place } ?? rows.count
        return start..<end
    }
}
