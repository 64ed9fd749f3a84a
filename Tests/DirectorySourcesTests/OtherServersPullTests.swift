import DirectoryModel
import DirectorySources
import Glibc
import LDAPClient
import TestSupport
import Testing

/// Pulls from real servers of the other kinds.
struct OtherServersPullTests {
    private func source(
        _ server: some DirectoryServer, _ dialect: Dialect, people: String, groups: String, url: String? = nil
    ) -> LDAPSource {
        let settings = SourceSettings(
            name: "corp", dialect: dialect, people: BranchSettings(bases: [people]),
            groups: BranchSettings(bases: [groups]))
        return SampleSources.ldap([url ?? server.url], settings, bind: server.reader.bind)
    }

    private func logins(_ mirror: Mirror, _ group: String) throws -> [String] {
        let place = try #require(mirror.groups.firstIndex { $0.name == Array(group.utf8) })
        return mirror.directPeople(of: GroupIndex(place)).compactMap { mirror.record($0).text(.login) }.sorted()
    }

    // MARK: Samba

    private static let samba = SambaFixture.suffix

    private func samba(_ more: String = "") throws -> SambaFixture {
        let users = [("ann", 512, "AQIDBAUGBwgJCgsMDQ4PEA=="), ("ben", 514, "AQIDBAUGBwgJCgsMDQ4PEQ==")].map {
            """
            dn: CN=\($0.0),CN=Users,\(OtherServersPullTests.samba)
            objectClass: user
            sAMAccountName: \($0.0)
            mail: \($0.0)@example.org
            objectGUID:: \($0.2)
            userAccountControl: \($0.1)


            """
        }.joined()
        return try SambaFixture(
            ldif: users + """
                dn: CN=support,CN=Users,\(OtherServersPullTests.samba)
                objectClass: group
                sAMAccountName: support
                member: CN=ann,CN=Users,\(OtherServersPullTests.samba)

                """ + more)
    }

    @Test func sambaIsReadFromItsRoot() throws {
        let server = try samba()
        let source = source(
            server, .activeDirectory, people: OtherServersPullTests.samba, groups: OtherServersPullTests.samba)
        let pull = try source.completePull()
        #expect(try logins(pull.mirror, "support") == ["ann"])
        #expect(try logins(pull.mirror, "Domain Users").contains("ben"))
        let ann = try #require(ImmutableID(text: "04030201-0605-0807-090a-0b0c0d0e0f10"))
        let row = try #require(pull.mirror.people.first { $0.id == ann })
        #expect(row.state == .enabled && row.problems.isEmpty)
        #expect(pull.mirror.people.first { $0.id.description.hasSuffix("0f11") }?.state == .disabledByFlag)
        #expect(pull.stamp.changeStamps.contains { $0.hasPrefix("domain=S-1-5-21-") })
        #expect(pull.stamp.changeStamps.contains { $0.hasPrefix("usn=") })
        #expect(pull.setAside.isEmpty)
        #expect(
            try source.completePull(PullRequest(lastStamp: pull.stamp)).mirror.people.count == pull.mirror.people.count)

