extension GroupFacts {
    /// What a mirror tells of its groups.
    package init(_ mirror: Mirror, filter: String) {
        self.init(filter: filter, groups: mirror.groups.count)
        var largest = (place: -1, members: -1)
        for place in mirror.groups.indices {
            let group = GroupIndex(place)
            let loose = Int(mirror.groups[place].unresolvedMembers)
            let members = mirror.directPeople(of: group).count + mirror.directGroups(of: group).count
            if members == 0 { empty += 1 }
            if !mirror.directGroups(of: group).isEmpty { nesting += 1 }
            unresolved += loose
            if members + loose > largest.members { largest = (place, members + loose) }
        }
        if largest.place >= 0 {
            let dn = String(decoding: mirror.groups[largest.place].dn, as: UTF8.self)
            self.largest = NamedCount(dn, largest.members)
        }
        let levels = GroupLevels(mirror)
        depth = levels.depth
        inCycles = levels.inCycles
    }
}

/// How deep groups stand in groups, and which stand in themselves: leaves are taken away until none is left.
struct GroupLevels {
    /// Levels below the top, groups in cycles left out; 0 where no group is in another.
    private(set) var depth = 0
    /// Groups in cycles, and those that contain them.
    private(set) var inCycles = 0

    init(_ mirror: Mirror) {
        let count = mirror.groups.count
        var parents: [[Int]] = Array(repeating: [], count: count)
        var waiting = [Int](repeating: 0, count: count)
        for group in 0..<count {
            for child in mirror.directGroups(of: GroupIndex(group)) {
                parents[Int(child)].append(group)
                waiting[group] += 1
            }
        }
        var level = [Int](repeating: 0, count: count)
        var ready = (0..<count).filter { waiting[$0] == 0 }
        var done = 0
        while let group = ready.popLast() {
            done += 1
            for parent in parents[group] {
                level[parent] = max(level[parent], level[group] + 1)
                waiting[parent] -= 1
                if waiting[parent] == 0 { ready.append(parent) }
            }
        }
        depth = zip(level, waiting).filter { $1 == 0 }.map(\.0).max() ?? 0
        inCycles = count - done
    }
}
