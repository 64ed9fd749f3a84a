import DirectoryModel
import DirectorySources
import LDAPClient
import TestSupport
import Testing

/// What servers do with the cookies of pages, which is why a pull has one connection, one bind and no second try of a page.
struct CookieRulesTests {
    private struct Pages {
        var client: LDAPRawClient
        var base: String

        func page(_ cookie: [UInt8]) throws -> (names: [String], code: Int, cookie: [UInt8]) {
            let answer = try client.search(base, page: (5, cookie))
            let end = try #require(answer.last)
            return (answer.compactMap { $0.entry?.dn }, end.result?.code ?? -1, end.pagedResults?.cookie ?? [])
        }
    }

    private func pages(_ server: ContractServer) throws -> Pages {
        let client = try LDAPRawClient(to: server.endpoint.port, at: server.endpoint.address)
        #expect(try client.bind(server.reader)?.code == 0)
        return Pages(client: client, base: "ou=people,\(server.suffix)")
    }

    @Test(arguments: [(ServerKind.slapd, 2), (.ds389, 12), (.samba, 53), (.stub, 12)])
    func cookieBelongsToItsConnection(_ kind: ServerKind, code: Int) throws {
        let server = try ContractServer.shared(kind)
        let first = try pages(server)
        let cookie = try first.page([]).cookie
        #expect(!cookie.isEmpty)
        #expect(try pages(server).page(cookie).code == code)
    }

    @Test(arguments: [(ServerKind.slapd, 0), (.ds389, 0), (.samba, 53), (.stub, 12)])
    func cookieAfterAnotherBind(_ kind: ServerKind, code: Int) throws {
        let server = try ContractServer.shared(kind)
        let first = try pages(server)
        let cookie = try first.page([]).cookie
        _ = try first.client.bind(server.reader)
        #expect(try first.page(cookie).code == code)
    }

    /// On half of the servers a page that is asked for again is the following one: a second try loses a page.
    @Test(arguments: [(ServerKind.slapd, false), (.ds389, true), (.samba, true), (.stub, false)])
    func cookieThatWasUsedIsNotTheSamePage(_ kind: ServerKind, goesOn: Bool) throws {
        let first = try pages(try ContractServer.shared(kind))
        let cookie = try first.page([]).cookie
        let second = try first.page(cookie)
        let again = try first.page(cookie)
        #expect((again.code == 0) == goesOn)
        #expect(again.names != second.names)
    }

    @Test(arguments: ServerKind.allCases)
    func pullHasOneConnectionAndOneBind(_ kind: ServerKind) throws {
        let server = try ContractServer.shared(kind)
        let proxy = try server.proxy()
        let size: Int32 = ContractCompany.count > 1_000 ? 500 : 5
        let source = try server.source(try server.settings(pageSize: .some(size)), url: proxy.url)
        _ = try source.completePull()
        #expect(proxy.connections == 1)
        #expect(proxy.requests.filter { $0.kind == .bindRequest }.count == 1)
        let cookies = proxy.requests.compactMap { $0.search == nil ? nil : $0.pagedResults?.cookie }
        let used = cookies.filter { !$0.isEmpty }
        // The number of a slot stays the same from page to page on 389 Directory Server and Samba.
        if kind == .slapd || kind == .stub { #expect(Set(used).count == used.count) }
        #expect(used.count >= 4)
        let paged = proxy.requests.compactMap { $0.control(LDAPMessage.pagedResultsType) }
        #expect(!paged.contains { !$0.isCritical })
    }
}
