import Foundation
import TestSupport
import Testing

/// A server that shows a wrong certificate on the second night: the program ends with 69, says what is wrong, and changes nothing.
struct CertificateTests {
    private static let company = Company.firstNight(6)
    private static let good = Result { try SlapdFixture(ldif: company) }

    private func expect(
        _ words: String, _ server: SlapdFixture, mode: String, url: String? = nil, more: String = ""
    ) throws {
        let good = try CertificateTests.good.get()
        let authority = try TestCertificates.shared.get().authorityFile
        var site = try Site(server: Site.encrypted(good.tlsURL, authority: authority))
        let before = try site.prepare()
        try site.replace(good.tlsURL, with: url ?? (mode == "ldaps" ? server.tlsURL : server.url))
        try site.replace("{mode: ldaps, ", with: "{mode: \(mode), \(more)")
        site.hour = 24
        let ended = try site.sync(within: 10)
        #expect(ended.status == 69, "\(ended.message)")
        #expect(ended.message.contains(words), "\(ended.message)")
        #expect(ended.message.hasPrefix("error: directory `corp`: ") && ended.message.contains("\nhint: "))
        #expect(try site.saved() == before)
    }

    @Test(
        arguments: [
            (.expired, "has expired"), (.future, "not valid yet"), (.wronghost, "`other.example`"),
            (.othername, "for another host: `other.example`"), (.cnonly, "does not count"),
            (.selfsigned, "signed by itself"), (.foreign, "it was signed by `Another authority`"),
            (.clientonly, "not meant for servers"), (.shortkey, "too weak"), (.sha1, "too weak"),
            (.excluded, "not for this one"),
        ] as [(TestCertificates.Kind, String)], ["ldaps", "starttls"])
    func wrongCertificateWritesNothing(wrong: (kind: TestCertificates.Kind, words: String), mode: String) throws {
        let server = try SlapdFixture(ldif: CertificateTests.company, options: .init(certificate: wrong.kind))
        guard mode == "starttls" else { return try expect(wrong.words, server, mode: mode) }
        let proxy = try LDAPProxy(to: server.port)
        try expect(wrong.words, server, mode: mode, url: proxy.url)
        expectNoPassword(proxy)
    }

    /// Somebody asked for TLS there, and sent no bind where it can be read.
    private func expectNoPassword(_ proxy: LDAPProxy) {
        let requests = proxy.requests
        #expect(requests.contains { $0.kind == .extendedRequest })
        #expect(!requests.contains { $0.kind == .bindRequest })
    }

    @Test func revokedCertificateWritesNothing() throws {
        let server = try SlapdFixture(ldif: CertificateTests.company, options: .init(certificate: .revoked))
        let list = try TestCertificates.shared.get().revocationList
        try expect("is revoked", server, mode: "ldaps", more: "crl_file: \"\(list)\", ")
    }

    /// The server itself hands out that its certificate was taken back: no list is needed.
    @Test func stapledRevocationWritesNothing() throws {
        let other = try StaplingServer(.revoked)
        try expect("is revoked", try CertificateTests.good.get(), mode: "ldaps", url: other.url)
    }

    @Test func anotherKeyThanThePinnedOneWritesNothing() throws {
        let pin = try TestCertificates.shared.get().pin("client")
        try expect("pin_sha256", try CertificateTests.good.get(), mode: "ldaps", more: "pin_sha256: \"\(pin)\", ")
    }

    @Test(arguments: ["1.0", "1.1"]) func oldVersionWritesNothing(version: String) throws {
        let server = try SlapdFixture(
            ldif: CertificateTests.company,
            options: .init(global: ["TLSCipherSuite NORMAL:-VERS-ALL:+VERS-TLS\(version):%COMPAT"]))
        try expect("version", server, mode: "ldaps")
    }

    /// Answers put in before TLS begins, as somebody between can: what comes behind the agreement in clear is no answer of the server, and
    /// the handshake after it would have succeeded.
    @Test func answerThatCameBeforeTLSIsNone() throws {
        let server = try CertificateTests.good.get()
        let proxy = try LDAPProxy(
            to: server.port,
            .bytes(at: LDAPPlace(.extendedResponse, number: 1)) { agreed in
                agreed.encoded + LDAPMessage(id: agreed.id + 1, .bindResponse, LDAPResultParts(code: 0)).encoded
            })
        try expect("does not speak TLS", server, mode: "starttls", url: proxy.url)
        expectNoPassword(proxy)
    }

    /// StartTLS that is refused, or broken off: the password stays here.
    @Test(arguments: [true, false]) func refusedStartTLSWritesNothing(isRefused: Bool) throws {
        let server = try CertificateTests.good.get()
        let other = try ScriptedServer { request in
            isRefused ? .send(ServerMessage.result(0x78, request, code: 52)) : .close
        }
        try expect(isRefused ? "StartTLS" : "ended", server, mode: "starttls", url: other.url)
        #expect(other.binds == 0)
        let password = Array(SlapdFixture.password.utf8)
        #expect(other.received.firstRange(of: password) == nil)
    }
}
