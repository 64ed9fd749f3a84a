import Foundation
import TestSupport
import Testing

/// Entries that no directory should hold and some do: set aside or dealt with, while the rest goes on.
struct BadDataTests {
    private static let good = (0..<20).map { SampleCompany.person("p\($0)", number: 1_000 + $0) }.joined()

    /// A group with the good people and whatever else a test adds.
    private static func support(_ more: [String] = []) -> String {
        SampleCompany.group("support", number: 1, members: (0..<20).map { SampleCompany.personDN("p\($0)") } + more)
            + SampleCompany.group("leads", number: 2, members: [SampleCompany.personDN("p0")])
    }

    /// Runs a night over the sample company with more in it; the users by email that it leaves.
    private func night(_ more: String, members: [String] = []) throws -> (site: Site, users: [String]) {
        let ldif = SampleCompany.frame + BadDataTests.good + more + BadDataTests.support(members)
        let site = try Site(ldif: Array(ldif.utf8))
        try site.replace("approvals: approvals/", with: "approvals: approvals/\nreports: {formats: [text, json]}")
        let ended = try site.sync()
        #expect(ended.status == 0, "\(ended.message)")
        PrintableText.expect(ended.errors)
        for command in [["plan"], ["users"], ["groups"], ["seats"], ["runs"], ["show", "1"]] {
            let shown = try site.run(command)
            #expect(shown.status == 0, "\(command): \(shown.message)")
            PrintableText.expect(shown.output)
            PrintableText.expect(shown.errors)
        }
        for report in ["latest.txt", "latest.json"] {
            let path = site.folder.path("state/reports/\(report)")
            PrintableText.expect([UInt8](try Data(contentsOf: URL(fileURLWithPath: path))))
        }
        #expect(try site.run(["plan", "--detailed-exitcode"]).status == 0)
        return (site, try users(site))
    }

    private func users(_ site: Site) throws -> [String] {
        let listed = try site.run(["users", "--format", "json"])
        let json = try JSONSerialization.jsonObject(with: Data(listed.output))
        let rows = (json as? [String: Any])?.values.compactMap { $0 as? [[String: Any]] }.first ?? []
        return rows.compactMap { $0["email"] as? String }.sorted()
    }

    private static let goodEmails = (0..<20).map { "p\($0)@example.org" }.sorted()

    @Test func twoPeopleWithOneEmail() throws {
        let twins = ["a", "b"].enumerated().map { place, name in
            SampleCompany.person("twin-\(name)", number: 1_100 + place)
                .replacing("mail: twin-\(name)@example.org", with: "mail: Twin@example.org")
        }
        let members = ["twin-a", "twin-b"].map(SampleCompany.personDN)
        let (site, users) = try night(twins.joined(), members: members)
        #expect(users == BadDataTests.goodEmails, "neither of two who claim one address is invited")
        let report = try String(contentsOfFile: site.folder.path("state/reports/latest.txt"), encoding: .utf8)
        #expect(report.lowercased().contains("twin@example.org"))
    }

    @Test func personWithoutEmail() throws {
        let silent = SampleCompany.person("silent", number: 1_100).replacing("mail: silent@example.org\n", with: "")
        let (site, users) = try night(silent, members: [SampleCompany.personDN("silent")])
        #expect(users == BadDataTests.goodEmails)
        let report = try String(contentsOfFile: site.folder.path("state/reports/latest.txt"), encoding: .utf8)
        #expect(report.contains("silent"))
    }

    @Test(arguments: ["not a name", "uid=p1,,ou=people", "=x,dc=org", "uid=p\\zz", "#", "uid=a+b", ",", "uid=\\"])
    func memberThatIsNoName(_ member: String) throws {
        #expect(try night("", members: [member]).users == BadDataTests.goodEmails)
    }

