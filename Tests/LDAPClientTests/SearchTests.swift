import LDAPClient
import TestSupport
import Testing

/// Searching a real slapd, whole and not.
struct SearchTests {
    private func open(_ url: String, idle: Duration = .seconds(2), pull: Duration = .seconds(20)) throws
        -> LDAPConnection
    {
        let timeouts = Timeouts(connect: .seconds(2), idle: idle, pull: pull)
        let connection = try LDAPConnection(
            to: try #require(LDAPURL(url)), settings: ConnectionSettings(timeouts: timeouts))
        let password = Secret(Array(SlapdFixture.password.utf8))
        try connection.bind(.simple(dn: SlapdFixture.administrator, password: password))
        return connection
    }

    private func logins(_ connection: LDAPConnection, pageSize: Int32? = nil) throws -> (Set<String>, SearchEnd) {
        var names = AttributeNames(["uid"])
        var found: Set<String> = []
        let request = SearchRequest(
            base: "ou=people,dc=example,dc=org", filter: .equal("objectClass", "inetOrgPerson"), attributes: ["uid"],
            pageSize: pageSize)
        let end = try connection.search(request) { (entry) throws(BERFault) in
            names.startEntry()
            var cursor = entry.cursor
            while var attribute = try cursor.next() {
                guard names.match(attribute.name) == .known(0) else { continue }
                while let value = try attribute.values.next() { found.insert(String(decoding: value, as: UTF8.self)) }
            }
        }
        return (found, end)
    }

    @Test(arguments: [nil, 1, 7, 100, 1000] as [Int32?])
    func everyEntryComesOnce(pageSize: Int32?) throws {
        let slapd = try SlapdFixture(ldif: SampleCompany.frame + SampleCompany.people(100))
        let (found, end) = try logins(open(slapd.url), pageSize: pageSize)
        #expect(found.count == 100)
        #expect(end == SearchEnd(code: 0, text: "", entries: 100, references: 0))
        #expect(end.isWhole)
    }

    @Test func sizeLimitIsPartial() throws {
        let slapd = try SlapdFixture(
            ldif: SampleCompany.frame + SampleCompany.people(100), options: .init(database: ["sizelimit 10"]))
        let connection = try LDAPConnection(to: try #require(LDAPURL(slapd.url)), settings: ConnectionSettings())
        try connection.bind(.anonymous)
        let (found, end) = try logins(connection)
        #expect(found.count == 10)
        #expect(end.resultClass == .partial)
    }

    @Test func missingBaseIsFatal() throws {
        let slapd = try SlapdFixture(ldif: SampleCompany.frame)
        let end = try open(slapd.url).search(SearchRequest(base: "ou=nowhere,dc=example,dc=org")) { _ in }
        #expect(end.code == 32)
        #expect(end.resultClass == .fatal)
    }

    @Test func referralObjectIsCountedAndNotFollowed() throws {
        let listener = try ByteProxy(to: 1, fault: .silent)
        let referral = """
            dn: ou=elsewhere,ou=people,dc=example,dc=org
            objectClass: referral
            objectClass: extensibleObject
            ou: elsewhere
            ref: ldap://127.0.0.1:\(listener.port)/ou=people,dc=other


            """
        let slapd = try SlapdFixture(ldif: SampleCompany.frame + SampleCompany.people(3) + referral)
        let (found, end) = try logins(open(slapd.url))
        #expect(found.count == 3)
        #expect(end.references == 1)
        #expect(end.firstReference.contains("127.0.0.1:\(listener.port)"))
        #expect(!end.isWhole)
        #expect(listener.connections == 0)
    }

    @Test(arguments: [false, true]) func cutConnectionIsNeverASuccess(isReset: Bool) throws {
        let slapd = try SlapdFixture(ldif: SampleCompany.frame + SampleCompany.people(5))
        let measure = try ByteProxy(to: slapd.port, fault: .none)
        #expect(try logins(open(measure.url), pageSize: 3).0.count == 5)
        let total = measure.bytesFromServer
        #expect(total > 200)
        for length in 0..<total {
            let fault: ByteProxy.Fault = isReset ? .reset(after: length) : .cut(after: length)
            let proxy = try ByteProxy(to: slapd.port, fault: fault)
            #expect(throws: LDAPError.self, "cut after \(length) of \(total) bytes") {
                try logins(open(proxy.url), pageSize: 3)
            }
        }
    }

    @Test(arguments: [20, 100, 200])
    func stalledConnectionEndsInATimeout(length: Int) throws {
        let slapd = try SlapdFixture(ldif: SampleCompany.frame + SampleCompany.people(5))
        let proxy = try ByteProxy(to: slapd.port, fault: .stall(after: length))
        do {
            _ = try logins(open(proxy.url, idle: .milliseconds(300)))
            Issue.record("ended well")
        } catch let error as LDAPError {
            #expect(error.problem == .timedOut(.answer))
        }
    }

    @Test func totalTimeIsLimited() throws {
        let slapd = try SlapdFixture(ldif: SampleCompany.frame + SampleCompany.people(5))
        let proxy = try ByteProxy(to: slapd.port, fault: .stall(after: 100))
        do {
            _ = try logins(open(proxy.url, idle: .seconds(20), pull: .milliseconds(300)))
            Issue.record("ended well")
        } catch let error as LDAPError {
            #expect(error.problem == .timedOut(.wholePull))
        }
    }

    @Test func flippedBitsDoNotCrash() throws {
        let slapd = try SlapdFixture(ldif: SampleCompany.frame + SampleCompany.people(2))
        let measure = try ByteProxy(to: slapd.port, fault: .none)
        let whole = try logins(open(measure.url))
        for place in 0..<measure.bytesFromServer {
            let proxy = try ByteProxy(to: slapd.port, fault: .flip(bit: place, at: place))
            let altered = try? logins(open(proxy.url, idle: .milliseconds(100)))
            #expect(altered == nil || altered?.1.entries ?? 0 <= whole.1.entries)
        }
    }

    @Test func messageBeyondTheLimitIsNotRead() throws {
        let long = String(repeating: "x", count: 200_000)
        let slapd = try SlapdFixture(
            ldif: SampleCompany.frame + SampleCompany.person("long", number: 1, more: ["description: \(long)"]))
        var settings = ConnectionSettings()
        settings.maximumMessageBytes = 100_000
        let connection = try LDAPConnection(to: try #require(LDAPURL(slapd.url)), settings: settings)
        try connection.bind(.anonymous)
        let request = SearchRequest(base: SampleCompany.personDN("long"), scope: .base, attributes: ["description"])
        #expect(throws: LDAPError.self) { try connection.search(request) { _ in } }
    }

    @Test func attributesComeByNameInAnyCaseAndByAlias() throws {
        let slapd = try SlapdFixture(ldif: SampleCompany.frame + SampleCompany.person("ann", number: 1))
        let values = try open(slapd.url).read(
            SampleCompany.personDN("ann"), ["USERID", "Mail", "entryuuid", "title"])
        let text = values?.map { $0.map { String(decoding: $0, as: UTF8.self) } }
        #expect(text == [["ann"], ["ann@example.org"], [SampleCompany.id(1)], []])
        #expect(try open(slapd.url).read("uid=nobody,dc=example,dc=org", ["uid"]) == nil)
        #expect(try open(slapd.url).namingContexts() == [SlapdFixture.suffix])
    }
}
