import DirectoryModel
import Glibc
import LDAPClient
import TestSupport
import Testing

@testable import DirectorySources

/// Memberships that stand on the person, followed on real servers: primary groups of Samba, roles of 389 Directory Server.
@Suite(.serialized)
struct OwnGroupChangesTests {
    // MARK: Primary groups

    private static let users = "CN=Users,\(SambaFixture.suffix)"

    private func samba() throws -> SambaFixture {
        let people = (0..<5).map { number in
            [
                "dn: CN=p\(number),\(OwnGroupChangesTests.users)", "objectClass: user", "sAMAccountName: p\(number)",
                "mail: p\(number)@example.org", "userAccountControl: 512",
            ].joined(separator: "\n") + "\n\n"
        }
        let group =
            [
                "dn: CN=desk,\(OwnGroupChangesTests.users)", "objectClass: group", "sAMAccountName: desk",
                "member: CN=p0,\(OwnGroupChangesTests.users)", "member: CN=p1,\(OwnGroupChangesTests.users)",
            ].joined(separator: "\n") + "\n\n"
        return try SambaFixture(ldif: people.joined() + group)
    }

    private func follower(_ server: SambaFixture, _ method: LDAPSource.ChangeMethod) throws -> LDAPFollower {
        var follower = try LDAPFollower {
            var settings = SourceSettings(
                name: "corp", dialect: .activeDirectory,
                people: BranchSettings(bases: [OwnGroupChangesTests.users]),
                groups: BranchSettings(bases: [OwnGroupChangesTests.users]))
            settings.attributes.lastSignIn = nil
            let source = SampleSources.ldap([server.url], settings, bind: server.replicator.bind)
            source.changeMethod = method
            return source
        }
        follower.leavesOutStrangers = true
        return follower
    }

    /// Who is in a group, by login.
    private func members(_ follower: LDAPFollower, _ group: String) throws -> [String] {
        let mirror = follower.mirror.mirror
        let place = try #require(mirror.groups.firstIndex { $0.name == Array(group.utf8) })
        return mirror.directPeople(of: GroupIndex(place)).compactMap { mirror.record($0).text(.login) }.sorted()
    }

    /// That changes were enough, and made what a full pull makes.
    private func expectFollowed(_ follower: inout LDAPFollower, _ what: Comment) throws {
        let step = try follower.follow()
        guard case .changes = step else {
            Issue.record("\(what): \(step)")
            return
        }
        #expect(try follower.difference() == nil, what)
    }

    @Test(arguments: [LDAPSource.ChangeMethod.dirSync, .usn])
    func primaryGroupsAreFollowed(method: LDAPSource.ChangeMethod) throws {
        let server = try samba()
        var follower = try follower(server, method)
        #expect(try members(follower, "Domain Users").contains("p3"))
        func dn(_ name: String) -> String { "CN=\(name),\(OwnGroupChangesTests.users)" }

        try server.replace("displayName", of: dn("p1"), with: ["P One"])
        try expectFollowed(&follower, "another name")
        #expect(try members(follower, "Domain Users").contains("p1"))

        // Whoever changes the primary group is listed by the one and no longer by the other.
        try server.modify(
            ldif: "dn: \(dn("Domain Guests"))\nchangetype: modify\nadd: member\nmember: \(dn("p2"))\n")
        try expectFollowed(&follower, "a member")
        try server.replace("primaryGroupID", of: dn("p2"), with: ["514"])
        try expectFollowed(&follower, "another primary group")
        #expect(try members(follower, "Domain Guests").contains("p2"))

        try server.delete(dn("p3"))
        try server.rename(dn("p4"), to: "CN=other")
        try server.modify(
            ldif: [
                "dn: \(dn("new"))", "changetype: add", "objectClass: user", "sAMAccountName: new",
                "mail: new@example.org", "userAccountControl: 544",
            ].joined(separator: "\n") + "\n")
        try expectFollowed(&follower, "somebody gone, renamed, new")
        let domainUsers = try members(follower, "Domain Users")
        #expect(domainUsers.contains("new") && domainUsers.contains("p4") && !domainUsers.contains("p3"))

        try server.rename(dn("desk"), to: "CN=front desk")
        try expectFollowed(&follower, "another name of the group")
    }

    // MARK: Roles

