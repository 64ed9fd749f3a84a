import AccessModel
import DirectoryModel
import Reconciliation
import SQLiteRoster
import TestSupport
import Testing

@testable import SyncAgent

/// Runs that read only what changed leave what runs leave that read everything.
struct IncrementalRunTests {
    private static let limits = """
            limits: {suspend_disabled: {floor: 100}, suspend_other: {floor: 100}, lose_access: {floor: 100}, return: {floor: 100}, \
        people_shrink: {floor: 100}, group_shrink: {floor: 100}}
        """

    private static let strict = """
            limits: {suspend_disabled: {count: 0, percent: 0, floor: 0}, suspend_other: {count: 0, percent: 0, floor: 0}, \
        lose_access: {count: 0, percent: 0, floor: 0}}
        """

    /// A company whose directory is a random world; `limited` holds nearly everything.
    private func company(_ server: FollowedWorld, limited: Bool = false) throws -> SmallCompany {
        let company = try SmallCompany(inMemory: true)
        try company.directory.write(
            "mapping.yaml",
            """
            version: 1
            platform: tenant
            rules:
              - name: Staff
                when: {group: "cn=staff,ou=x,dc=y"}
                give: {role: user}
              - name: Titled
                when: {all: [{group: "cn=staff,ou=x,dc=y"}, {attribute: {name: title, present: true}}]}
                give: {role: user, switches: {crm_access: true}}
            """)
        company.edit = { $0.replacing("email_domains:", with: "trusted_attributes: [title]\n    email_domains:") }
        company.config = limited ? IncrementalRunTests.strict : IncrementalRunTests.limits
        company.source = { _ in server.source() }
        return company
    }

    /// The roster without what tells runs apart: records of runs, and how they were called.
    private func text(_ company: SmallCompany) throws -> [String] {
        try company.dump().split(separator: "\n").map { String($0) }.filter { !$0.hasPrefix("run ") }
    }

    /// What came of all histories.
    private struct Tally {
        var followed = 0
        var whole: [String: Int] = [:]
        var changes = 0
        var holds = 0
    }

    private func play(_ seed: UInt64, _ tally: inout Tally) throws -> String? {
        let links: LinkRule = seed % 2 == 0 ? .staysWithName : .followsEntry
        let server = FollowedWorld(seed: seed, links: links, now: 1_800_000_000)
        let limited = seed % 5 == 0
        let (whole, follower) = (try company(server, limited: limited), try company(server, limited: limited))
        var done: [String] = []
        for night in 0..<6 {
            for _ in 0..<server.random(0...4) { done.append(server.change()) }
            if server.random(0...9) == 0 { server.restart() }
            try whole.sync()
            if server.random(0...9) == 0 { server.doubt = "the server said so" }
            let result = night == 0 || server.random(0...5) == 0 ? try follower.sync() : try follower.follow()
            done.append("\(result.record.command) \(result.readings.map(\.way))")
            for reading in result.readings {
                if case .whole(let doubt) = reading.way {
                    tally.whole[doubt, default: 0] += 1
                } else {
                    tally.followed += 1
                }
            }
            tally.changes += result.plans.reduce(0) { $0 + $1.changes.count }
            tally.holds += result.plans.count { !$0.holds.isEmpty }
            let (expected, found) = (try text(whole), try text(follower))
            guard expected == found else {
                let extra = found.filter { !expected.contains($0) }
                return "seed \(seed) after \(done)\nmissing \(expected.filter { !found.contains($0) })\nextra \(extra)"
            }
            for one in [whole, follower] { one.sleep(hours: Int64(4 + night * 5)) }
        }
        let problems = try follower.roster { try $0.verify().problems }
        return problems.isEmpty ? nil : "seed \(seed) after \(done): \(problems)"
    }

    /// P11: whatever changes, and however often.
    @Test func rosterThatFollowsChangesIsThatOfWholeRuns() throws {
        var tally = Tally()
        for seed in Figures.seeds(Figures.of(200, soak: 10_000)) {
            if let failure = try play(seed, &tally) {
                Issue.record("\(failure)")
                return
            }
        }
        Figures.note(
            "runs by changes \(tally.followed), read whole after all \(tally.whole), changes of users \(tally.changes), "
                + "held \(tally.holds)")
        guard Figures.hasAllSeeds else { return }
        #expect(tally.followed > 60)
        #expect(tally.whole.count > 1)
        #expect(tally.changes > 100)
        #expect(tally.holds > 0)
    }

    // MARK: Single stories

    private func begun() throws -> (company: SmallCompany, server: FollowedWorld) {
        let server = FollowedWorld(seed: 4, links: .staysWithName, now: 1_800_000_000)
        server.edit { world in
            world.entries = world.entries.filter { $0.key == FollowedWorld.staff }
            for number in 1...9 {
                world.entries[number] = DeltaWorld.Entry(
                    dn: "uid=p\(number),ou=x,dc=y", isPerson: true, isGroup: false, logins: ["p\(number)"], title: "")
            }
            world.entries[FollowedWorld.staff]?.members = (1...9).map { .dn("uid=p\($0),ou=x,dc=y") }
        }
        let company = try company(server)
        try company.sync()
        company.sleep(hours: 1)
        return (company, server)
    }

