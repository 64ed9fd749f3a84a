import Foundation
import Glibc
import LDAPClient
import TestSupport
import Testing

/// Binds by Kerberos against a real KDC and a real slapd; one realm for all, because the environment of the process names it.
@Suite(.serialized) struct KerberosTests {
    private static let host = "ldap.example.org"

    private func realm() throws -> KerberosFixture {
        let realm = try KerberosFixture(host: KerberosTests.host)
        setenv("KRB5_CONFIG", realm.configuration, 1)
        return realm
    }

    private func slapd(_ realm: KerberosFixture, binding: String = "none") throws -> SlapdFixture {
        try SlapdFixture(
            ldif: SampleCompany.frame,
            options: .init(
                certificate: .wildcard,
                global: [
                    "sasl-host \(KerberosTests.host)", "sasl-realm \(KerberosFixture.realm)",
                    "sasl-cbinding \(binding)",
                    "authz-regexp \"^uid=([^,]+),cn=gssapi,cn=auth$\" \"cn=$1,\(SlapdFixture.suffix)\"",
                    "authz-regexp \"^uid=([^,]+),cn=[^,]+,cn=gssapi,cn=auth$\" \"cn=$1,\(SlapdFixture.suffix)\"",
                ], environment: realm.serviceEnvironment))
    }

    private func open(
        _ slapd: SlapdFixture, host: String = host, mode: TLSSettings.Mode = .ldaps, connect: Duration = .seconds(10),
        stop: StopFlag? = nil
    ) throws -> LDAPConnection {
        var settings = ConnectionSettings(
            tls: TLSSettings(mode: mode, caFile: try TestCertificates.shared.get().authorityFile),
            timeouts: Timeouts(connect: connect, idle: .seconds(5), pull: .seconds(60)), stop: stop)
        settings.addresses = [host: "127.0.0.1"]
        let place = mode == .ldaps ? "ldaps://\(host):\(slapd.tlsPort)" : "ldap://\(host):\(slapd.port)"
        return try LDAPConnection(to: try #require(LDAPURL(place)), settings: settings)
    }

    private func fault(_ connection: LDAPConnection, _ credentials: KerberosCredentials) throws -> KerberosFault {
        do { try connection.bind(.gssapi(credentials)) } catch {
            guard case .kerberos(let fault) = error.problem else {
                throw Command.Failure(description: "\(error) \(error.message)")
            }
            return fault
        }
        throw Command.Failure(description: "let in")
    }

    @Test(arguments: ["none", "tls-endpoint"])
    func keytabAndCacheBind(binding: String) throws {
        let realm = try realm()
        let slapd = try slapd(realm, binding: binding)
        for mode in [TLSSettings.Mode.ldaps, .starttls] {
            let byKeytab = try open(slapd, mode: mode)
            try byKeytab.bind(
                .gssapi(KerberosCredentials(.keytab(realm.clientKeytab), principal: KerberosFixture.client)))
            #expect(try byKeytab.whoAmI() == "dn:cn=rollcall," + SlapdFixture.suffix)
            #expect(try byKeytab.read(SlapdFixture.suffix, ["dc"]) != nil)
        }
        try realm.obtainTicket()
        let byCache = try open(slapd)
        try byCache.bind(.gssapi(KerberosCredentials(.cache(realm.cache))))
        #expect(try byCache.whoAmI() == "dn:cn=rollcall," + SlapdFixture.suffix)
    }

    @Test func whatIsMissingIsNamed() throws {
        let realm = try realm()
        let slapd = try slapd(realm)
        let nowhere = KerberosCredentials(.cache("FILE:/nonexistent/cache"))
        #expect(try fault(open(slapd), nowhere) == .noTicket)
        guard
            case .unreadableKeytab = try fault(open(slapd), KerberosCredentials(.keytab("/nonexistent/keytab")))
        else {
            Issue.record("read")
            return
        }
        let others = KerberosCredentials(.keytab(realm.clientKeytab), principal: "other@EXAMPLE.TEST")
        #expect(
            try fault(open(slapd), others)
                == .otherPrincipal(wanted: "other@EXAMPLE.TEST", found: KerberosFixture.client))
        let mine = KerberosCredentials(.keytab(realm.clientKeytab))
        #expect(try fault(open(slapd, host: "www.example.org"), mine) == .unknownServer)
    }

