import Foundation
import TestSupport
import Testing

/// Each guide followed word by word: every command ends as the guide says, and prints what it shows.
///
/// `docs/guide/installing.md` needs a machine with systemd of its own: `scripts/try-package` follows it.
struct GuideTests {
    private static let start = "docs/guide/getting-started.md"
    private static let directory = Result {
        try SlapdFixture(ldif: try Repository.text("Tests/EndToEndTests/Guides/company.ldif"))
    }

    // MARK: Machines that have come so far

    /// With a configuration and rules, and nothing written to any user.
    private static let ruled = Result {
        let machine = try GuideMachine()
        let names = [(name: "ldaps://ldap.example.org", own: try directory.get().tlsURL)]
        try machine.follow(start, from: "1.", to: "1.", as: .root, in: "/srv/source")
        try machine.follow(start, from: "2.", to: "3.", names: names)
        return machine
    }

    /// After the first nights.
    private static let running = Result {
        let machine = try GuideMachine(like: try ruled.get())
        try machine.follow(start, from: "4.", to: "5.")
        return machine
    }

    /// With a user and a configuration for every night.
    private static let nightly = Result {
        let machine = try GuideMachine(like: try running.get())
        let names = [(name: "ldaps://ldap.example.org", own: try directory.get().tlsURL)]
        try machine.follow(start, from: "6.", to: "6.", as: .root, names: names)
        return machine
    }

    /// After an edit of the rules, a night with it, and something given by hand.
    private static let edited = Result {
        var machine = try GuideMachine(like: try running.get())
        machine.hour = 24
        try edit(machine, "/srv/ada/config/mappings/vivi.yaml")
        let nights = """
            rollcall lock && rollcall sync --yes && rollcall grant ben@example.org --target acme-desk \
                --role report-manager --workspace support --reason "helps out"
            """
        let ended = try machine.run(["bash", "-c", nights], as: .ada, in: "/srv/ada")
        guard ended.status == 0 else { throw Command.Failure(description: ended.output) }
        return machine
    }

    private static func edit(_ machine: GuideMachine, _ path: String) throws {
        try machine.write(Data(try Repository.bytes("Tests/EndToEndTests/Guides/edited-mapping.yaml")), to: path)
    }

    // MARK: Guides

    @Test func gettingStartedIsFollowed() throws { _ = try Self.nightly.get() }

    @Test func adoptingIsFollowed() throws {
        try GuideMachine(like: try Self.ruled.get()).follow("docs/guide/adopting.md")
    }

    @Test func changingTheRulesIsFollowed() throws {
        let page = "docs/guide/changing-the-rules.md"
        let machine = try GuideMachine(like: try Self.nightly.get())
        let names = [(name: "old.example=new.example", own: "example.org=example.net")]
        try machine.follow(page, from: "Changing", to: "Changing", as: .root, in: "/etc/rollcall")
        try Self.edit(machine, "/etc/rollcall/mappings/vivi.yaml")
        try machine.follow(page, from: "1.", to: "Starting", as: .root, in: "/etc/rollcall", names: names)
    }

    @Test func everyNightIsFollowed() throws {
        let page = "docs/guide/every-night.md"
        var machine = try GuideMachine(like: try Self.running.get())
        machine.hour = 6
        try machine.follow(page, from: "Look", to: "Findings")
        try machine.follow(page, from: "A monitor", to: "The journal")
        let packaged = try GuideMachine(like: try Self.nightly.get())
        let names = [(name: "/usr/bin/msmtp", own: "/usr/local/sbin/msmtp")]
        try packaged.follow(page, from: "Tell", to: "Tell", as: .root, names: names)
        #expect(try packaged.text("/srv/mail").hasPrefix("To: it-operations@example.org\n"))
        #expect(try packaged.text("/srv/mail").hasSuffix("\n\na trial\n"))
    }

    @Test func readingAReportIsFollowed() throws {
        let machine = try GuideMachine(like: try Self.edited.get())
        try machine.follow("docs/guide/reading-a-report.md")
        #expect(try machine.text("/srv/ada/plan.html").hasPrefix("<!doctype html>"))
        #expect(try machine.text("/srv/ada/plan.csv").hasPrefix("target,"))
    }

    @Test func whyIsFollowed() throws {
        var machine = try GuideMachine(like: try Self.edited.get())
        machine.hour = 30
        try machine.follow("docs/guide/why.md")
    }

    @Test func theAccessReviewIsFollowed() throws {
        let page = "docs/guide/access-review.md"
        let machine = try GuideMachine(like: try Self.edited.get())
        try machine.follow(page, from: "1.", to: "1.")
        try sign(machine, "/srv/ada/review.csv")
        try machine.follow(page, from: "3.", to: "For")
        #expect(try machine.text("/srv/ada/users.csv").contains("ben@example.org"))
        #expect(!(try machine.text("/srv/ada/users.csv").contains("report-manager")))
    }

