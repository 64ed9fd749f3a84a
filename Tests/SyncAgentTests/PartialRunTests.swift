import AccessModel
import DirectoryModel
import Reconciliation
import SQLiteRoster
import TestSupport
import Testing

@testable import SyncAgent

/// Runs that read changes decide about the people whom these can affect, and say about whom they decided.
struct PartialRunTests {
    /// Nine people in a group that a rule names, after a first night and a quiet one.
    private func begun(
        asking: Bool = true, limits: String = "suspend_disabled: {floor: 100}"
    ) throws -> (company: SmallCompany, server: FollowedWorld) {
        let server = FollowedWorld(seed: 4, links: .staysWithName, now: 1_800_000_000)
        server.edit { world in
            world.entries = world.entries.filter { $0.key == FollowedWorld.staff }
            for number in 1...9 {
                world.entries[number] = DeltaWorld.Entry(
                    dn: "uid=p\(number),ou=x,dc=y", isPerson: true, isGroup: false, logins: ["p\(number)"], title: "")
            }
            world.entries[FollowedWorld.staff]?.members = (1...8).map { .dn("uid=p\($0),ou=x,dc=y") }
        }
        let company = try SmallCompany(inMemory: true)
        try write(company, role: "user")
        company.edit = {
            $0.replacing("email_domains:", with: "trusted_attributes: [title]\n    email_domains:")
                .replacing("attributes: {disabled", with: "attributes: {id: uid, disabled")
        }
        company.config = """
                limits: {\(limits), suspend_other: {floor: 100}, lose_access: {floor: 100}, \
            return: {floor: 100}}
            """
        company.source = { _ in server.source() }
        company.asksForParts = asking
        try company.sync()
        company.sleep(hours: 1)
        try company.sync()
        company.sleep(hours: 1)
        return (company, server)
    }

    private func write(_ company: SmallCompany, role: String, name: String = "Staff") throws {
        try company.directory.write(
            "mapping.yaml",
            """
            version: 1
            platform: tenant
            rules:
              - name: \(name)
                when: {group: "cn=staff,ou=x,dc=y"}
                give: {role: \(role)}
              - name: Titled
                when: {all: [{group: "cn=staff,ou=x,dc=y"}, {attribute: {name: title, present: true}}]}
                give: {role: user, switches: {crm_access: true}}
            """)
    }

    @Test func onlyThoseWhomAChangeCanAffectAreLookedAt() throws {
        let (company, server) = try begun()
        server.edit { $0.entries[3]?.isDisabled = true }
        let result = try company.follow()
        #expect(result.scope == .people(1))
        #expect(result.mirror.people.count == 1)
        #expect(result.record.summary.contains("decided about 1 person"))
        #expect(result.record.targets[0].counts[TargetRunRecord.peopleLookedAt] == 1)
        #expect(try company.emails(.suspended) == ["e3@example.org"])
        #expect(try company.emails(.invited).count == 7)
        #expect(try company.roster { try $0.verify().problems } == [])
        // Whom that run wrote is looked at once more, and then nobody.
        company.sleep(hours: 1)
        #expect(try company.follow().scope == .people(1))
        company.sleep(hours: 1)
        #expect(try company.follow().scope == .people(0))
        #expect(server.pulls == 2)
    }

    @Test func anEditedMappingIsDecidedAboutEverybody() throws {
        let (company, server) = try begun()
        try write(company, role: "user", name: "Everybody")
        server.edit { $0.entries[3]?.isDisabled = true }
        let result = try company.follow()
        guard case .everybody(let reason) = result.scope else {
            Issue.record("\(String(describing: result.scope))")
            return
        }
        #expect(reason.contains("mapping.yaml"))
        #expect(result.record.summary.contains("decided about everybody: "))
        #expect(result.record.targets[0].counts[TargetRunRecord.peopleLookedAt] == nil)
        // What was read is not asked for again.
        #expect(server.pulls == 2)
        #expect(server.readings == 1)
        #expect(try company.emails(.suspended) == ["e3@example.org"])
    }

    @Test func anOpenApprovalIsDecidedAboutEverybody() throws {
        let (company, _) = try begun()
        try company.directory.write(
            "approvals/one.yaml",
            "version: 1\nreason: r\ntargets: all\nvalid: {from: 2027-01-15T00:00Z, until: 2027-01-20T00:00Z}\nallow: {people_shrink: 1}\n"
        )
        guard case .everybody(let reason) = try company.follow().scope else {
            Issue.record("part of the people was enough")
            return
        }
        #expect(reason.contains("approval"))
    }

