import DirectoryModel
import DirectorySources
import LDAPClient
import TestSupport
import Testing

/// Names that lead to several addresses, to others than a moment ago, or nowhere: one server is read, whole, or none.
struct AddressTests {
    private static let host = "ldap.example.org"
    private static let timeouts = Timeouts(connect: .seconds(1), idle: .seconds(1), pull: .seconds(12))
    /// For pulls in which no limit is to be met, on however busy a machine.
    private static let patience = Timeouts(connect: .seconds(20), idle: .seconds(20), pull: .seconds(60))

    private func source(
        _ port: UInt16, attempts: Int = 1, timeouts: Timeouts = timeouts,
        _ resolver: @escaping @Sendable (String) -> [String]?
    ) throws -> LDAPSource {
        var settings = try SampleSources.settings()
        settings.dialect.pageSize = FaultBench.pageSize
        // In clear a name has to be one of this machine's.
        var connection = ConnectionSettings(
            tls: TLSSettings(mode: .starttls, caFile: try TestCertificates.shared.get().authorityFile),
            timeouts: timeouts)
        connection.resolver = resolver
        var all = SampleSources.ldapSettings(
            ["ldap://\(AddressTests.host):\(port)"], settings, connection: connection)
        all.retry = RetrySettings(attempts: attempts, pause: .milliseconds(1))
        return LDAPSource(all)
    }

    private static func company(_ people: Int) throws -> SlapdFixture {
        try SlapdFixture(
            ldif: SampleCompany.frame + SampleCompany.people(people)
                + SampleCompany.group("g", number: 1, members: [SampleCompany.personDN("p0")]),
            options: .init(certificate: .wildcard))
    }

    private static let one = Result { try company(FaultBench.people) }

    /// IPv6 here and IPv4 there, one of them without a server behind it, in whatever order.
    @Test(arguments: [["::1", "127.0.0.1"], ["127.0.0.1", "::1"], ["127.0.0.9", "::1", "127.0.0.7", "127.0.0.1"]])
    func firstAddressThatAnswersIsTaken(addresses: [String]) throws {
        let source = try source(try AddressTests.one.get().port) { _ in addresses }
        for _ in 0..<3 { #expect(try source.completePull().mirror.people.count == FaultBench.people) }
    }

    @Test func threeDeadAddressesAreToldOnceInTime() throws {
        let source = try source(try AddressTests.one.get().port) { _ in ["127.0.0.7", "::1", "127.0.0.9"] }
        let began = ContinuousClock.now
        let failure = try source.failedPull()
        #expect(failure.kind == .unreachable)
        #expect(failure.message.contains("ldap://\(AddressTests.host)"), "\(failure.message)")
        #expect(failure.message.contains("refused"), "\(failure.message)")
        #expect(ContinuousClock.now - began < .seconds(6))
    }

    @Test func nameWithoutAddressIsTold() throws {
        let failure = try source(try AddressTests.one.get().port) { _ in [] }.failedPull()
        #expect(failure.kind == .unreachable)
        #expect(failure.message.contains("has no address"), "\(failure.message)")
    }

    /// The name leads elsewhere after the first attempt: everything comes from there, and nothing of what was read before stays.
    @Test func nameThatMovesMidwayMixesNothing() throws {
        let (first, second) = (try AddressTests.one.get(), try AddressTests.company(11))
        let near = try ByteProxy(to: first.port, fault: .cut(after: 6_000))
        let far = try LDAPProxy(to: second.port, own: ("127.0.0.2", near.port), [])
        let asked = Count()
        let source = try source(near.port, attempts: 3, timeouts: AddressTests.patience) { _ in
            asked.next() == 1 ? ["127.0.0.1"] : ["127.0.0.2"]
        }
        var stages: [PullProgress.Stage] = []
        guard case .complete(let pull) = source.pull(PullRequest(), progress: { stages.append($0.stage) }) else {
            Issue.record("failed")
            return
        }
        #expect(pull.mirror.people.count == 11)
        #expect(stages.contains(.retrying(attempt: 2)))
        #expect(near.connections == 1)
        #expect(far.connections == 1)
        #expect(asked.current == 2)
    }

    /// The name goes back and forth between servers that break off and one that does not answer: it ends, as what it is.
    @Test func nameThatFlapsEndsInTime() throws {
        let near = try ByteProxy(to: try AddressTests.one.get().port, fault: .cut(after: 6_000))
        let asked = Count()
        let source = try source(near.port, attempts: 4) { _ in asked.next() % 2 == 1 ? ["127.0.0.1"] : ["::1"] }
        let began = ContinuousClock.now
        let failure = try source.failedPull()
        #expect(failure.kind == .unreachable)
        // What the servers of both names did is told.
        #expect(failure.message.contains("(after 4 attempts; the one before: "), "\(failure.message)")
        #expect(ContinuousClock.now - began < .seconds(14))
    }

    @Test func nameThatIsLostMidwayIsTold() throws {
        let near = try ByteProxy(to: try AddressTests.one.get().port, fault: .cut(after: 6_000))
        let asked = Count()
        let failure = try source(near.port, attempts: 2) { _ in asked.next() == 1 ? ["127.0.0.1"] : [] }.failedPull()
        #expect(failure.kind == .unreachable)
        #expect(failure.message.contains("has no address"), "\(failure.message)")
    }

    /// A port on which connections never come about: the next server is asked, and alone it is told within `timeouts.connect`.
    @Test func tarpitIsPassedOver() throws {
        let tarpit = try Tarpit()
        let failure = try FaultBench.source([tarpit.url]).failedPull()
        #expect(failure.kind == .unreachable)
        #expect(failure.message.contains("timeouts.connect"), "\(failure.message)")
        let live = try FaultBench.shared.get().url
        let began = ContinuousClock.now
        #expect(try FaultBench.source([tarpit.url, live]).completePull().stamp.server == live)
        #expect(ContinuousClock.now - began < .seconds(8))
    }
}
