import DirectoryModel
import MappingLanguage
import TestSupport
import Testing

struct MembershipGraphTests {
    @Test func nestedMembersCountOnceThroughCyclesAndDiamonds() throws {
        var directory = SampleDirectory()
        for name in ["ada", "ben", "cleo", "dan"] { directory.add(name) }
        directory.group("top", people: ["ada"], groups: ["left", "right"])
        directory.group("left", people: ["ben"], groups: ["bottom"])
        directory.group("right", people: ["ben", "cleo"], groups: ["bottom"])
        directory.group("bottom", people: ["dan"], groups: ["top"])
        let mirror = try directory.mirror()
        let sets = MembershipGraph(mirror).effectivePeople(of: [0, 1, 2, 3])
        for set in sets { #expect(mirror.names(set) == ["ada", "ben", "cleo", "dan"]) }
    }

    @Test func chainIsTheShortestWayUp() throws {
        var directory = SampleDirectory()
        directory.add("ada")
        directory.add("ben")
        directory.group("top", groups: ["middle", "side"])
        directory.group("middle", groups: ["leaf"])
        directory.group("side", people: ["ben"])
        directory.group("leaf", people: ["ada", "ben"], groups: ["top"])
        let mirror = try directory.mirror()
        let graph = MembershipGraph(mirror)
        let names = { (chain: [GroupIndex]?) in
            chain?.map { String(decoding: mirror.groups[Int($0)].name, as: UTF8.self) }
        }
        let top = try #require(mirror.groups.firstIndex { $0.name == Array("top".utf8) })
        #expect(names(graph.chain(from: try mirror.place("ada"), to: GroupIndex(top))) == ["leaf", "middle", "top"])
        #expect(names(graph.chain(from: try mirror.place("ben"), to: GroupIndex(top))) == ["side", "top"])
        #expect(graph.groups(of: try mirror.place("ada")).count == 3)
    }

    @Test(arguments: [UInt64](1...4)) func closureEqualsTheNaiveOneOnRandomGraphs(seed: UInt64) throws {
        var random = SeededNumbers(seed: seed)
        for number in 0..<(Figures.cases / 4) {
            let mirror = try randomMirror(&random)
            let graph = MembershipGraph(mirror)
            let groups = mirror.groups.indices.map(GroupIndex.init).shuffled(using: &random)
            let answers = graph.effectivePeople(of: groups)
            for (group, answer) in zip(groups, answers) {
                let naive = naivePeople(of: group, in: mirror)
                #expect(answer.members == naive.sorted(), "seed \(seed), case \(number), group \(group)")
                #expect(answer == .canonical(sorted: naive.sorted(), people: mirror.people.count))
                for person in mirror.people.indices.map(PersonIndex.init) {
                    let chain = graph.chain(from: person, to: group)
                    #expect((chain != nil) == naive.contains(person))
                    #expect(chain.map { mirror.directPeople(of: $0[0]).contains(person) } ?? true)
                    #expect(chain?.last ?? group == group)
                }
            }
        }
    }

    private func randomMirror(_ random: inout SeededNumbers) throws -> Mirror {
        let people = Int.random(in: 0...70, using: &random)
        let groups = Int.random(in: 1...7, using: &random)
        var mirror = Mirror(directories: ["corp"])
        for person in 0..<people {
            mirror.people.append(
                PersonRow(
                    id: try SampleDirectory.id("n\(person)"), start: 0, length: 0, contentHash: 0, lastSignIn: .min,
                    directory: 0,
                    state: .enabled, problems: []))
        }
        for group in 0..<groups {
            mirror.groups.append(
                GroupRow(
                    id: try SampleDirectory.id("n\(group)"), dn: [], name: [], unresolvedMembers: 0, contentHash: 0,
                    directory: 0))
            let share = [0.0, 0.05, 0.5][Int.random(in: 0..<3, using: &random)]
            for person in 0..<people where Double.random(in: 0..<1, using: &random) < share {
                mirror.memberPeople.append(PersonIndex(person))
            }
            mirror.memberPeopleStart.append(UInt32(mirror.memberPeople.count))
            for nested in 0..<groups where Int.random(in: 0..<4, using: &random) == 0 {
                mirror.memberGroups.append(GroupIndex(nested))
            }
            mirror.memberGroupsStart.append(UInt32(mirror.memberGroups.count))
        }
        return mirror
    }

    private func naivePeople(of group: GroupIndex, in mirror: Mirror) -> Set<PersonIndex> {
        var groups: Set<GroupIndex> = [group]
        while true {
            let more = groups.union(groups.flatMap { mirror.directGroups(of: $0) })
            if more == groups { break }
            groups = more
        }
        return Set(groups.flatMap { mirror.directPeople(of: $0) })
    }
}
