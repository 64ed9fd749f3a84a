import DirectoryModel
import DirectorySources
import LDAPClient
import TestSupport
import Testing

/// What must come out the same from a server and from its export.
struct SameContentTests {
    private static let ldif =
        SampleCompany.frame
        + SampleCompany.person("ann", number: 1, more: ["displayName: Ann Ace", "title: Lead", "title: Engineer"])
        + SampleCompany.person("bob", number: 2, more: ["employeeType: Disabled", "description: 20261101120000Z"])
        + SampleCompany.person("cid", number: 3, more: ["mail: c@example.org", "uid: cid2"])
        + SampleCompany.person("zoe", number: 9, more: ["employeeType: service"])
            + """
            dn: cn=Doe\\, Uwe  K+uid=doe,ou=people,dc=example,dc=org
            objectClass: inetOrgPerson
            uid: doe
            cn: Doe, Uwe  K
            sn: Doe
            entryUUID: \(SampleCompany.id(4))

            dn:: Y249SsO2aG4sb3U9cGVvcGxlLGRjPWV4YW1wbGUsZGM9b3Jn
            objectClass: inetOrgPerson
            uid: john
            cn:: SsO2aG4=
            sn: J
            mail: john@example.org
            entryUUID: \(SampleCompany.id(5))


            """
        + SampleCompany.group(
            "support", number: 101,
            members: [
                "UID=Ann , OU=People,dc=example,dc=org", "uid=ann,ou=people,dc=example,dc=org",
                #"uid=DOE+cn=doe\2c uwe k,ou=people,dc=example,dc=org"#, #"cn=j\C3\B6HN,ou=people,dc=example,dc=org"#,
                "uid=gone,ou=people,dc=example,dc=org", "cn=sync,dc=example,dc=org",
                "uid=zoe,ou=people,dc=example,dc=org",
                SampleCompany.groupDN("nested"),
            ])
        + SampleCompany.group(
            "nested", number: 102, members: [SampleCompany.groupDN("support"), SampleCompany.groupDN("nested")])
            + """
            dn: cn=unique,ou=groups,dc=example,dc=org
            objectClass: groupOfUniqueNames
            cn: unique
            entryUUID: \(SampleCompany.id(103))
            uniqueMember: uid=bob,ou=people,dc=example,dc=org#'0101'B
            uniqueMember: uid=ann,ou=people,dc=example,dc=org

            dn: cn=posix,ou=groups,dc=example,dc=org
            objectClass: posixGroup
            cn: posix
            gidNumber: 7
            entryUUID: \(SampleCompany.id(104))
            memberUid: ann
            memberUid: bob
            memberUid: BOB
            memberUid: nobody


            """

    private static let expected = [
        "person \(SampleCompany.id(1)) enabled signin - problems 0 1=uid=ann,ou=people,dc=example,dc=org | 2=ann"
            + " | 3=ann@example.org | 5=Ann Ace | 16=Engineer | 16=Lead",
        "person \(SampleCompany.id(2)) disabledByAttribute signin 1793534400 problems 0"
            + " 1=uid=bob,ou=people,dc=example,dc=org | 2=bob | 3=bob@example.org | 5=bob Example",
        "person \(SampleCompany.id(3)) enabled signin - problems 4 1=uid=cid,ou=people,dc=example,dc=org | 2=cid"
            + " | 2=cid2 | 3=c@example.org | 3=cid@example.org | 5=cid Example",
        "person \(SampleCompany.id(4)) enabled signin - problems 0 1=DN | 2=doe | 5=Doe, Uwe  K",
        "person \(SampleCompany.id(5)) enabled signin - problems 0 1=cn=Jöhn,ou=people,dc=example,dc=org | 2=john"
            + " | 3=john@example.org | 5=Jöhn",
        "group \(SampleCompany.id(101)) support people \(ids(1, 4, 5)) groups \(ids(102)) unresolved 3",
        "group \(SampleCompany.id(102)) nested people [] groups \(ids(101, 102)) unresolved 0",
        "group \(SampleCompany.id(103)) unique people \(ids(1, 2)) groups [] unresolved 0",
        "group \(SampleCompany.id(104)) posix people \(ids(1, 2)) groups [] unresolved 2",
    ]

    private static func ids(_ numbers: Int...) -> [String] { numbers.map(SampleCompany.id) }

    private func settings() throws -> SourceSettings {
        try SampleSources.settings(
            exclude: "(employeeType=service)", disabled: DisabledWhen(attribute: "employeeType", equals: "disabled"),
            sentinels: [1, 101])
    }

    /// The spelling of one DN differs between a server and a file.
    private func lines(_ pull: Pull) -> [String] {
        MirrorText.lines(pull.mirror).map { line in
            let spellings = [
                #"1=cn=Doe\2C Uwe  K+uid=doe,ou=people,dc=example,dc=org"#,
                #"1=cn=Doe\, Uwe  K+uid=doe,ou=people,dc=example,dc=org"#,
            ]
            return spellings.reduce(line) { $0.replacing($1, with: "1=DN") }
        }
    }

    @Test func serverAndExportGiveTheSamePeopleAndGroups() throws {
        let request = PullRequest(attributes: ["title"])
        let slapd = try SlapdFixture(ldif: SameContentTests.ldif)
        let fromServer = try SampleSources.ldap([slapd.url], settings()).completePull(request)
        #expect(lines(fromServer) == SameContentTests.expected)
        #expect(fromServer.stamp.identity == "dn:" + SlapdFixture.administrator)

        let directory = try TemporaryDirectory()
        let path = try directory.write("version: 1\n\n" + SameContentTests.ldif, to: "people.ldif")
        let fromFile = try LDIFSource(settings(), path: path).completePull(request)
        #expect(lines(fromFile) == SameContentTests.expected)
    }

    @Test func hashesTellChangesAndNothingElse() throws {
        let directory = try TemporaryDirectory()
        func hashes(_ ldif: String) throws -> [UInt64] {
            let path = try directory.write(ldif, to: "people.ldif")
            return MirrorText.hashes(try LDIFSource(settings(), path: path).completePull().mirror)
        }
        let original = try hashes(SameContentTests.ldif)
        #expect(try hashes(SameContentTests.ldif) == original)
        let changed = try hashes(SameContentTests.ldif.replacing("mail: ann@", with: "mail: anne@"))
        #expect(zip(original, changed).filter { $0 != $1 }.count == 1)
        let joined = try hashes(SameContentTests.ldif.replacing("memberUid: nobody", with: "memberUid: john"))
        #expect(zip(original, joined).filter { $0 != $1 }.count == 1)
    }
}
