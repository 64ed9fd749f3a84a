import DirectoryModel
import DirectorySources
import LDAPClient
import TestSupport
import Testing

/// What is read out of entries as each kind of directory writes them.
struct DialectReadingTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private static let frame = """
        dn: ou=people,dc=ad,dc=example,dc=org
        objectClass: organizationalUnit
        ou: people


        """

    /// The `number`th objectGUID: 15 zero bytes and the number.
    private static func guid(_ number: UInt8) -> String {
        "AAAAAAAAAAAAAAAAAAAA" + ["AQ==", "Ag==", "Aw==", "BA==", "BQ==", "Bg==", "Bw==", "CA=="][Int(number) - 1]
    }

    private static func person(_ name: String, _ number: UInt8, _ more: [String]) -> String {
        let lines =
            [
                "dn: CN=\(name),OU=People,DC=ad,DC=example,DC=org", "objectClass: user", "cn: \(name)",
                "sAMAccountName: \(name)", "mail: \(name)@example.org", "objectGUID:: \(guid(number))",
                "primaryGroupID: 513",
            ] + more
        return lines.joined(separator: "\n") + "\n\n"
    }

    private func mirror(_ ldif: String, _ settings: SourceSettings, now: Int64? = nil) throws -> Mirror {
        let path = try directory.write(ldif, to: "people.ldif")
        return try LDIFSource(settings, path: path).completePull(PullRequest(now: now)).mirror
    }

    private func activeDirectory() throws -> SourceSettings {
        let base = "ou=people,dc=ad,dc=example,dc=org"
        return SourceSettings(
            name: "ad", dialect: .activeDirectory,
            people: BranchSettings(bases: [base], filter: try LDAPFilter(parsing: "(objectClass=user)")),
            groups: BranchSettings(bases: [base]))
    }

    private func row(_ login: String, _ mirror: Mirror) throws -> PersonRow {
        try #require(
            mirror.people.indices.first { mirror.record(PersonIndex($0)).text(.login) == login }.map {
                mirror.people[$0]
            })
    }

    private static let everyone = """
        dn: CN=Everyone,OU=People,DC=ad,DC=example,DC=org
        objectClass: group
        cn: Everyone
        objectGUID:: AAAAAAAAAAAAAAAAAAAA/w==
        objectSid:: AQUAAAAAAAUVAAAAAQAAAAIAAAADAAAAAQIAAA==
        member: CN=S-1-5-11,CN=ForeignSecurityPrincipals,DC=ad,DC=example,DC=org


        """

    @Test func statesOfActiveDirectory() throws {
        let ldif =
            DialectReadingTests.frame
            + DialectReadingTests.person("on", 1, ["userAccountControl: 512"])
            + DialectReadingTests.person("off", 2, ["userAccountControl: 514"])
            + DialectReadingTests.person("hidden", 3, [])
            + DialectReadingTests.person("garbage", 4, ["userAccountControl: -1"])
            + DialectReadingTests.person("both", 5, ["userAccountControl: 512", "userAccountControl: 514"])
            + DialectReadingTests.person(
                "ended", 6, ["userAccountControl: 512", "accountExpires: 116444736010000000"])
            + DialectReadingTests.person(
                "stays", 7, ["userAccountControl: 512", "accountExpires: 9223372036854775807"])
            + DialectReadingTests.person("unclear", 8, ["userAccountControl: 512", "accountExpires: soon"])
            + DialectReadingTests.everyone
        let mirror = try mirror(ldif, activeDirectory(), now: 1)
        let found = try ["on", "off", "hidden", "garbage", "both", "ended", "stays", "unclear"].map { login in
            let row = try row(login, mirror)
            return "\(login) \(row.state) \(row.problems.rawValue)"
        }
        let unclear = EntryProblems.unclearState.rawValue
        #expect(
            found == [
                "on enabled 0", "off disabledByFlag 0", "hidden enabled \(unclear)", "garbage enabled \(unclear)",
                "both disabledByFlag \(EntryProblems.contradictoryState.rawValue)", "ended expired 0",
                "stays enabled 0", "unclear enabled \(unclear)",
            ])
        #expect(try row("ended", self.mirror(ldif, activeDirectory(), now: 0)).state == .enabled)
        #expect(try row("ended", self.mirror(ldif, activeDirectory())).state == .enabled)
        #expect(mirror.directPeople(of: 0).count == 8)
        #expect(mirror.groups[0].unresolvedMembers == 1)
    }

    @Test func namesOfActiveDirectory() throws {
        let ldif =
            DialectReadingTests.frame
            + DialectReadingTests.person(
                "ann", 1,
                [
                    "userAccountControl: 512", "displayName: Ann Ace", "lastLogonTimestamp: 116444736420000000",
                    "proxyAddresses: SMTP:ann@example.org", "proxyAddresses: smtp:a.ace@example.org",
                    "proxyAddresses: X500:/o=Example/cn=ann", "proxyAddresses: SIP:ann@example.org",
                ]) + DialectReadingTests.everyone
        let mirror = try mirror(ldif, activeDirectory())
        let record = mirror.record(0)
        #expect(mirror.people[0].id.description == "00000000-0000-0000-0000-000000000001")
        #expect(record.text(.name) == "Ann Ace")
        #expect(record.text(.email) == "ann@example.org")
        #expect(mirror.people[0].lastSignIn == 42)
        let aliases = record.values(.alias).map { String(decoding: $0, as: UTF8.self) }
        #expect(aliases == ["a.ace@example.org", "ann@example.org"])

        var settings = try activeDirectory()
        settings.attributes.email = "proxyAddresses"
        #expect(try self.mirror(ldif, settings).record(0).values(.email).count == 1)
    }

    @Test func rolesAndLocksOf389() throws {
        let ldif = """
            dn: ou=people,dc=example,dc=org
            objectClass: organizationalUnit
            ou: people

            dn: uid=ann,ou=people,dc=example,dc=org
            objectClass: inetOrgPerson
            uid: ann
            cn: ann
            mail: ann@example.org
            nsUniqueId: 586e23a3-e53011f1-8f09b406-41ded835
            nsAccountLock: true
            nsRole: cn=lead,ou=people,dc=example,dc=org
            nsRole: cn=nsManagedDisabledRole,dc=example,dc=org
            lastLoginTime: 19700101000042Z

            dn: uid=ben,ou=people,dc=example,dc=org
            objectClass: nsPerson
            uid: ben
            cn: ben
            mail: ben@example.org
            nsUniqueId: 586e23a4-e53011f1-8f09b406-41ded835
            nsAccountLock: 1

            dn: uid=cid,ou=people,dc=example,dc=org
            objectClass: inetOrgPerson
            uid: cid
            cn: cid
            mail: cid@example.org
            nsUniqueId: 586e23a5-e53011f1-8f09b406-41ded835
            nsAccountLock: FALSE

            dn: cn=Lead,ou=people,dc=example,dc=org
            objectClass: ldapSubEntry
            objectClass: nsRoleDefinition
            cn: Lead
            nsUniqueId: 586e23a6-e53011f1-8f09b406-41ded835


            """
        let base = "ou=people,dc=example,dc=org"
        let mirror = try mirror(
            ldif,
            SourceSettings(
                name: "corp", dialect: .ds389, people: BranchSettings(bases: [base]),
                groups: BranchSettings(bases: [base])))
        #expect(mirror.people.map(\.id.description).first == "586e23a3-e530-11f1-8f09-b40641ded835")
        #expect(mirror.people.map(\.state) == [.disabledByFlag, .enabled, .enabled])
        #expect(mirror.people.map(\.problems) == [[], .unclearState, []])
        #expect(mirror.people[0].lastSignIn == 42)
        #expect(Array(mirror.directPeople(of: 0)) == [0])
    }

    @Test func accountsOfFreeIPAEnd() throws {
        let ldif =
            FreeIPALayout.frame
            + FreeIPALayout.person("ann", number: 1, more: ["krbPrincipalExpiration: 19700101000010Z"])
            + FreeIPALayout.person("ben", number: 2, more: ["nsAccountLock: TRUE"])
            + FreeIPALayout.group("all", number: 3, members: ["ann", "ben"].map(FreeIPALayout.personDN))
        let settings = SourceSettings(
            name: "ipa", dialect: .freeIPA, people: BranchSettings(bases: [FreeIPALayout.people]),
            groups: BranchSettings(bases: [FreeIPALayout.groups]))
        let mirror = try mirror(ldif, settings, now: 10)
        #expect(mirror.people.map(\.state) == [.expired, .disabledByFlag])
        #expect(Array(mirror.directPeople(of: 0)) == [0, 1])
    }
}
