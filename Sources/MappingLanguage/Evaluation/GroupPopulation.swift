package import DirectoryModel

/// The effective people of every mapped group as the directory has them now: what guards look at before anything is frozen.
package struct GroupPopulation: Sendable {
    /// By place of the group: nested where some rule nests, direct otherwise; empty for a group that is not there or gives nothing.
    package let effective: [PersonSet]
    /// Direct members, where some rule counts only those.
    let direct: [PersonSet?]

    init(effective: [PersonSet], direct: [PersonSet?]) {
        self.effective = effective
        self.direct = direct
    }

    /// As if these people were in a mapped group as well, each as a direct member.
    package func adding(_ people: PersonSet, toGroup place: Int, of everybody: Int) -> GroupPopulation {
        guard effective.indices.contains(place) else { return self }
        var effective = effective
        var direct = direct
        effective[place] = effective[place].union(people, people: everybody)
        direct[place] = direct[place]?.union(people, people: everybody)
        return GroupPopulation(effective: effective, direct: direct)
    }

    package func count(ofGroup place: Int) -> Int { effective[place].count }
}

extension CompiledMapping {
    /// Closes the mapped groups, and no others, over their nested groups.
    package func population(in view: some MembershipView) -> GroupPopulation {
        let nested = groups.indices.filter { groups[$0].index != nil && groups[$0].gives && groups[$0].usedNested }
        let closed = view.effectivePeople(of: nested.compactMap { groups[$0].index })
        var effective = [PersonSet](repeating: .empty, count: groups.count)
        var direct = [PersonSet?](repeating: nil, count: groups.count)
        for (place, people) in zip(nested, closed) { effective[place] = people }
        for (place, group) in groups.enumerated() where group.usedDirect && group.gives {
            guard let index = group.index else { continue }
            let people = view.directPeople(of: index)
            direct[place] = people
            if !group.usedNested { effective[place] = people }
        }
        return GroupPopulation(effective: effective, direct: direct)
    }
}

extension MappedGroup {
    /// Whether today's members count.
    package var gives: Bool {
        switch standing {
        case .found, .renamed: true
        case .vanished, .recreated, .notLocked: false
        }
    }
}
