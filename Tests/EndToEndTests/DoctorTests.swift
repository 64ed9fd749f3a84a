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
}