    private static let people = "ou=people,\(DS389Fixture.suffix)"

    private func ds389() throws -> DS389Fixture {
        func role(_ name: String, _ lines: [String]) -> String {
            ([
                "dn: cn=\(name),\(OwnGroupChangesTests.people)", "objectClass: top", "objectClass: ldapSubEntry",
                "objectClass: nsRoleDefinition",
            ] + lines + ["cn: \(name)"]).joined(separator: "\n") + "\n\n"
        }
        let lead = "nsRoleDN: cn=lead,\(OwnGroupChangesTests.people)"
        let people = (0..<5).map {
            SampleCompany.person(
                "p\($0)", number: 1_000 + $0,
                more: ["nsUniqueId: \(ContractText.uniqueID(1_000 + $0))"] + ($0 < 2 ? [lead] : [])
                    + ($0 == 4 ? ["title: boss"] : []))
        }
        return try DS389Fixture(
            ldif: SampleCompany.frame + people.joined()
                + role("lead", ["objectClass: nsSimpleRoleDefinition", "objectClass: nsManagedRoleDefinition"])
                + role(
                    "bosses",
                    [
                        "objectClass: nsComplexRoleDefinition", "objectClass: nsFilteredRoleDefinition",
                        "nsRoleFilter: (title=boss)",
                    ]), options: .init(contentSync: true))
    }

    private func follower(_ server: DS389Fixture) throws -> LDAPFollower {
        let make: () throws -> LDAPSource = {
            var settings = SourceSettings(
                name: "corp", dialect: .ds389, people: BranchSettings(bases: [OwnGroupChangesTests.people]),
                groups: BranchSettings(bases: [DS389Fixture.suffix]))
            settings.attributes.lastSignIn = nil
            return SampleSources.ldap([server.url], settings, bind: server.administrator.bind)
        }
        var follower = try LDAPFollower(make)
        // A server that has just begun does not know its roles yet, and says nothing of it.
        for _ in 0..<200 where try members(follower, "lead").count < 2 || members(follower, "bosses").isEmpty {
            usleep(50_000)
            follower = try LDAPFollower(make)
        }
        return follower
    }

    @Test func rolesAreFollowed() throws {
        let server = try ds389()
        var follower = try follower(server)
        #expect(try members(follower, "lead") == ["p0", "p1"])
        #expect(try members(follower, "bosses") == ["p4"])
        let lead = "cn=lead,\(OwnGroupChangesTests.people)"

        try server.replace("nsRoleDN", of: SampleCompany.personDN("p2"), with: [lead])
        try server.replace("title", of: SampleCompany.personDN("p3"), with: ["boss"])
        try expectFollowed(&follower, "roles are given")
        #expect(try members(follower, "lead") == ["p0", "p1", "p2"])
        #expect(try members(follower, "bosses") == ["p3", "p4"])

        try server.replace("nsRoleDN", of: SampleCompany.personDN("p0"), with: [])
        try server.replace("title", of: SampleCompany.personDN("p3"), with: ["clerk"])
        try server.delete(SampleCompany.personDN("p1"))
        try expectFollowed(&follower, "roles are lost")
        #expect(try members(follower, "lead") == ["p2"])
        #expect(try members(follower, "bosses") == ["p4"])
    }

    /// Nobody's entry changes when a definition does, and nobody shows a role that its server does not know at the moment.
    @Test func whatChangesRolesSilentlyNeedsAFullPull() throws {
        let server = try ds389()
        var follower = try follower(server)
        try server.replace("nsRoleFilter", of: "cn=bosses,\(OwnGroupChangesTests.people)", with: ["(title=clerk)"])
        guard case .fullPull(let reason) = try follower.follow() else {
            Issue.record("the definition was not looked at")
            return
        }
        #expect(reason.contains("definition of roles"), "\(reason)")
        #expect(try follower.difference() == nil)

        try server.replace("nsRoleDN", of: SampleCompany.personDN("p0"), with: [])
        try server.replace("nsRoleDN", of: SampleCompany.personDN("p1"), with: [])
        guard case .fullPull(let nobody) = try follower.follow() else {
            Issue.record("a role that nobody shows was believed")
            return
        }
        #expect(nobody.contains("nobody shows the role"), "\(nobody)")
        #expect(try follower.difference() == nil)
    }
}
