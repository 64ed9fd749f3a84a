import TestSupport
import Testing

/// The stub of Active Directory does what Microsoft documents of the real one.
struct ADStubTests {
    private let base = "OU=people,\(ADDomain.suffix)"
    private let group = "CN=large,OU=people,\(ADDomain.suffix)"

    private func domain(people: Int = 10, members: Int = 0) -> ADDomain {
        var domain = ADDomain()
        domain.add(base, ["objectClass": ["top", "organizationalUnit"], "ou": ["people"]])
        for number in 0..<people { domain.addUser("p\(number)", number: 1_000 + number, below: base) }
        domain.addGroup("large", number: 1, members: (0..<members).map { "CN=p\($0),\(base)" }, below: base)
        return domain
    }

    private func client(_ stub: ADStub) throws -> LDAPRawClient {
        let client = try LDAPRawClient(to: stub.port)
        #expect(try client.bind(ADStub.reader)?.code == 0)
        return client
    }

    @Test func answersEndAfterAThousand() throws {
        let stub = try ADStub(domain(people: 1_100))
        let unpaged = try client(stub).search(base, class: "user")
        #expect(unpaged.count { $0.entry != nil } == 1_000)
        #expect(unpaged.last?.result?.code == 4)
        let page = try client(stub).search(base, class: "user", page: (5_000, []))
        #expect(page.count { $0.entry != nil } == 1_000)
        #expect(page.last?.result?.code == 0)
        #expect(page.last?.pagedResults?.cookie.isEmpty == false)
    }

    @Test func membersComeInRanges() throws {
        let stub = try ADStub(domain(members: 3_100))
        func names(_ attribute: String) throws -> [String: Int] {
            let answer = try client(stub).search(group, scope: 0, attributes: [attribute])
            let attributes = try #require(answer.first?.entry?.attributes)
            return Dictionary(uniqueKeysWithValues: attributes.map { ($0.name, $0.values.count) })
        }
        #expect(try names("member") == ["member": 0, "member;range=0-1499": 1_500])
        #expect(try names("member;range=1500-*") == ["member;range=1500-2999": 1_500])
        #expect(try names("member;range=3000-*") == ["member;range=3000-*": 100])
        #expect(try names("member;range=10-19") == ["member;range=10-19": 10])
    }

    @Test func entriesAreFoundByID() throws {
        let stub = try ADStub(domain())
        let guid = ADEntry.guidText(ADDomain.guid(1_003))
        let answer = try client(stub).search("<GUID=\(guid)>", scope: 0)
        #expect(answer.first?.entry?.dn == "CN=p3,\(base)")
    }

    @Test func domainRootGivesReferences() throws {
        let stub = try ADStub(domain())
        let plain = try client(stub).search(ADDomain.suffix, class: "user")
        #expect(plain.count { $0.kind == .searchReference } == 3)
        let scope = LDAPMessage.Control("1.2.840.113556.1.4.1339", isCritical: true)
        let scoped = try client(stub).search(ADDomain.suffix, class: "user", controls: [scope])
        #expect(!scoped.contains { $0.kind == .searchReference })
    }

    @Test func flagsAreMatchedBitByBit() throws {
        let stub = try ADStub(domain())
        stub.change { $0.set("CN=p4,\(base)", "userAccountControl", ["514"]) }
        let filter = BER.sequence(
            [
                BER.text("1.2.840.113556.1.4.803", tag: 0x81), BER.text("userAccountControl", tag: 0x82),
                BER.text("2", tag: 0x83),
            ], tag: 0xa9)
        let answer = try client(stub).search(base, filter: filter)
        #expect(answer.compactMap { $0.entry?.dn } == ["CN=p4,\(base)"])
    }

    @Test func tombstonesNeedControlAndRight() throws {
        let stub = try ADStub(domain())
        stub.change { $0.delete("CN=p5,\(base)") }
        let control = LDAPMessage.Control("1.2.840.113556.1.4.417", isCritical: true)
        func found(_ controls: [LDAPMessage.Control]) throws -> Int {
            let filter = BER.sequence([BER.text("isDeleted"), BER.text("TRUE")], tag: 0xa3)
            return try client(stub).search(ADDomain.suffix, filter: filter, controls: controls)
                .count { $0.entry?.dn.contains("\\0ADEL:") == true }
        }
        #expect(try found([control]) == 0)
        stub.configure { $0.mayReadDeleted = true }
        #expect(try found([]) == 0)
        #expect(try found([control]) == 1)
    }

    @Test func changesAreReplicated() throws {
        let stub = try ADStub(domain(members: 3))
        func changes(_ cookie: [UInt8], flags: Int = 0) throws -> (LDAPMessage, [LDAPEntryParts]) {
            let value = BER.sequence([BER.integer(flags), BER.integer(0), BER.octets(cookie)])
            let control = LDAPMessage.Control("1.2.840.113556.1.4.841", isCritical: true, value: value)
            let answer = try client(stub).search(
                ADDomain.suffix, attributes: ["mail", "member", "isDeleted", "name"], controls: [control])
            return (try #require(answer.last), answer.compactMap(\.entry))
        }
        #expect(try changes([]).0.result?.code == 50)
        stub.configure { $0.mayReplicate = true }
        let first = try changes([])
        let end = try #require(first.0.control("1.2.840.113556.1.4.841")?.value)
        let cookie = try #require(BERElement.all(in: end).first?.parts.last?.content)
        #expect(first.1.count >= 11)
        #expect(try changes(cookie).1.isEmpty)
        stub.change { domain in
            domain.set("CN=p1,\(base)", "mail", ["new@example.org"])
            domain.set(group, "member", ["CN=p1,\(base)", "CN=p2,\(base)", "CN=p7,\(base)"])
            domain.delete("CN=p9,\(base)")
        }
        let second = try changes(cookie, flags: 0x8000_0000 - 0x1_0000_0000).1
        #expect(second.count == 3)
        let members = second.flatMap(\.attributes).filter { $0.name.hasPrefix("member") }
        #expect(members.map(\.name).sorted() == ["member;range=0-0", "member;range=1-1"])
        stub.change { $0.restore(to: 10_000) }
        #expect(try changes(cookie).1.count >= 10)
        #expect(try changes([1, 2, 3]).0.result?.code == 12)
    }
}
