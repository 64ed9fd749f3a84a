import Foundation
import TestSupport
import Testing

/// Two real servers in one run, of which one is stopped.
struct TwoServersTests {
    private static func people(_ letter: String, _ count: Int, disabled: Int? = nil) -> String {
        (0..<count).map { number in
            SampleCompany.person(
                "\(letter)\(number)", number: 1_000 + number,
                more: number == disabled ? ["employeeType: disabled"] : [])
        }.joined()
    }

    private static func group(_ name: String, _ letter: String, _ count: Int) -> String {
        SampleCompany.group(
            name, number: 1, members: (0..<count).map { SampleCompany.personDN("\(letter)\($0)") })
    }

    private static func corp(disabled: Int? = nil) throws -> SlapdFixture {
        try SlapdFixture(
            ldif: SampleCompany.frame + people("p", 6, disabled: disabled) + group("support", "p", 6))
    }

    private static func agency() throws -> SlapdFixture {
        try SlapdFixture(ldif: SampleCompany.frame + people("c", 4) + group("externals", "c", 4))
    }

    private func site(
        _ corp: SlapdFixture, _ agency: SlapdFixture, through url: String? = nil,
        timeouts: String = "connect: 2s, idle: 2s, pull: 60s"
    ) throws -> Site {
        let site = try Site(server: Site.plain(corp.url))
        try site.replace("group: leads", with: "group: externals", in: "mapping.yaml")
        try site.replace(
            "defaults:",
            with: """
                  - name: contractors
                    kind: openldap
                    \(Site.plain(url ?? agency.url))
                    people: {bases: ["ou=people,dc=example,dc=org"], filter: "(objectClass=inetOrgPerson)"}
                    groups: {bases: ["ou=groups,dc=example,dc=org"]}
                    email_domains: [example.org]
                    timeouts: {\(timeouts)}
                defaults:
                """)
        return site
    }

    /// The logins of users in a status.
    private func users(_ site: Site, _ status: String) throws -> [String] {
        let query = "SELECT email FROM roster_users WHERE status = '\(status)' ORDER BY 1"
        let child = try Child(
            try Command.path("sqlite3"), [site.folder.path("state/roster.sqlite"), query], in: site.folder.url.path)
        return try child.end().text.split(separator: "\n").map { String($0.prefix { $0 != "@" }) }
    }

    @Test func theStoppedOneFreezesItsPeopleAndTheOtherGoesOn() throws {
        let (first, second) = (try TwoServersTests.corp(), try TwoServersTests.corp(disabled: 1))
        let agency = try TwoServersTests.agency()
        var site = try site(first, agency)
        let night = try site.sync()
        #expect(night.status == 0, "\(night.message)")
        #expect(try users(site, "invited").count == 10)
        agency.stop()
        try site.replace(first.url, with: second.url)
        for hour in [24, 48] {
            site.hour = hour
            let ended = try site.sync()
            #expect(ended.status == 75, "\(ended.message)")
            #expect(ended.message.contains("directory contractors could not be read since run 2"), "\(ended.message)")
            #expect(ended.message.contains("frozen: desk 4 users"), "\(ended.message)")
            #expect(try users(site, "suspended") == ["p1"])
            #expect(try users(site, "invited").count == 9)
        }
        let again = try TwoServersTests.agency()
        try site.replace(agency.url, with: again.url)
        site.hour = 72
        let back = try site.sync()
        #expect(back.status == 0, "\(back.message)")
        #expect(try users(site, "invited").count == 9)
        #expect(try site.run(["plan", "--detailed-exitcode"]).status == 0)
    }

    /// Somebody is gone from each; the second directory answers when it is read, and not when it is asked who is gone.
    @Test func theOneThatIsSilentAtTheConfirmationFreezesItsPeople() throws {
        let (corp, agency) = (try TwoServersTests.corp(), try TwoServersTests.agency())
        let proxy = try LDAPProxy(to: agency.port, .at(.done(scope: 2, base: SlapdFixture.suffix), .stall))
        var site = try site(corp, agency, through: proxy.url, timeouts: "connect: 3s, idle: 3s, pull: 61s")
        #expect(try site.sync().status == 0)
        // No time for a second attempt.
        try site.replace("connect: 3s, idle: 3s, pull: 61s", with: "connect: 1s, idle: 1s, pull: 3s")
        try corp.delete(SampleCompany.personDN("p1"))
        try agency.delete(SampleCompany.personDN("c1"))
        for hour in [24, 48, 72] {
            site.hour = hour
            let ended = try site.sync(within: 4)
            #expect(ended.status == 75, "\(ended.message)")
            #expect(ended.message.contains("`timeouts.idle`"), "\(ended.message)")
            #expect(ended.message.contains("frozen: desk 4 users"), "\(ended.message)")
        }
        #expect(try users(site, "suspended") == ["p1"])
        #expect(try users(site, "invited").count == 9)
    }

    /// Reading the second directory takes longer than the first one's `timeouts.pull`: the first is asked who is gone all the same, on
    /// another connection where its own was ended for idleness.
    @Test(arguments: [[], ["idletimeout 1"]])
    func theFirstIsAskedWhoIsGoneAfterASlowSecondOne(options: [String]) throws {
        let corp = try SlapdFixture(
            ldif: SampleCompany.frame + TwoServersTests.people("p", 6) + TwoServersTests.group("support", "p", 6),
            options: .init(global: options))
        let agency = try TwoServersTests.agency()
        let proxy = try LDAPProxy(
            to: agency.port, .at(.entry(1, under: "ou=people"), .perform { Thread.sleep(forTimeInterval: 6) }))
        var site = try site(corp, agency, through: proxy.url, timeouts: "connect: 2s, idle: 30s, pull: 61s")
        // Time for the pause before a second attempt, which is three seconds at most.
        try site.replace("pull: 60s", with: "pull: 5s")
        #expect(try site.sync().status == 0)
        try corp.delete(SampleCompany.personDN("p1"))
        for hour in [24, 48] {
            site.hour = hour
            let ended = try site.sync(within: 12)
            #expect(ended.status == 0, "\(ended.message)")
        }
        #expect(try users(site, "suspended") == ["p1"])
    }

    @Test func whereNeitherAnswersNothingIsWritten() throws {
        let (corp, agency) = (try TwoServersTests.corp(), try TwoServersTests.agency())
        var site = try site(corp, agency)
        #expect(try site.sync().status == 0)
        corp.stop()
        agency.stop()
        site.hour = 24
        let ended = try site.sync()
        #expect(ended.status == 69, "\(ended.message)")
        #expect(ended.message.contains("directory `corp`"), "\(ended.message)")
        #expect(ended.message.contains("directory `contractors`"), "\(ended.message)")
        #expect(try users(site, "invited").count == 10)
    }
}
