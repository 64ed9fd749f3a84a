import DirectoryModel
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
}