    /// An approval of which nothing is left decides nothing any more.
    @Test func anApprovalThatIsUsedUpIsNotOpen() throws {
        let (company, server) = try begun(limits: "suspend_disabled: {count: 0, percent: 0, floor: 0}")
        server.edit { $0.entries[3]?.isDisabled = true }
        let id = try #require(DeltaWorld.id(3))
        try company.directory.write(
            "approvals/one.yaml",
            """
            version: 1
            reason: r
            targets: all
            valid: {from: 2027-01-15T00:00Z, until: 2027-01-20T00:00Z}
            here: ["\(id)"]
            allow: {suspend_disabled: 1}

            """)
        for _ in 0..<2 {
            try company.sync()
            company.sleep(hours: 1)
        }
        #expect(try company.emails(.suspended) == ["e3@example.org"])
        #expect(try company.follow().scope == .people(0))
    }

    @Test func findingsOfOthersAreNoNewsTheNextNight() throws {
        let (company, server) = try begun()
        server.edit { $0.entries[9]?.logins = ["p9", "q9"] }
        server.edit { $0.entries[FollowedWorld.staff]?.members.append(.dn("uid=p9,ou=x,dc=y")) }
        _ = try company.follow()
        company.sleep(hours: 1)
        let known = try company.sync()
        company.sleep(hours: 1)
        #expect(try company.follow().scope != nil)
        company.sleep(hours: 1)
        server.edit { $0.entries[2]?.title = "x" }
        #expect(try company.follow().newFindings == [])
        company.sleep(hours: 1)
        let night = try company.sync()
        #expect(night.newFindings == [])
        // The edit gave a rule somebody to match; what is said of people stays.
        let ofPeople = known.plans[0].findings.filter { $0.person != nil }
        #expect(!ofPeople.isEmpty)
        #expect(night.plans[0].findings.filter { $0.person != nil } == ofPeople)
    }

    @Test func aServerThatFailsFailsTheRun() throws {
        let (company, server) = try begun()
        server.failure = PullFailure(
            kind: .unreachable, directory: "corp", message: "directory `corp`: no", hint: "wait")
        #expect(throws: AgentFailure.self) { try company.follow() }
        #expect(try company.runs()[0].outcome == .failed)
        server.edit { $0.entries[3]?.isDisabled = true }
        #expect(try company.follow().scope == .people(1))
    }

    @Test func aRosterThatCannotTellPartsIsDecidedAboutEverybody() throws {
        let (company, server) = try begun(asking: false)
        server.edit { $0.entries[3]?.isDisabled = true }
        #expect(try company.follow().scope == .everybody("this roster cannot be asked about part of the people"))
        #expect(try company.emails(.suspended) == ["e3@example.org"])
    }

    /// What happens in a random history: nobody leaves, since absence takes a full pull.
    private func happen(_ server: FollowedWorld) {
        let number = server.random(1...9)
        let name = DeltaWorld.Member.dn("uid=p\(number),ou=x,dc=y")
        switch server.random(0...3) {
        case 0: server.edit { $0.entries[number]?.isDisabled.toggle() }
        case 1:
            let title = server.world.entries[number]?.title == "" ? "x" : ""
            server.edit { $0.entries[number]?.title = title }
        case 2: server.edit { $0.entries[FollowedWorld.staff]?.members.removeAll { $0 == name } }
        default: server.edit { $0.entries[FollowedWorld.staff]?.members.append(name) }
        }
    }

    @Test func rosterThatFollowsInPartIsThatOfWholeRuns() throws {
        var parts = 0
        for seed in Figures.seeds(Figures.of(20, soak: 1_000)) {
            let (part, server) = try begun()
            let (whole, other) = try begun()
            for _ in 0..<seed { _ = server.random(0...1) }
            for night in 0..<6 {
                for _ in 0..<server.random(0...2) { happen(server) }
                other.edit { $0.entries = server.world.entries }
                let result = night == 3 ? try part.sync() : try part.follow()
                if case .people = result.scope { parts += 1 }
                try whole.sync()
                let (left, right) = (try text(part), try text(whole))
                #expect(left == right, "seed \(seed), night \(night)")
                for company in [part, whole] { company.sleep(hours: Int64(3 + night * 4)) }
            }
        }
        #expect(parts > 40)
    }

    /// The roster without the records of runs, which say how they were made.
    private func text(_ company: SmallCompany) throws -> [String] {
        var lines: [String] = []
        // The counts of a run are lines within quotes.
        var isRun = false
        var isOpen = false
        for line in try company.dump().split(separator: "\n") {
            if !isOpen { isRun = line.hasPrefix("run ") || line.hasPrefix("run-target ") }
            if line.utf8.count(where: { $0 == UInt8(ascii: "'") }) % 2 == 1 { isOpen.toggle() }
            if !isRun { lines.append(String(line)) }
        }
        return lines
    }
}
