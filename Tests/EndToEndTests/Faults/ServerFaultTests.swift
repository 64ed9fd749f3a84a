import Foundation
import Synchronization
import TestSupport
import Testing

/// Servers that send elsewhere, restart or contradict each other, through the program: one server is read, whole, or nothing is written.
struct ServerFaultTests {
    // MARK: The account's own entry

    /// An account that saw its own entry the night before and does not now may see less of everything else: nothing is believed.
    @Test func accountThatLostSightOfItselfEndsTheRun() throws {
        let server = try SlapdFixture(
            ldif: Company.firstNight(20),
            options: .init(database: ["access to attrs=userPassword by * auth", "access to * by * read"]))
        var site = try Site(server: Site.plain(server.url, as: "cn=sync,\(SlapdFixture.suffix)"))
        try site.setPassword("sync secret")
        let before = try site.prepare()
        try server.reconfigure {
            $0.replacing(
                "access to * by * read",
                with: "access to dn.base=\"cn=sync,\(SlapdFixture.suffix)\" attrs=entry by * none\n"
                    + "access to * by * read")
        }
        site.hour = 24
        let ended = try site.sync(within: 10)
        #expect(ended.status == 4, "\(ended.message)")
        #expect(ended.message.contains("no longer sees its own entry"), "\(ended.message)")
        #expect(try site.saved() == before)
    }

    // MARK: Referrals

