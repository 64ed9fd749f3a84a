import DirectoryModel
import Testing

/// Memberships taken to be otherwise.
struct AssumingTests {
    /// Three people; the first group holds the second person, the second the first and the third, and the first group.
    private func mirror() -> Mirror {
        var mirror = Mirror(directories: ["corp"])
        for number in UInt8(0)..<3 {
            guard let id = ImmutableID(bytes: [number]) else { continue }
            mirror.people.append(
                PersonRow(
                    id: id, start: 0, length: 0, contentHash: 0, lastSignIn: Int64.min, directory: 0, state: .enabled,
                    problems: []))
        }
        for (number, members) in [[1], [0, 2]].enumerated() {
            guard let id = ImmutableID(bytes: [UInt8(100 + number)]) else { continue }
            mirror.groups.append(
                GroupRow(id: id, dn: [], name: [], unresolvedMembers: 0, contentHash: 0, directory: 0))
            mirror.memberPeople += members.map { PersonIndex($0) }
            mirror.memberPeopleStart.append(UInt32(mirror.memberPeople.count))
            if number == 1 { mirror.memberGroups.append(0) }
            mirror.memberGroupsStart.append(UInt32(mirror.memberGroups.count))
        }
        return mirror
    }

    private func members(_ mirror: Mirror) -> [[PersonIndex]] {
        mirror.groups.indices.map { Array(mirror.directPeople(of: GroupIndex($0))) }
    }

    @Test func somebodyJoinsInOrder() {
        #expect(members(mirror().assuming(0, in: [0], notIn: [])) == [[0, 1], [0, 2]])
        #expect(members(mirror().assuming(2, in: [0], notIn: [])) == [[1, 2], [0, 2]])
        #expect(members(mirror().assuming(1, in: [1], notIn: [])) == [[1], [0, 1, 2]])
    }

    @Test func somebodyLeavesAndNobodyElse() {
        #expect(members(mirror().assuming(2, in: [], notIn: [1])) == [[1], [0]])
        #expect(members(mirror().assuming(0, in: [0], notIn: [1])) == [[0, 1], [2]])
    }

    @Test func whatIsSoAlreadyChangesNothing() {
        let other = mirror().assuming(1, in: [0], notIn: [1])
        #expect(members(other) == members(mirror()))
        #expect(other.memberGroups == mirror().memberGroups && other.memberGroupsStart == mirror().memberGroupsStart)
    }
}