    /// As a reviewer does in a spreadsheet: what a human gave is taken back, the rest stays.
    private func sign(_ machine: GuideMachine, _ path: String) throws {
        let lines = try machine.text(path).split(whereSeparator: \.isNewline).map(String.init)
        let signed = try lines.enumerated().map { place, line in
            if place == 0 { return line }
            try #require(line.hasSuffix(",,,,"))
            let decision = line.contains(",hand,") ? "revoke" : "keep"
            return line.dropLast(4) + ",\(decision),Bea Board,2026-11-22,"
        }
        #expect(signed.contains { $0.contains(",revoke,") })
        try machine.write(Data((signed.joined(separator: "\n") + "\n").utf8), to: path)
    }

    @Test func findingOutWhatIsWrongIsFollowed() throws {
        let page = "docs/guide/finding-out-what-is-wrong.md"
        let machine = try GuideMachine(like: try Self.running.get())
        let foreign = try SlapdFixture(ldif: SampleCompany.frame, options: .init(certificate: .foreign))
        let realm = try KerberosFixture()
        try realm.obtainTicket()
        let server = try SlapdFixture(
            ldif: SampleCompany.frame + SampleCompany.person("ada", number: 1)
                + SampleCompany.group("desk", number: 1, members: [SampleCompany.personDN("ada")]),
            options: .init(
                global: ["sasl-host localhost", "sasl-realm \(KerberosFixture.realm)"],
                environment: realm.serviceEnvironment))
        try machine.follow(
            page,
            names: [
                ("--directory corp", "--directory directory"),
                ("ldaps://dc1.example.com", try Self.directory.get().tlsURL),
                ("CN=sync,CN=Users,DC=example,DC=com", GuideMachine.account),
                ("example.com --method", "ldap://localhost:\(server.port) --method"),
                ("ldaps://ldap1.example.org:636", foreign.tlsURL), ("ldaps://ldap1.example.org", foreign.tlsURL),
                ("192.0.2.1", "127.0.0.1"),
            ], environment: ["KRB5_CONFIG": realm.configuration, "KRB5CCNAME": realm.cache])
    }

    /// The script, and then a walk typed in over a copy of the package's samples.
    @Test func walksAreFollowed() throws {
        let machine = try GuideMachine(like: try Self.ruled.get())
        try machine.follow("docs/guide/walks.md", in: "/srv/source")
        let place = "/srv/source/try/examples/adoption/tenant"
        for step in try Walk.lines(of: "tenant") {
            let ended = try machine.run(
                ["bash", "-c", step.command], as: .ada, in: place,
                environment: ["ROLLCALL_CONFIG": "\(place)/rollcall.yaml"])
            #expect(ended.status == step.expected, "\(step.command): \(ended.output)")
        }
    }

    @Test func theReadmeIsFollowed() throws {
        let machine = try GuideMachine()
        try machine.follow("README.md", from: "Try it", to: "Try it", in: "/srv/source")
    }

    /// No guide is left out, and none has commands that the follower would pass over.
    @Test(arguments: try GuideTests.pages()) func guideCanBeFollowed(_ page: String) throws {
        let tests = try Repository.text("Tests/EndToEndTests/GuideTests.swift")
        #expect(page == "docs/guide/installing.md" || tests.contains("\"\(page)\""))
        var isIn = false
        for line in try Repository.text(page).components(separatedBy: "\n") where line.hasPrefix("```") {
            isIn.toggle()
            #expect(line.wholeMatch(of: Self.fence) != nil || (!isIn && line == "```"), "\(line)")
        }
        let folder = try TemporaryDirectory()
        let follower = Repository.root.appendingPathComponent("scripts/lib/follow-guide")
        let listed = try Rollcall.run([page], program: follower, in: Repository.root)
        #expect(listed.status == 0 && !listed.output.isEmpty, "\(listed.output)")
        try folder.write(listed.output, to: "guide.sh")
        let read = try Rollcall.run(
            ["-n", folder.path("guide.sh")], program: URL(fileURLWithPath: "/bin/bash"), in: Repository.root)
        #expect(read.status == 0 && read.output.isEmpty, "\(read.output)")
    }

