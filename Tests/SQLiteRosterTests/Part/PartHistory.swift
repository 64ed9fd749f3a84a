import AccessModel
import DirectoryModel
import Foundation
import MappingLanguage
import Reconciliation
import TestSupport

@testable import SQLiteRoster

/// Nights of one world: each is decided about part of the people and about everybody, on rosters that are the same.
final class PartHistory {
    var world: PartWorld
    var target: PartTarget
    private(set) var now: Int64 = 1_000_000_000
    private(set) var mirror: Mirror
    private let scratch: ScratchRoster
    private var roster: SQLiteRoster
    private(set) var differences: [String] = []
    /// How often everybody had to be decided about, by reason.
    private(set) var reasons: [EverybodyReason.Kind: Int] = [:]
    /// Runs that were decided in part, changes that they made, and people they looked at and did not.
    private(set) var parts = 0
    private(set) var changes: [ChangeKind: Int] = [:]
    private(set) var looked = 0
    private(set) var others = 0
    /// How many people, and places in line, a part may have.
    var mostPeople = 20_000
    var mostInLine = 2_000
    /// Changes besides those of the world, and changes of what a part is decided by.
    var more: [String: MirrorRowChanges] = [:]
    var edit: (inout ReconcileInput) -> Void = { _ in }
    /// What is not looked for.
    var leavingOut: Set<AffectedPeople.Piece> = []
    private var lastMirror = Mirror()

    init(seed: UInt64) throws {
        world = PartWorld(seed: seed)
        target = try PartTarget(&world.dice)
        mirror = world.mirror(now)
        scratch = try ScratchRoster(inMemory: true)
        roster = try scratch.open()
    }

    /// A night on which everybody is decided about, as each first one is.
    func night() throws {
        try pass()
        let before = try roster.load(targets: ["desk"])
        let night = PartNight(now: now)
        try roster.apply(run(try target.plan(mirror, before, night), before, night))
        lastMirror = mirror
    }

    /// Takes everything out of the target that needs everybody, or depends on the seed.
    func calm() {
        target.settings.policy = Policy()
        target.settings.limits = .none
        target.settings.protect = []
        target.mapping.causes = []
        for pool in target.settings.topology.pools.indices { target.settings.topology.pools[pool].limit = 1_000 }
    }

    /// Why a run a minute later would look at everybody; nil where it would not.
    func reason() throws -> EverybodyReason.Kind? {
        let night = PartNight(now: now + 60)
        var rows = MirrorDifference.changes(from: lastMirror, to: world.mirror(night.now))
        rows.merge(more) { $1 }
        switch try decide(rows, night) {
        case .failure(let reason): return reason.kind
        case .success: return nil
        }
    }

    /// A run of another command that writes nothing about users.
    func record(_ command: String, signIns: Int64? = nil, pauses: Bool = false) throws {
        let before = try roster.load(targets: ["desk"])
        let record = RunRecord(
            number: before.lastRun + 1, command: command, actor: "root", started: now, ended: now, outcome: .applied,
            exitStatus: 0, summary: "", version: "1", targets: [])
        try roster.apply(
            RunToApply(
                record: record, generation: before.generation, mirror: nil, stamps: before.stamps, pins: before.pins,
                plans: [], signInsImported: signIns.map { ["desk": $0] } ?? [:], pauses: pauses ? ["desk"] : []))
    }

    func pause() throws { try record("suspend", pauses: true) }

    /// A run that reads changes.
    func step() throws {
        if world.dice.chance(25) { try act() }
        let last = mirror
        try pass()
        let night = PartNight(now: now, absences: absences(since: last))
        let before = try roster.load(targets: ["desk"])
        let full = try target.plan(mirror, before, night)
        let rows = MirrorDifference.changes(from: last, to: mirror)
        switch try decide(rows, night) {
        case .failure(let reason):
            reasons[reason.kind, default: 0] += 1
            try roster.apply(run(full, before, night))
        case .success(let (part, plan)):
            parts += 1
            looked += part.after.people.count
            others += mirror.people.count - part.after.people.count
            for change in plan.changes { changes[change.kind, default: 0] += 1 }
            differences += PlanDifference.lines(full, plan)
            if differences.isEmpty { try write(full, plan, before, night) }
        }
    }

    private func decide(
        _ rows: [String: MirrorRowChanges], _ night: PartNight
    ) throws -> Result<(RosterPart, TargetPlan), EverybodyReason> {
        var question = PartQuestion(targets: [target.settings], changes: rows, now: night.now)
        question.mostPeople = mostPeople
        question.mostInLine = mostInLine
        let answer = try roster.read { [leavingOut] connection in
            try PartReader(connection: connection, question: question, leavingOut: leavingOut).answer()
        }
        switch answer {
        case .everybody(let reason): return .failure(reason)
        case .part(let part):
            if let reason = try unsettled(part) { return .failure(reason) }
            do throws(EverybodyReason) {
                return .success((part, try target.plan(part, night, edit: edit)))
            } catch {
                return .failure(error)
            }
        }
    }

    private func unsettled(_ part: RosterPart) throws -> EverybodyReason? {
        EverybodyReason.of(
            try roster.runs(limit: 50).map(\.record), targets: ["desk"],
            since: part.roster.targets[0].baseline?.run ?? 0)
    }

    private func pass() throws {
        now += world.dice.pick([60, 3_600, 40_000, 90_000, 2 * 86_400])
        world.passTime(now)
        mirror = world.mirror(now)
    }

