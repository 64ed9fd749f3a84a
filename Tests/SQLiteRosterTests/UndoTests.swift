import AccessModel
import Diagnostics
import DirectoryModel
import Foundation
import MappingLanguage
import Reconciliation
import Reports
import SQLiteRoster
import TestSupport
import Testing

/// Undoing a run puts users and line back as they were, but for tombstones and what nobody can take back.
struct UndoTests {
    /// What somebody has, without numbers and versions.
    private struct Meaning: Equatable {
        var email: String
        var name: String
        var status: UserStatus
        var managed: Bool
        var access: Access
        var groups: [String]
        var details: UserDetails
    }

    private func meaning(_ roster: TargetRoster) -> [PersonKey: Meaning] {
        var users: [PersonKey: Meaning] = [:]
        for (place, row) in roster.users.enumerated() {
            let key = PersonKey(directory: roster.directories[Int(row.directory)], id: row.id)
            users[key] = Meaning(
                email: roster.texts[row.email], name: roster.texts[row.name], status: row.status, managed: row.managed,
                access: roster.accesses[Int(row.access)],
                groups: roster.groupSets[Int(row.groupSet)].map { "\($0.directory) \($0.id)" },
                details: roster.details[place] ?? UserDetails())
        }
        return users
    }

    private func line(_ roster: TargetRoster, without excused: Set<PersonKey> = []) -> [String] {
        roster.waiting.filter { !excused.contains($0.person) }.map {
            "\($0.person) \($0.scope) \($0.role) \($0.since) \($0.forPace)"
        }.sorted()
    }

    private func apply(_ plan: TargetPlan, to roster: SQLiteRoster, command: String = "sync") throws {
        let loaded = try roster.load(targets: [plan.target])
        let record = RunRecord(
            number: loaded.lastRun + 1, command: command, actor: "root", started: loaded.lastRun * 100,
            ended: loaded.lastRun * 100, outcome: .applied, exitStatus: 0, summary: "", version: "v", targets: [])
        var plan = plan
        plan.baseline = nil
        for place in plan.subjects.indices { plan.subjects[place].person = nil }
        try roster.apply(
            RunToApply(
                record: record, generation: loaded.generation, mirror: nil, stamps: [:], pins: [], plans: [plan],
                pauses: command == "undo" ? [plan.target] : []))
    }

    private func target(_ roster: SQLiteRoster) throws -> TargetRoster {
        try roster.load(targets: ["acme"]).targets[0]
    }

