package import DirectoryModel

/// Memberships of a full mirror.
package struct MembershipGraph: MembershipView, Sendable {
    private let mirror: Mirror

    package init(_ mirror: Mirror) { self.mirror = mirror }

    package var peopleCount: Int { mirror.people.count }

    package func effectivePeople(of groups: [GroupIndex]) -> [PersonSet] {
        var closure = MembershipClosure(mirror)
        return groups.map { closure.people(of: $0) }
    }

    package func directPeople(of group: GroupIndex) -> PersonSet {
        .canonical(sorted: Array(mirror.directPeople(of: group)), people: peopleCount)
    }

    package func chain(from person: PersonIndex, to group: GroupIndex) -> [GroupIndex]? {
        var holder: [GroupIndex: GroupIndex] = [group: group]
        var queue = [group]
        var next = 0
        while next < queue.count {
            let current = queue[next]
            next += 1
            if holdsDirectly(current, person) { return path(from: current, to: group, holder) }
            for nested in mirror.directGroups(of: current) where holder[nested] == nil {
                holder[nested] = current
                queue.append(nested)
            }
        }
        return nil
    }

    /// Every group that the person is in, nested or not, sorted.
    package func groups(of person: PersonIndex) -> [GroupIndex] {
        var holders = [[GroupIndex]](repeating: [], count: mirror.groups.count)
        var found = [Bool](repeating: false, count: mirror.groups.count)
        var queue: [GroupIndex] = []
        for group in mirror.groups.indices.map(GroupIndex.init) {
            for nested in mirror.directGroups(of: group) { holders[Int(nested)].append(group) }
            if holdsDirectly(group, person) {
                found[Int(group)] = true
                queue.append(group)
            }
        }
        while let group = queue.popLast() {
            for holder in holders[Int(group)] where !found[Int(holder)] {
                found[Int(holder)] = true
                queue.append(holder)
            }
        }
        return found.indices.filter { found[$0] }.map(GroupIndex.init)
    }

    private func path(
        from start: GroupIndex, to end: GroupIndex, _ holder: [GroupIndex: GroupIndex]
    ) -> [GroupIndex] {
        var path = [start]
        while let last = path.last, last != end, let above = holder[last] { path.append(above) }
        return path
    }

    private func holdsDirectly(_ group: GroupIndex, _ person: PersonIndex) -> Bool {
        let members = mirror.directPeople(of: group)
        var low = members.startIndex
        var high = members.endIndex
        while low < high {
            let middle = low + (high - low) / 2
            if members[middle] < person { low = middle + 1 } else { high = middle }
        }
        return low < members.endIndex && members[low] == person
    }
}

extension MembershipGraph {
    /// The shortest way from a group up to one that it is in, both included; the group alone where it is that one, nil where it is not in it.
    package func way(from inner: GroupIndex, to outer: GroupIndex) -> [GroupIndex]? {
        var holder: [GroupIndex: GroupIndex] = [outer: outer]
        var queue = [outer]
        var next = 0
        while next < queue.count {
            let current = queue[next]
            next += 1
            if current == inner { return path(from: current, to: outer, holder) }
            for nested in mirror.directGroups(of: current) where holder[nested] == nil {
                holder[nested] = current
                queue.append(nested)
            }
        }
        return nil
    }
}
