import AccessModel
import DirectoryModel
import MappingLanguage
import TestSupport
import Testing

/// Evaluation against a plain reading of the rules, person by person, on random directories and mappings.
struct EvaluationPropertyTests {
    @Test func everybodyGetsWhatAPlainReadingGives() throws {
        let platform = try SamplePlatforms.desk()
        for seed in Figures.caseSeeds {
            var random = SeededNumbers(seed: seed)
            let directory = RandomMapping.directory(&random)
            let mapping = RandomMapping.plain(platform, &random)
            let plain = PlainReading(directory: directory)
            let (mirror, compiled, evaluation) = try EvaluationTests.night(mapping, directory)
            let counted = evaluation.groups.map { plain.counted($0) }
            for person in directory.people {
                let place = Int(try mirror.place(person.name))
                let matching = compiled.instances.indices.filter { instance in
                    plain.isMet(mapping.rules[compiled.instances[instance].rule].condition, person)
                }
                let granted = evaluation.grantSets[Int(evaluation.grantSet[place])].map(Int.init)
                #expect(granted == matching, "seed \(seed), \(person.name)")
                let given = evaluation.desired[Int(evaluation.grantSet[place])].access
                #expect(given == plainAccess(matching, mapping), "seed \(seed), \(person.name)")
                let groups = evaluation.groupSets[Int(evaluation.groupSet[place])].map(Int.init)
                let expected = counted.indices.filter { counted[$0].contains(person.name) }
                #expect(groups == expected, "seed \(seed), \(person.name)")
            }
            #expect(Set(evaluation.grantSets).count == evaluation.grantSets.count)
            #expect(evaluation.grantSets.first == [] && evaluation.groupSets.first == [])
        }
    }

    @Test func theOrderOfInputNeverShows() throws {
        let platform = try SamplePlatforms.desk()
        for seed in Figures.caseSeeds {
            var random = SeededNumbers(seed: seed)
            var directory = RandomMapping.directory(&random)
            let mapping = RandomMapping.plain(platform, &random)
            let first = try EvaluationTests.night(mapping, directory).evaluation
            directory.people.shuffle(using: &random)
            directory.groups.shuffle(using: &random)
            for place in directory.groups.indices { directory.groups[place].people.shuffle(using: &random) }
            let second = try EvaluationTests.night(mapping, directory).evaluation
            #expect(first.grantSet == second.grantSet, "seed \(seed)")
            #expect(first.grantSets == second.grantSets && first.groupSets == second.groupSets)
            #expect(first.desired == second.desired && first.groupSet == second.groupSet)
            #expect(first.findings == second.findings && first.groups == second.groups)
        }
    }

    /// Which of two equal rules is named for a role is the order's; what people have is not.
    @Test func theOrderOfRulesGivesNobodyAnythingElse() throws {
        let trust = try RandomMapping.lock()
        for seed in Figures.caseSeeds {
            var random = SeededNumbers(seed: seed)
            let directory = RandomMapping.directory(&random)
            var mapping = try RandomMapping.rich(Int(seed % 3), &random)
            let first = try EvaluationTests.night(mapping, directory, trust: trust).evaluation
            mapping.rules.shuffle(using: &random)
            let second = try EvaluationTests.night(mapping, directory, trust: trust).evaluation
            let isSame = first.accesses == second.accesses
            #expect(isSame, "seed \(seed)")
        }
    }

    private func plainAccess(_ matching: [Int], _ mapping: Mapping) -> Access {
        var roles: [ScopePath: Int] = [:]
        for rule in matching.map({ mapping.rules[$0] }) {
            guard case .literal(let workspace) = rule.gift.workspace,
                let rank = mapping.platform.rank(of: rule.gift.role)
            else { continue }
            roles[ScopePath([workspace])] = min(rank, roles[ScopePath([workspace])] ?? rank)
        }
        return Access(roles: roles.map { ScopedRole(scope: $0.key, role: mapping.platform.roles[$0.value].name) })
    }
}

extension Evaluation {
    /// What everybody is given, by place in the mirror.
    var accesses: [Access] { grantSet.map { desired[Int($0)].access } }
}

extension PlainReading {
    /// Members as a user's record of groups counts them: nested ones where some rule nests.
    func counted(_ group: MappedGroup) -> Set<String> {
        group.usedNested ? members(of: group.name) : direct(group.name)
    }
}
