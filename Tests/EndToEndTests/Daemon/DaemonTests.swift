import Foundation
import Glibc
import TestSupport
import Testing

/// The daemon as a program, on a real server: what it does between runs, and how it begins and ends.
struct DaemonTests {
    private func server(_ people: Int = 20) throws -> SlapdFixture {
        try SlapdFixture(ldif: Company.firstNight(people), options: .init(overlays: [.syncprov]))
    }

    /// A site after its first night.
    private func site(_ server: SlapdFixture, hour: Int = 0, limits: String = "") throws -> Site {
        var site = try Site(server: Site.plain(server.url), limits: limits)
        _ = try site.prepare()
        site.hour = hour
        return site
    }

    private func disable(_ login: String, on server: SlapdFixture) throws {
        try server.replace("employeeType", of: SampleCompany.personDN(login), with: ["disabled"])
    }

    /// Somebody to whom the server gives an id.
    private static let newcomer =
        SampleCompany.person("new", number: 1).split(separator: "\n")
        .filter { !$0.hasPrefix("entryUUID") }.joined(separator: "\n") + "\n"

    /// Logins of users in a status, in order.
    private func users(_ site: Site, _ status: String) throws -> [String] {
        let query = "SELECT email FROM roster_users WHERE status = '\(status)' ORDER BY 1"
        let child = try Child(
            try Command.path("sqlite3"), [site.folder.path("state/roster.sqlite"), query], in: site.folder.url.path)
        return try child.end().text.split(separator: "\n").map { String($0.prefix { $0 != "@" }) }
    }

    /// Ends a daemon, which has to go in order.
    private func end(_ daemon: Child) throws {
        daemon.kill(by: SIGTERM)
        let ended = try daemon.end()
        #expect(ended.status == 0, "\(ended.message)")
        #expect(ended.message.contains("stopped"))
    }

    // MARK: Following

    @Test func disabledPersonIsSuspendedBetweenRuns() throws {
        let slapd = try server()
        let site = try site(slapd)
        let daemon = try site.start(["daemon"])
        #expect(daemon.says("directory `corp` is followed"))
        try disable("p5", on: slapd)
        #expect(daemon.says("run 2: desk: 1 suspended"))
        #expect(try users(site, "suspended") == ["p5"])
        // Everything else waits for a run.
        try slapd.delete(SampleCompany.personDN("p6"))
        try slapd.modify(ldif: DaemonTests.newcomer)
        try disable("p7", on: slapd)
        #expect(daemon.says("run 3: desk: 1 suspended"))
        #expect(try users(site, "suspended") == ["p5", "p7"])
        try end(daemon)

        let saved = try site.saved()
        #expect(saved.problems == [])
        #expect(try site.run(["audit", "verify"]).status == 0)
        let history = try site.run(["history", "p5@example.org"])
        #expect(history.text.contains("attribute `employeeType` says so"), "\(history.text)")
        #expect(FileManager.default.fileExists(atPath: site.statePath + "/reports/run-2.html"))
        #expect(try site.litter() == [])
        // The run of the night finds them suspended.
        let plan = try site.run(["plan", "--format", "json"])
        #expect(!plan.text.contains("\"kind\": \"suspend\""), "\(plan.text)")
    }

    /// What happened while no daemon was there is told when it begins.
    @Test func changesSinceTheLastRunAreTakenUpAtTheBeginning() throws {
        let slapd = try server()
        let site = try site(slapd)
        try disable("p3", on: slapd)
        let daemon = try site.start(["daemon"])
        #expect(daemon.says("run 2: desk: 1 suspended"))
        #expect(try users(site, "suspended") == ["p3"])
        try end(daemon)
    }

    @Test func followingSurvivesARestartOfTheServer() throws {
        let slapd = try server()
        let site = try site(slapd)
        let daemon = try site.start(["daemon"])
        #expect(daemon.says("directory `corp` is followed"))
        slapd.stop()
        #expect(daemon.says("is not followed at the moment"))
        try slapd.restart()
        try disable("p4", on: slapd)
        #expect(daemon.says("run 2: desk: 1 suspended"))
        #expect(try users(site, "suspended") == ["p4"])
        try end(daemon)
    }

