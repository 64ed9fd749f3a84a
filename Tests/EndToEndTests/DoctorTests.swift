import Foundation
import TestSupport
import Testing

/// `rollcall doctor` as somebody calls it.
struct DoctorTests {
    private static let ldif = """
        \(SampleCompany.frame)
        \(SampleCompany.person("ada", number: 1))
        \(SampleCompany.person("bob", number: 2))
        \(SampleCompany.group("desk", number: 1, members: [SampleCompany.personDN("ada")]))
        """

    private let folder: TemporaryDirectory

    init() throws {
        folder = try TemporaryDirectory()
        try folder.write(SlapdFixture.password + "\n", to: "password")
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: folder.path("password"))
    }

    private func doctor(_ arguments: [String]) throws -> Rollcall.Ended {
        try Rollcall.run(["doctor"] + arguments, in: folder.url)
    }

    private func account(_ server: SlapdFixture) -> [String] {
        [server.url, "--bind-dn", SlapdFixture.administrator, "--password-file", "password"]
    }

    @Test func withoutAConfigurationItEndsWithASectionToBeginWith() throws {
        let server = try SlapdFixture(ldif: Self.ldif)
        let ended = try doctor(account(server))
        #expect(ended.status == 0, "\(ended.output)")
        for words in [
            "the directory can be read", "kind: openldap", "people: {bases: [\"ou=people,dc=example,dc=org\"]}",
            "ldapsearch", "2 people", "email_domains: [\"example.org\"]",
        ] { #expect(ended.output.contains(words), "\(words)\n\(ended.output)") }
        #expect(!ended.output.contains(SlapdFixture.password))
        // Nothing was written beside the password that was there.
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["password"])
    }

    @Test func programsGetJSON() throws {
        let server = try SlapdFixture(ldif: Self.ldif)
        let ended = try doctor(account(server) + ["--format", "json"])
        let document = try #require(try JSONSerialization.jsonObject(with: Data(ended.output.utf8)) as? [String: Any])
        #expect(document["format"] as? String == "rollcall.doctor/1")
        #expect(document["exit_status"] as? Int == 0)
        let directory = try #require((document["directories"] as? [[String: Any]])?.first)
        let steps = try #require(directory["steps"] as? [[String: Any]])
        #expect(steps.count == 18)
        #expect(!steps.contains { ["bad", "skipped"].contains($0["verdict"] as? String) })
        #expect((directory["starter"] as? String)?.contains("kind: openldap") == true)
    }

    @Test func theStatusIsThatOfARun() throws {
        let server = try SlapdFixture(ldif: Self.ldif)
        #expect(try doctor(["ldap://127.0.0.1:\(try SlapdFixture.freePort())"]).status == 69)
        try folder.write("wrong", to: "wrong")
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: folder.path("wrong"))
        let refused = try doctor([
            server.url, "--bind-dn", SlapdFixture.administrator, "--password-file", "wrong",
        ])
        #expect(refused.status == 77, "\(refused.output)")
        #expect(refused.output.contains("a run would fail"))
        #expect(try doctor([server.url, "--people", "ou=nobody,dc=example,dc=org"]).status == 4)
        #expect(try doctor([server.url, "--bind-dn", "cn=x", "--password-file", "nowhere"]).status == 66)
        #expect(try doctor(["ldap:nonsense://"]).status == 64)
        #expect(try doctor(["--bind-dn", "cn=x"]).status == 64)
    }

    @Test func configuredDirectoriesAreExamined() throws {
        let server = try SlapdFixture(ldif: Self.ldif)
        try folder.write(Self.ldif, to: "people.ldif")
        try folder.write(
            """
            version: 1
            directories:
              - name: corp
                kind: openldap
                urls: ["\(server.url)"]
                tls: {mode: none}
                bind: {method: simple, dn: "\(SlapdFixture.administrator)", password_file: password}
                people: {bases: ["ou=people,dc=example,dc=org"]}
                groups: {bases: ["ou=groups,dc=example,dc=org"]}
                attributes: {email: mail, login: cn}
              - name: file
                kind: ldif
                file: people.ldif
                people: {bases: ["ou=people,dc=example,dc=org"]}
                groups: {bases: ["ou=groups,dc=example,dc=org"]}
            targets:
              - name: acme
                platform: platforms/vivi.yaml
                mapping: mappings/vivi.yaml
                topology: {workspaces: {support: {seats: 40}}}

            """, to: "rollcall.yaml")
        let both = try doctor(["--config", "rollcall.yaml"])
        #expect(both.status == 0, "\(both.output)")
        #expect(both.output.contains("corp  \(server.url)") && both.output.contains("file  "))
        #expect(both.output.contains("(configured; the default is uid)"))
        #expect(!both.output.contains("A section to begin with"))
        let one = try doctor(["--config", "rollcall.yaml", "--directory", "file"])
        #expect(!one.output.contains("corp  "))
        #expect(try doctor(["--config", "rollcall.yaml", "--directory", "nobody"]).status == 64)
        server.stop()
        let down = try doctor(["--config", "rollcall.yaml"])
        #expect(down.status == 69)
        #expect(down.output.contains("skipped") && down.output.contains("file: the directory can be read"))
    }

    @Test func aFileIsExaminedOnceSomebodySaysWhereInItPeopleAre() throws {
        try folder.write(Self.ldif, to: "people.ldif")
        let bases = ["--people", "ou=people,dc=example,dc=org", "--groups", "ou=groups,dc=example,dc=org"]
        let found = try doctor(["people.ldif"] + bases)
        #expect(found.status == 0 && found.output.contains("2 people"), "\(found.output)")
        #expect(try doctor(["people.ldif", "--kind", "ldif"] + bases).status == 0)
        let bare = try doctor(["people.ldif"])
        #expect(bare.status == 64 && bare.output.contains("hint: name them: `--people "), "\(bare.output)")
        for place in [["nobody.ldif"], ["files/nobody"], ["ldap.example.org", "--kind", "ldif"]] {
            let missing = try doctor(place + bases)
            #expect(missing.status == 66 && missing.output.contains("there is no file `"), "\(missing.output)")
        }
    }

    // MARK: FreeIPA

    private static let freeIPA = Result {
        try DS389Fixture(
            ldif: FreeIPALayout.frame + FreeIPALayout.person("ann", number: 1)
                + FreeIPALayout.person("ben", number: 2, more: ["nsAccountLock: TRUE"])
                + FreeIPALayout.person("cleo", number: 3)
                + FreeIPALayout.group("inner", number: 4, members: [FreeIPALayout.personDN("ben")])
                + FreeIPALayout.group(
                    "all", number: 5, members: [FreeIPALayout.personDN("ann"), FreeIPALayout.groupDN("inner")]),
            options: DS389Fixture.Options(memberOf: true, usn: true, freeIPA: true))
    }

    /// Each step, by its name in the text.
    private func expectEveryStep(_ output: String, but skipped: [String] = []) {
        for step in [
            "name", "connection", "TLS", "bind", "who am I", "server", "bases", "limits", "reading", "people", "groups",
            "accounts", "ranges", "changes", "deleted", "clock", "replica", "rights",
        ] {
            let isThere = output.split(separator: "\n").contains { line in
                ["ok", "note", "warning"].contains { line.hasPrefix("  \($0)") } && line.contains(" \(step) ")
            }
            #expect(isThere, "\(step)\n\(output)")
        }
        #expect(!output.contains("FAILED") && !output.contains("skipped"), "\(output)")
    }

    @Test func freeIPAIsFoundAndReadOnce() throws {
        let server = try Self.freeIPA.get()
        try folder.write(server.reader.password, to: "ipa")
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: folder.path("ipa"))
        let ended = try doctor([server.url, "--bind-dn", server.reader.dn, "--password-file", "ipa"])
        #expect(ended.status == 0, "\(ended.output)")
        expectEveryStep(ended.output)
        for words in [
            "kind: freeipa", "people: {bases: [\"\(FreeIPALayout.people)\"]}",
            "groups: {bases: [\"\(FreeIPALayout.groups)\"]}", "3 people", "2 groups", "modifyTimestamp",
        ] { #expect(ended.output.contains(words), "\(words)\n\(ended.output)") }
        // The second view of the same people is no base.
        #expect(!ended.output.contains("bases: [\"cn=users,cn=compat"), "\(ended.output)")
    }

    // MARK: Kerberos

    @Test func kerberosShowsWhoWeAreAndWhatWeMay() throws {
        let realm = try KerberosFixture()
        let server = try SlapdFixture(
            ldif: Self.ldif,
            options: .init(
                global: [
                    "sasl-host localhost", "sasl-realm \(KerberosFixture.realm)",
                    "authz-regexp \"^uid=([^,]+),cn=gssapi,cn=auth$\" \"cn=$1,\(SlapdFixture.suffix)\"",
                    "authz-regexp \"^uid=([^,]+),cn=[^,]+,cn=gssapi,cn=auth$\" \"cn=$1,\(SlapdFixture.suffix)\"",
                ], environment: realm.serviceEnvironment))
        let url = "ldap://localhost:\(server.port)"
        let environment = ["KRB5_CONFIG": realm.configuration]
        let ended = try Rollcall.run(
            ["doctor", url, "--method", "gssapi", "--keytab", realm.clientKeytab], in: folder.url,
            environment: environment)
        #expect(ended.status == 0, "\(ended.output)")
        expectEveryStep(ended.output)
        for words in [
            "bind: {method: gssapi, keytab: \"\(realm.clientKeytab)\"}", "cn=rollcall,dc=example,dc=org", "-Y GSSAPI",
        ] { #expect(ended.output.contains(words), "\(words)\n\(ended.output)") }
        // A ticket that is there already does as well; one that is not there is told with what to do.
        try realm.obtainTicket()
        let cached = try Rollcall.run(
            ["doctor", url, "--method", "gssapi"], in: folder.url,
            environment: environment.merging(["KRB5CCNAME": realm.cache]) { $1 })
        #expect(cached.status == 0, "\(cached.output)")
        realm.stop()
        let down = try Rollcall.run(
            ["doctor", url, "--method", "gssapi", "--keytab", realm.clientKeytab], in: folder.url,
            environment: environment)
        #expect(down.status == 69 || down.status == 77, "\(down.output)")
        #expect(down.output.contains("FAILED   bind"), "\(down.output)")
    }
}
