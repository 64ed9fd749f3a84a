import AccessModel
import Diagnostics
import DirectoryModel
import MappingLanguage
import Testing

/// Evaluation against a plain reading of the rules, person by person, on random directories and mappings.
struct EvaluationPropertyTests {
    @Test(arguments: [UInt64](1...4)) func everybodyGetsWhatAPlainReadingGives(seed: UInt64) throws {
        let platform = try SamplePlatforms.desk()
        var random = RandomNumbers(seed: seed)
        for number in 0..<(RandomNumbers.cases / 4) {
            let directory = randomDirectory(&random)
            let mapping = randomMapping(platform, &random)
            let (mirror, compiled, evaluation) = try EvaluationTests.night(mapping, directory)
            for person in directory.people {
                let place = Int(try mirror.place(person.name))
                let matching = compiled.instances.indices.filter { instance in
                    isMet(mapping.rules[compiled.instances[instance].rule].condition, person, directory)
                }
                let granted = evaluation.grantSets[Int(evaluation.grantSet[place])].map(Int.init)
                #expect(granted == matching, "seed \(seed), case \(number), \(person.name)")
                let given = evaluation.desired[Int(evaluation.grantSet[place])].access
                #expect(given == plainAccess(matching, mapping), "seed \(seed), case \(number), \(person.name)")
                let groups = evaluation.groupSets[Int(evaluation.groupSet[place])].map {
                    evaluation.groups[Int($0)].name
                }
                let expected = evaluation.groups.map(\.name).filter { group in
                    members(of: group, directory).contains(person.name)
                }
                #expect(groups == expected, "seed \(seed), case \(number), \(person.name)")
            }
            #expect(Set(evaluation.grantSets).count == evaluation.grantSets.count)
            #expect(evaluation.grantSets.first == [] && evaluation.groupSets.first == [])
        }
    }

    @Test(arguments: [UInt64](5...6)) func theOrderOfInputNeverShows(seed: UInt64) throws {
        let platform = try SamplePlatforms.desk()
        var random = RandomNumbers(seed: seed)
        for number in 0..<(RandomNumbers.cases / 4) {
            var directory = randomDirectory(&random)
            let mapping = randomMapping(platform, &random)
            let first = try EvaluationTests.night(mapping, directory).evaluation
            directory.people.shuffle(using: &random)
            directory.groups.shuffle(using: &random)
            for place in directory.groups.indices { directory.groups[place].people.shuffle(using: &random) }
            let second = try EvaluationTests.night(mapping, directory).evaluation
            #expect(first.grantSet == second.grantSet, "seed \(seed), case \(number)")
            #expect(first.grantSets == second.grantSets && first.groupSets == second.groupSets)
            #expect(first.desired == second.desired && first.groupSet == second.groupSet)
            #expect(first.findings == second.findings && first.groups == second.groups)
        }
    }

    private static let groups = ["g0", "g1", "g2", "g3", "g4"]

    private func randomDirectory(_ random: inout RandomNumbers) -> SampleDirectory {
        var directory = SampleDirectory()
        let names = (0..<Int.random(in: 1...50, using: &random)).map { "p\($0)" }
        for name in names {
            let title = ["Boss", "boss", "Clerk"][Int.random(in: 0..<3, using: &random)]
            directory.add(name, Bool.random(using: &random) ? [("title", [title])] : [])
        }
        for group in EvaluationPropertyTests.groups {
            directory.group(
                group, people: names.filter { _ in Bool.random(using: &random) },
                groups: EvaluationPropertyTests.groups.filter { _ in Int.random(in: 0..<5, using: &random) == 0 })
        }
        return directory
    }

    private func randomMapping(_ platform: Platform, _ random: inout RandomNumbers) -> Mapping {
        let places = [
            ("lead", "support"), ("auditor", "support"), ("agent", "support"), ("guest", "sales"), ("agent", "sales"),
        ]
        let rules = (0..<Int.random(in: 1...6, using: &random)).map { number in
            let (role, workspace) = places[Int.random(in: 0..<places.count, using: &random)]
            return Rule(
                name: "rule \(number)", position: position(number), condition: randomCondition(3, &random),
                gift: Gift(workspace: .literal(workspace), role: role))
        }
        return Mapping(
            file: "m.yaml", platform: platform, topology: SamplePlatforms.topology, directories: ["corp"], rules: rules)
    }

    private func randomCondition(_ depth: Int, _ random: inout RandomNumbers) -> Condition {
        switch Int.random(in: 0..<(depth > 0 ? 6 : 3), using: &random) {
        case 0, 1:
            let name = EvaluationPropertyTests.groups[Int.random(in: 0..<5, using: &random)]
            return .group(
                GroupReference(name: .name(name), directory: nil, base: nil, nested: true, position: position(0)))
        case 2: return .attribute(AttributeTest(name: "title", operator: .equals("BOSS"), position: position(0)))
        case 3: return .not(randomCondition(depth - 1, &random))
        case 4: return .all((0..<2).map { _ in randomCondition(depth - 1, &random) })
        default: return .any((0..<2).map { _ in randomCondition(depth - 1, &random) })
        }
    }

    private func isMet(_ condition: Condition, _ person: SampleDirectory.Person, _ directory: SampleDirectory) -> Bool {
        switch condition {
        case .group(let reference): members(of: reference.text, directory).contains(person.name)
        case .attribute: person.attributes.contains { $0.1.contains { $0.lowercased() == "boss" } }
        case .not(let part): !isMet(part, person, directory)
        case .all(let parts): parts.allSatisfy { isMet($0, person, directory) }
        case .any(let parts): parts.contains { isMet($0, person, directory) }
        case .under, .person: false
        }
    }

    private func members(of group: String, _ directory: SampleDirectory) -> Set<String> {
        var names: Set<String> = [group]
        while true {
            let more = names.union(directory.groups.filter { names.contains($0.name) }.flatMap(\.groups))
            if more == names { break }
            names = more
        }
        return Set(directory.groups.filter { names.contains($0.name) }.flatMap(\.people))
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

    private func position(_ line: Int) -> SourcePosition { SourcePosition(file: "m.yaml", line: line, column: 1) }
}