    @Test func limitHoldsBetweenRunsToo() throws {
        let slapd = try server()
        let site = try site(slapd, limits: "limits: {suspend_disabled: {count: 1, floor: 1}}")
        let daemon = try site.start(["daemon"])
        #expect(daemon.says("directory `corp` is followed"))
        try disable("p5", on: slapd)
        #expect(daemon.says("run 2: desk: 1 suspended"))
        try disable("p6", on: slapd)
        #expect(daemon.says("left to the next run, and to you"))
        #expect(try users(site, "suspended") == ["p5"])
        try end(daemon)
    }

    @Test func serverThatTellsNoChangesIsLeftToTheRuns() throws {
        let slapd = try SlapdFixture(ldif: Company.firstNight(10))
        let site = try site(slapd)
        let daemon = try site.start(["daemon"])
        #expect(daemon.says("directory `corp` is not followed: "))
        try end(daemon)
    }

    @Test func fileIsFollowedToo() throws {
        let company = Company.firstNight(10)
        let site = try Site(ldif: Array(company.utf8))
        _ = try site.prepare()
        let daemon = try site.start(["daemon"])
        #expect(daemon.says("directory `corp` is followed"))
        let changed = company.replacing(
            "mail: p5@example.org\n", with: "mail: p5@example.org\nemployeeType: disabled\n")
        try site.write(Array(changed.utf8), to: "people.new")
        rename(site.folder.path("people.new"), site.folder.path("people.ldif"))
        #expect(daemon.says("run 2: desk: 1 suspended"))
        #expect(try users(site, "suspended") == ["p5"])
        try end(daemon)
    }

    // MARK: The schedule

    @Test func missedRunIsMadeUpFor() throws {
        let slapd = try server()
        let site = try site(slapd, hour: 30)
        try slapd.modify(ldif: DaemonTests.newcomer)
        try slapd.modify(
            ldif: """
                dn: \(SampleCompany.groupDN("support"))
                changetype: modify
                add: member
                member: \(SampleCompany.personDN("new"))

                """)
        let daemon = try site.start(["daemon"])
        #expect(daemon.says("which was missed"))
        #expect(daemon.says("run 2: desk: 1 invited"))
        try end(daemon)
        #expect(try users(site, "invited").contains("new"))
    }

    @Test func runThatCannotReadIsTriedAgain() throws {
        let slapd = try server()
        let site = try site(slapd, hour: 30)
        slapd.stop()
        let daemon = try site.start(["daemon"])
        #expect(daemon.says("next attempt "))
        try end(daemon)
        #expect(try site.saved().problems == [])
    }

    @Test func firstNightIsNotMadeUnwatched() throws {
        let slapd = try server()
        let site = try Site(server: Site.plain(slapd.url))
        let daemon = try site.start(["daemon"])
        #expect(daemon.says("there is no roster yet"))
        try end(daemon)
        #expect(!FileManager.default.fileExists(atPath: site.statePath + "/roster.sqlite"))
    }

    // MARK: Signals

    @Test func wrongConfigurationIsToldAndTheOldOneKept() throws {
        let slapd = try server()
        let site = try site(slapd)
        let daemon = try site.start(["daemon"])
        #expect(daemon.says("directory `corp` is followed"))
        try site.replace("pace: {invite: 100000}", with: "pace: {invte: 100000}")
        daemon.kill(by: SIGHUP)
        #expect(daemon.says("the configuration was not taken over"))
        #expect(daemon.says("invte"))
        try disable("p5", on: slapd)
        #expect(daemon.says("run 2: desk: 1 suspended"))
        try site.replace("pace: {invte: 100000}", with: "pace: {invite: 100}")
        daemon.kill(by: SIGHUP)
        #expect(daemon.says("the configuration was read again"))
        try disable("p6", on: slapd)
        #expect(daemon.says("run 3: desk: 1 suspended"))
        try end(daemon)
    }

    /// A run that needed no second attempt, and an end in order.
    private func expectOneGoodRun(_ daemon: Child) throws {
        #expect(daemon.says("run 2: desk: "))
        daemon.kill(by: SIGTERM)
        let ended = try daemon.end()
        #expect(ended.status == 0, "\(ended.message)")
        #expect(!ended.message.contains("next attempt") && !ended.message.contains("could not"), "\(ended.message)")
    }