    /// How a server can name another, and how the run ends.
    struct Referral: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var status: Int32
        var says: String
        var fault: @Sendable (_ url: String) -> LDAPFault
    }

    static let referrals = [
        Referral(testDescription: "in place of the bind", status: 77, says: "(10)") {
            .result(10, referrals: [$0 + "/"], at: .bind)
        },
        Referral(testDescription: "in place of people", status: 4, says: "(10)") {
            .result(10, referrals: [$0 + "/\(ProtocolFault.people)"], at: .done(1, under: ProtocolFault.people))
        },
        Referral(testDescription: "in place of groups", status: 4, says: "(10)") {
            .result(10, referrals: [$0 + "/\(ProtocolFault.groups)"], at: .done(1, under: ProtocolFault.groups))
        },
        Referral(testDescription: "among people", status: 4, says: "on another server") {
            .reference($0 + "/OU=more", before: .entry(4, under: ProtocolFault.people))
        },
        Referral(testDescription: "among groups", status: 4, says: "on another server") {
            .reference($0 + "/OU=more", before: .entry(2, under: ProtocolFault.groups))
        },
    ]

    /// Whoever is referred to gets no connection, no byte and so no password.
    @Test(arguments: referrals) func referredServerIsNeverAsked(_ referral: Referral) throws {
        let stub = try ADStub(ProtocolFault.domain(), options: ADStub.Options(maxPageSize: 5))
        let other = try LDAPProxy(to: stub.port)
        let fault = referral.fault(other.url)
        let proxy = try LDAPProxy(to: stub.port, fault)
        var site = try Site(activeDirectory: stub.url)
        let before = try site.prepare()
        try site.replace(stub.url, with: proxy.url)
        site.hour = 24
        let ended = try site.sync(within: 4)
        #expect(ended.status == referral.status, "\(ended.message)")
        #expect(ended.message.contains(referral.says), "\(ended.message)")
        #expect(other.connections == 0)
        #expect(other.bytesFromClient == 0)
        #expect(try site.saved() == before)
    }

    // MARK: Restarts

    private static let crowd =
        SampleCompany.frame + SampleCompany.people(2_050)
        + SampleCompany.group(
            "support", number: 1, members: (0..<2_050).map { SampleCompany.personDN("p\($0)") })
        + SampleCompany.group("leads", number: 2, members: [SampleCompany.personDN("p0")])

    /// A server that restarts between two pages has forgotten its cookie: everything is read anew, from the first page on.
    @Test(arguments: [true, false]) func restartBetweenPagesMixesNothing(comesBack: Bool) throws {
        let server = try DS389Fixture(ldif: ServerFaultTests.crowd)
        let wasAsked = Mutex(0)
        let proxy = try LDAPProxy.gettingItself { proxy in
            LDAPFault.at(
                .done(1, under: "ou=people"),
                .perform {
                    guard wasAsked.withLock({ $0 }) == 0 else { return }
                    wasAsked.withLock { $0 = proxy()?.requests.count ?? 0 }
                    if comesBack { try? server.restart() } else { server.stop() }
                })
        } to: {
            try LDAPProxy(to: server.port, $0)
        }
        var site = try Site(server: Site.plain(server.url, as: server.reader.dn))
        try site.replace("kind: openldap", with: "kind: 389ds")
        try site.replace("idle: 2s", with: "idle: 20s")
        try site.setPassword(server.reader.password)
        let before = try site.prepare()
        try site.replace(server.url, with: proxy.url)
        site.hour = 24
        let ended = try site.sync()
        let later = proxy.requests.dropFirst(wasAsked.withLock { $0 })
        if comesBack {
            #expect(ended.status == 0, "\(ended.message)")
            let cookies = later.filter { $0.search?.base.hasPrefix("ou=people") == true }.compactMap(
                \.pagedResults?.cookie)
            #expect(cookies.first == [])
            #expect(cookies.count >= 2)
        } else {
            #expect(ended.status == 69, "\(ended.message)")
            #expect(
                ended.message.contains("ended in the middle") || ended.message.contains("refused"), "\(ended.message)")
        }
        #expect(wasAsked.withLock { $0 } > 0)
        #expect(try site.saved().people == before.people)
        if !comesBack { #expect(try site.saved() == before) }
    }

    // MARK: Two servers

    /// The first breaks off among the people, and the second does not say the same: what is read is the second's alone, or nothing.
    @Test(arguments: [false, true]) func pagesOfTwoServersAreNeverMixed(isBehind: Bool) throws {
        var domain = ProtocolFault.domain()
        let second = try ADStub(domain, options: ADStub.Options(maxPageSize: 5))
        if isBehind { domain.addUser("late", number: 77, below: ProtocolFault.people) }
        let first = try ADStub(domain, options: ADStub.Options(maxPageSize: 5))
        let broken = try LDAPProxy(to: first.port, .at(.entry(8, under: ProtocolFault.people), .close))
        let other = try LDAPProxy(to: second.port)
        var site = try Site(activeDirectory: first.url, timeouts: "connect: 2s, idle: 2s, pull: 60s")
        let before = try site.prepare()
        if !isBehind {
            second.change { $0.set("CN=p3,\(ProtocolFault.people)", "displayName", ["Another Name"]) }
        }
        try site.replace("[\(first.url)]", with: "[\(broken.url), \(other.url)]")
        site.hour = 24
        let ended = try site.sync()
        #expect(broken.connections == 1)
        let pages = other.requests.filter { $0.search?.base == ProtocolFault.people }.compactMap(\.pagedResults?.cookie)
        if isBehind {
            #expect(ended.status == 4, "\(ended.message)")
            #expect(ended.message.contains("is behind"), "\(ended.message)")
            #expect(try site.saved() == before)
        } else {
            #expect(ended.status == 0, "\(ended.message)")
            #expect(pages.first == [] && pages.count { !$0.isEmpty } == 4, "\(pages)")
            try site.replace("\(broken.url), ", with: "")
            #expect(try site.run(["plan", "--detailed-exitcode"]).status == 0)
        }
    }
}

extension LDAPProxy {
    /// A proxy whose faults look at the proxy itself.
    fileprivate static func gettingItself(
        _ fault: (@escaping @Sendable () -> LDAPProxy?) -> LDAPFault, to make: (LDAPFault) throws -> LDAPProxy
    ) throws -> LDAPProxy {
        let holder = Holder()
        let proxy = try make(fault { holder.proxy.withLock { $0 } })
        holder.proxy.withLock { $0 = proxy }
        return proxy
    }

    private final class Holder: Sendable {
        let proxy = Mutex<LDAPProxy?>(nil)
    }
}
