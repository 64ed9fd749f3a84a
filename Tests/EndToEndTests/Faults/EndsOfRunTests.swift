import Foundation
import TestSupport
import Testing

/// Every way in which a night can fail at the directory: the exit code, one sentence with its remedy, and the roster as it was.
struct EndsOfRunTests {
    private static let people = 60

    /// A server with accounts that see, or are allowed, less than the administrator.
    private static let server = Result { try server(with: SampleCompany.abroad) }

    private static func server(with more: String) throws -> SlapdFixture {
        try SlapdFixture(
            ldif: Company.firstNight(people) + accounts(["limited", "half-blind", "blind", "mail-blind"]) + more,
            options: .init(database: [
                "limits dn.exact=\"cn=limited,\(SlapdFixture.suffix)\" size=10",
                "access to dn.regex=\"^uid=p7,\" by dn.exact=\"cn=half-blind,\(SlapdFixture.suffix)\" none by * break",
                "access to dn.regex=\"^uid=p[1-3][0-9],\" by dn.exact=\"cn=blind,\(SlapdFixture.suffix)\" none by * break",
                "access to attrs=mail by dn.exact=\"cn=mail-blind,\(SlapdFixture.suffix)\" none by * break",
                "access to attrs=userPassword by anonymous auth by * none",
                "access to * by users read",
            ]))
    }

    private static func accounts(_ names: [String]) -> String {
        names.map { name in
            """
            dn: cn=\(name),\(SlapdFixture.suffix)
            objectClass: organizationalRole
            objectClass: simpleSecurityObject
            cn: \(name)
            userPassword: \(SlapdFixture.password)


            """
        }.joined()
    }

    /// What goes wrong, how the site is changed for it, how the run ends and what it says.
    struct Fault: Sendable, CustomTestStringConvertible {
        var name: String
        var status: Int32
        var says: String
        var change: @Sendable (Site, SlapdFixture) throws -> Void

        var testDescription: String { name }
    }

    private static func account(_ name: String) -> @Sendable (Site, SlapdFixture) throws -> Void {
        { site, _ in try site.replace(SlapdFixture.administrator, with: "cn=\(name),\(SlapdFixture.suffix)") }
    }

    private static func edit(_ old: String, _ new: String) -> @Sendable (Site, SlapdFixture) throws -> Void {
        { site, _ in try site.replace(old, with: new) }
    }

    static let faults: [Fault] = [
        Fault(
            name: "size limit", status: 4, says: "Size limit exceeded (4), after 10 entries", change: account("limited")
        ),
        Fault(
            name: "missing base of people", status: 4, says: "No such object (32)",
            change: edit("\"ou=people,dc=example,dc=org\"", "\"ou=peple,dc=example,dc=org\"")),
        Fault(
            name: "missing base of groups", status: 4, says: "No such object (32)",
            change: edit("\"ou=groups,dc=example,dc=org\"", "\"ou=grups,dc=example,dc=org\"")),
        Fault(
            name: "referral", status: 4, says: "is on another server, which is not asked",
            change: edit("\"ou=people,dc=example,dc=org\"", "\"dc=example,dc=org\"")),
        Fault(
            name: "filter that matches nobody", status: 4, says: "matches `(objectClass=inetOrgPersn)`",
            change: edit("inetOrgPerson", "inetOrgPersn")),
        Fault(
            name: "attribute hidden from the account", status: 4, says: "none of 60 people shows the attribute `mail`",
            change: account("mail-blind")),
        Fault(
            name: "wrong password", status: 77, says: "Invalid credentials (49)",
            change: { site, _ in try site.setPassword("wrong horse") }),
        Fault(
            name: "account that is not there", status: 77, says: "Invalid credentials (49)", change: account("nobody")),
        Fault(
            name: "empty password", status: 78, says: "bind.password", change: { site, _ in try site.setPassword("") }),
        Fault(
            name: "password file that is not there", status: 66, says: "bind.password",
            change: { site, _ in try FileManager.default.removeItem(atPath: site.folder.path("bind.password")) }),
        Fault(
            name: "password file open to all", status: 78, says: "bind.password",
            change: { site, _ in
                try FileManager.default.setAttributes(
                    [.posixPermissions: 0o644], ofItemAtPath: site.folder.path("bind.password"))
            }),
        Fault(
            name: "unreachable", status: 69, says: "connection refused",
            change: { site, slapd in try site.replace(slapd.url, with: "ldap://127.0.0.1:1") }),
        Fault(
            name: "certificate of another authority", status: 69, says: "certificate",
            change: { site, slapd in
                let authority = try TestCertificates.shared.get().otherAuthorityFile
                try site.replace(slapd.url, with: slapd.tlsURL)
                try site.replace("tls: {mode: none}", with: "tls: {mode: ldaps, ca_file: \"\(authority)\"}")
            }),
        Fault(
            name: "mapped group missing", status: 65, says: "leeds",
            change: { site, _ in try site.replace("group: leads", with: "group: leeds", in: "mapping.yaml") }),
    ]

