import DirectoryModel
import DirectorySources
import LDAPClient
import TestSupport
import Testing

/// What becomes of people who are renamed, moved, disabled or deleted, and what a server's end in the middle comes to.
struct ContractChangeTests {
    @Test(arguments: ServerKind.allCases)
    func peopleKeepTheirIDsThroughChanges(_ kind: ServerKind) throws {
        let server = try ContractServer(kind)
        let before = try server.source().completePull()
        try server.rename(server.dn("p5"), to: "cn=other")
        try server.rename(server.dn("p6"), to: "cn=p6", below: "ou=elsewhere,\(server.suffix)")
        try server.delete(server.dn("p7"))
        try server.disable(server.dn("p8"))
        try server.set("mail", of: server.dn("p9"), to: ["new@example.org"])

        let source = try server.source()
        let after = try source.completePull(PullRequest(lastStamp: before.stamp))
        let mirror = after.mirror
        #expect(mirror.people.count == before.mirror.people.count - 2)
        #expect(mirror.person("p5")?.id == (try server.id(1005)))
        #expect(mirror.person("p8")?.state.isEnabled == false)
        #expect(mirror.place(of: "p9").flatMap { mirror.record($0).text(.email) } == "new@example.org")
        #expect(mirror.person("p6") == nil)
        try confirm(server, source)
        server.stop()
    }

    private func confirm(_ server: ContractServer, _ source: LDAPSource) throws {
        let asked = try [1006, 1007, 1005, 9999].map { try server.id($0) }
        let present = try server.id(1000)
        let outcome = source.confirmAbsence(of: asked, knownPresent: present)
        guard case .answered(let findings) = outcome else {
            Issue.record("no answer: \(outcome)")
            return
        }
        guard case .outOfScope(let dn, let state) = findings[0] else {
            Issue.record("a person who moved is \(findings[0])")
            return
        }
        #expect(dn.lowercased().hasPrefix("cn=p6,ou=elsewhere,"))
        #expect(state == .enabled)
        #expect(findings[1] == .gone)
        #expect(findings[2] == .unknown)
        #expect(findings[3] == .gone)
        let absent = try server.id(8888)
        guard case .answered(let blind) = source.confirmAbsence(of: asked, knownPresent: absent) else { return }
        #expect(blind == Array(repeating: .unknown, count: 4))
    }

    @Test(arguments: ServerKind.allCases)
    func serverThatStopsMidwayIsAFailure(_ kind: ServerKind) throws {
        let server = try ContractServer(kind)
        let proxy = try server.proxy(.at(.entry(9, under: "ou="), .perform { server.stop() }, .close))
        let failure = try server.source(url: proxy.url).failedPull()
        #expect(failure.kind == .unreachable, "\(failure.message)")
        let again = try server.source().failedPull()
        #expect(again.kind == .unreachable, "\(again.message)")
    }
}
