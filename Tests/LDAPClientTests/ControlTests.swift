import LDAPClient
import TestSupport
import Testing

/// Controls, intermediate answers and searches that go on, by RFC 4533 against a real slapd.
struct ControlTests {
    private static let sync = "1.3.6.1.4.1.4203.1.9.1.1"
    private static let syncState = "1.3.6.1.4.1.4203.1.9.1.2"
    private static let syncDone = "1.3.6.1.4.1.4203.1.9.1.3"
    private static let syncInfo = "1.3.6.1.4.1.4203.1.9.1.4"

    private func provider(_ people: Int) throws -> SlapdFixture {
        try SlapdFixture(
            ldif: SampleCompany.frame + SampleCompany.people(people),
            options: .init(database: ["overlay syncprov"], global: ["moduleload syncprov"]))
    }

    private func open(_ slapd: SlapdFixture, stop: StopFlag? = nil) throws -> LDAPConnection {
        let timeouts = Timeouts(connect: .seconds(2), idle: .seconds(5), pull: .seconds(20))
        let connection = try LDAPConnection(
            to: try #require(LDAPURL(slapd.url)), settings: ConnectionSettings(timeouts: timeouts, stop: stop))
        let password = Secret(Array(SlapdFixture.password.utf8))
        try connection.bind(.simple(dn: SlapdFixture.administrator, password: password))
        return connection
    }

    private func request(mode: Int, isCritical: Bool = true) -> SearchRequest {
        var writer = BERWriter()
        writer.sequence { $0.enumerated(mode) }
        return SearchRequest(
            base: "ou=people,dc=example,dc=org", filter: .equal("objectClass", "inetOrgPerson"), attributes: ["uid"],
            controls: [RequestControl(ControlTests.sync, isCritical: isCritical, value: writer.bytes)])
    }

    @Test func entriesAndResultCarryTheirControls() throws {
        let slapd = try provider(20)
        var ids: Set<[UInt8]> = []
        let end = try open(slapd).search(request(mode: 1)) { (entry) throws(BERFault) in
            let id = try entry.withControl(ControlTests.syncState) { (value) throws(BERFault) -> [UInt8] in
                var outer = BERCursor(value)
                var inner = BERCursor(try outer.next(0x30))
                let state = try inner.integer(0x0a)
                guard state == 1 else { throw .unexpectedTag }
                return Array(try inner.next(0x04))
            }
            if let id { ids.insert(id) }
            guard try entry.controls().map(\.oid) == [ControlTests.syncState] else { throw .unexpectedTag }
            let other: Int? = try entry.withControl("1.2.3") { (value) throws(BERFault) in value.count }
            guard other == nil else { throw .unexpectedTag }
        }
        #expect(end.isWhole)
        #expect(ids.count == 20)
        #expect(ids.allSatisfy { $0.count == 16 })
        #expect(end.controls.map(\.oid) == [ControlTests.syncDone])
        #expect(end.controls.value(of: ControlTests.syncDone)?.isEmpty == false)
    }

    @Test func unknownCriticalControlIsRefusedAndAnotherIgnored() throws {
        let slapd = try SlapdFixture(ldif: SampleCompany.frame + SampleCompany.people(3))
        let connection = try open(slapd)
        #expect(try connection.search(request(mode: 1)) { _ in }.code == 12)
        #expect(try connection.search(request(mode: 1, isCritical: false)) { _ in }.entries == 3)
    }

    @Test func followedSearchTellsOfChangesUntilItIsStopped() throws {
        let slapd = try provider(5)
        let stop = StopFlag()
        let connection = try open(slapd, stop: stop)
        var search = try connection.begin(request(mode: 3))
        var intermediate: [IntermediateResponse] = []
        var dns: [String] = []
        func follow(_ silence: Duration?) throws -> Following {
            try connection.follow(&search, silence: silence) { (response) throws(BERFault) in
                intermediate.append(response)
            } _: { (entry) throws(BERFault) in
                dns.append(String(decoding: entry.dn, as: UTF8.self))
            }
        }
        while intermediate.isEmpty { #expect(try follow(.milliseconds(50)) == .quiet) }
        #expect(dns.count == 5)
        #expect(intermediate.map(\.oid) == [ControlTests.syncInfo])
        #expect(intermediate.first?.value?.isEmpty == false)

        try slapd.modify("dn: \(dns[0])\nchangetype: modify\nreplace: title\ntitle: changed\n")
        while dns.count == 5 { #expect(try follow(.milliseconds(50)) == .quiet) }
        #expect(dns.last == dns.first)
        stop.raise()
        #expect(try follow(nil) == .stopped)
    }

    @Test func followedSearchOfADeadServerIsAnError() throws {
        let slapd = try provider(1)
        let connection = try open(slapd)
        var search = try connection.begin(request(mode: 3))
        #expect(try connection.follow(&search, silence: .milliseconds(50), intermediate: { _ in }) { _ in } == .quiet)
        slapd.stop()
        do {
            let following = try connection.follow(&search, silence: nil, intermediate: { _ in }) { _ in }
            Issue.record("ended well: \(following)")
        } catch {
            #expect(error.problem == .disconnected)
        }
    }

    @Test func followedSearchThatEndsSaysHow() throws {
        let slapd = try provider(4)
        let connection = try open(slapd)
        var search = try connection.begin(request(mode: 1))
        guard
            case .ended(let end) = try connection.follow(&search, silence: nil, intermediate: { _ in }, { _ in })
        else {
            Issue.record("it goes on")
            return
        }
        #expect(end.entries == 4)
        #expect(end.isWhole)
    }

    @Test func connectionGoesOnAfterAnAbandonedSearch() throws {
        let slapd = try provider(5)
        let connection = try open(slapd)
        connection.abandon(try connection.begin(request(mode: 3)))
        #expect(try connection.whoAmI() == "dn:" + SlapdFixture.administrator)
        #expect(try connection.read(SampleCompany.personDN("nobody"), ["uid"]) == nil)
    }

    @Test func stopFlagEndsAWait() throws {
        let slapd = try provider(1)
        let stop = StopFlag()
        let connection = try open(slapd, stop: stop)
        let search = try connection.begin(request(mode: 3))
        stop.raise()
        do {
            _ = try connection.search(request(mode: 3), begun: search) { _ in }
            Issue.record("ended well")
        } catch {
            #expect(error.problem == .cancelled)
        }
    }

    @Test func rootEntryTellsWhatTheServerCan() throws {
        let slapd = try provider(0)
        let root = try open(slapd).rootEntry()
        #expect(root.namingContexts == [SlapdFixture.suffix])
        #expect(root.supports(control: ControlTests.sync))
        #expect(root.supports(control: "1.2.840.113556.1.4.319"))
        #expect(!root.supports(capability: "1.2.840.113556.1.4.800"))
        #expect(root.text("SUBSCHEMASUBENTRY") == "cn=Subschema")
        #expect(root.texts("vendorName").isEmpty)
    }
}
