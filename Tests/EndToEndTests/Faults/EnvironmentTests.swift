import Foundation
import Glibc
import TestSupport
import Testing

/// What surrounds a run, settings of the client library that lie about and signals, changes nothing of what is read.
struct EnvironmentTests {
    private static let server = Result { try SlapdFixture(ldif: Company.firstNight(12)) }

    /// Files and variables that the library would read if it were let.
    private func litter(_ site: Site, authority: String) throws -> [String] {
        let lines = """
            TLS_REQCERT never
            TLS_CACERT \(authority)
            SIZELIMIT 3
            DEREF always
            KEEPALIVE_IDLE 1
            URI ldap://127.0.0.1:1

            """
        for name in ["ldaprc", ".ldaprc", "ldap.conf"] { try site.folder.write(lines, to: name) }
        return [
            try Command.path("env"), "HOME=\(site.folder.url.path)", "LDAPCONF=\(site.folder.path("ldap.conf"))",
            "LDAPRC=ldaprc", "LDAPTLS_REQCERT=never", "LDAPTLS_CACERT=\(authority)", "LDAPSIZELIMIT=3",
            "LDAPKEEPALIVE_IDLE=1", "LDAPTLS_CRLCHECK=none",
        ]
    }

    /// Certificates are verified as configured, whatever stands in files or variables of the library.
    @Test func nothingTurnsVerificationOff() throws {
        let certificates = try TestCertificates.shared.get()
        let server = try EnvironmentTests.server.get()
        let site = try Site(
            server: Site.encrypted(server.tlsURL, authority: certificates.otherAuthorityFile))
        let ended = try site.run(
            ["sync", "--yes"], through: litter(site, authority: certificates.authorityFile))
        #expect(ended.status == 69, "\(ended.message)")
        #expect(ended.message.contains("does not come from an authority in `tls.ca_file`"), "\(ended.message)")
    }

    /// Where TLS cannot be set up as configured, nothing that stands there steps in: no connection is used, and no password sent.
    @Test func nothingStepsInWhereTLSCannotBeSetUp() throws {
        let certificates = try TestCertificates.shared.get()
        let server = try EnvironmentTests.server.get()
        let proxy = try ByteProxy(to: server.tlsPort, fault: .none)
        let site = try Site(
            server: Site.encrypted("ldaps://127.0.0.1:\(proxy.port)", authority: certificates.authorityFile))
        try site.replace(
            "tls: {mode: ldaps,",
            with: "tls: {mode: ldaps, certificate_file: \"\(certificates.certificate("client"))\", "
                + "key_file: \"\(certificates.key("server"))\",")
        let ended = try site.run(
            ["sync", "--yes"], through: litter(site, authority: certificates.authorityFile))
        #expect(ended.status == 78, "\(ended.message)")
        #expect(ended.message.contains("TLS cannot use"), "\(ended.message)")
        // The library says goodbye before it closes; nothing else goes out.
        #expect(proxy.bytesFromClient <= 7)
    }

    /// Limits, servers and authorities that stand there are not ours.
    @Test func nothingElseIsTakenFromThere() throws {
        let certificates = try TestCertificates.shared.get()
        let server = try EnvironmentTests.server.get()
        let site = try Site(server: Site.encrypted(server.tlsURL, authority: certificates.authorityFile))
        let ended = try site.run(
            ["sync", "--yes"], through: litter(site, authority: certificates.otherAuthorityFile))
        #expect(ended.status == 0, "\(ended.message)")
        #expect(try site.run(["users"]).text.components(separatedBy: "@example.org").count == 12)
    }

    /// A run that is stopped, continued and told of windows and children while it waits for the server goes on.
    ///
    /// It catches none of these; those that a daemon catches are sent by `DaemonTests`.
    @Test(arguments: [3, 9]) func signalsDuringAWaitEndNothing(entry: Int) throws {
        let (arrived, gate) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        let proxy = try LDAPProxy(
            to: try EnvironmentTests.server.get().port,
            .at(
                .entry(entry, under: "ou=people"),
                .perform {
                    arrived.signal()
                    gate.wait()
                }))
        let site = try Site(server: Site.plain(proxy.url))
        try site.replace("idle: 2s", with: "idle: 30s")
        let child = try site.start(["sync", "--yes"])
        #expect(arrived.wait(timeout: .now() + 60) == .success)
        for _ in 0..<50 {
            for signal in [SIGSTOP, SIGCONT, SIGWINCH, SIGCHLD, SIGURG] { child.kill(by: signal) }
        }
        gate.signal()
        let ended = try child.end()
        #expect(ended.status == 0, "\(ended.message)")
        #expect(proxy.connections == 1)
        #expect(try site.run(["users"]).text.components(separatedBy: "@example.org").count == 12)
    }
}
