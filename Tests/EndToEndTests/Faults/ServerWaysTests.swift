import Foundation
import TestSupport
import Testing

/// Every way to a server, and what is done over more than one night, through the program and a real server.
struct ServerWaysTests {
    private static let company = SampleCompany.frame + SampleCompany.people(6) + groups

    private static let groups =
        SampleCompany.group("support", number: 1, members: (0..<6).map { SampleCompany.personDN("p\($0)") })
        + SampleCompany.group("leads", number: 2, members: [SampleCompany.personDN("p0")])

    private static let server = Result { try SlapdFixture(ldif: company) }

    /// A server that only the client of the certificate, or the user of the socket, may read.
    private static let closed = Result {
        try SlapdFixture(
            ldif: company,
            options: .init(
                database: ["access to * by dn.exact=\"cn=sync,\(SlapdFixture.suffix)\" read by * none"],
                global: [
                    "authz-regexp \"^gidNumber=.*,cn=peercred,cn=external,cn=auth$\" \"cn=sync,\(SlapdFixture.suffix)\""
                ]))
    }

    private func expectEverybody(_ source: String) throws {
        let site = try Site(server: source)
        let ended = try site.sync()
        #expect(ended.status == 0, "\(ended.message)")
        #expect(try users(site, "invited").count == 6)
    }

    @Test func startTLS() throws {
        let authority = try TestCertificates.shared.get().authorityFile
        try expectEverybody(
            """
            urls: [\(try ServerWaysTests.server.get().url)]
                bind: {method: simple, dn: "\(SlapdFixture.administrator)", password_file: bind.password}
                tls: {mode: starttls, ca_file: "\(authority)"}
            """)
    }

    @Test func startTLSWithAnotherAuthority() throws {
        let site = try Site(
            server: """
                urls: [\(try ServerWaysTests.server.get().url)]
                    bind: {method: simple, dn: "\(SlapdFixture.administrator)", password_file: bind.password}
                    tls: {mode: starttls, ca_file: "\(try TestCertificates.shared.get().otherAuthorityFile)"}
                """)
        let ended = try site.sync()
        #expect(ended.status == 69)
        #expect(ended.message.contains("certificate"), "\(ended.message)")
    }

    @Test func externalByCertificate() throws {
        let certificates = try TestCertificates.shared.get()
        let tls = "ca_file: \"\(certificates.authorityFile)\""
        let own =
            "certificate_file: \"\(certificates.certificate("client"))\", key_file: \"\(certificates.key("client"))\""
        let url = try ServerWaysTests.closed.get().tlsURL
        try expectEverybody(
            """
            urls: [\(url)]
                bind: {method: external}
                tls: {\(tls), \(own)}
            """)
    }

    @Test func externalBySocket() throws {
        try expectEverybody(
            """
            urls: ["\(try ServerWaysTests.closed.get().socketURL)"]
                bind: {method: external}
            """)
    }

    @Test func acceptedInvitationsAndSignInsAreTakenOver() throws {
        let site = try Site(server: Site.plain(try ServerWaysTests.server.get().url))
        _ = try site.prepare()
        try site.write(
            Array("email,last_sign_in,accepted\np1@example.org,2026-11-21T01:00:00Z,true\n".utf8), to: "list.csv")
        let ended = try site.run(["import", "--update", "list.csv", "--target", "desk"])
        #expect(ended.status == 0, "\(ended.message)")
        #expect(try users(site, "active") == ["p1@example.org"])
        #expect(try site.run(["plan", "--detailed-exitcode"]).status == 0)
    }

    @Test func theSuspendedAreRemovedAfterTheTimeSet() throws {
        let people = (0..<6).map {
            SampleCompany.person("p\($0)", number: 1_000 + $0, more: $0 == 1 ? ["employeeType: disabled"] : [])
        }
        let second = try SlapdFixture(ldif: SampleCompany.frame + people.joined() + ServerWaysTests.groups)
        let first = try ServerWaysTests.server.get()
        var site = try Site(server: Site.plain(first.url), limits: "policy: {remove_after: 2d}")
        _ = try site.prepare()
        try site.replace(first.url, with: second.url)
        site.hour = 24
        #expect(try site.sync().status == 0)
        #expect(try users(site, "suspended") == ["p1@example.org"])
        site.hour = 48
        #expect(try site.sync().status == 0)
        #expect(try users(site, "suspended") == ["p1@example.org"])
        site.hour = 73
        #expect(try site.sync().status == 0)
        #expect(try users(site, "removed") == ["p1@example.org"])
        #expect(try users(site, "invited").count == 5)
    }

    // MARK: What `check --online` finds

    private func check(_ edits: (String, String)...) throws -> (status: Int32?, text: String) {
        let site = try Site(server: Site.plain(try ServerWaysTests.server.get().url))
        for (old, new) in edits { try site.replace(old, with: new) }
        let ended = try site.run(["check", "--online"])
        return (ended.status, ended.text + ended.message)
    }

    @Test func nothingIsSaidOfAttributesThatAreThere() throws {
        let said = try check()
        #expect(said.status == 0, "\(said.text)")
        #expect(!said.text.contains("warning"), "\(said.text)")
    }

    @Test func anAttributeOfAFilterThatTheSchemaLacksIsNamed() throws {
        let said = try check(
            (
                "filter: \"(objectClass=inetOrgPerson)\"",
                "filter: \"(objectClass=inetOrgPerson)\", exclude: \"(|(employeTyp=service)(sn;lang-de=x)(!(uid:dn:caseExactMatch:=x)))\""
            ))
        #expect(said.status == 4, "no entry is known to match: \(said.text)")
        #expect(said.text.contains("rollcall.yaml:9:"), "\(said.text)")
        #expect(said.text.contains("the server's schema has no attribute `employeTyp`"), "\(said.text)")
        #expect(said.text.contains("hint: did you mean `employeeType`?"), "\(said.text)")
        #expect(said.text.components(separatedBy: "[directory.unknown-attribute]").count == 2, "\(said.text)")
    }

    @Test func aMisspelledEmailAttributeIsNamedThoughThePullFails() throws {
        let said = try check(("attributes: {", "attributes: {email: mial, "))
        #expect(said.status == 4, "\(said.text)")
        #expect(said.text.contains("the server's schema has no attribute `mial`"), "\(said.text)")
        #expect(said.text.contains("hint: did you mean `mail`?"), "\(said.text)")
    }

    @Test func anAttributeThatNobodyHasIsNamed() throws {
        let said = try check(
            ("[employeeType]", "[employeeType, title]"), ("attributes: {", "attributes: {aliases: [mailLocalAddres], "))
        #expect(said.status == 0, "\(said.text)")
        #expect(said.text.contains("none of 6 people shows the attribute `title`"), "\(said.text)")
        #expect(said.text.contains("`mailLocalAddres`"), "\(said.text)")
    }

    private func users(_ site: Site, _ status: String) throws -> [String] {
        let query = "SELECT email FROM roster_users WHERE status = '\(status)' ORDER BY 1"
        let child = try Child(
            try Command.path("sqlite3"), [site.folder.path("state/roster.sqlite"), query], in: site.folder.url.path)
        return try child.end().text.split(separator: "\n").map(String.init)
    }
}