    /// Signals that the daemon takes interrupt what a run waits for, at the bind and among people; it waits on.
    @Test func signalsDuringARunEndNothing() throws {
        let slapd = try server()
        let site = try site(slapd, hour: 30)
        try slapd.modify(ldif: DaemonTests.newcomer)
        let (arrived, gate, moments) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0), Count())
        let pause = LDAPAction.perform {
            guard moments.next() <= 2 else { return }
            arrived.signal()
            gate.wait()
        }
        let proxy = try LDAPProxy(to: slapd.port, .at(.bind, pause), .at(.entry(9, under: "ou=people"), pause))
        try site.replace(slapd.url, with: proxy.url)
        try site.replace("idle: 2s", with: "idle: 30s")
        let daemon = try site.start(["daemon"])
        for _ in 0..<2 {
            #expect(arrived.wait(timeout: .now() + 60) == .success)
            for _ in 0..<50 { daemon.kill(after: 1_000, by: SIGHUP) }
            gate.signal()
        }
        try expectOneGoodRun(daemon)
    }

    /// The same in the middle of a handshake, which takes its time.
    @Test func signalsDuringAHandshakeEndNothing() throws {
        let slapd = try server()
        let authority = try TestCertificates.shared.get().authorityFile
        var site = try Site(server: Site.encrypted(slapd.tlsURL, authority: authority))
        _ = try site.prepare()
        site.hour = 30
        let proxy = try ByteProxy(to: slapd.tlsPort, fault: .drip(bytesPerSecond: 4_000))
        try site.replace(slapd.tlsURL, with: "ldaps://127.0.0.1:\(proxy.port)")
        try site.replace("connect: 2s, idle: 2s", with: "connect: 30s, idle: 30s")
        let daemon = try site.start(["daemon", "--verbose"])
        #expect(daemon.says("phase=connecting "))
        for _ in 0..<300 { daemon.kill(after: 1_000, by: SIGHUP) }
        try expectOneGoodRun(daemon)
    }

    /// The daemon goes within seconds while a run waits for a server, and the roster is what it was.
    @Test func endDuringARunLeavesTheRosterWhole() throws {
        let slapd = try server()
        let site = try site(slapd, hour: 30)
        let before = try site.saved()
        let silent = try ByteProxy(to: slapd.port, fault: .silent)
        try site.replace(slapd.url, with: silent.url)
        try site.replace("connect: 2s, idle: 2s", with: "connect: 60s, idle: 60s")
        let daemon = try site.start(["daemon", "--verbose"])
        #expect(daemon.says("which was missed"))
        #expect(daemon.says("phase=connecting "))
        let asked = ContinuousClock.now
        try end(daemon)
        #expect(ContinuousClock.now - asked < .seconds(20))
        let after = try site.saved()
        #expect(after.people == before.people)
        #expect(after.problems == [])
        #expect(try site.litter() == [])
    }

    /// Whenever it is told to end, the roster is one of a whole number of runs.
    @Test func endAtAnyMomentLeavesTheRosterWhole() throws {
        let slapd = try server(200)
        for round in 0..<Figures.of(4, soak: 60) {
            let site = try site(slapd, hour: 30)
            let daemon = try site.start(["daemon"])
            #expect(daemon.says("which was missed"))
            daemon.kill(after: UInt32(round % 12) * 15_000, by: SIGTERM)
            #expect(try daemon.end().status == 0)
            #expect(try site.saved().problems == [])
            #expect(try site.litter() == [])
        }
    }

    @Test func secondSignalEndsAtOnce() throws {
        let slapd = try server()
        let site = try site(slapd, hour: 30)
        let silent = try ByteProxy(to: slapd.port, fault: .silent)
        try site.replace(slapd.url, with: silent.url)
        try site.replace("connect: 2s, idle: 2s", with: "connect: 60s, idle: 60s")
        let daemon = try site.start(["daemon", "--verbose"])
        #expect(daemon.says("phase=connecting "))
        daemon.kill(by: SIGINT)
        daemon.kill(by: SIGINT)
        let ended = try daemon.end()
        #expect(ended.status == 128 + SIGINT || ended.status == 0, "\(ended.message)")
        #expect(try site.saved().problems == [])
    }

    // MARK: Others at work

    @Test func secondDaemonEndsAtOnce() throws {
        let slapd = try server()
        let site = try site(slapd)
        let first = try site.start(["daemon"])
        #expect(first.says("directory `corp` is followed"))
        let second = try site.run(["daemon"])
        #expect(second.status == 5)
        #expect(
            second.message.contains("another daemon works for this state directory: daemon by "), "\(second.message)")
        // A run beside it is one at a time as ever.
        #expect(try site.sync().status == 0)
        try disable("p5", on: slapd)
        #expect(first.says("run 3: desk: 1 suspended"))
        try end(first)
    }

    /// While a run holds the lock nobody is suspended; afterwards they are.
    @Test func suspensionWaitsForARunThatIsAtWork() throws {
        let slapd = try server()
        let site = try site(slapd)
        let daemon = try site.start(["daemon"])
        #expect(daemon.says("directory `corp` is followed"))
        let silent = try ByteProxy(to: slapd.port, fault: .silent)
        try site.replace(slapd.url, with: silent.url)
        try site.replace("connect: 2s, idle: 2s", with: "connect: 60s, idle: 60s")
        let holder = try site.start(["sync", "--yes", "--verbose"])
        #expect(holder.says("phase=connecting "))
        try disable("p5", on: slapd)
        #expect(daemon.says("disabled people of directory `corp` wait: another run holds the lock"))
        #expect(try users(site, "suspended") == [])
        holder.kill()
        _ = try holder.end()
        #expect(daemon.says("run 2: desk: 1 suspended"))
        try end(daemon)
    }

    // MARK: The service manager

    @Test func serviceManagerHearsHowItIs() throws {
        let slapd = try server()
        let site = try site(slapd)
        let socket = try NoticeSocket(site.folder.path("notify"))
        let daemon = try site.start(
            ["daemon"],
            through: [
                "/bin/sh", "-c",
                "NOTIFY_SOCKET=\(socket.name) WATCHDOG_USEC=2000000 JOURNAL_STREAM=$(stat -L -c %d:%i /proc/self/fd/2) "
                    + "exec \"$0\" \"$@\"",
            ])
        #expect(socket.hears("READY=1"))
        #expect(socket.hears("STATUS=next run 2026-11-22T02:"))
        #expect(socket.hears("WATCHDOG=1"))
        daemon.kill(by: SIGHUP)
        #expect(socket.hears("RELOADING=1\nMONOTONIC_USEC="))
        #expect(socket.hears("READY=1"))
        #expect(daemon.says("<5>the configuration was read again\n"))
        daemon.kill(by: SIGTERM)
        #expect(socket.hears("STOPPING=1"))
        #expect(try daemon.end().status == 0)
    }

    // MARK: Between the runs

    @Test func whatChangedIsReadBetweenTheRuns() throws {
        let slapd = try server()
        let site = try site(slapd, hour: 2)
        try site.replace("approvals: approvals/", with: "approvals: approvals/\nschedule: {incremental_every: 1h}")
        try slapd.modify(ldif: DaemonTests.newcomer)
        try slapd.modify(
            ldif: """
                dn: \(SampleCompany.groupDN("support"))
                changetype: modify
                add: member
                member: \(SampleCompany.personDN("new"))

                """)
        let daemon = try site.start(["daemon"])
        #expect(daemon.says("run on what changed"))
        #expect(daemon.says("run 2: desk: 1 invited"))
        try end(daemon)
        #expect(try users(site, "invited").contains("new"))
        let runs = try site.run(["runs", "--format", "json"])
        #expect(runs.text.contains("sync --incremental"), "\(runs.text)")
        // It takes no night's place.
        var night = site
        night.hour = 25
        let next = try night.start(["daemon"])
        #expect(next.says("run of 2026-11-22T02:15Z, which was missed"))
        #expect(next.says("run 3: "))
        try end(next)
    }

    /// A platform that was down gets its messages when their time has come, without a run.
    @Test func messagesThatDidNotGetThroughAreSentAgain() throws {
        let slapd = try server()
        var site = try Site(server: Site.plain(slapd.url))
        try site.tellProgram()
        try site.folder.write(
            "#!/bin/sh\ncd \"$(dirname \"$0\")\"\n[ -e up ] || exit 1\n{ cat; echo; } >>told.jsonl\n", to: "deliver.sh")
        chmod(site.folder.path("deliver.sh"), 0o700)
        _ = try site.prepare()
        #expect(try site.saved().waiting > 0)
        #expect(try site.told() == [:])
        let before = try site.saved()
        try site.folder.write("", to: "up")
        (site.hour, site.speed) = (1, 60)
        let daemon = try site.start(["daemon"])
        #expect(daemon.says("delivered that had waited"))
        try end(daemon)
        #expect(try site.saved().waiting == 0)
        #expect(try site.told().count == before.waiting)
        #expect(try site.saved() == before)
    }

    // MARK: Other kinds of servers

    /// A server of another kind with twenty people, and a site over it.
    private func other(_ kind: String) throws -> (any DirectoryServer, Site, disable: (String) throws -> Void) {
        let server: any DirectoryServer
        let people: String
        if kind == "389ds" {
            server = try DS389Fixture(ldif: Company.firstNight(20), options: .init(contentSync: true))
            people = "ou=people,\(DS389Fixture.suffix)"
        } else {
            let members = (2..<20).map { "member: CN=p\($0),CN=Users,\(SambaFixture.suffix)" }
            let users = (0..<20).map { number in
                [
                    "dn: CN=p\(number),CN=Users,\(SambaFixture.suffix)", "objectClass: user",
                    "sAMAccountName: p\(number)", "mail: p\(number)@example.org", "userAccountControl: 512",
                ].joined(separator: "\n") + "\n\n"
            }
            let groups = ["support": members, "leads": ["member: CN=p0,CN=Users,\(SambaFixture.suffix)"]].map {
                (["dn: CN=\($0),OU=desk,\(SambaFixture.suffix)", "objectClass: group", "sAMAccountName: \($0)"] + $1)
                    .joined(separator: "\n") + "\n\n"
            }
            let branch = "dn: OU=desk,\(SambaFixture.suffix)\nobjectClass: organizationalUnit\nou: desk\n\n"
            server = try SambaFixture(ldif: branch + users.joined() + groups.joined())
            people = "CN=Users,\(SambaFixture.suffix)"
        }
        let account = kind == "389ds" ? server.administrator : server.reader
        let site = try Site(server: Site.plain(server.url, as: account.dn))
        try site.setPassword(account.password)
        try site.replace("kind: openldap", with: "kind: \(kind)")
        try site.replace(", filter: \"(objectClass=inetOrgPerson)\"", with: "")
        try site.replace("ou=people,dc=example,dc=org", with: people)
        try site.replace("attributes: {disabled: {attribute: employeeType, equals: disabled}}", with: "")
        if kind != "389ds" { try site.replace("ou=groups,dc=example,dc=org", with: "OU=desk,\(SambaFixture.suffix)") }
        _ = try site.prepare()
        let attribute = kind == "389ds" ? ("nsAccountLock", "true") : ("userAccountControl", "514")
        return (server, site, { try server.replace(attribute.0, of: $0, with: [attribute.1]) })
    }

    /// Asked every two seconds: an account that is disabled there is suspended here within seconds.
    @Test(arguments: ["389ds", "active-directory"])
    func disabledPersonOfAServerThatIsPolledIsSuspended(kind: String) throws {
        let (server, site, disable) = try other(kind)
        defer { server.stop() }
        let daemon = try site.start(["daemon"])
        #expect(daemon.says("directory `corp` is followed"))
        let people =
            kind == "389ds" ? "uid=p5,ou=people,\(DS389Fixture.suffix)" : "CN=p5,CN=Users,\(SambaFixture.suffix)"
        // Where its number is not in the stamp of the run, following begins with a run.
        let began = ContinuousClock.now
        try disable(people)
        #expect(daemon.says("1 suspended, as the directory says"))
        #expect(ContinuousClock.now - began < .seconds(30))
        #expect(try users(site, "suspended") == ["p5"])
        try end(daemon)
        #expect(try site.saved().problems == [])
        #expect(try site.run(["plan", "--detailed-exitcode"]).status == 0)
    }
}
