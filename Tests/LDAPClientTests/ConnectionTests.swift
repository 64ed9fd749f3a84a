import LDAPClient
import TestSupport
import Testing

/// Connecting and binding against a real slapd.
struct ConnectionTests {
    private func connect(_ url: String, _ settings: ConnectionSettings) throws -> LDAPConnection {
        try LDAPConnection(to: try #require(LDAPURL(url)), settings: settings)
    }

    private func settings(_ mode: TLSSettings.Mode, ca: String? = nil) throws -> ConnectionSettings {
        let file = mode == .none ? nil : try ca ?? TestCertificates.shared.get().authorityFile
        return ConnectionSettings(
            tls: TLSSettings(mode: mode, caFile: file),
            timeouts: Timeouts(connect: .seconds(2), idle: .seconds(2), pull: .seconds(20)))
    }

    private func problem(_ body: () throws -> Void) throws -> LDAPError {
        do { try body() } catch let error as LDAPError { return error }
        Issue.record("nothing was thrown")
        throw Command.Failure(description: "nothing was thrown")
    }

    @Test func everyWayOfConnectingTellsWhoWeAre() throws {
        let slapd = try SlapdFixture(ldif: SampleCompany.frame)
        let password = Secret(Array(SlapdFixture.password.utf8))
        let method = BindMethod.simple(dn: SlapdFixture.administrator, password: password)
        for (url, mode) in [(slapd.url, TLSSettings.Mode.none), (slapd.url, .starttls), (slapd.tlsURL, .ldaps)] {
            let connection = try connect(url, settings(mode))
            try connection.bind(method)
            #expect(try connection.whoAmI() == "dn:" + SlapdFixture.administrator)
            #expect(connection.tlsVersion == (mode == .none ? nil : "TLS1.3"))
        }
        let socket = try connect(slapd.socketURL, settings(.none))
        try socket.bind(.external)
        #expect(try socket.whoAmI()?.contains("cn=peercred,cn=external,cn=auth") == true)
    }

    @Test func clientCertificateBindsByExternal() throws {
        let slapd = try SlapdFixture(ldif: SampleCompany.frame)
        let certificates = try TestCertificates.shared.get()
        var settings = try settings(.ldaps)
        settings.tls.certificateFile = certificates.certificate("client")
        settings.tls.keyFile = certificates.key("client")
        let connection = try connect(slapd.tlsURL, settings)
        try connection.bind(.external)
        #expect(try connection.whoAmI() == "dn:cn=sync," + SlapdFixture.suffix)
    }

    @Test(arguments: [TLSSettings.Mode.ldaps, .starttls])
    func unknownAuthorityIsNamed(mode: TLSSettings.Mode) throws {
        let slapd = try SlapdFixture(ldif: SampleCompany.frame)
        let other = try TestCertificates.shared.get().otherAuthorityFile
        let url = mode == .ldaps ? slapd.tlsURL : slapd.url
        let error = try problem { _ = try connect(url, settings(mode, ca: other)) }
        #expect(error.problem == .tls(.untrusted))
        #expect(error.message.contains("failed: its certificate does not come from an authority in `tls.ca_file`"))
    }

    @Test(arguments: [TLSSettings.Mode.ldaps, .starttls])
    func expiredCertificateIsNamed(mode: TLSSettings.Mode) throws {
        let slapd = try SlapdFixture(ldif: SampleCompany.frame, options: .init(certificate: .expired))
        let url = mode == .ldaps ? slapd.tlsURL : slapd.url
        #expect(try problem { _ = try connect(url, settings(mode)) }.problem == .tls(.expired))
    }

    @Test(arguments: [TLSSettings.Mode.ldaps, .starttls])
    func certificateOfAnotherHostIsNamed(mode: TLSSettings.Mode) throws {
        let slapd = try SlapdFixture(ldif: SampleCompany.frame, options: .init(certificate: .wronghost))
        let url = mode == .ldaps ? slapd.tlsURL : slapd.url
        let error = try problem { _ = try connect(url, settings(mode)) }
        #expect(error.problem == .tls(.wrongHost(certificate: "other.example")))
    }

    @Test func wrongPinIsNamedAndTheRightOneConnects() throws {
        let slapd = try SlapdFixture(ldif: SampleCompany.frame)
        var settings = try settings(.ldaps)
        settings.tls.pinSHA256 = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
        let error = try problem { _ = try connect(slapd.tlsURL, settings) }
        #expect(error.problem == .tls(.wrongKey), "\(error)")
    }

    @Test func plainPortIsNotTakenForTLS() throws {
        let slapd = try SlapdFixture(ldif: SampleCompany.frame)
        let error = try problem { _ = try connect("ldaps://127.0.0.1:\(slapd.port)", settings(.ldaps)) }
        switch error.problem {
        case .tls(.notTLS), .tls(.closed): #expect(error.hint.contains("{mode: starttls}"))
        case .timedOut(.connect): break
        default: Issue.record("\(error)")
        }
    }

    @Test(arguments: [TLSSettings.Mode.none, .starttls, .ldaps])
    func nobodyListeningIsUnreachable(mode: TLSSettings.Mode) throws {
        let port = try SlapdFixture.freePort()
        let scheme = mode == .ldaps ? "ldaps" : "ldap"
        let error = try problem { _ = try connect("\(scheme)://127.0.0.1:\(port)", settings(mode)) }
        #expect(error.problem == .unreachable(reason: "connection refused"))
        #expect(error.leadsToNextServer)
    }

    @Test func unknownHostIsUnreachable() throws {
        let error = try problem { _ = try connect("ldaps://nowhere.invalid", settings(.ldaps)) }
        #expect(error.problem == .unreachable(reason: "the host name cannot be resolved"))
    }

    @Test(arguments: [TLSSettings.Mode.none, .starttls, .ldaps])
    func silentServerEndsInATimeout(mode: TLSSettings.Mode) throws {
        let proxy = try ByteProxy(to: 1, fault: .silent)
        let scheme = mode == .ldaps ? "ldaps" : "ldap"
        let error = try problem {
            let connection = try connect("\(scheme)://127.0.0.1:\(proxy.port)", settings(mode))
            try connection.bind(.anonymous)
        }
        guard case .timedOut = error.problem else {
            Issue.record("\(error)")
            return
        }
    }

    @Test func wrongPasswordIsRefusedOnce() throws {
        let slapd = try SlapdFixture(ldif: SampleCompany.frame)
        let connection = try connect(slapd.url, settings(.none))
        let method = BindMethod.simple(dn: SlapdFixture.administrator, password: Secret(Array("wrong".utf8)))
        let error = try problem { try connection.bind(method) }
        #expect(error.problem == .bindFailed)
        #expect(error.resultClass == .refused)
        #expect(error.message.contains("refused the bind: Invalid credentials (49)"))
        #expect(!error.message.contains("wrong"))
    }

    @Test(arguments: [[], [0], [0, 0x61]] as [[UInt8]])
    func emptyPasswordIsNeverSent(password: [UInt8]) throws {
        let slapd = try SlapdFixture(ldif: SampleCompany.frame)
        let proxy = try ByteProxy(to: slapd.port, fault: .none)
        let connection = try connect(proxy.url, settings(.none))
        let method = BindMethod.simple(dn: SlapdFixture.administrator, password: Secret(password))
        guard case .settings = try problem({ try connection.bind(method) }).problem else {
            Issue.record("sent")
            return
        }
        #expect(proxy.bytesFromClient == 0)
    }

    @Test(arguments: [
        ("ldap://ldap.example.org", TLSSettings.Mode.none),
        ("ldaps://127.0.0.1", .starttls),
        ("ldap://127.0.0.1", .ldaps),
        ("ldapi://%2Ftmp%2Fx", .ldaps),
    ])
    func unprotectedCombinationsAreRefusedBeforeConnecting(url: String, mode: TLSSettings.Mode) throws {
        guard case .settings = try problem({ _ = try connect(url, settings(mode)) }).problem else {
            Issue.record("accepted")
            return
        }
    }

    @Test func missingAuthorityFileIsNamed() throws {
        let error = try problem { _ = try connect("ldaps://127.0.0.1:1", settings(.ldaps, ca: "/nonexistent/ca.pem")) }
        guard case .settings(let sentence, _) = error.problem else {
            Issue.record("\(error)")
            return
        }
        #expect(sentence.contains("/nonexistent/ca.pem"))
    }

    @Test func environmentDoesNotWeakenVerification() throws {
        // The library is told to read neither files nor variables before its first call; nothing set later changes that.
        let slapd = try SlapdFixture(ldif: SampleCompany.frame)
        let other = try TestCertificates.shared.get().otherAuthorityFile
        for _ in 0..<3 {
            #expect(throws: LDAPError.self) { try connect(slapd.tlsURL, settings(.ldaps, ca: other)) }
        }
        #expect(throws: Never.self) { try connect(slapd.tlsURL, settings(.ldaps)) }
    }
}
