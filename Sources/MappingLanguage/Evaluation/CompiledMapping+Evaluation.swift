import AccessModel
package import DirectoryModel

extension CompiledMapping {
    /// What the rules give to everybody, in one pass; frozen groups keep the members they had.
    ///
    /// `others` are people who are not in the mirror, where it holds only part of them: findings count them, too.
    package func evaluate(
        _ mirror: Mirror, population: GroupPopulation, frozen: FrozenMembers = [:], others: [MatchCount] = []
    ) -> Evaluation {
        let people = mirror.people.count
        let (members, shut) = frozenSets(population, frozen, people: people)
        let effective = members.effective
        var evaluator = ConditionEvaluator(mirror, tests: tests, members: members, shut: shut)
        evaluator.prepare(zip(conditions, gifts).compactMap { $1 == nil ? nil : $0 } + causes)
        var interner = SetInterner(people: people)
        var isMatched = [Bool](repeating: false, count: instances.count)
        for (instance, condition) in conditions.enumerated() where gifts[instance] != nil {
            let matching = evaluator.people(condition)
            isMatched[instance] = !matching.isEmpty
            interner.add(UInt32(instance), to: matching)
        }
        var (grantSet, grantSets) = interner.finish()
        for identity in mirror.standsFor.keys { grantSet[Int(identity)] = 0 }
        var groupInterner = SetInterner(people: people)
        for (place, members) in effective.enumerated() { groupInterner.add(UInt32(place), to: members) }
        let (groupSet, groupSets) = groupInterner.finish()
        let book = GiftBook(mapping, gifts)
        var builder = DesiredAccessBuilder(book)
        let desired = grantSets.map { builder.desired($0) }
        let here = zip(grantSets, counts(grantSet, of: grantSets.count)).map { MatchCount(instances: $0, people: $1) }
        let matches = MatchCount.sum(here, others.filter { $0.instances.allSatisfy { Int($0) < instances.count } })
        for match in others {
            for instance in match.instances where Int(instance) < instances.count { isMatched[Int(instance)] = true }
        }
        var collector = FindingCollector(self, book)
        for match in matches where match.people > 0 { collector.collect(match, &builder) }
        collector.report()
        collector.collectUnmatched(isMatched)
        var evaluation = Evaluation(
            instances: instances, groups: groups, effectivePeople: effective, grantSet: grantSet, grantSets: grantSets,
            desired: desired, groupSet: groupSet, groupSets: groupSets,
            findings: MappingFinding.sorted(findings + collector.findings))
        evaluation.causes = causes.map { evaluator.people($0) }
        evaluation.pilot = pilot
        evaluation.matches = matches
        if var narrowing = FrozenGifts(self, frozen, people: people) { narrowing.narrow(&evaluation) }
        return evaluation
    }

    /// The sets that conditions see: a frozen group has its members of the last applied run, and under a `not` today's too.
    ///
    /// Where a rule counts direct members only, those who are known to be in the frozen group through nesting alone stay out.
    private func frozenSets(
        _ population: GroupPopulation, _ frozen: FrozenMembers, people: Int
    ) -> (members: GroupMembers, shut: GroupMembers) {
        var members = GroupMembers(effective: population.effective, direct: population.direct)
        var shut = members
        for (place, group) in groups.enumerated() {
            guard let kept = frozen[group.key], group.standing != .notLocked else { continue }
            if let today = population.direct[place] {
                let nestedOnly = population.effective[place].subtracting(today, people: people)
                let direct = kept.subtracting(nestedOnly, people: people)
                members.direct[place] = direct
                shut.direct[place] = today.union(direct, people: people)
            }
            members.effective[place] = kept
            shut.effective[place] = population.effective[place].union(kept, people: people)
        }
        return (members, shut)
    }

    private func counts(_ places: [UInt32], of sets: Int) -> [Int] {
        var counts = [Int](repeating: 0, count: sets)
        for place in places { counts[Int(place)] += 1 }
        return counts
    }
}
