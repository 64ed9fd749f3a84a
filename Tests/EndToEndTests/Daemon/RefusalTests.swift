import Foundation
import Glibc
import TestSupport
import Testing

/// The daemon and a server that refuses: how often it is asked again, whoever would like to.
struct RefusalTests {
    /// Twenty people, and five more for a directory of their own.
    private static let ldif =
        Company.firstNight(20) + "dn: ou=agency,dc=example,dc=org\nobjectClass: organizationalUnit\nou: agency\n\n"
        + (0..<5).map { number in
            SampleCompany.person("a\(number)", number: 9_000 + number)
                .replacing(",ou=people,", with: ",ou=agency,")
        }.joined()
        + SampleCompany.group("agents", number: 3, members: [SampleCompany.personDN("a0")])
        .replacing(",ou=people,", with: ",ou=agency,").replacing(",ou=groups,", with: ",ou=agency,")

    private func server() throws -> SlapdFixture {
        try SlapdFixture(ldif: RefusalTests.ldif, options: .init(overlays: [.syncprov]))
    }

    /// A site after its first night, its server behind a proxy that counts.
    private func site(
        _ slapd: SlapdFixture, hour: Int, speed: Int, schedule: String, agency: Bool = false, _ faults: LDAPFault...
    ) throws -> (Site, LDAPProxy) {
        var site = try Site(server: Site.plain(slapd.url))
        try site.replace("approvals: approvals/", with: "approvals: approvals/\nschedule: {\(schedule)}")
        if agency {
            let other = """
                  - name: agency
                    kind: openldap
                    urls: [\(slapd.url)]
                    bind: {method: simple, dn: "\(SlapdFixture.administrator)", password_file: agency.password}
                    tls: {mode: none}
                    people: {bases: ["ou=agency,dc=example,dc=org"]}
                    groups: {bases: ["ou=agency,dc=example,dc=org"]}
                    email_domains: [example.org]
                    timeouts: {connect: 2s, idle: 2s, pull: 60s}
                defaults:
                """
            try site.replace("defaults:", with: other)
            try site.write(Array(SlapdFixture.password.utf8), to: "agency.password")
            chmod(site.folder.path("agency.password"), 0o600)
        }
        _ = try site.prepare()
        (site.hour, site.speed) = (hour, speed)
        let proxy = try LDAPProxy(to: slapd.port, faults)
        try site.replace(
            "name: corp\n    kind: openldap\n    urls: [\(slapd.url)]",
            with: "name: corp\n    kind: openldap\n    urls: [\(proxy.url)]")
        return (site, proxy)
    }

    /// The daemon, which looks ten times a second what is due, as for a service manager in a hurry.
    private func start(_ site: Site) throws -> Child {
        try site.start(
            ["daemon"], through: ["/usr/bin/env", "NOTIFY_SOCKET=/nonexistent", "WATCHDOG_USEC=400000"])
    }

    private func binds(_ proxy: LDAPProxy) -> Int { proxy.requests.count { $0.kind == .bindRequest } }

    private func end(_ daemon: Child) throws -> String {
        daemon.kill(by: SIGTERM)
        let ended = try daemon.end()
        #expect(ended.status == 0, "\(ended.message)")
        return ended.message
    }

    /// An hour passes in two seconds, with a slot in each and ten times for a run on changes.
    @Test func wrongPasswordIsSentOnceInASlot() throws {
        let slapd = try server()
        let (site, proxy) = try site(
            slapd, hour: 30, speed: 1_800,
            schedule: "cron: \"0 * * * *\", timezone: UTC, jitter: 0s, incremental_every: 5m")
        try site.setPassword("wrong")
        let daemon = try start(site)
        #expect(daemon.says("run of 2026-", times: 4))
        let message = try end(daemon)
        let slots = message.components(separatedBy: "\n").count { $0.contains("run of 2026-") }
        #expect((slots - 1...slots).contains(binds(proxy)), "\(binds(proxy)) binds in \(slots) slots: \(message)")
    }