    @Test func invalidTextIsSetAsideOrShownHarmless() throws {
        let values: [[UInt8]] = [
            [0xFF, 0xFE], [0xC3, 0x28], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0x41, 0x00, 0x42], [0xC0, 0xAF],
        ]
        let people = values.enumerated().map { place, value in
            SampleCompany.person("odd\(place)", number: 1_100 + place)
                .replacing("cn: odd\(place) Example", with: LDIFLine.encoded("cn", value))
        }
        let (_, users) = try night(
            people.joined(), members: values.indices.map { SampleCompany.personDN("odd\($0)") })
        #expect(Set(BadDataTests.goodEmails).isSubset(of: users))
    }

    @Test func invalidEmailsInviteNobody() throws {
        let values: [[UInt8]] = [
            [0xFF] + Array("@example.org".utf8), Array("a\u{0}b@example.org".utf8), Array("a b@example.org".utf8),
            Array("a@evil.example\n@example.org".utf8), Array("@example.org".utf8), Array("x@elsewhere.example".utf8),
            Array("\u{202E}gro@example.org".utf8), Array(repeating: 0x61, count: 2_000) + Array("@example.org".utf8),
        ]
        let people = values.enumerated().map { place, value in
            SampleCompany.person("odd\(place)", number: 1_100 + place)
                .replacing("mail: odd\(place)@example.org", with: LDIFLine.encoded("mail", value))
        }
        let (_, users) = try night(
            people.joined(), members: values.indices.map { SampleCompany.personDN("odd\($0)") })
        #expect(users == BadDataTests.goodEmails)
    }

    @Test func controlCharactersNeverReachTheTerminal() throws {
        // One of every kind; `HostileTerminalTests` has all of them.
        let values = stride(from: 0, to: HostileNames.all.count, by: 10).map { HostileNames.all[$0] }
        let people = values.enumerated().map { place, value in
            SampleCompany.person("odd\(place)", number: 1_100 + place)
                .replacing("cn: odd\(place) Example", with: LDIFLine.encoded("cn", value))
        }
        let (site, users) = try night(
            people.joined(), members: values.indices.map { SampleCompany.personDN("odd\($0)") })
        #expect(users.count == BadDataTests.goodEmails.count + values.count)
        for place in values.indices {
            for command in ["explain", "history"] {
                let shown = try site.run([command, "odd\(place)@example.org"])
                #expect(shown.status == 0, "\(command): \(shown.message)")
                PrintableText.expect(shown.output)
            }
        }
    }

    @Test func groupsThatHoldEachOther() throws {
        let ring = (0..<100).map { number in
            SampleCompany.group(
                "ring\(number)", number: 3_000 + number,
                members: [
                    SampleCompany.groupDN("ring\((number + 1) % 100)"), SampleCompany.personDN("p\(number % 20)"),
                ])
        }
        let own = SampleCompany.group("own", number: 3_500, members: [SampleCompany.groupDN("own")])
        let back = SampleCompany.group("back", number: 3_501, members: [SampleCompany.groupDN("support")])
        let (_, users) = try night(
            ring.joined() + own + back, members: ["ring0", "own", "back"].map(SampleCompany.groupDN))
        #expect(users == BadDataTests.goodEmails)
    }

    @Test func groupOfAHundredThousand() throws {
        let others = (0..<100_000).map { "uid=stranger\($0),ou=elsewhere,dc=example,dc=org" }
        #expect(try night("", members: others).users == BadDataTests.goodEmails)
    }

    @Test func idsThatCannotBeUsed() throws {
        let people = ["", "not-an-id", "00000000-0000-0000-0000-000000000000"].enumerated().map { place, id in
            SampleCompany.person("odd\(place)", number: 1_100 + place)
                .replacing(
                    "entryUUID: \(SampleCompany.id(1_100 + place))\n", with: id.isEmpty ? "" : "entryUUID: \(id)\n")
        }
        let (_, users) = try night(
            people.joined(), members: people.indices.map { SampleCompany.personDN("odd\($0)") })
        #expect(Set(BadDataTests.goodEmails).isSubset(of: users))
    }

    @Test(arguments: [
        "dn: uid=cut,ou=people,dc=example,dc=org\nobjectClass", "dn:: !!!!\n", "nothing of the kind\n",
        "dn: uid=u,ou=people,dc=example,dc=org\nmail:< file:///etc/passwd\n",
        "dn: uid=u,ou=people,dc=example,dc=org\nchangetype: delete\n",
    ])
    func fileThatIsNoDirectoryIsRefusedWhole(_ tail: String) throws {
        let ldif = SampleCompany.frame + BadDataTests.good + BadDataTests.support()
        var site = try Site(ldif: Array(ldif.utf8))
        let before = try site.prepare()
        try site.write(Array((ldif + tail).utf8), to: "people.ldif")
        site.hour = 24
        let ended = try site.sync()
        #expect(ended.status == 65, "\(ended.message)")
        #expect(ended.message.contains("people.ldif:") && ended.message.contains("\nhint: "), "\(ended.message)")
        #expect(try site.saved() == before)
    }
}
