import DirectoryModel
import Testing

/// Memberships that stand on the person, and accounts that end.
struct MembershipsOfPeopleTests {
    private let domain = SecurityID(text: "S-1-5-21-1-2-3".utf8)

    private struct Group {
        var id: String
        var sid: String
        var members: [String] = []
    }

    private func mirror(
        people: [(id: String, primary: UInt32, groups: [String])], groups: [Group], domain: SecurityID? = nil
    ) throws -> Mirror {
        var builder = MirrorBuilder(directory: "ad", attributes: [], key: DNHashKey(first: 1, second: 2))
        if let domain { builder.setDomain(domain) }
        for person in people {
            let dn = Array("cn=\(person.id),dc=x".utf8)
            let id = Array(person.id.utf8)
            dn.withUnsafeBytes { dn in
                id.withUnsafeBytes { id in
                    var draft = PersonDraft()
                    draft.start(dn: dn)
                    draft.setID(id)
                    draft.primaryGroup = person.primary
                    builder.add(&draft)
                }
            }
            for group in person.groups {
                Array(group.utf8).withUnsafeBytes { builder.addLastPerson(toGroup: $0) }
            }
        }
        for group in groups {
            Array("cn=\(group.id),dc=x".utf8).withUnsafeBytes {
                _ = builder.startGroup(dn: $0, id: ImmutableID(text: group.id), name: nil)
            }
            if let sid = SecurityID(text: group.sid.utf8) { builder.setSecurityID(sid) }
            for member in group.members { Array(member.utf8).withUnsafeBytes { builder.addMember(dn: $0) } }
        }
        return try builder.finish()
    }

    private func members(_ mirror: Mirror, _ group: Int) -> [String] {
        mirror.directPeople(of: GroupIndex(group)).map { mirror.people[Int($0)].id.description }
    }

    @Test func primaryGroupIsAMembership() throws {
        let mirror = try mirror(
            people: [("c", 513, []), ("a", 513, []), ("b", 0, []), ("d", 514, []), ("e", 999, [])],
            groups: [
                Group(id: "g1", sid: "S-1-5-21-1-2-3-513", members: ["cn=b,dc=x", "cn=a,dc=x"]),
                Group(id: "g2", sid: "S-1-5-21-1-2-3-514"), Group(id: "g3", sid: "S-1-5-32-513"),
            ], domain: domain)
        #expect(members(mirror, 0) == ["a", "b", "c"])
        #expect(members(mirror, 1) == ["d"])
        #expect(members(mirror, 2) == [])
        #expect(mirror.groups.allSatisfy { $0.unresolvedMembers == 0 })
    }

    @Test func withoutItsDomainTheOnlyOneOfTheGroupsCounts() throws {
        let groups = [Group(id: "g1", sid: "S-1-5-21-1-2-3-513"), Group(id: "g2", sid: "S-1-5-32-544")]
        #expect(members(try mirror(people: [("a", 513, [])], groups: groups), 0) == ["a"])
        let two = groups + [Group(id: "g3", sid: "S-1-5-21-9-9-9-513")]
        let unclear = try mirror(people: [("a", 513, [])], groups: two)
        #expect(members(unclear, 0) == [] && members(unclear, 2) == [])
    }

    @Test func otherDomainsGroupWithTheSameNumberIsNotMeant() throws {
        let groups = [Group(id: "g1", sid: "S-1-5-21-9-9-9-513"), Group(id: "g2", sid: "S-1-5-21-1-2-3-513")]
        let mirror = try mirror(people: [("a", 513, [])], groups: groups, domain: domain)
        #expect(members(mirror, 0) == [])
        #expect(members(mirror, 1) == ["a"])
    }

    @Test func groupsNamedOnThePersonCountWhereTheyWereRead() throws {
        let mirror = try mirror(
            people: [("a", 0, ["CN=G1, dc=x", "cn=elsewhere,dc=x", "no name"]), ("b", 0, [])],
            groups: [Group(id: "g1", sid: "")])
        #expect(members(mirror, 0) == ["a"])
    }

    @Test func accountsEndByTheClock() throws {
        var builder = MirrorBuilder(directory: "ad", attributes: ["title"], key: DNHashKey(first: 1, second: 2))
        for (name, expires, state) in [
            ("a", Int64(100), PersonState.enabled), ("b", 200, .enabled), ("c", .max, .enabled),
            ("d", 100, .disabledByFlag),
        ] {
            let (dn, id, title) = (Array("cn=\(name),dc=x".utf8), Array(name.utf8), Array("boss".utf8))
            dn.withUnsafeBytes { dn in
                id.withUnsafeBytes { id in
                    title.withUnsafeBytes { title in
                        var draft = PersonDraft()
                        draft.start(dn: dn)
                        draft.setID(id)
                        draft.add(PersonField.attribute(0).tag, title)
                        draft.expires = expires
                        draft.state = state
                        builder.add(&draft)
                    }
                }
            }
        }
        var mirror = try builder.finish()
        let before = mirror.people.map(\.contentHash)
        #expect(mirror.record(0).expires == 100)
        #expect(mirror.record(2).expires == .max)
        #expect(mirror.record(0).text(.attribute(0)) == "boss")
        #expect(mirror.judgeExpiry(at: 99) == [])
        #expect(mirror.judgeExpiry(at: 100) == [0])
        #expect(mirror.people.map(\.state) == [.expired, .enabled, .enabled, .disabledByFlag])
        #expect(mirror.people[0].contentHash != before[0])
        #expect(mirror.judgeExpiry(at: 300) == [1])
        #expect(mirror.judgeExpiry(at: 50) == [0, 1])
        #expect(mirror.people.map(\.contentHash) == before)
    }
}