    /// How a block of a guide may begin; those for a kind of directory are in the one that installs.
    private nonisolated(unsafe) static let fence =
        /```(sh( openldap| active-directory)?( exit=\d+)?|text|(yaml|csv)( (file|line)=\S+)?|crontab|ini|powershell)/

    private static func pages() throws -> [String] {
        let folder = Repository.root.appendingPathComponent("docs/guide").path
        return try FileManager.default.contentsOfDirectory(atPath: folder).sorted().map { "docs/guide/\($0)" }
    }

    // MARK: Other pages with commands

    @Test func savedPlansAreFollowed() throws {
        let machine = try GuideMachine(like: try Self.running.get())
        try Self.edit(machine, "/srv/ada/config/mappings/vivi.yaml")
        try machine.follow("docs/concepts/plans.md")
        let saved = try JSONSerialization.jsonObject(with: Data(try machine.text("/srv/ada/tonight.json").utf8))
        #expect((saved as? [String: Any])?["format"] as? String == "rollcall.plan/1")
    }

    @Test(arguments: ["docs/concepts/manual-access.md", "docs/concepts/incremental.md"])
    func conceptIsFollowed(_ page: String) throws {
        try GuideMachine(like: try Self.running.get()).follow(page)
    }

    /// Of what the first night holds.
    @Test func whatWasHeldIsApproved() throws {
        let machine = try GuideMachine(like: try Self.ruled.get())
        let night = "sed -i 's/^  mode: observe/  mode: manage/' config/rollcall.yaml && rollcall sync --yes"
        #expect(try machine.run(["bash", "-c", night], as: .ada, in: "/srv/ada").status == 3)
        try machine.follow("docs/concepts/guards.md")
        #expect(try machine.text("/srv/ada/config/approvals/run-1.yaml").contains("HR-4411"))
    }

    /// Everybody has another id, as after an export was loaded.
    @Test func newIDsAreFollowed() throws {
        let company = try Repository.text("Tests/EndToEndTests/Guides/company.ldif")
        let restored = try SlapdFixture(ldif: company.replacing("9a1d0000-", with: "9a1e0000-"))
        let machine = try GuideMachine(like: try Self.running.get())
        let move =
            "sed -i 's|\(try Self.directory.get().tlsURL)|\(restored.tlsURL)|' config/rollcall.yaml && rollcall trust"
        #expect(try machine.run(["bash", "-c", move], as: .ada, in: "/srv/ada").status == 0)
        try machine.follow("docs/concepts/new-ids.md")
        let after = "rollcall lock && rollcall plan --detailed-exitcode"
        let ended = try machine.run(["bash", "-c", after], as: .ada, in: "/srv/ada")
        #expect(ended.status == 0, "\(ended.output)")
    }

    /// A platform that took nothing on the first night, and does by now.
    @Test func whatWaitsIsDelivered() throws {
        let machine = try GuideMachine(like: try Self.ruled.get())
        let night = """
            printf '#!/bin/sh\\ncat >/dev/null\\nexit 1\\n' >config/deliver.sh && chmod +x config/deliver.sh
            echo 'deliver: {command: [./deliver.sh]}' >>config/rollcall.yaml
            sed -i 's/^  mode: observe/  mode: manage/' config/rollcall.yaml && rollcall sync --yes
            """
        let held = try machine.run(["bash", "-c", night], as: .ada, in: "/srv/ada")
        #expect(held.status == 3, "\(held.output)")
        try machine.write(Data("#!/bin/sh\ncat >>told\n".utf8), to: "/srv/ada/config/deliver.sh")
        try machine.follow("docs/concepts/delivery.md", names: [(name: "--drop 12", own: "--drop 2")])
        let told = try machine.text("/srv/ada/told").split(separator: "\n")
        #expect(told.count == 4 && told.allSatisfy { $0.contains("\"invite\"") }, "\(told)")
    }

    @Test func thePinOfAServerIsFound() throws {
        let url = try Self.directory.get().tlsURL
        let place = url.replacing("ldaps://", with: "")
        try GuideMachine().follow(
            "docs/concepts/connections.md", names: [(name: "ldap1.example.org:636", own: place)])
    }

    @Test func commandsOfTheReferenceAreFollowed() throws {
        var machine = try GuideMachine(like: try Self.edited.get())
        machine.hour = 30
        try machine.follow("docs/reference/commands.md")
    }

    @Test func theRosterIsAsked() throws {
        try GuideMachine(like: try Self.nightly.get()).follow("docs/reference/roster.md", as: .root)
    }

    // MARK: Cron

    /// Each line for cron, of the guides and of the sample: its time is one, and what it runs ends well.
    @Test func linesForCronRun() throws {
        let pages = try Self.pages() + ["config/samples/nightly/rollcall.crontab"]
        let lines = try pages.flatMap { page in
            try Repository.text(page).split(separator: "\n").compactMap { $0.wholeMatch(of: Self.cron) }
        }
        #expect(lines.count == 2)
        let machine = try GuideMachine(like: try Self.nightly.get())
        for line in lines {
            let command = ["runuser", "-u", String(line.output.2), "--", "sh", "-c", String(line.output.3)]
            let ended = try machine.run(command, as: .root, in: "/srv/root")
            #expect(ended.status == 0, "\(line.output.0): \(ended.output)")
        }
    }

    private nonisolated(unsafe) static let cron = /((?:[0-9*,\/-]+ +){5})([a-z]+) +(.*)/
}
