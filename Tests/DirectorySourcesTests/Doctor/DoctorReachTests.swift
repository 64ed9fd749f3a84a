import DirectoryModel
import Foundation
import LDAPClient
import TestSupport
import Testing

@testable import DirectorySources

/// From a name to a bound connection: each step that can fail, and what is then said not to be tried.
struct DoctorReachTests {
    private static let simple = BindMethod.simple(
        dn: SlapdFixture.administrator, password: Secret(Array(SlapdFixture.password.utf8)))

    private func expect(
        _ examination: Examination, fails step: ExaminationStep, by cause: FailureCause,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(examination.failures == ["\(step.rawValue) \(cause.rawValue)"], sourceLocation: sourceLocation)
        let later = ExaminationStep.allCases.drop { $0 != step }.dropFirst()
        #expect(examination.skipped == Array(later), sourceLocation: sourceLocation)
        for step in examination.steps where step.verdict == .skipped {
            #expect(step.facts == nil && step.reads.isEmpty, sourceLocation: sourceLocation)
        }
        #expect(examination.proposal == nil, sourceLocation: sourceLocation)
    }

    @Test func nameThatNobodyKnows() {
        let found = DoctorBench.examine("ldaps://no-such-host.invalid")
        expect(found, fails: .name, by: .unknownName)
        #expect(found.failure?.kind == .unreachable)
    }

    @Test func domainWithoutRecords() throws {
        let names = try NameServerFixture([:])
        var request = DoctorBench.request([])
        request.domain = "example.org"
        request.lookup = ServiceLookup(timeout: .seconds(3), loopbackPort: names.port)
        expect(DirectoryDoctor(request).examine(), fails: .name, by: .noServices)
    }

    @Test func domainNamesTheServers() throws {
        let port = try SlapdFixture.freePort()
        let names = try NameServerFixture([
            "_ldap._tcp.example.org": [
                ServiceRecord(priority: 1, weight: 0, port: port, host: "b.example.org"),
                ServiceRecord(priority: 0, weight: 0, port: port, host: "a.example.org"),
            ]
        ])
        var request = DoctorBench.request([], tls: TLSSettings(mode: .starttls, caFile: "/dev/null"))
        request.domain = "example.org"
        request.lookup = ServiceLookup(timeout: .seconds(3), loopbackPort: names.port)
        request.connection.addresses = ["a.example.org": "127.0.0.1", "b.example.org": "127.0.0.1"]
        let found = DirectoryDoctor(request).examine()
        guard case .name(let facts) = found[.name]?.facts else {
            Issue.record("no facts")
            return
        }
        #expect(facts.domain == "example.org")
        #expect(facts.hosts.map(\.server) == ["ldap://a.example.org:\(port)", "ldap://b.example.org:\(port)"])
        #expect(facts.hosts.map(\.addresses) == [["127.0.0.1"], ["127.0.0.1"]])
        expect(found, fails: .connection, by: .connectionRefused)
    }

    @Test func nobodyListens() throws {
        let found = DoctorBench.examine("ldap://127.0.0.1:\(try SlapdFixture.freePort())")
        expect(found, fails: .connection, by: .connectionRefused)
        guard case .connection(let facts) = found[.connection]?.facts else {
            Issue.record("no facts")
            return
        }
        #expect(facts.attempts.map(\.address) == ["127.0.0.1"])
        #expect(facts.attempts.first?.reason == "connection refused")
    }

    @Test func socketThatIsNotThere() {
        expect(DoctorBench.examine("ldapi://%2Fnonexistent"), fails: .connection, by: .connectionRefused)
    }

    @Test func aServerThatIsDownLeadsToTheNext() throws {
        let slapd = try SlapdFixture(ldif: SampleCompany.frame + SampleCompany.people(2))
        let request = DoctorBench.request(["ldap://127.0.0.1:\(try SlapdFixture.freePort())", slapd.url], Self.simple)
        let found = DirectoryDoctor(request).examine(through: .bases)
        #expect(found.failures == [])
        #expect(found.server == slapd.url)
        guard case .serverFails(let fault) = found.warnings(of: .connection).first else {
            Issue.record("the first server is not told of")
            return
        }
        #expect(fault.cause == .connectionRefused)
    }

    // MARK: TLS

    @Test(arguments: [
        (TestCertificates.Kind.expired, FailureCause.tlsExpired), (.future, .tlsNotYetValid),
        (.wronghost, .tlsWrongHost), (.cnonly, .tlsWrongHost), (.selfsigned, .tlsSelfSigned),
        (.foreign, .tlsUntrusted), (.clientonly, .tlsWrongPurpose), (.sha1, .tlsWeak),
    ])
    func certificateThatIsWrong(certificate: TestCertificates.Kind, cause: FailureCause) throws {
        let slapd = try SlapdFixture(ldif: SampleCompany.frame, options: .init(certificate: certificate))
        let tls = TLSSettings(mode: .ldaps, caFile: try TestCertificates.shared.get().authorityFile)
        let found = DoctorBench.examine(slapd.tlsURL, Self.simple, tls: tls)
        expect(found, fails: .tls, by: cause)
        guard case .tls(let facts) = found[.tls]?.facts else {
            Issue.record("no facts")
            return
        }
        #expect(facts.certificates.count == 1 && facts.certificates[0].version == nil)
        #expect(!facts.certificates[0].notAfter.isEmpty)
    }

