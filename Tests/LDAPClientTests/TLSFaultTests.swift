import LDAPClient
import TestSupport
import Testing

/// Certificates that are wrong in one way each, shown by a real slapd: none is accepted, and each is told why.
struct TLSFaultTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var certificate: TestCertificates.Kind
        var fault: TLSFault
        var words: String
        var testDescription: String { certificate.rawValue }
    }

    static let cases = [
        Case(certificate: .expired, fault: .expired, words: "has expired; the server's was valid until 20"),
        Case(certificate: .future, fault: .notYetValid, words: "not valid yet; the server's is from 2091-01-01"),
        Case(certificate: .wronghost, fault: .wrongHost(certificate: "other.example"), words: "`other.example`"),
        Case(
            certificate: .othername, fault: .wrongHost(certificate: "other.example`, `127.0.0.9"),
            words: "for another host: `other.example`, `127.0.0.9`"),
        Case(
            certificate: .cnonly, fault: .noNames(common: "127.0.0.1"), words: "common name `127.0.0.1` does not count"),
        Case(certificate: .selfsigned, fault: .selfSigned, words: "signed by itself"),
        Case(certificate: .foreign, fault: .untrusted, words: "it was signed by `Another authority`"),
        Case(certificate: .clientonly, fault: .wrongPurpose, words: "not meant for servers"),
        Case(certificate: .shortkey, fault: .weak, words: "too weak"),
        Case(certificate: .sha1, fault: .weak, words: "too weak"),
        Case(certificate: .excluded, fault: .wrongPurpose, words: "not for this one"),
    ]

    private func settings(_ mode: TLSSettings.Mode) throws -> ConnectionSettings {
        ConnectionSettings(
            tls: TLSSettings(mode: mode, caFile: try TestCertificates.shared.get().authorityFile),
            timeouts: Timeouts(connect: .seconds(3), idle: .seconds(3), pull: .seconds(20)))
    }

    private func problem(_ url: String, _ settings: ConnectionSettings) throws -> LDAPError {
        do {
            _ = try LDAPConnection(to: try #require(LDAPURL(url)), settings: settings)
        } catch let error as LDAPError { return error }
        throw Command.Failure(description: "the connection stands")
    }

    @Test(arguments: cases)
    func wrongCertificateIsRefusedAndExplained(wrong: Case) throws {
        let slapd = try SlapdFixture(ldif: SampleCompany.frame, options: .init(certificate: wrong.certificate))
        for (url, mode) in [(slapd.tlsURL, TLSSettings.Mode.ldaps), (slapd.url, .starttls)] {
            let error = try problem(url, settings(mode))
            #expect(error.problem == .tls(wrong.fault), "\(error)")
            #expect(error.message.contains(wrong.words), "\(error.message)")
            #expect(!error.leadsToNextServer)
            #expect(!error.isTransient)
        }
    }

    @Test func wildcardStandsForOneLabelOnly() throws {
        let slapd = try SlapdFixture(ldif: SampleCompany.frame, options: .init(certificate: .wildcard))
        var settings = try settings(.ldaps)
        settings.addresses = ["ldap.example.org": "127.0.0.1", "a.b.example.org": "127.0.0.1"]
        #expect(throws: Never.self) {
            try LDAPConnection(
                to: try #require(LDAPURL("ldaps://ldap.example.org:\(slapd.tlsPort)")), settings: settings)
        }
        let error = try problem("ldaps://a.b.example.org:\(slapd.tlsPort)", settings)
        #expect(error.problem == .tls(.wrongHost(certificate: "*.example.org")))
    }

    @Test func revokedCertificateIsRefusedByTheList() throws {
        let slapd = try SlapdFixture(ldif: SampleCompany.frame, options: .init(certificate: .revoked))
        var settings = try settings(.ldaps)
        #expect(throws: Never.self) {
            try LDAPConnection(to: try #require(LDAPURL(slapd.tlsURL)), settings: settings)
        }
        settings.tls.crlFile = try TestCertificates.shared.get().revocationList
        #expect(try problem(slapd.tlsURL, settings).problem == .tls(.revoked))
    }

    /// What the authority says of a certificate, handed out by the server itself, needs no list.
    @Test func stapledAnswerOfTheAuthorityCounts() throws {
        let settings = try settings(.ldaps)
        let good = try StaplingServer(.server)
        #expect(throws: Never.self) { try LDAPConnection(to: try #require(LDAPURL(good.url)), settings: settings) }
        let revoked = try StaplingServer(.revoked)
        #expect(try problem(revoked.url, settings).problem == .tls(.revoked))
    }

    @Test(arguments: ["1.0", "1.1"])
    func oldVersionIsRefused(version: String) throws {
        let slapd = try SlapdFixture(
            ldif: SampleCompany.frame,
            options: .init(global: ["TLSCipherSuite NORMAL:-VERS-ALL:+VERS-TLS\(version):%COMPAT"]))
        for (url, mode) in [(slapd.tlsURL, TLSSettings.Mode.ldaps), (slapd.url, .starttls)] {
            guard case .tls(.noCommonVersion) = try problem(url, settings(mode)).problem else {
                Issue.record("\(try problem(url, settings(mode)))")
                continue
            }
        }
    }

    @Test(arguments: [TLSSettings.Mode.ldaps, .starttls])
    func pinnedKeyIsTheOnlyOneThatConnects(mode: TLSSettings.Mode) throws {
        let slapd = try SlapdFixture(ldif: SampleCompany.frame)
        let certificates = try TestCertificates.shared.get()
        let url = try #require(LDAPURL(mode == .ldaps ? slapd.tlsURL : slapd.url))
        var settings = try settings(mode)
        settings.tls.pinSHA256 = try certificates.pin("server")
        #expect(throws: Never.self) { try LDAPConnection(to: url, settings: settings).whoAmI() }
        settings.tls.pinSHA256 = try certificates.pin("client")
        #expect(try problem(url.description, settings).problem == .tls(.wrongKey))
    }

    @Test(arguments: [TLSSettings.Mode.ldaps, .starttls])
    func clientCertificateThatIsDemandedHasToBeGiven(mode: TLSSettings.Mode) throws {
        let slapd = try SlapdFixture(
            ldif: SampleCompany.frame, options: .init(database: ["TLSVerifyClient demand"]))
        let url = mode == .ldaps ? slapd.tlsURL : slapd.url
        var settings = try settings(mode)
        do {
            try LDAPConnection(to: try #require(LDAPURL(url)), settings: settings).bind(.external)
            Issue.record("let in")
        } catch let error as LDAPError {
            #expect(error.hint.contains("certificate_file"), "\(error) \(error.message) \(error.hint)")
        }
        let certificates = try TestCertificates.shared.get()
        settings.tls.certificateFile = certificates.certificate("client")
        settings.tls.keyFile = certificates.key("client")
        let connection = try LDAPConnection(to: try #require(LDAPURL(url)), settings: settings)
        try connection.bind(.external)
        #expect(try connection.whoAmI() == "dn:cn=sync," + SlapdFixture.suffix)
    }

    @Test func keyThatDoesNotBelongToTheCertificateIsASetting() throws {
        let slapd = try SlapdFixture(ldif: SampleCompany.frame)
        let certificates = try TestCertificates.shared.get()
        var settings = try settings(.ldaps)
        settings.tls.certificateFile = certificates.certificate("client")
        settings.tls.keyFile = certificates.key("server")
        guard case .settings = try problem(slapd.tlsURL, settings).problem else {
            Issue.record("\(try problem(slapd.tlsURL, settings))")
            return
        }
    }
}
