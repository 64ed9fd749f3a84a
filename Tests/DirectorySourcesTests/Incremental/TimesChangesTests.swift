import DirectoryModel
import Glibc
import LDAPClient
import TestSupport
import Testing

@testable import DirectorySources

/// Changes that only times tell of: OpenLDAP without its overlay, and FreeIPA.
struct TimesChangesTests {
    enum Kind: String, CaseIterable, CustomTestStringConvertible {
        case slapd, freeIPA

        var testDescription: String { rawValue }
    }

    /// Twelve people, not all of whom are looked for each time, and a group of two.
    private struct Company {
        let kind: Kind
        let server: any DirectoryServer

        init(_ kind: Kind, _ options: SlapdFixture.Options = .init(), more: String = "") throws {
            self.kind = kind
            switch kind {
            case .slapd:
                let group = SampleCompany.group(
                    "support", number: 1, members: ["p0", "p1"].map(SampleCompany.personDN))
                server = try SlapdFixture(
                    ldif: SampleCompany.frame + SampleCompany.people(12) + group + more, options: options)
            case .freeIPA:
                let people = (0..<12).map { FreeIPALayout.person("p\($0)", number: 1_000 + $0) }
                let group = FreeIPALayout.group(
                    "support", number: 1, members: ["p0", "p1"].map(FreeIPALayout.personDN))
                server = try DS389Fixture(
                    ldif: FreeIPALayout.frame + people.joined() + group, options: .init(freeIPA: true))
            }
        }

        var suffix: String { server.suffix }
        func dn(_ login: String) -> String {
            kind == .slapd ? SampleCompany.personDN(login) : FreeIPALayout.personDN(login)
        }
        var group: String { kind == .slapd ? SampleCompany.groupDN("support") : FreeIPALayout.groupDN("support") }

        /// Somebody new, whom the server gives the rest.
        func newcomer(_ login: String, _ number: Int) -> String {
            let text =
                kind == .slapd
                ? SampleCompany.person(login, number: number)
                : String(FreeIPALayout.person(login, number: number).split(separator: "\n\n")[0]) + "\n\n"
            return text.split(separator: "\n").filter { !$0.hasPrefix("entryUUID") }.joined(separator: "\n") + "\n"
        }

        /// The agent's clock is so many seconds ahead of the server's.
        func follower(as account: Account? = nil, ahead: Int64 = 60) throws -> LDAPFollower {
            let (server, kind) = (server, kind)
            let bind = (account ?? server.administrator).bind
            return try LDAPFollower(now: Int64(time(nil)) + ahead) {
                var settings = SourceSettings(
                    name: "corp", dialect: kind == .slapd ? .openLDAP : .freeIPA,
                    people: BranchSettings(
                        bases: [kind == .slapd ? "ou=people,\(SlapdFixture.suffix)" : FreeIPALayout.people]),
                    groups: BranchSettings(
                        bases: [kind == .slapd ? "ou=groups,\(SlapdFixture.suffix)" : FreeIPALayout.groups]))
                settings.attributes.lastSignIn = nil
                settings.attributes.expires = nil
                return SampleSources.ldap([server.url], settings, bind: bind)
            }
        }
    }

    @Test(arguments: Kind.allCases) func whoIsNewOrChangedIsTold(kind: Kind) throws {
        let company = try Company(kind)
        var follower = try company.follower()
        #expect(follower.position.method == "times")
        #expect(try follower.follow() == .changes(people: 0, removed: 0))
        try company.server.modify(ldif: company.newcomer("new", 2_000))
        try company.server.replace("title", of: company.dn("p1"), with: ["boss"])
        try company.server.rename(company.dn("p2"), to: "uid=other")
        try company.server.replace("member", of: company.group, with: [company.dn("p0"), company.dn("new")])
        let step = try follower.follow()
        guard case .changes(let people, let removed) = step else {
            Issue.record("\(step)")
            return
        }
        #expect(people == 3 && removed == 0)
        #expect(try follower.difference() == nil)
        #expect(try follower.follow() == .changes(people: 0, removed: 0))
    }

    /// Times say nothing of who is gone: that is the nightly run's.
    @Test(arguments: Kind.allCases) func whoIsGoneWaitsForTheNextFullPull(kind: Kind) throws {
        let company = try Company(kind)
        var follower = try company.follower()
        try company.server.delete(company.dn("p3"))
        #expect(try follower.follow() == .changes(people: 0, removed: 0))
        #expect(follower.mirror.mirror.people.count == 12)
        #expect(try follower.difference() != nil)
    }

    /// Hidden times look like a directory in which nothing happens.
    @Test func hiddenTimesAreADoubt() throws {
        let company = try Company(
            .slapd,
            .init(database: ["access to attrs=modifyTimestamp by * none", "access to * by * read"]))
        var follower = try company.follower(as: Account(dn: "cn=sync,dc=example,dc=org", password: "sync secret"))
        try company.server.replace("title", of: company.dn("p1"), with: ["boss"])
        #expect(try follower.follow() == .fullPull("the server shows no `modifyTimestamp`"))
        #expect(try follower.difference() == nil)
    }

    /// What is new goes by the times that the server itself gave, though the clock of the agent is days away.
    @Test(arguments: [-200_000, -7_200, 7_200, 6 * 86_400] as [Int64])
    func clockOfTheAgentHidesNoChange(ahead: Int64) throws {
        let company = try Company(.slapd)
        var follower = try company.follower(ahead: ahead)
        for title in ["one", "two"] {
            try company.server.replace("title", of: company.dn("p1"), with: [title])
            #expect(try follower.follow() == .changes(people: 1, removed: 0))
            #expect(try follower.difference() == nil)
        }
    }

    /// A time that is not yet, which a wrong clock or a restored file left behind, hides nothing that is changed now.
    @Test func timeOfTheFutureHidesNoChange() throws {
        let late = SampleCompany.person("late", number: 77, more: ["modifyTimestamp: 20990101000000Z"])
        let company = try Company(.slapd, more: late)
        var follower = try company.follower()
        try company.server.replace("title", of: company.dn("p1"), with: ["boss"])
        #expect(try follower.follow() == .changes(people: 1, removed: 0))
        #expect(try follower.difference() == nil)
    }

    /// A limit that ends the reading of times ends no run: everything is read.
    @Test func limitOnTheReadingOfTimesIsADoubt() throws {
        let company = try Company(.slapd)
        let slapd = try #require(company.server as? SlapdFixture)
        let turns = Count()
        let limit = LDAPFault.result(11, at: .done(scope: 2, base: SlapdFixture.suffix))
        let proxy = try LDAPProxy(
            to: slapd.port,
            .responses { message, exchange in
                turns.current == 1 ? limit.onResponse?(message, exchange) ?? [] : [.pass(message)]
            })
        let run = Int64(time(nil)) + 60
        var follower = try LDAPFollower(now: run) {
            SampleSources.ldap([proxy.url], try SampleSources.settings())
        }
        _ = turns.next()
        let read = IncrementalRequest(
            pull: PullRequest(
                attributes: LDAPFollower.attributes, lastStamp: follower.stamp, now: run, key: LDAPFollower.key),
            position: follower.position, mirror: MirrorRows(follower.mirror))
        let outcome = SampleSources.ldap([proxy.url], try SampleSources.settings())
            .pullChanges(read, progress: { _ in })
        guard case .fullPullNeeded(let reason) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(reason.hasPrefix("not all times of changes can be read: "), "\(reason)")
        _ = turns.next()
        #expect(try follower.follow() == .changes(people: 0, removed: 0))
    }
}