    @Test func certificateShowsItsPin() throws {
        let slapd = try SlapdFixture(ldif: SampleCompany.frame + SampleCompany.people(1))
        let certificates = try TestCertificates.shared.get()
        let tls = TLSSettings(mode: .ldaps, caFile: certificates.authorityFile)
        let found = DoctorBench.examine(slapd.tlsURL, Self.simple, tls: tls, through: .tls)
        guard case .tls(let facts) = found[.tls]?.facts, let certificate = facts.certificates.first else {
            Issue.record("no certificate")
            return
        }
        #expect(certificate.version?.contains("1.3") == true)
        #expect(certificate.names == ["127.0.0.1"])
        #expect(certificate.issuer == "Rollcall test authority")
        // The pin of this very key is accepted.
        let key = Data(SHA256Sum.of(certificate.publicKey)).base64EncodedString()
        #expect(try certificates.pin("server") == key)
        var pinned = tls
        pinned.pinSHA256 = key
        #expect(DoctorBench.examine(slapd.tlsURL, Self.simple, tls: pinned, through: .tls).failures == [])
    }

    @Test func portWithoutTLS() throws {
        let slapd = try SlapdFixture(ldif: SampleCompany.frame)
        let tls = TLSSettings(mode: .ldaps, caFile: try TestCertificates.shared.get().authorityFile)
        let found = DoctorBench.examine("ldaps://127.0.0.1:\(slapd.port)", Self.simple, tls: tls)
        #expect(["tls tls-closed", "tls tls-not-spoken", "tls tls-timed-out"].contains(found.failures.first ?? ""))
    }

    @Test func authoritiesThatAreNotThere() throws {
        let slapd = try SlapdFixture(ldif: SampleCompany.frame)
        let tls = TLSSettings(mode: .ldaps, caFile: "/nonexistent.pem")
        let found = DoctorBench.examine(slapd.tlsURL, Self.simple, tls: tls)
        expect(found, fails: .tls, by: .badSettings)
        #expect(found.failure?.kind == .badConfiguration)
    }

    @Test func aWrongCertificateIsNotPassedOver() throws {
        let bad = try SlapdFixture(ldif: SampleCompany.frame, options: .init(certificate: .expired))
        let good = try SlapdFixture(ldif: SampleCompany.frame + SampleCompany.people(1))
        let tls = TLSSettings(mode: .ldaps, caFile: try TestCertificates.shared.get().authorityFile)
        let request = DoctorBench.request([bad.tlsURL, good.tlsURL], Self.simple, tls: tls)
        let found = DirectoryDoctor(request).examine(through: .bases)
        #expect(found.failures == ["tls tls-expired"])
        #expect(found.server == good.tlsURL)
        #expect(found[.bases]?.verdict == .good)
        let turned = DoctorBench.request([good.tlsURL, bad.tlsURL], Self.simple, tls: tls)
        #expect(DirectoryDoctor(turned).examine(through: .bases).failures == [])
    }

    // MARK: The bind

    @Test func wrongPasswordIsSentOnce() throws {
        let slapd = try SlapdFixture(ldif: SampleCompany.frame)
        let proxy = try LDAPProxy(to: slapd.port)
        let wrong = BindMethod.simple(dn: SlapdFixture.administrator, password: Secret(Array("wrong".utf8)))
        let found = DoctorBench.examine(proxy.url, wrong)
        expect(found, fails: .bind, by: .wrongCredentials)
        #expect(found.failure?.kind == .refused)
        #expect(proxy.requests.count { $0.kind == .bindRequest } == 1)
    }

    @Test(arguments: [
        ("775", FailureCause.accountClosed), ("52e", .wrongPassword), ("532", .passwordExpired),
        ("525", .unknownAccount),
    ])
    func accountThatIsClosed(code: String, cause: FailureCause) throws {
        var options = ADStub.Options()
        options.bindFault = code
        let stub = try ADStub(ADDomain(), options: options)
        expect(DoctorBench.examine(stub.url, ADStub.reader.bind), fails: .bind, by: cause)
    }

    @Test func bindThatNobodyAnswers() throws {
        let slapd = try SlapdFixture(ldif: SampleCompany.frame)
        let proxy = try LDAPProxy(to: slapd.port, .at(.bind, .stall))
        let timeouts = Timeouts(connect: .milliseconds(300), idle: .seconds(1), pull: .seconds(5))
        expect(DoctorBench.examine(proxy.url, Self.simple, timeouts: timeouts), fails: .bind, by: .bindTimedOut)
        #expect(proxy.requests.count { $0.kind == .bindRequest } == 1)
    }

    @Test func secretThatCannotBeHad() throws {
        let slapd = try SlapdFixture(ldif: SampleCompany.frame)
        let proxy = try LDAPProxy(to: slapd.port)
        var request = DoctorBench.request([proxy.url])
        request.bindFailure = PullFailure(
            kind: .missingFile, directory: "corp", message: "cannot read `/x`", hint: "correct it")
        let found = DirectoryDoctor(request).examine()
        expect(found, fails: .bind, by: .badSettings)
        #expect(found.failure?.kind == .missingFile)
        // Nothing but the goodbye of a connection that was only tried.
        #expect(proxy.requests.allSatisfy { $0.operation.tag == 0x42 })
    }
}

/// By the program of the system, so that the product's own is not its own witness.
enum SHA256Sum {
    static func of(_ bytes: [UInt8]) -> [UInt8] {
        guard let folder = try? TemporaryDirectory(),
            let path = try? folder.write("", to: "bytes"),
            (try? Data(bytes).write(to: URL(fileURLWithPath: path))) != nil,
            let said = try? Command.output("sha256sum", [path])
        else { return [] }
        let digits = Array(said.prefix(64))
        return stride(from: 0, to: 64, by: 2).compactMap { UInt8(String(digits[$0..<($0 + 2)]), radix: 16) }
    }
}
