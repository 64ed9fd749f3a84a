import Foundation
import Glibc
import TestSupport
import Testing

/// X15 and X16: whoever can edit the configuration cannot have the password sent to a server of their own.
struct TrustTests {
    struct Edit: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var line: Int
        /// Gets the port of the server that must not be asked.
        var change: @Sendable (Site, _ server: SlapdFixture, _ other: UInt16) throws -> Void
    }

    static let edits = [
        Edit(testDescription: "another server", line: 6) { site, server, other in
            try site.replace(server.url, with: "ldap://127.0.0.1:\(other)")
        },
        Edit(testDescription: "one more server", line: 6) { site, server, other in
            try site.replace("[\(server.url)]", with: "[ldap://127.0.0.1:\(other), \(server.url)]")
        },
        Edit(testDescription: "another server by a domain", line: 6) { site, server, _ in
            try site.replace("urls: [\(server.url)]", with: "srv: example.invalid")
            try site.replace(
                "tls: {mode: none}", with: "tls: {mode: ldaps, ca_file: /etc/ssl/certs/ca-certificates.crt}")
        },
        Edit(testDescription: "another account", line: 6) { site, _, _ in
            try site.replace(SlapdFixture.administrator, with: "cn=other,dc=example,dc=org")
        },
        Edit(testDescription: "another name for the directory", line: 6) { site, server, other in
            try site.replace("name: corp", with: "name: corpse")
            try site.replace(server.url, with: "ldap://127.0.0.1:\(other)")
        },
        Edit(testDescription: "the password by a program", line: 6) { site, server, other in
            try site.replace(
                "password_file: bind.password",
                with: "password_command: [/bin/cat, \"\(site.folder.path("bind.password"))\"]")
            try site.replace(server.url, with: "ldap://127.0.0.1:\(other)")
        },
        Edit(testDescription: "a connection without protection", line: 6) { site, server, _ in
            try site.replace("mode: starttls, ca_file:", with: "mode: none } # ")
        },
    ]

    private func site(_ server: SlapdFixture, _ edit: Edit) throws -> Site {
        guard edit.testDescription == "a connection without protection" else {
            return try Site(server: Site.plain(server.url))
        }
        let authority = try TestCertificates.shared.get().authorityFile
        return try Site(
            server: """
                urls: ["\(server.url)"]
                    bind: {method: simple, dn: "\(SlapdFixture.administrator)", password_file: bind.password}
                    tls: {mode: starttls, ca_file: "\(authority)"}
                """)
    }

    @Test(arguments: edits) func passwordGoesNowhereElse(_ edit: Edit) throws {
        let server = try SlapdFixture(ldif: Company.firstNight(5))
        var site = try site(server, edit)
        site.trustsEverything = false
        let before = try site.prepare()
        let file = site.statePath + "/trusted-places"
        var status = stat()
        #expect(stat(file, &status) == 0)
        #expect(status.st_mode & 0o777 == 0o600)
        let thief = try ByteProxy(to: server.port, fault: .none)
        try edit.change(site, server, thief.port)
        for command in [
            ["sync", "--yes"], ["sync", "--incremental", "--yes"], ["plan"], ["check"], ["lock", "--dry-run"],
        ] {
            let ended = try site.run(command)
            let said = ended.text + ended.message
            #expect(ended.status == 78, "\(command): \(said)")
            #expect(said.contains("not among the places it may go to"), "\(command): \(said)")
            #expect(said.contains("rollcall trust"), "\(command): \(said)")
            #expect(said.contains("rollcall.yaml:\(edit.line):"), "\(command): \(said)")
            #expect(thief.connections == 0, "\(command)")
        }
        #expect(try site.saved() == before)
    }

    /// It asks the server what anybody may ask, and keeps the password.
    @Test func doctorSaysWhy() throws {
        let server = try SlapdFixture(ldif: Company.firstNight(5))
        var site = try Site(server: Site.plain(server.url))
        site.trustsEverything = false
        _ = try site.prepare()
        let thief = try ByteProxy(to: server.port, fault: .none)
        try site.replace(server.url, with: thief.url)
        let ended = try site.run(["doctor"])
        #expect(ended.status == 78)
        #expect(ended.text.contains("not among the places it may go to"), "\(ended.text)")
    }

    @Test func aHumanLetsItGoElsewhere() throws {
        let server = try SlapdFixture(ldif: Company.firstNight(5))
        var site = try Site(server: Site.plain(server.url))
        site.trustsEverything = false
        _ = try site.prepare()
        let other = try ByteProxy(to: server.port, fault: .none)
        try site.replace(server.url, with: "ldap://127.0.0.1:\(other.port)")
        let shown = try site.run(["trust", "--dry-run"])
        #expect(shown.status == 0)
        #expect(
            shown.text.contains("+") && shown.text.contains("-") && shown.text.contains("not written"), "\(shown.text)")
        #expect(try site.sync().status == 78)
        let written = try site.run(["trust"])
        #expect(written.status == 0, "\(written.message)")
        #expect(other.connections == 0)
        #expect(try site.sync().status == 0)
        #expect(other.connections > 0)
        // Back there it may not go without being told.
        try site.replace("ldap://127.0.0.1:\(other.port)", with: server.url)
        #expect(try site.sync().status == 78)
    }

    @Test func aFileThatSomebodyChangedIsRefused() throws {
        let server = try SlapdFixture(ldif: Company.firstNight(5))
        var site = try Site(server: Site.plain(server.url))
        site.trustsEverything = false
        _ = try site.prepare()
        try site.write(Array("anything goes\n".utf8), to: "state/trusted-places")
        let ended = try site.sync()
        #expect(ended.status == 78)
        #expect((ended.text + ended.message).contains("is not as Rollcall wrote it"), "\(ended.message)")
        #expect(try site.run(["trust"]).status == 0)
        #expect(try site.sync().status == 0)
    }
}
