import DirectoryModel
import DirectorySources
import LDAPClient
import TestSupport
import Testing

/// A 389 Directory Server that counts its changes (the USN plug-in): it can tell what happened while it was read, and that it went back.
struct CountedChangesTests {
    private static let suffix = DS389Fixture.suffix

    private func server() throws -> DS389Fixture {
        try DS389Fixture(ldif: ContractText(.ds389).ldif, options: .init(usn: true))
    }

    private func source(_ url: String, _ server: DS389Fixture, people: [String]? = nil) throws -> LDAPSource {
        let settings = try ContractServer.shared(.ds389).settings(people: people)
        return SampleSources.ldap([url], settings, bind: server.reader.bind)
    }

    @Test func changesAreCountedAndAServerThatWentBackIsBehind() throws {
        let server = try server()
        let before = try source(server.url, server).completePull().stamp
        #expect(before.changeStamps.contains { $0.hasPrefix("lastusn=userroot:") })
        try server.replace("mail", of: "cn=p3,ou=people,\(CountedChangesTests.suffix)", with: ["other@example.org"])
        let after = try source(server.url, server).completePull(PullRequest(lastStamp: before)).stamp
        #expect(before.changeStamps != after.changeStamps)
        // The same server from an older copy.
        let older = try LDAPProxy(
            to: server.port,
            .changing(LDAPPlace(.searchEntry)) { message in
                for place in message.entry?.attributes.indices ?? 0..<0 {
                    guard message.entry?.attributes[place].name.lowercased().hasPrefix("lastusn") == true else {
                        continue
                    }
                    message.entry?.attributes[place].values = [Array("1".utf8)]
                }
            })
        var request = PullRequest(lastStamp: after)
        request.lastStamp?.server = older.url
        let failure = try source(older.url, server).failedPull(request)
        #expect(failure.kind == .incomplete)
        #expect(failure.message.contains("is behind: it counts 1 changes in `userroot`"), "\(failure.message)")
    }

    /// Somebody moves from the branch that is read second to the one that was read first: the read is repeated, and finds them.
    @Test func whoMovesBetweenTwoSearchesIsFound() throws {
        let server = try server()
        let suffix = CountedChangesTests.suffix
        let (people, elsewhere) = ("ou=people,\(suffix)", "ou=elsewhere,\(suffix)")
        try server.rename("cn=p6,\(people)", to: "cn=p6", below: elsewhere)
        let moves = Count()
        let proxy = try LDAPProxy(
            to: server.port,
            .requests { message, _ in
                guard message.search?.base == elsewhere, message.search?.scope == 2, moves.next() == 1 else {
                    return [.pass(message)]
                }
                return [
                    .perform { try? server.rename("cn=p6,\(elsewhere)", to: "cn=p6", below: people) }, .pass(message),
                ]
            })
        let mirror = try source(proxy.url, server, people: [people, elsewhere]).completePull().mirror
        #expect(moves.current >= 2)
        #expect(mirror.person("p6") != nil)
        #expect(mirror.people.count == ContractCompany.count)
    }
}
