import DirectoryModel

/// Puts the mirrors of several directories, one each, into one.
enum MirrorMerge {
    /// Rows stand by directory name, then id, whatever the order of the pulls; nil when there is more than the tables can hold.
    ///
    /// `asked` are attributes that records may hold though no pull was asked for them.
    static func merged(_ pulled: [Mirror], asked: [String] = []) -> Mirror? {
        if pulled.count == 1, let only = pulled.first, asked.allSatisfy(only.attributes.contains) { return only }
        let ordered = pulled.sorted { left, right in
            (left.directories.first ?? "").utf8.lexicographicallyPrecedes((right.directories.first ?? "").utf8)
        }
        let attributes = Set(ordered.flatMap(\.attributes) + asked).sorted {
            $0.utf8.lexicographicallyPrecedes($1.utf8)
        }
        var whole = Mirror(directories: ordered.compactMap(\.directories.first), attributes: attributes)
        for (place, part) in ordered.enumerated() {
            guard let directory = UInt8(exactly: place), append(part, to: &whole, directory) else { return nil }
        }
        return whole
    }

    private static func append(_ part: Mirror, to whole: inout Mirror, _ directory: UInt8) -> Bool {
        guard let start = UInt32(exactly: whole.arena.count), let people = UInt32(exactly: whole.people.count),
            let groups = UInt32(exactly: whole.groups.count),
            whole.arena.count + part.arena.count <= Int(UInt32.max),
            whole.people.count + part.people.count <= Int(Int32.max)
        else { return false }
        let places = part.attributes.map { whole.attributes.firstIndex(of: $0) ?? 0 }
        let isSame = places == Array(part.attributes.indices)
        whole.arena.append(contentsOf: part.arena)
        for row in part.people {
            var row = row
            row.start += start
            row.directory = directory
            if !isSame { renumber(&row, in: &whole.arena, places) }
            whole.people.append(row)
        }
        for row in part.groups {
            var row = row
            row.directory = directory
            whole.groups.append(row)
        }
        let (peopleStart, groupStart) = (UInt32(whole.memberPeople.count), UInt32(whole.memberGroups.count))
        whole.memberPeople.append(contentsOf: part.memberPeople.map { $0 + people })
        whole.memberGroups.append(contentsOf: part.memberGroups.map { $0 + groups })
        whole.memberPeopleStart.append(contentsOf: part.memberPeopleStart.dropFirst().map { $0 + peopleStart })
        whole.memberGroupsStart.append(contentsOf: part.memberGroupsStart.dropFirst().map { $0 + groupStart })
        return true
    }

    /// Gives the attributes of a record their places in the whole; both lists are sorted, so the order of fields stays.
    static func renumber(_ row: inout PersonRow, in arena: inout [UInt8], _ places: [Int]) {
        var index = Int(row.start)
        let end = index + Int(row.length)
        while end - index >= 5 {
            let tag = arena[index]
            let length =
                Int(arena[index + 1]) | Int(arena[index + 2]) << 8 | Int(arena[index + 3]) << 16
                | Int(arena[index + 4]) << 24
            if tag >= 16, Int(tag) - 16 < places.count {
                arena[index] = PersonField.attribute(UInt8(truncatingIfNeeded: places[Int(tag) - 16])).tag
            }
            guard length <= end - index - 5 else { break }
            index += 5 + length
        }
        let start = Int(row.start)
        row.contentHash = arena.withUnsafeBytes {
            ContentHash.of(
                record: UnsafeRawBufferPointer(rebasing: $0[start..<end]), state: row.state, problems: row.problems,
                lastSignIn: row.lastSignIn)
        }
    }
}