    private func absences(since last: Mirror) -> [PersonKey: AbsenceFinding] {
        var found: [PersonKey: AbsenceFinding] = [:]
        for row in last.people {
            let name = last.directories[Int(row.directory)]
            guard mirror.place(of: row.id, directory: row.directory) == nil else { continue }
            let outside = AbsenceFinding.outOfScope(dn: "x", state: world.dice.chance(50) ? .enabled : .disabledByFlag)
            found[PersonKey(directory: name, id: row.id)] = world.dice.pick([.gone, .gone, .unknown, outside])
        }
        return found
    }

    /// Applies one plan to the roster and the other to a copy; both must hold the same.
    private func write(_ full: TargetPlan, _ part: TargetPlan, _ before: Roster, _ night: PartNight) throws {
        let other = scratch.folder.path("other.sqlite")
        try? FileManager.default.removeItem(atPath: other)
        try FileManager.default.copyItem(atPath: scratch.path, toPath: other)
        let copy = try SQLiteRoster(RosterOpening(path: other, use: .write))
        var whole = run(full, before, night)
        try copy.apply(whole)
        let findings = try roster.findings(target: "desk")
        whole.plans = [part]
        try roster.apply(whole)
        let (left, right) = (try PartHistory.lines(copy), try PartHistory.lines(roster))
        if left != right {
            differences.append("rosters differ: \(Set(left).symmetricDifference(right).sorted().prefix(6))")
        }
        differences += try findingProblems(findings, full, part)
        differences += try roster.verify().problems
        try copy.close()
    }

    /// Findings about people who were not looked at stay, and are those that a look at everybody would have.
    private func findingProblems(_ before: [Finding], _ full: TargetPlan, _ part: TargetPlan) throws -> [String] {
        let looked = part.lookedAt ?? []
        func ofOthers(_ findings: [Finding]) -> [Finding] {
            findings.filter { $0.person.map { !looked.contains($0) } ?? false }
        }
        var problems: [String] = []
        let now = try roster.findings(target: "desk")
        if now != TargetPlan.sorted(ofOthers(before) + part.findings) { problems.append("findings: \(now)") }
        let (left, right) = (comparable(ofOthers(before)), comparable(ofOthers(full.findings)))
        if left != right { problems.append("findings of others: \(left.symmetricDifference(right))") }
        return problems
    }

    /// A reminder says how many days ago it was when everybody was last looked at; what is found about people who are not in the
    /// mirror takes a read that only a full pull makes.
    private func comparable(_ findings: [Finding]) -> Set<Finding> {
        let present = Set(mirror.people.map(\.id))
        return Set(
            findings.filter { $0.person.map { present.contains($0.id) } ?? true }.map { finding in
                var finding = finding
                if finding.code == "user.not-accepted" { finding.message = "" }
                return finding
            })
    }

    private static func lines(_ roster: SQLiteRoster) throws -> [String] {
        try roster.dump().split(separator: "\n").map(String.init).filter { !$0.hasPrefix("finding ") }
    }

    private func run(_ plan: TargetPlan, _ before: Roster, _ night: PartNight) -> RunToApply {
        let isHeld = !plan.holds.isEmpty
        let record = RunRecord(
            number: before.lastRun + 1, command: "sync", actor: "root", started: night.now, ended: night.now,
            outcome: isHeld ? .partlyHeld : .applied, exitStatus: isHeld ? 3 : 0, summary: "", version: "1",
            targets: [
                TargetRunRecord(
                    target: "desk", mode: .manage, held: plan.heldBack != nil,
                    counts: ["findings": plan.findings.count],
                    holds: plan.holds.map(\.message), findingKeys: plan.findings.map(\.code))
            ])
        return RunToApply(
            record: record, generation: before.generation, mirror: mirror, stamps: [:], pins: [], plans: [plan])
    }

    /// Somebody is suspended, resumed or given something by hand.
    private func act() throws {
        let before = try roster.load(targets: ["desk"])
        let users = before.targets[0]
        let managed = users.users.indices.filter { users.users[$0].managed && users.users[$0].status != .removed }
        guard !managed.isEmpty else { return }
        let place = world.dice.pick(managed)
        let person = PersonKey(
            directory: users.directories[Int(users.users[place].directory)], id: users.users[place].id)
        let reconciler = Reconciler(settings: target.settings)
        now += 10
        let deed = world.dice.below(3)
        let plan =
            deed < 2
            ? reconciler.plan(
                ManualAct(deed: deed == 0 ? .suspend : .resume, person: person, name: "root", reason: "asked"),
                roster: users, now: now)
            : reconciler.plan(
                GrantAct(
                    deed: .grant(until: now + Int64(world.dice.below(100_000))), person: person,
                    parts: [.role("chatter", scope: ScopePath("support"))], name: "root", reason: "asked"),
                roster: users, newcomer: nil, now: now)
        guard !plan.changes.isEmpty else { return }
        let record = RunRecord(
            number: before.lastRun + 1, command: ["suspend", "resume", "grant"][deed], actor: "root", started: now,
            ended: now, outcome: .applied, exitStatus: 0, summary: "", version: "1", targets: [])
        try roster.apply(
            RunToApply(
                record: record, generation: before.generation, mirror: nil, stamps: before.stamps, pins: before.pins,
                plans: [plan]))
    }
}
