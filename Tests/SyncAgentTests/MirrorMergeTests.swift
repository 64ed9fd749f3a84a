import DirectoryModel
import TestSupport
import Testing

@testable import SyncAgent

struct MirrorMergeTests {
    /// A mirror with one person, who has each attribute's own name as its value, in one group that holds another group.
    private func mirror(_ directory: String, _ attributes: [String], id: UInt8) throws -> Mirror {
        var mirror = Mirror(directories: [directory], attributes: attributes)
        var record = PersonRecordWriter()
        record.append(PersonField.dn.tag, "uid=\(directory)".utf8)
        for (place, name) in attributes.enumerated() {
            record.append(PersonField.attribute(UInt8(place)).tag, name.utf8)
        }
        mirror.arena = record.bytes
        mirror.people = [
            PersonRow(
                id: try #require(ImmutableID(bytes: [id])), start: 0, length: UInt32(record.bytes.count),
                contentHash: 7, lastSignIn: .min, directory: 0, state: .enabled, problems: [])
        ]
        mirror.groups = try [id + 1, id + 2].map {
            GroupRow(
                id: try #require(ImmutableID(bytes: [$0])), dn: [], name: Array(directory.utf8), unresolvedMembers: 0,
                contentHash: 0, directory: 0)
        }
        mirror.memberPeople = [0]
        mirror.memberPeopleStart = [0, 1, 1]
        mirror.memberGroups = [1]
        mirror.memberGroupsStart = [0, 1, 1]
        return mirror
    }

    @Test func everyRowKeepsItsMembersAndAttributes() throws {
        let corp = try mirror("corp", ["title"], id: 10)
        let agency = try mirror("agency", ["department", "title"], id: 20)
        let whole = try #require(MirrorMerge.merged([corp, agency]))
        #expect(whole.directories == ["agency", "corp"])
        #expect(whole.attributes == ["department", "title"])
        #expect(whole.people.map(\.directory) == [0, 1])
        #expect(whole.record(1).text(.dn) == "uid=corp")
        #expect(whole.record(1).text(.attribute(0)) == nil)
        #expect(whole.record(1).text(.attribute(1)) == "title")
        #expect(whole.record(0).text(.attribute(0)) == "department")
        #expect(Array(whole.directPeople(of: 2)) == [1])
        #expect(Array(whole.directGroups(of: 2)) == [3])
        #expect(Array(whole.directGroups(of: 0)) == [1])
        #expect(Array(whole.directPeople(of: 3)) == [])
    }

    @Test func theOrderOfPullsDoesNotShow() throws {
        let mirrors = [try mirror("corp", ["title"], id: 10), try mirror("agency", ["department"], id: 20)]
        let one = try #require(MirrorMerge.merged(mirrors))
        let other = try #require(MirrorMerge.merged(mirrors.reversed()))
        #expect(one.people == other.people)
        #expect(one.arena == other.arena)
        #expect(one.groups == other.groups)
    }

    /// Directories as full of people and members as chance has it, pulled in any order: one mirror, with everybody's own record.
    @Test func noOrderOfPullsShowsInAnyWorld() throws {
        for seed in Figures.caseSeeds {
            var random = SeededNumbers(seed: seed)
            let names = ["agency", "corp", "labs"].shuffled(using: &random).prefix(
                Int.random(in: 2...3, using: &random))
            let mirrors = try names.map { try randomMirror($0, &random) }
            let one = try #require(MirrorMerge.merged(mirrors))
            let other = try #require(MirrorMerge.merged(mirrors.shuffled(using: &random)))
            #expect(one.directories == other.directories && one.attributes == other.attributes, "seed \(seed)")
            #expect(one.people == other.people && one.arena == other.arena, "seed \(seed)")
            #expect(one.groups == other.groups && one.memberPeople == other.memberPeople, "seed \(seed)")
            #expect(one.memberPeopleStart == other.memberPeopleStart, "seed \(seed)")
            #expect(one.memberGroups == other.memberGroups, "seed \(seed)")
            #expect(one.memberGroupsStart == other.memberGroupsStart, "seed \(seed)")
            let apart = mirrors.flatMap(memberships)
            #expect(memberships(one).sorted() == apart.sorted(), "seed \(seed)")
        }
    }

    private func randomMirror(_ directory: String, _ random: inout SeededNumbers) throws -> Mirror {
        let attributes = ["department", "site", "title"].filter { _ in random.once(in: 2) }
        var mirror = Mirror(directories: [directory], attributes: attributes)
        for number in 0..<Int.random(in: 0...6, using: &random) {
            var record = PersonRecordWriter()
            record.append(PersonField.dn.tag, "uid=\(number),dc=\(directory)".utf8)
            for (place, name) in attributes.enumerated() where random.once(in: 2) {
                record.append(PersonField.attribute(UInt8(place)).tag, "\(name) \(number)".utf8)
            }
            mirror.people.append(
                PersonRow(
                    id: try #require(ImmutableID(bytes: [UInt8(number), 1])), start: UInt32(mirror.arena.count),
                    length: UInt32(record.bytes.count), contentHash: random.next(), lastSignIn: .min, directory: 0,
                    state: .enabled, problems: []))
            mirror.arena += record.bytes
        }
        let groups = Int.random(in: 0...4, using: &random)
        for number in 0..<groups {
            mirror.groups.append(
                GroupRow(
                    id: try #require(ImmutableID(bytes: [UInt8(number), 2])), dn: [], name: Array("g\(number)".utf8),
                    unresolvedMembers: 0, contentHash: 0, directory: 0))
            mirror.memberPeople += mirror.people.indices.filter { _ in random.once(in: 2) }.map { PersonIndex($0) }
            mirror.memberPeopleStart.append(UInt32(mirror.memberPeople.count))
            mirror.memberGroups += (0..<groups).filter { _ in random.once(in: 4) }.map { GroupIndex($0) }
            mirror.memberGroupsStart.append(UInt32(mirror.memberGroups.count))
        }
        return mirror
    }

    /// Who is in what, by names: `labs g1: uid=2,dc=labs title 2` and `labs g1: g0`.
    private func memberships(_ mirror: Mirror) -> [String] {
        mirror.groups.indices.flatMap { place -> [String] in
            let group = GroupIndex(place)
            func name(_ group: GroupIndex) -> String {
                let row = mirror.groups[Int(group)]
                return "\(mirror.directories[Int(row.directory)]) \(String(decoding: row.name, as: UTF8.self))"
            }
            let people = mirror.directPeople(of: group).map { person in
                let record = mirror.record(person)
                let values = mirror.attributes.indices.compactMap { record.text(.attribute(UInt8($0))) }
                return "\(name(group)): \(record.text(.dn) ?? "") \(values)"
            }
            return people + mirror.directGroups(of: group).map { "\(name(group)): \(name($0))" }
        }
    }
}