        try server.delete("CN=ben,CN=Users,\(OtherServersPullTests.samba)")
        let again = self.source(
            server, .activeDirectory, people: OtherServersPullTests.samba, groups: OtherServersPullTests.samba)
        _ = try again.completePull(PullRequest(lastStamp: pull.stamp))
        let ben = try #require(ImmutableID(text: "04030201-0605-0807-090a-0b0c0d0e0f11"))
        guard case .answered(let found) = again.confirmAbsence(of: [ben], knownPresent: ann) else {
            Issue.record("failed")
            return
        }
        #expect(found == [.gone])
    }

    // MARK: 389 Directory Server

    private static let people = "ou=people,dc=example,dc=org"
    private static let groups = "ou=groups,dc=example,dc=org"

    private static func unique(_ number: Int) -> String {
        "nsUniqueId: 00000000-00004000-80000000-0000000\(number)"
    }

    private func ds389() throws -> DS389Fixture {
        let ldif =
            SampleCompany.frame
            + SampleCompany.person("ann", number: 1, more: [OtherServersPullTests.unique(1)])
            + SampleCompany.person("ben", number: 2, more: [OtherServersPullTests.unique(2), "nsAccountLock: true"])
            + SampleCompany.person(
                "cid", number: 3,
                more: [OtherServersPullTests.unique(3), "nsRoleDN: cn=lead,\(OtherServersPullTests.people)"])
            + SampleCompany.group("support", number: 4, members: ["ann", "ben"].map(SampleCompany.personDN))
                + """
                dn: cn=lead,\(OtherServersPullTests.people)
                objectClass: top
                objectClass: ldapSubEntry
                objectClass: nsRoleDefinition
                objectClass: nsSimpleRoleDefinition
                objectClass: nsManagedRoleDefinition
                cn: lead


                """
        return try DS389Fixture(ldif: ldif)
    }

    @Test func ds389IsReadWithItsRoles() throws {
        let server = try ds389()
        let suffix = DS389Fixture.suffix
        let source = source(server, .ds389, people: OtherServersPullTests.people, groups: suffix)
        var pull = try source.completePull()
        // A server that has just begun does not know its roles yet, and says nothing of it.
        for _ in 0..<200 where try logins(pull.mirror, "lead").isEmpty {
            usleep(50_000)
            pull = try source.completePull()
        }
        #expect(pull.mirror.people.map(\.id.description) == (1...3).map(SampleCompany.id))
        #expect(pull.mirror.people.map(\.state) == [.enabled, .disabledByFlag, .enabled])
        #expect(try logins(pull.mirror, "support") == ["ann", "ben"])
        #expect(try logins(pull.mirror, "lead") == ["cid"])
        #expect(pull.stamp.changeStamps.contains("suffix=\(suffix)"))
        #expect(pull.stamp.changeStamps.contains("shown=nsRole:1/3"))
    }

    @Test func membersOf389InPartsAreRead() throws {
        let server = try ds389()
        let proxy = try LDAPProxy(to: server.port, .ranges("member", of: 1))
        let pull = try source(
            server, .ds389, people: OtherServersPullTests.people, groups: OtherServersPullTests.groups, url: proxy.url
        ).completePull()
        #expect(try logins(pull.mirror, "support") == ["ann", "ben"])
    }

    @Test func absenceOn389IsAskedByItsOwnID() throws {
        let server = try ds389()
        let source = source(
            server, .ds389, people: OtherServersPullTests.people, groups: OtherServersPullTests.groups)
        let known = try #require(try source.completePull().mirror.people.first?.id)
        try server.delete(SampleCompany.personDN("ben"))
        try server.rename(SampleCompany.personDN("cid"), to: "uid=cid", below: DS389Fixture.suffix)
        let ids = try (2...3).map { try #require(ImmutableID(text: SampleCompany.id($0))) }
        guard case .answered(let found) = source.confirmAbsence(of: ids, knownPresent: known) else {
            Issue.record("failed")
            return
        }
        #expect(found == [.gone, .outOfScope(dn: "uid=cid,\(DS389Fixture.suffix)", state: .enabled)])
    }

    // MARK: FreeIPA

    private func freeIPA() throws -> DS389Fixture {
        let data =
            FreeIPALayout.frame + FreeIPALayout.person("ann", number: 1)
            + FreeIPALayout.person("ben", number: 2, more: ["nsAccountLock: TRUE"])
            + FreeIPALayout.group("inner", number: 3, members: [FreeIPALayout.personDN("ben")])
            + FreeIPALayout.group(
                "all", number: 4, members: [FreeIPALayout.personDN("ann"), FreeIPALayout.groupDN("inner")])
        return try DS389Fixture(ldif: data, options: DS389Fixture.Options(freeIPA: true))
    }

    @Test func freeIPAIsReadOnce() throws {
        let server = try freeIPA()
        let source = source(server, .freeIPA, people: FreeIPALayout.people, groups: FreeIPALayout.groups)
        let mirror = try source.completePull().mirror
        #expect(mirror.people.map(\.id.description) == [SampleCompany.id(1), SampleCompany.id(2)])
        #expect(mirror.people.map(\.state) == [.enabled, .disabledByFlag])
        #expect(try logins(mirror, "all") == ["ann"])
        #expect(mirror.memberGroups.count == 1)

        try server.rename(FreeIPALayout.personDN("ann"), to: "uid=ann", below: FreeIPALayout.preserved)
        guard
            case .answered(let found) = source.confirmAbsence(
                of: [mirror.people[0].id], knownPresent: mirror.people[1].id)
        else {
            Issue.record("failed")
            return
        }
        #expect(found == [.outOfScope(dn: "uid=ann,\(FreeIPALayout.preserved)", state: .enabled)])
    }

    @Test(arguments: [DS389Fixture.suffix, FreeIPALayout.preserved, "cn=users,cn=compat,\(DS389Fixture.suffix)"])
    func branchesWithPeopleTwiceAreRefused(base: String) throws {
        let server = try freeIPA()
        let failure = try source(server, .freeIPA, people: base, groups: FreeIPALayout.groups).failedPull()
        #expect(failure.kind == .badConfiguration)
        #expect(failure.message.hasPrefix("the base `\(base)` takes in `cn="))
        #expect(failure.hint == "use `\(FreeIPALayout.people)` and `\(FreeIPALayout.groups)`")
    }

    @Test func freeIPAIsNoPlain389() throws {
        let server = try freeIPA()
        let failure = try source(server, .ds389, people: FreeIPALayout.people, groups: FreeIPALayout.groups)
            .failedPull()
        #expect(failure.message == "`\(server.url)` is a server of kind `freeipa`, and `kind` says `389ds`")
    }

    @Test func serversSayWhatTheyAre() throws {
        let (openldap, ds389) = (try SlapdFixture(ldif: SampleCompany.frame), try ds389())
        for (server, kind) in [(openldap as any DirectoryServer, DirectoryKind.openldap), (ds389, .ds389)] {
            let connection = try LDAPConnection(to: try #require(LDAPURL(server.url)), settings: ConnectionSettings())
            try connection.bind(server.reader.bind)
            let detected = try DetectedServer.ask(connection)
            #expect(detected.kind == kind)
            #expect(detected.namingContexts.contains("dc=example,dc=org"))
            #expect(!detected.vendor.isEmpty && !detected.controls.isEmpty)
        }
    }
}
