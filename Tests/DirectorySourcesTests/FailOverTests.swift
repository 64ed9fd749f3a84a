import DirectoryModel
import DirectorySources
import LDAPClient
import TestSupport
import Testing

/// Which failures lead to the next server, which end the pull, and what is told of both.
struct FailOverTests {
    private static let company =
        SampleCompany.frame + SampleCompany.people(30)
        + SampleCompany.group("support", number: 1, members: [SampleCompany.personDN("p0")])

    private let timeouts = Timeouts(connect: .milliseconds(500), idle: .milliseconds(500), pull: .seconds(20))

    private func settings(_ urls: [String], bind: BindMethod? = nil) throws -> LDAPSourceSettings {
        SampleSources.ldapSettings(
            urls, try SampleSources.settings(), connection: ConnectionSettings(timeouts: timeouts), bind: bind)
    }

    private func wrong() -> BindMethod {
        .simple(dn: SlapdFixture.administrator, password: Secret(Array("wrong".utf8)))
    }

    @Test func serverThatIsDownSilentOrBusyIsPassedOver() throws {
        let slapd = try SlapdFixture(ldif: FailOverTests.company)
        let dead = "ldap://127.0.0.1:\(try SlapdFixture.freePort())"
        let silent = try ScriptedServer { _ in .nothing }
        let closing = try ScriptedServer { _ in .close }
        let busy = try ScriptedServer { .send(ServerMessage.result(0x61, $0, code: 51)) }
        let unavailable = try ScriptedServer { .send(ServerMessage.result(0x61, $0, code: 52, text: "shutting down")) }
        for first in [dead, silent.url, closing.url, busy.url, unavailable.url] {
            let began = ContinuousClock.now
            let pull = try LDAPSource(settings([first, slapd.url])).completePull()
            #expect(pull.stamp.server == slapd.url)
            #expect(pull.mirror.people.count == 30)
            #expect(ContinuousClock.now - began < .seconds(10))
        }
    }

    @Test func everyServerThatWasTriedIsNamed() throws {
        let dead = "ldap://127.0.0.1:\(try SlapdFixture.freePort())"
        let silent = try ScriptedServer { _ in .nothing }
        let busy = try ScriptedServer { .send(ServerMessage.result(0x61, $0, code: 51)) }
        let failure = try LDAPSource(settings([dead, silent.url, busy.url])).failedPull()
        #expect(failure.kind == .unreachable)
        #expect(failure.message.contains("cannot connect to `\(dead)`: connection refused"))
        #expect(failure.message.contains("`\(silent.url)` did not answer the bind within `timeouts.connect`"))
        #expect(failure.message.contains("`\(busy.url)` refused the bind: Server is busy (51)"))
    }

    @Test func refusedCredentialsGoToNoOtherServer() throws {
        let slapd = try SlapdFixture(ldif: FailOverTests.company)
        let dead = "ldap://127.0.0.1:\(try SlapdFixture.freePort())"
        let untouched = try ScriptedServer { .send(ServerMessage.result(0x61, $0, code: 0)) }
        let failure = try LDAPSource(settings([dead, slapd.url, untouched.url], bind: wrong())).failedPull()
        #expect(failure.kind == .refused)
        #expect(failure.message.contains(dead))
        #expect(failure.message.contains("`\(slapd.url)` refused the bind: Invalid credentials (49)"))
        #expect(untouched.connections == 0)
    }

    @Test func wrongCertificateIsNotPassedOver() throws {
        let wrong = try SlapdFixture(ldif: FailOverTests.company, options: .init(certificate: .expired))
        let good = try SlapdFixture(ldif: FailOverTests.company)
        let proxy = try ByteProxy(to: good.tlsPort, fault: .none)
        var settings = try settings([wrong.tlsURL, "ldaps://127.0.0.1:\(proxy.port)"])
        settings.connection.tls = TLSSettings(mode: .ldaps, caFile: try TestCertificates.shared.get().authorityFile)
        let failure = try LDAPSource(settings).failedPull()
        #expect(failure.message.contains("has expired"))
        #expect(proxy.connections == 0)
    }

    @Test func pullThatBreaksOffIsReadAgainFromTheBeginningElsewhere() throws {
        let slapd = try SlapdFixture(ldif: FailOverTests.company)
        let cutting = try ByteProxy(to: slapd.port, fault: .cut(after: 3000))
        var settings = try settings([cutting.url, slapd.url])
        settings.retry = RetrySettings(pause: .milliseconds(1))
        var stages: [PullProgress.Stage] = []
        let source = LDAPSource(settings)
        guard case .complete(let pull) = source.pull(PullRequest(), progress: { stages.append($0.stage) }) else {
            Issue.record("failed")
            return
        }
        #expect(pull.mirror.people.count == 30)
        #expect(pull.stamp.server == slapd.url)
        #expect(stages.contains(.retrying(attempt: 2)))
        #expect(cutting.connections == 1)
    }