    @Test func kerberosServerThatIsDownIsNamed() throws {
        let realm = try realm()
        let slapd = try slapd(realm)
        realm.stop()
        let found = try fault(open(slapd), KerberosCredentials(.keytab(realm.clientKeytab)))
        #expect(found == .noKerberosServer)
    }

    /// A Kerberos server that takes the question and never answers, for a first ticket and for one of the directory server.
    @Test(arguments: [false, true])
    func kerberosServerThatIsSilentIsGivenUp(isFirst: Bool) throws {
        let realm = try realm()
        let slapd = try slapd(realm)
        try realm.obtainTicket()
        let silent = try ByteProxy(to: realm.port, fault: .silent)
        defer { silent.close() }
        try realm.redirect(to: silent.port)
        let source = isFirst ? KerberosCredentials.Source.keytab(realm.clientKeytab) : .cache(realm.cache)
        let connection = try open(slapd, connect: .seconds(1))
        let began = ContinuousClock.now
        #expect(try fault(connection, KerberosCredentials(source)) == .noKerberosServer)
        #expect(ContinuousClock.now - began < .seconds(6))
        #expect(silent.connections > 0)
        #expect(throws: LDAPError.self) { try connection.whoAmI() }
    }

    /// A bind that was given up goes on by itself for a while; those that follow do not wait for it.
    @Test(arguments: [false, true]) func whoIsGivenUpKeepsNobodyElseWaiting(isFirst: Bool) throws {
        let realm = try realm()
        let slapd = try slapd(realm)
        try realm.obtainTicket()
        let fresh = realm.cache + "-fresh"
        let path = String(realm.cache.dropFirst("FILE:".count))
        try FileManager.default.copyItem(atPath: path, toPath: path + "-fresh")
        let cached = KerberosCredentials(.cache(realm.cache))
        try open(slapd).bind(.gssapi(cached))
        let silent = try ByteProxy(to: realm.port, fault: .silent)
        defer { silent.close() }
        try realm.redirect(to: silent.port)
        let waiting = KerberosCredentials(isFirst ? .keytab(realm.clientKeytab) : .cache(fresh))
        for _ in 0..<3 { #expect(try fault(open(slapd, connect: .seconds(1)), waiting) == .noKerberosServer) }
        // The ticket for the directory server is in the cache by now.
        let began = ContinuousClock.now
        try open(slapd).bind(.gssapi(cached))
        #expect(ContinuousClock.now - began < .seconds(5))
    }

    /// Whose keytab the machine has does not matter: without a ticket in the cache nobody binds.
    @Test func keytabOfTheMachineDoesNotStepIn() throws {
        let realm = try realm()
        let slapd = try slapd(realm)
        try realm.nameDefaultKeytab()
        #expect(try fault(open(slapd), KerberosCredentials(.cache("MEMORY:empty"))) == .noTicket)
    }

    @Test func stopIsHeededWhileKerberosIsSilent() throws {
        let realm = try realm()
        let slapd = try slapd(realm)
        let silent = try ByteProxy(to: realm.port, fault: .silent)
        defer { silent.close() }
        try realm.redirect(to: silent.port)
        let stop = StopFlag()
        let connection = try open(slapd, connect: .seconds(60), stop: stop)
        Thread.detachNewThread {
            while silent.connections == 0 { usleep(10_000) }
            stop.raise()
        }
        let began = ContinuousClock.now
        let method = BindMethod.gssapi(KerberosCredentials(.keytab(realm.clientKeytab)))
        let error = #expect(throws: LDAPError.self) { try connection.bind(method) }
        #expect(error?.problem == .cancelled)
        #expect(ContinuousClock.now - began < .seconds(6))
    }

    @Test func anotherRealmsKeysAreNotKnown() throws {
        let foreign = try KerberosFixture(host: "elsewhere.example.org")
        let realm = try realm()
        let slapd = try slapd(realm)
        let found = try fault(open(slapd), KerberosCredentials(.keytab(foreign.clientKeytab)))
        #expect(found == .wrongKey)
    }
}