    @Test func onlyChangesAreReadAfterAWholeRun() throws {
        let (company, server) = try begun()
        server.edit { $0.entries[3]?.isDisabled = true }
        let result = try company.follow()
        #expect(server.pulls == 1)
        #expect(server.readings == 1)
        #expect(result.readings == [DirectoryReading(directory: "corp", way: .changes(people: 1, groups: 0))])
        #expect(result.record.command == "sync --incremental")
        #expect(try company.emails(.suspended) == ["e3@example.org"])
        #expect(try company.roster { try $0.verify().problems } == [])
    }

    @Test func doubtReadsEverythingAndIsTold() throws {
        let (company, server) = try begun()
        server.doubt = "the server forgot"
        let result = try company.follow()
        #expect(server.pulls == 2)
        #expect(result.readings == [DirectoryReading(directory: "corp", way: .whole("the server forgot"))])
        #expect(try company.runs()[0].summary.contains("corp read whole: the server forgot"))
        // And the next one goes on from there.
        #expect(
            try company.follow().readings == [DirectoryReading(directory: "corp", way: .changes(people: 0, groups: 0))])
        #expect(server.pulls == 2)
    }

    @Test func firstIncrementalRunReadsEverything() throws {
        let (_, server) = try begun()
        let company = try company(server)
        let result = try company.follow()
        #expect(
            result.readings == [
                DirectoryReading(
                    directory: "corp", way: .whole("the last run left no position from which changes could be read"))
            ]
                || result.readings == [
                    DirectoryReading(directory: "corp", way: .whole("rules test other attributes than in the last run"))
                ])
        #expect(try company.emails(.invited).count == 9)
    }

    @Test func directoryThatIsNotToBeFollowedIsReadWhole() throws {
        let (company, server) = try begun()
        company.edit = {
            $0.replacing(
                "email_domains:", with: "trusted_attributes: [title]\n    incremental: off\n    email_domains:")
        }
        let result = try company.follow()
        #expect(
            result.readings == [
                DirectoryReading(directory: "corp", way: .whole("the configuration says `incremental: off`"))
            ])
        #expect(server.pulls == 2)
        #expect(try company.roster { try $0.followedMirror().followed.isEmpty })
    }

    @Test func whoWasToldGoneIsMissingAndOthersAreNot() throws {
        let (company, server) = try begun()
        server.edit { $0.entries[2] = nil }
        let result = try company.follow()
        #expect(server.looked == 0)
        #expect(result.plans[0].changes.isEmpty)
        #expect(try company.emails(.suspended) == [])
        // Two runs and twenty hours later it is settled, by changes alone: those who are missing are asked about again.
        company.sleep(hours: 21)
        try company.follow()
        #expect(server.looked == 1)
        #expect(server.pulls == 1)
        #expect(try company.emails(.suspended) == ["e2@example.org"])
    }

    @Test func accountEndsByTheClockOfARunThatReadsNothing() throws {
        let (company, server) = try begun()
        server.edit { $0.entries[5]?.ends = company.now + 3600 }
        try company.follow()
        #expect(try company.emails(.suspended) == [])
        company.sleep(hours: 2)
        let result = try company.follow()
        #expect(result.readings == [DirectoryReading(directory: "corp", way: .changes(people: 1, groups: 0))])
        #expect(server.pulls == 1)
        #expect(try company.emails(.suspended) == ["e5@example.org"])
    }

    @Test func failureFailsTheRunAndKeepsThePosition() throws {
        let (company, server) = try begun()
        let before = try company.roster { try $0.followedMirror() }
        server.failure = PullFailure(
            kind: .unreachable, directory: "corp", message: "directory `corp`: no", hint: "wait")
        #expect(throws: AgentFailure.self) { try company.follow() }
        #expect(try company.roster { try $0.followedMirror() } == before)
        server.edit { $0.entries[3]?.isDisabled = true }
        try company.follow()
        #expect(try company.emails(.suspended) == ["e3@example.org"])
        #expect(server.pulls == 1)
    }

    @Test func heldRunReadsTheSameChangesAgain() throws {
        let (company, server) = try begun()
        company.config = "    limits: {suspend_disabled: {count: 0, floor: 0}}"
        server.edit { world in for number in 1...9 { world.entries[number]?.isDisabled = true } }
        let held = try company.follow()
        #expect(held.status == .held)
        company.config = IncrementalRunTests.limits
        company.sleep(hours: 1)
        let result = try company.follow()
        #expect(result.readings == [DirectoryReading(directory: "corp", way: .changes(people: 9, groups: 0))])
        #expect(server.pulls == 1)
        #expect(try company.emails(.suspended).count == 9)
    }

    @Test func editedMirrorIsReadAnew() throws {
        let (company, server) = try begun()
        server.edit { $0.entries[3]?.title = "x" }
        try RawDatabase(company.directory.path("state/roster.sqlite")).execute(
            "UPDATE mirror_people SET state = 1 WHERE person = 4")
        let result = try company.follow()
        #expect(
            result.readings == [
                DirectoryReading(
                    directory: "corp", way: .whole("the mirror in the roster is not as the last run left it"))
            ])
        #expect(try company.emails(.suspended) == [])
        #expect(server.pulls == 2)
    }

    @Test func planReadsChangesAndWritesNothing() throws {
        let (company, server) = try begun()
        server.edit { $0.entries[3]?.isDisabled = true }
        let before = try company.dump()
        let result = try company.agent().plan(RunRequest(command: "plan", reading: .changes))
        #expect(result.readings == [DirectoryReading(directory: "corp", way: .changes(people: 1, groups: 0))])
        #expect(result.plans[0].changes.count == 1)
        #expect(try company.dump() == before)
        #expect(server.pulls == 1)
    }
}