    @Test(arguments: faults)
    func endsWithItsStatusAndARemedy(_ fault: Fault) throws {
        let slapd = try EndsOfRunTests.server.get()
        var site = try Site(server: Site.plain(slapd.url))
        let before = try site.prepare()
        site.hour = 24
        try fault.change(site, slapd)

        let plan = try site.run(["plan"])
        #expect(plan.status == fault.status, "plan: \(plan.message)")
        let ended = try site.sync()
        #expect(ended.status == fault.status, "\(ended.message)")
        #expect(ended.message.contains(fault.says), "\(ended.message)")
        let lines = ended.message.split(separator: "\n")
        #expect(lines.count { $0.hasPrefix("error: ") || $0.contains(": error: ") } >= 1, "\(ended.message)")
        #expect(lines.contains { $0.contains("hint: ") }, "\(ended.message)")
        #expect(!ended.message.contains(SlapdFixture.password) && !ended.message.contains("wrong horse"))
        #expect(ended.output.isEmpty)
        #expect(try site.saved() == before)
        #expect(try site.litter() == [])
    }

    @Test func hiddenBelowTheShrinkLimitGoesTheWayOfTheGone() throws {
        let slapd = try EndsOfRunTests.server(with: "")
        var site = try Site(server: Site.plain(slapd.url))
        _ = try site.prepare()
        try EndsOfRunTests.account("half-blind")(site, slapd)
        site.hour = 24
        let first = try site.sync()
        #expect(first.status == 0, "\(first.message)")
        #expect(try suspended(site) == [], "one run alone suspends nobody")
        site.hour = 48
        let second = try site.sync()
        #expect(second.status == 0, "\(second.message)")
        #expect(try suspended(site) == ["p7@example.org"], "\(second.message)")
    }

    /// With a part of the directory elsewhere, nobody can be told to be gone; it is said, and nothing is done.
    @Test func nobodyIsGoneWhileAReferralHidesAPartOfTheDirectory() throws {
        let slapd = try EndsOfRunTests.server.get()
        var site = try Site(server: Site.plain(slapd.url))
        _ = try site.prepare()
        try EndsOfRunTests.account("half-blind")(site, slapd)
        for hour in [24, 48, 72] {
            site.hour = hour
            #expect(try site.sync().status == 0)
        }
        #expect(try suspended(site) == [])
        #expect(try site.run(["plan"]).text.contains("[user.absence-unconfirmed "))
    }

    @Test func hiddenAboveTheShrinkLimitIsHeld() throws {
        let slapd = try EndsOfRunTests.server.get()
        var site = try Site(server: Site.plain(slapd.url))
        let before = try site.prepare()
        try EndsOfRunTests.account("blind")(site, slapd)
        for hour in [24, 48, 72] {
            site.hour = hour
            let ended = try site.sync()
            #expect(ended.status == 3, "\(ended.message)")
            #expect(ended.message.contains("HELD"), "\(ended.message)")
            #expect(try site.saved() == before)
        }
        #expect(try suspended(site) == [])
    }

    private func suspended(_ site: Site) throws -> [String] {
        let roster = site.folder.path("state/roster.sqlite")
        let child = try Child(
            try Command.path("sqlite3"),
            [roster, "SELECT email FROM roster_users WHERE status = 'suspended' ORDER BY 1"], in: site.folder.url.path)
        return try child.end().text.split(separator: "\n").map(String.init)
    }
}
