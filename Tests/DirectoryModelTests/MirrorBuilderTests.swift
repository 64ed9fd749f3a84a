import DirectoryModel
import Testing

struct MirrorBuilderTests {
    private let key = DNHashKey(first: 1, second: 2)

    private func withBytes(_ text: String, _ body: (UnsafeRawBufferPointer) -> Void) {
        Array(text.utf8).withUnsafeBytes(body)
    }

    private func addPerson(_ builder: inout MirrorBuilder, dn: String, id: String, logins: [String]) {
        let memory = ([dn, id] + logins).map { Array($0.utf8) }
        var pinned: [UnsafeMutableRawBufferPointer] = []
        for bytes in memory {
            let room = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
            room.copyBytes(from: bytes)
            pinned.append(room)
        }
        defer { for room in pinned { room.deallocate() } }
        var draft = PersonDraft()
        draft.start(dn: UnsafeRawBufferPointer(pinned[0]))
        draft.setID(UnsafeRawBufferPointer(pinned[1]))
        for login in pinned.dropFirst(2) { draft.addIdentifying(PersonField.login.tag, UnsafeRawBufferPointer(login)) }
        builder.add(&draft)
    }

    private func finished(_ builder: MirrorBuilder) throws(MirrorFault) -> Mirror { try builder.finish() }

    private func startGroup(_ builder: inout MirrorBuilder, dn: String, id: String) {
        withBytes(dn) { dn in
            _ = builder.startGroup(dn: dn, id: ImmutableID(text: id), name: nil)
        }
    }

    @Test func orderOfArrivalDoesNotShow() throws {
        let people = (0..<50).map { ("uid=p\($0),dc=x", "id\(1000 + $0)", "p\($0)") }
        func build(_ people: [(String, String, String)]) throws -> Mirror {
            var builder = MirrorBuilder(directory: "corp", attributes: [], key: key)
            for person in people { addPerson(&builder, dn: person.0, id: person.1, logins: [person.2]) }
            startGroup(&builder, dn: "cn=g,dc=x", id: "g")
            for person in people.prefix(50) { withBytes(person.0) { builder.addMember(dn: $0) } }
            return try builder.finish()
        }
        let forward = try build(people)
        let backward = try build(people.reversed())
        #expect(forward.people.map(\.id) == backward.people.map(\.id))
        #expect(forward.people.map(\.contentHash) == backward.people.map(\.contentHash))
        #expect(forward.memberPeople == backward.memberPeople)
        #expect(forward.groups == backward.groups)
        #expect(forward.memberPeople == Array(0..<50))
    }

    @Test func loginThatTwoPeopleHaveNamesNobody() throws {
        var builder = MirrorBuilder(directory: "corp", attributes: [], key: key)
        addPerson(&builder, dn: "uid=a,dc=x", id: "1", logins: ["same"])
        addPerson(&builder, dn: "uid=b,dc=x", id: "2", logins: ["same"])
        addPerson(&builder, dn: "uid=c,dc=x", id: "3", logins: ["other"])
        startGroup(&builder, dn: "cn=g,dc=x", id: "9")
        for login in ["same", "other", "Other"] { withBytes(login) { builder.addMember(login: $0) } }
        let mirror = try builder.finish()
        #expect(mirror.directPeople(of: 0) == [2])
        #expect(mirror.groups[0].unresolvedMembers == 2)
    }

    @Test func contradictionsAreFaults() throws {
        var builder = MirrorBuilder(directory: "corp", attributes: [], key: key)
        addPerson(&builder, dn: "uid=a,dc=x", id: "1", logins: ["a"])
        addPerson(&builder, dn: "uid=b,dc=x", id: "1", logins: ["b"])
        let id = try #require(ImmutableID(text: "1"))
        #expect(throws: MirrorFault.sameID(id)) { try finished(builder) }

        builder = MirrorBuilder(directory: "corp", attributes: [], key: key)
        addPerson(&builder, dn: "uid=a,dc=x", id: "1", logins: ["a"])
        addPerson(&builder, dn: "UID=A, dc=x", id: "2", logins: ["b"])
        #expect(throws: MirrorFault.sameDN("UID=A, dc=x")) { try finished(builder) }
    }

    @Test(arguments: ["", "00000000-0000-0000-0000-000000000000", "longer than sixteen bytes"])
    func entriesWithoutUsableIDAreSetAside(id: String) throws {
        var builder = MirrorBuilder(directory: "corp", attributes: [], key: key)
        addPerson(&builder, dn: "uid=a,dc=x", id: id, logins: ["a"])
        #expect(builder.setAside == [SetAsideEntry(dn: "uid=a,dc=x", reason: .noIdentity)])
        #expect(try builder.finish().people.isEmpty)
    }

    @Test func missingOrSeveralLoginsAreAProblem() throws {
        var builder = MirrorBuilder(directory: "corp", attributes: [], key: key)
        addPerson(&builder, dn: "uid=a,dc=x", id: "1", logins: [])
        addPerson(&builder, dn: "uid=b,dc=x", id: "2", logins: ["y", "x"])
        let mirror = try builder.finish()
        #expect(mirror.people.map(\.problems) == [.unclearLogin, .unclearLogin])
        #expect(mirror.record(1).values(.login).map { Array($0) } == [Array("x".utf8), Array("y".utf8)])
    }
}