    /// Three runs undone in each world; a run that changed nothing is none.
    @Test func undoingTheLastRunRestoresWhatWasBefore() throws {
        var (runs, undone) = (0, 0)
        for seed in Figures.seeds(Figures.cases * 7 / 10) {
            let scratch = try ScratchRoster(inMemory: true)
            let roster = try scratch.open()
            var generator = WorldGenerator(seed: seed, calm: false)
            for _ in 0..<3 {
                let before = try target(roster)
                let plan = generator.world.plan(before)
                try apply(plan, to: roster)
                let run = try roster.load(targets: []).lastRun
                let images = try roster.images(ofRun: run)
                if let one = images.first {
                    let after = try target(roster)
                    let undo = Reconciler(settings: generator.world.settings).plan(
                        undoing: one, UndoAct(run: run, name: "root", reason: ""), roster: after,
                        now: generator.world.now)
                    try apply(undo, to: roster, command: "undo")
                    try expectRestored(before, undo, roster, "seed \(seed)")
                    undone += undo.changes.count
                    runs += 1
                }
                try apply(generator.world.plan(try target(roster)), to: roster)
                generator.passDay()
            }
            #expect(try roster.verify().problems == [], "seed \(seed)")
            try roster.close()
        }
        if Figures.hasAllSeeds { #expect(runs >= Figures.cases && undone > runs) }
    }

    private func expectRestored(
        _ before: TargetRoster, _ undo: TargetPlan, _ roster: SQLiteRoster, _ comment: Comment
    ) throws {
        let after = try target(roster)
        let excused = Set(undo.findings.compactMap(\.person))
        let (old, new) = (meaning(before), meaning(after))
        for (person, was) in old where !excused.contains(person) {
            let isSame = new[person] == was
            #expect(isSame, comment)
        }
        for (person, now) in new where old[person] == nil && !excused.contains(person) {
            #expect(now.status == .removed, comment)
        }
        let isSame = line(after, without: excused) == line(before, without: excused)
        #expect(isSame, comment)
        #expect(after.pausedBy != nil, comment)
        // A limit that was lowered, or the floor of admins, keeps somebody as they are, and with them whoever has their email.
        let allowed: Set<String> = ["undo.final", "admins.kept", "undo.no-seat", "undo.email-taken"]
        for finding in undo.findings { #expect(allowed.contains(finding.code), comment) }
    }

    @Test func whatChangedSinceStays() throws {
        let scratch = try ScratchRoster()
        let roster = try scratch.open()
        var generator = WorldGenerator(seed: 4, calm: true)
        try apply(generator.world.plan(try target(roster)), to: roster)
        generator.passDay()
        let first = try roster.load(targets: []).lastRun
        let loaded = try target(roster)
        let row = try #require(loaded.users.first { $0.status != .suspended && $0.status != .removed })
        let person = PersonKey(directory: loaded.directories[Int(row.directory)], id: row.id)
        let reconciler = Reconciler(settings: generator.world.settings)
        let act = ManualAct(deed: .suspend, person: person, name: "root", reason: "asked")
        try apply(reconciler.plan(act, roster: loaded, now: 5), to: roster, command: "suspend")
        let undo = reconciler.plan(
            undoing: try #require(try roster.images(ofRun: first).first),
            UndoAct(run: first, name: "root", reason: ""), roster: try target(roster), now: 6)
        #expect(undo.findings.contains { $0.code == "undo.changed-since" && $0.person == person })
        #expect(!undo.subjects.contains { $0.id == row.id })
        #expect(undo.changes.allSatisfy { $0.kind == .remove || $0.kind == .stopWaiting })
        #expect(undo.changes.count { $0.kind == .remove } == loaded.users.count { $0.status != .removed } - 1)
    }

    @Test func whoKeepsTheSeatDoesNotStandInLineAgain() throws {
        let scratch = try ScratchRoster()
        let roster = try scratch.open()
        var world = World(.desk, pools: [SeatPool(scope: ScopePath("support"), seatClass: "seat", limit: 1)])
        world.rules = [World.Rule("Support", group: "support", scope: "support", role: "agent")]
        world.people = [World.Person("ada", groups: ["support"]), World.Person("dora", groups: ["support"])]
        try apply(world.plan(try target(roster)), to: roster)
        let person = try #require(try target(roster).waiting.first?.person)
        world.settings.topology = Topology(
            scopes: world.settings.topology.scopes,
            pools: [SeatPool(scope: ScopePath("support"), seatClass: "seat", limit: 2)])
        world.now += 86_400
        try apply(world.plan(try target(roster)), to: roster)
        #expect(try target(roster).waiting == [])
        let reconciler = Reconciler(settings: world.settings)
        func undo() throws -> TargetPlan {
            reconciler.plan(
                undoing: try #require(try roster.images(ofRun: 2).first),
                UndoAct(run: 2, name: "root", reason: ""), roster: try target(roster), now: world.now + 5)
        }
        #expect(try undo().waiting.map(\.person) == [person])
        let act = ManualAct(deed: .suspend, person: person, name: "root", reason: "asked")
        try apply(reconciler.plan(act, roster: try target(roster), now: world.now + 4), to: roster, command: "suspend")
        let partial = try undo()
        #expect(partial.findings.map(\.code) == ["undo.changed-since"])
        #expect(partial.waiting == [])
        #expect(partial.changes == [])
    }

    @Test func undoingAnUndoGivesBackWhatItTook() throws {
        let scratch = try ScratchRoster()
        let roster = try scratch.open()
        let generator = WorldGenerator(seed: 9, calm: true)
        try apply(generator.world.plan(try target(roster)), to: roster)
        let loaded = try target(roster)
        let reconciler = Reconciler(settings: generator.world.settings)
        let row = try #require(loaded.users.first { $0.status != .suspended && $0.status != .removed })
        let person = PersonKey(directory: loaded.directories[Int(row.directory)], id: row.id)
        let act = ManualAct(deed: .suspend, person: person, name: "root", reason: "asked")
        try apply(reconciler.plan(act, roster: loaded, now: 5), to: roster, command: "suspend")
        let suspended = meaning(try target(roster))
        for run in [Int64(2), 3] {
            let undo = reconciler.plan(
                undoing: try #require(try roster.images(ofRun: run).first),
                UndoAct(run: run, name: "root", reason: ""), roster: try target(roster), now: 6)
            try apply(undo, to: roster, command: "undo")
            if run == 2 { #expect(meaning(try target(roster)) == meaning(loaded)) }
        }
        #expect(meaning(try target(roster)) == suspended)
    }

    /// What a plan counts, what its report says, what the audit holds and what differs in the roster are the same; whoever the plan
    /// does not name stays byte by byte.
    @Test func planReportAuditAndRosterCountTheSame() throws {
        var runs = 0
        for seed in Figures.seeds(Figures.cases * 6 / 10) {
            let scratch = try ScratchRoster(inMemory: true)
            let roster = try scratch.open()
            var generator = WorldGenerator(seed: seed, calm: false)
            for _ in 0..<3 {
                let plan = generator.world.plan(try target(roster))
                let counts = PlanCounts(plan)
                let before = try lines(of: "user", roster)
                try apply(plan, to: roster)
                let audit = try roster.changes(ofRun: try roster.load(targets: []).lastRun)
                #expect(audit.count == plan.changes.count, "seed \(seed)")
                #expect(counts.total == audit.count, "seed \(seed)")
                for kind in ChangeKind.allCases {
                    #expect(audit.count { $0.kind == kind } == counts.count(kind), "seed \(seed)")
                }
                #expect(reported(plan) == audit.count, "seed \(seed)")
                expectDifference(before, try lines(of: "user", roster), plan, "seed \(seed)")
                if !audit.isEmpty { runs += 1 }
                generator.passDay()
            }
            try roster.close()
        }
        if Figures.hasAllSeeds { #expect(runs >= Figures.cases) }
    }

    private func lines(of section: String, _ roster: SQLiteRoster) throws -> Set<Substring> {
        Set(try roster.dump().split(separator: "\n").filter { $0.hasPrefix(section + " ") })
    }

    /// Changes that the JSON of a plan holds, without those that a hold keeps back.
    private func reported(_ plan: TargetPlan) -> Int {
        var plan = plan
        plan.heldBack = nil
        let report = PlanReport(stage: .planned, run: nil, time: 0, version: "1", plans: [plan])
        let json = String(decoding: PlanJSON.bytes(report, changesAtMost: Int.max), as: UTF8.self)
        return json.components(separatedBy: "\"evidence\":").count - 1
    }

    /// The users that differ are those the plan has a row for, and no others.
    private func expectDifference(
        _ before: Set<Substring>, _ after: Set<Substring>, _ plan: TargetPlan, _ comment: Comment
    ) {
        let rows = plan.subjects.filter { $0.row != nil }
        let ids = rows.map { "X'" + Hexadecimal.text($0.id.bytes).uppercased() + "'" }
        #expect(after.subtracting(before).count == rows.count, comment)
        #expect(before.subtracting(after).count == rows.count { $0.version > 0 }, comment)
        for line in before.symmetricDifference(after) {
            #expect(ids.contains { line.contains($0) }, comment)
        }
    }
}
