package import DirectoryModel

extension CompiledMapping {
    /// What the rules give to everybody, in one pass; frozen groups keep the members they had.
    package func evaluate(
        _ mirror: Mirror, population: GroupPopulation, frozen: FrozenMembers = [:]
    ) -> Evaluation {
        let people = mirror.people.count
        let (effective, direct) = frozenSets(population, frozen, people: people)
        var evaluator = ConditionEvaluator(mirror, tests: tests, effective: effective, direct: direct)
        evaluator.prepare(zip(conditions, gifts).compactMap { $1 == nil ? nil : $0 })
        var interner = SetInterner(people: people)
        var isMatched = [Bool](repeating: false, count: instances.count)
        for (instance, condition) in conditions.enumerated() where gifts[instance] != nil {
            let matching = evaluator.people(condition)
            isMatched[instance] = !matching.isEmpty
            interner.add(UInt32(instance), to: matching)
        }
        let (grantSet, grantSets) = interner.finish()
        var groupInterner = SetInterner(people: people)
        for (place, members) in effective.enumerated() { groupInterner.add(UInt32(place), to: members) }
        let (groupSet, groupSets) = groupInterner.finish()
        let book = GiftBook(mapping, gifts)
        var builder = DesiredAccessBuilder(book)
        let desired = grantSets.map { builder.desired($0) }
        var collector = FindingCollector(self, book)
        collector.collect(grantSets, desired, people: counts(grantSet, of: grantSets.count))
        collector.collectUnmatched(isMatched)
        return Evaluation(
            instances: instances, groups: groups, effectivePeople: effective, grantSet: grantSet, grantSets: grantSets,
            desired: desired, groupSet: groupSet, groupSets: groupSets,
            findings: MappingFinding.sorted(findings + collector.findings))
    }

    /// The sets that conditions see: a frozen group has its members of the last applied run.
    ///
    /// Where a rule counts direct members only, those who are known to be in the frozen group through nesting alone stay out.
    private func frozenSets(
        _ population: GroupPopulation, _ frozen: FrozenMembers, people: Int
    ) -> (effective: [PersonSet], direct: [PersonSet?]) {
        var effective = population.effective
        var direct = population.direct
        for (place, group) in groups.enumerated() {
            guard let members = frozen[group.key], group.standing != .notLocked else { continue }
            if let today = direct[place] {
                let nestedOnly = effective[place].subtracting(today, people: people)
                direct[place] = members.subtracting(nestedOnly, people: people)
            }
            effective[place] = members
        }
        return (effective, direct)
    }

    private func counts(_ places: [UInt32], of sets: Int) -> [Int] {
        var counts = [Int](repeating: 0, count: sets)
        for place in places { counts[Int(place)] += 1 }
        return counts
    }
}
