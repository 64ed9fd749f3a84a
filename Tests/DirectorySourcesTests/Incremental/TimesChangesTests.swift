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

        init(_ kind: Kind, _ options: SlapdFixture.Options = .init()) throws {
            self.kind = kind
            switch kind {
            case .slapd:
                let group = SampleCompany.group(
                    "support", number: 1, members: ["p0", "p1"].map(SampleCompany.personDN))
                server = try SlapdFixture(
                    ldif: SampleCompany.frame + SampleCompany.people(12) + group, options: options)
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

        func follower(as account: Account? = nil) throws -> LDAPFollower {
            let (server, kind) = (server, kind)
            let bind = (account ?? server.administrator).bind
            return try LDAPFollower(now: Int64(time(nil)) + 60) {
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
}
