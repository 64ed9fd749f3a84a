import LDAPClient
import TestSupport
import Testing

/// The servers that tests run against: they start with the data given, take changes, come back after an end, and go.
struct FixtureTests {
    @Test func ds389ServesWhatItWasGiven() throws {
        let server = try DS389Fixture(
            ldif: SampleCompany.frame + person, options: DS389Fixture.Options(contentSync: true, memberOf: true))
        #expect(try values(server, ann, "nsUniqueId") == ["00000000-00004000-80000000-00000001"])
        try server.replace("nsAccountLock", of: ann, with: ["true"])
        try server.restart()
        #expect(try values(server, ann, "nsAccountLock") == ["true"])
        server.stop()
        #expect(throws: (any Error).self) { try values(server, ann, "uid") }
    }

    @Test func freeIPAHasTwoViewsOfThePeople() throws {
        let data =
            FreeIPALayout.frame + FreeIPALayout.person("ann", number: 1)
            + FreeIPALayout.group("all", number: 2, members: [FreeIPALayout.personDN("ann")])
        let server = try DS389Fixture(ldif: data, options: DS389Fixture.Options(freeIPA: true))
        #expect(try values(server, FreeIPALayout.personDN("ann"), "ipaUniqueID") == [SampleCompany.id(1)])
        let second = "uid=ann,cn=users,cn=compat,\(server.suffix)"
        #expect(try values(server, second, "uid") == ["ann"])
    }

    @Test func sambaServesWhatItWasGiven() throws {
        let ann = "CN=Ann,CN=Users,\(SambaFixture.suffix)"
        let server = try SambaFixture(
            ldif: """
                dn: CN=Ann,CN=Users,\(SambaFixture.suffix)
                objectClass: user
                sAMAccountName: ann
                objectGUID:: AQIDBAUGBwgJCgsMDQ4PEA==
                userAccountControl: 512

                """)
        #expect(try values(server, ann, "userAccountControl") == ["512"])
        try server.replace("userAccountControl", of: ann, with: ["514"])
        try server.restart()
        #expect(try values(server, ann, "userAccountControl") == ["514"])
        let tls = TLSSettings(mode: .ldaps, caFile: try TestCertificates.shared.get().authorityFile)
        let url = try #require(LDAPURL(server.tlsURL))
        let connection = try LDAPConnection(to: url, settings: ConnectionSettings(tls: tls))
        try connection.bind(server.replicator.bind)
    }

    @Test func slapdComesBackWithItsData() throws {
        let server = try SlapdFixture(
            ldif: SampleCompany.frame + SampleCompany.person("ann", number: 1),
            options: SlapdFixture.Options(overlays: [.syncprov, .memberof]))
        try server.rename(SampleCompany.personDN("ann"), to: "uid=anna")
        try server.restart()
        #expect(try values(server, SampleCompany.personDN("anna"), "entryUUID") == [SampleCompany.id(1)])
    }

    @Test func realmGivesTickets() throws {
        let realm = try KerberosFixture()
        try realm.obtainTicket()
        #expect(throws: (any Error).self) {
            realm.stop()
            try realm.obtainTicket()
        }
    }

    private var ann: String { SampleCompany.personDN("ann") }

    private var person: String {
        SampleCompany.person("ann", number: 1, more: ["nsUniqueId: 00000000-00004000-80000000-00000001"])
    }

    /// The values of one attribute of an entry, as the reader sees them; nil without the entry.
    private func values(_ server: some DirectoryServer, _ dn: String, _ attribute: String) throws -> [String]? {
        let url = try #require(LDAPURL(server.url))
        let connection = try LDAPConnection(to: url, settings: ConnectionSettings())
        try connection.bind(server.reader.bind)
        return try connection.read(dn, [attribute])?[0].map { String(decoding: $0, as: UTF8.self) }
    }
}
