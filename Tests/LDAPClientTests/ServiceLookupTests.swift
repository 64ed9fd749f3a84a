import LDAPClient
import TestSupport
import Testing

/// Servers of a domain by DNS: in which order, which of them, and within what time.
struct ServiceLookupTests {
    private static let domain = "example.org"

    private static func record(_ priority: UInt16, _ weight: UInt16, _ port: UInt16, _ host: String) -> ServiceRecord {
        ServiceRecord(priority: priority, weight: weight, port: port, host: host)
    }

    private func urls(_ server: NameServerFixture, mode: TLSSettings.Mode = .starttls) throws -> [String] {
        try ServiceLookup(timeout: .seconds(3), loopbackPort: server.port)
            .servers(of: ServiceLookupTests.domain, mode: mode).map(\.description)
    }

    private func failure(_ server: NameServerFixture, mode: TLSSettings.Mode = .starttls) throws -> LDAPError {
        do {
            _ = try ServiceLookup(timeout: .milliseconds(700), loopbackPort: server.port)
                .servers(of: ServiceLookupTests.domain, mode: mode)
        } catch { return error }
        throw Command.Failure(description: "servers were found")
    }

    @Test func lowestPriorityComesFirstThenTheHeaviest() throws {
        let server = try NameServerFixture([
            "_ldap._tcp.example.org": [
                ServiceLookupTests.record(10, 5, 389, "d.example.org"),
                ServiceLookupTests.record(0, 1, 389, "c.example.org"),
                ServiceLookupTests.record(0, 100, 1389, "b.example.org"),
                ServiceLookupTests.record(0, 100, 389, "A.example.org"),
                ServiceLookupTests.record(0, 0, 389, "e.example.org"),
            ]
        ])
        let expected = [
            "a.example.org:389", "b.example.org:1389", "c.example.org:389", "e.example.org:389", "d.example.org:389",
        ]
        for _ in 0..<3 { #expect(try urls(server) == expected.map { "ldap://" + $0 }) }
    }

    @Test func tlsFromTheStartHasRecordsOfItsOwn() throws {
        let server = try NameServerFixture([
            "_ldap._tcp.example.org": [ServiceLookupTests.record(0, 0, 389, "plain.example.org")],
            "_ldaps._tcp.example.org": [ServiceLookupTests.record(0, 0, 1636, "secure.example.org")],
        ])
        #expect(try urls(server, mode: .ldaps) == ["ldaps://secure.example.org:1636"])
        #expect(try urls(server) == ["ldap://plain.example.org:389"])
    }

    @Test func hostsOfActiveDirectoryAreTakenWithThePortOfTLS() throws {
        let server = try NameServerFixture([
            "_ldap._tcp.example.org": [ServiceLookupTests.record(0, 100, 389, "dc1.example.org")]
        ])
        #expect(try urls(server, mode: .ldaps) == ["ldaps://dc1.example.org:636"])
    }

    @Test(arguments: ["evil.example.net", "notexample.org", "example.org.evil.net", "org"])
    func hostOutsideTheDomainIsRefused(host: String) throws {
        let server = try NameServerFixture([
            "_ldap._tcp.example.org": [
                ServiceLookupTests.record(0, 0, 389, "dc1.example.org"), ServiceLookupTests.record(1, 0, 389, host),
            ]
        ])
        #expect(try failure(server).message.contains("names `\(host)`, which is outside the domain"))
    }

    @Test func domainWithoutRecordsOrWithoutTheServiceSaysSo() throws {
        let none = try NameServerFixture([:])
        #expect(
            try failure(none).message
                == "no servers are known for `srv: example.org`: there are no SRV records `_ldap._tcp.example.org`")
        let refused = try NameServerFixture(["_ldap._tcp.example.org": [ServiceLookupTests.record(0, 0, 0, "")]])
        #expect(try failure(refused).message.contains("the domain says that it offers no such service"))
    }

    @Test func nameServerThatIsSilentOrBrokenEndsInTime() throws {
        let silent = try NameServerFixture([:], behavior: .silent)
        let began = ContinuousClock.now
        #expect(try failure(silent).message.contains("no name server answered for `_ldap._tcp.example.org` in time"))
        #expect(ContinuousClock.now - began < .seconds(5))
        let broken = try NameServerFixture([:], behavior: .fail)
        #expect(try failure(broken).message.contains("no name server"))
    }

    @Test func answersThatAreNoneAreRefused() {
        for length in 0..<12 { #expect(ServiceRecord.records(in: [UInt8](repeating: 0, count: length)) == nil) }
        // A name that points to itself would be followed for ever.
        let loop: [UInt8] = [0, 0, 0x80, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0xc0, 12, 0, 33, 0, 1]
        #expect(ServiceRecord.records(in: loop) == nil)
    }

    @Test(arguments: 0..<8)
    func damagedAnswersNeverTrap(seed: UInt64) throws {
        var random = SeededNumbers(seed: seed)
        let whole = NameServerFixture.answer(
            to: NameServerFixture.question("_ldap._tcp.example.org"),
            with: (0..<5).map { ServiceLookupTests.record(UInt16($0), 1, 389, "dc\($0).example.org") })
        for _ in 0..<Figures.of(2_000, soak: 200_000) {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            bytes = Array(bytes.prefix(Int.random(in: 0...bytes.count, using: &random)))
            let records = ServiceRecord.records(in: bytes) ?? []
            #expect(records.allSatisfy { $0.host.utf8.count <= 255 }, "seed \(seed)")
        }
    }
}