    @Test(arguments: [1, 2, 3, 5])
    func attemptsAreCounted(attempts: Int) throws {
        let slapd = try SlapdFixture(ldif: FailOverTests.company)
        let cutting = try ByteProxy(to: slapd.port, fault: .cut(after: 3000))
        var settings = try settings([cutting.url])
        settings.retry = RetrySettings(attempts: attempts, pause: .milliseconds(1))
        let failure = try LDAPSource(settings).failedPull()
        #expect(failure.kind == .unreachable)
        #expect(failure.message.contains("ended in the middle"))
        #expect(failure.message.hasSuffix("(after \(attempts) attempts)") == (attempts > 1))
        #expect(cutting.connections == attempts)
    }

    @Test(arguments: [51, 52, 80])
    func serverThatIsBusyWhileReadIsAskedAgain(code: Int) throws {
        let slapd = try SlapdFixture(ldif: FailOverTests.company)
        let people = Count()
        let proxy = try LDAPProxy(
            to: slapd.port,
            [
                .changing(.done(nil, under: "ou=people")) { message in
                    if people.next() == 1 { message.result?.code = code }
                }
            ])
        var settings = try settings([proxy.url])
        settings.retry = RetrySettings(pause: .milliseconds(1))
        #expect(try LDAPSource(settings).completePull().mirror.people.count == 30)
        #expect(proxy.connections == 2)
    }

    @Test func wrongPasswordIsSentOnceWhateverHappens() throws {
        let server = try ScriptedServer { .send(ServerMessage.result(0x61, $0, code: 49)) }
        var settings = try settings([server.url, server.url], bind: wrong())
        settings.retry = RetrySettings(attempts: 5, pause: .milliseconds(1))
        let source = LDAPSource(settings)
        source.begin(PullRequest()) { _ in }
        for _ in 0..<3 { #expect(try source.failedPull().kind == .refused) }
        // Another source by the same settings is the same run.
        #expect(try LDAPSource(settings).failedPull().kind == .refused)
        _ = source.confirmAbsence(of: [], knownPresent: try #require(ImmutableID(text: SampleCompany.id(1))))
        #expect(throws: PullFailure.self) { try source.knownAttributes() }
        #expect(server.binds == 1)
    }

    @Test func deadlineHoldsForAllServersAndAttempts() throws {
        let silent = try (0..<10).map { _ in try ScriptedServer { .send(ServerMessage.result(0x61, $0, code: 51)) } }
        var settings = try settings(silent.map(\.url))
        settings.connection.timeouts = Timeouts(connect: .seconds(5), idle: .seconds(5), pull: .milliseconds(600))
        settings.retry = RetrySettings(attempts: 1_000_000, pause: .milliseconds(100), jitter: { 0.5 })
        let began = ContinuousClock.now
        let failure = try LDAPSource(settings).failedPull()
        #expect(failure.kind == .unreachable)
        #expect(ContinuousClock.now - began < .seconds(5))
    }

    @Test func pausesGrowAndVary() {
        let short = RetrySettings(pause: .seconds(2), jitter: { 0 })
        let long = RetrySettings(pause: .seconds(2), jitter: { 1 })
        #expect((1...3).map { short.pause(after: $0) } == [.seconds(1), .seconds(3), .seconds(9)])
        #expect((1...3).map { long.pause(after: $0) } == [.seconds(3), .seconds(9), .seconds(27)])
    }

    @Test func stopEndsThePause() throws {
        let slapd = try SlapdFixture(ldif: FailOverTests.company)
        let cutting = try ByteProxy(to: slapd.port, fault: .cut(after: 3000))
        var settings = try settings([cutting.url])
        let stop = StopFlag()
        settings.connection.stop = stop
        settings.retry = RetrySettings(pause: .seconds(1000), jitter: { 0.5 })
        settings.connection.timeouts.pull = .seconds(10_000)
        let source = LDAPSource(settings)
        let outcome = source.pull(PullRequest()) { progress in
            if case .retrying = progress.stage { stop.raise() }
        }
        guard case .failed(let failure) = outcome else {
            Issue.record("complete")
            return
        }
        #expect(failure.message.contains("was stopped"))
    }

    @Test func serversOfADomainAreFoundAndVerifiedByName() throws {
        let slapd = try SlapdFixture(ldif: FailOverTests.company, options: .init(certificate: .wildcard))
        let names = try NameServerFixture([
            "_ldaps._tcp.example.org": [
                ServiceRecord(priority: 0, weight: 0, port: try SlapdFixture.freePort(), host: "first.example.org"),
                ServiceRecord(priority: 1, weight: 0, port: slapd.tlsPort, host: "second.example.org"),
            ]
        ])
        var settings = try settings([])
        settings.domain = "example.org"
        settings.lookup = ServiceLookup(timeout: .seconds(3), loopbackPort: names.port)
        settings.connection.tls = TLSSettings(mode: .ldaps, caFile: try TestCertificates.shared.get().authorityFile)
        settings.connection.addresses = ["first.example.org": "127.0.0.1", "second.example.org": "127.0.0.1"]
        #expect(try LDAPSource(settings).completePull().stamp.server == "ldaps://second.example.org:\(slapd.tlsPort)")
    }
}