    /// The password is changed on the server while the daemon follows, and in the file later.
    @Test func followingComesBackWithTheNewPassword() throws {
        let slapd = try server()
        let (site, proxy) = try site(slapd, hour: 1, speed: 600, schedule: "jitter: 0s, incremental_every: 5m")
        let daemon = try start(site)
        #expect(daemon.says("directory `corp` is followed"))
        let before = Count()
        try slapd.reconfigure { text in
            for _ in 0..<binds(proxy) { _ = before.next() }
            return text.replacing("rootpw \"\(SlapdFixture.password)\"", with: "rootpw \"battery staple\"")
        }
        #expect(daemon.says("(49)"))
        // Some twenty minutes.
        sleep(2)
        #expect(binds(proxy) == before.current + 1)
        try site.setPassword("battery staple")
        #expect(daemon.says("directory `corp` is followed", times: 2))
        let account = Account(dn: SlapdFixture.administrator, password: "battery staple")
        try slapd.modify(
            ldif: """
                dn: \(SampleCompany.personDN("p5"))
                changetype: modify
                replace: employeeType
                employeeType: disabled

                """, as: account)
        #expect(daemon.says(": desk: 1 suspended"))
        _ = try end(daemon)
    }

    /// One directory refuses, the other cannot be reached: it is tried again, and the first is left alone.
    @Test func refusedDirectoryIsLeftAloneWhileAnotherIsTriedAgain() throws {
        let slapd = try server()
        let (site, proxy) = try site(slapd, hour: 30, speed: 60, schedule: "jitter: 0s", agency: true)
        try site.setPassword("wrong")
        try site.replace(slapd.url, with: "ldap://127.0.0.1:\(try SlapdFixture.freePort())")
        let daemon = try start(site)
        #expect(daemon.says("attempt 3"))
        _ = try end(daemon)
        #expect(binds(proxy) == 1)
    }

    /// One directory refuses, the other is read: the slot is done, and runs on changes go on with the other.
    @Test func refusedDirectoryIsLeftAloneBesideOneThatIsRead() throws {
        let slapd = try server()
        let (site, proxy) = try site(
            slapd, hour: 30, speed: 600, schedule: "jitter: 0s, incremental_every: 5m", agency: true)
        try site.setPassword("wrong")
        let daemon = try start(site)
        #expect(daemon.says("not read: corp"))
        #expect(daemon.says("run 4: "))
        #expect(binds(proxy) == 1)
        daemon.kill(by: SIGHUP)
        for _ in 0..<600 where binds(proxy) < 2 { usleep(100_000) }
        #expect(daemon.says("run 8: "))
        #expect(binds(proxy) == 2)
        #expect(!(try end(daemon)).contains("attempt"))
    }

    /// Two directories with the same account on the same server.
    @Test func accountOfTwoDirectoriesIsTriedOnce() throws {
        let slapd = try server()
        let (site, proxy) = try site(slapd, hour: 24, speed: 0, schedule: "jitter: 0s", agency: true)
        try site.replace(slapd.url, with: proxy.url)
        try site.setPassword("wrong")
        try site.write(Array("wrong".utf8), to: "agency.password")
        #expect(try site.sync().status == 77)
        #expect(binds(proxy) == 1)
    }

    /// A connection that comes about and takes the bind, on which the search that follows is refused.
    @Test func refusedSearchIsTriedLessAndLessOften() throws {
        let slapd = try server()
        let (site, proxy) = try site(
            slapd, hour: 1, speed: 0, schedule: "jitter: 0s",
            .requests { message, _ in
                guard message.controls.contains(where: { $0.type == "1.3.6.1.4.1.4203.1.9.1.1" }) else {
                    return [.pass(message)]
                }
                return [.reply(LDAPMessage(id: message.id, .searchDone, LDAPResultParts(code: 50)))]
            })
        let daemon = try start(site)
        #expect(daemon.says("directory `corp` is not followed at the moment: "))
        // Again after one second, two more, and four more.
        sleep(6)
        #expect((2...4).contains(binds(proxy)), "\(binds(proxy)) binds")
        let message = try end(daemon)
        #expect(message.components(separatedBy: "is not followed").count == 2, "\(message)")
        #expect(!message.contains("is followed"))
    }
}
