import AccessModel
import DirectoryModel
import Foundation
import Reconciliation
import SQLiteRoster
import TestSupport
import Testing

/// All of a run or nothing.
struct ApplyTests {
    struct BrokenOff: Error {}

    @Test(arguments: ApplyStep.allCases) func runBrokenOffLeavesNothing(_ at: ApplyStep) throws {
        for seed in UInt64(0)..<10 {
            let (scratch, roster) = try ScratchRoster.filled(seed: seed, nights: 2)
            defer { withExtendedLifetime(scratch) {} }
            let before = try roster.dump()
            let loaded = try roster.load(targets: RandomRun.targets)
            var dice = Dice(seed: seed + 100)
            var run = RandomRun.make(after: loaded, &dice)
            while run.plans.isEmpty { run = RandomRun.make(after: loaded, &dice) }
            #expect(throws: BrokenOff.self) {
                try roster.apply(run) { step in if step == at { throw BrokenOff() } }
            }
            #expect(try roster.dump() == before, "seed \(seed)")
            #expect(try roster.load(targets: []).generation == loaded.generation)
            try roster.apply(run)
            #expect(try roster.dump() != before)
        }
    }

    @Test(arguments: ApplyStep.allCases) func copyTakenAtAnyStepIsTheRosterBefore(_ at: ApplyStep) throws {
        let (scratch, roster) = try ScratchRoster.filled(seed: 21, nights: 3)
        let before = try roster.dump()
        var dice = Dice(seed: 22)
        var run = RandomRun.make(after: try roster.load(targets: RandomRun.targets), &dice)
        while run.plans.isEmpty { run = RandomRun.make(after: try roster.load(targets: RandomRun.targets), &dice) }
        let copy = try TemporaryDirectory()
        try roster.apply(run) { step in
            guard step == at else { return }
            for suffix in ["", "-journal"] where FileManager.default.fileExists(atPath: scratch.path + suffix) {
                try? FileManager.default.removeItem(atPath: copy.path("roster.sqlite" + suffix))
                try FileManager.default.copyItem(
                    atPath: scratch.path + suffix, toPath: copy.path("roster.sqlite" + suffix))
            }
        }
        let restored = try SQLiteRoster(RosterOpening(path: copy.path("roster.sqlite"), use: .write))
        try restored.check(thoroughly: true)
        #expect(try restored.dump() == before)
        #expect(try roster.dump() != before)
    }

    @Test func sameRunsGiveTheSameDump() throws {
        let left = try ScratchRoster.filled(seed: 33)
        let right = try ScratchRoster.filled(seed: 33)
        defer { withExtendedLifetime((left, right)) {} }
        #expect(try left.roster.dump() == right.roster.dump())
    }

    @Test func recordedRunDoesNotShowInTheDump() throws {
        let (scratch, roster) = try ScratchRoster.filled(seed: 4)
        defer { withExtendedLifetime(scratch) {} }
        let before = try roster.dump()
        let last = try roster.load(targets: []).lastRun
        try roster.record(RandomRun.emptyRecord(last + 1))
        #expect(try roster.dump() == before)
    }

    @Test func nightWithoutChangeWritesNoPersonAndNoMembership() throws {
        let (scratch, roster) = try ScratchRoster.filled(seed: 6)
        let mirror = try roster.loadMirror()
        let raw = try RawDatabase(scratch.path)
        let tables = ["mirror_entries", "mirror_people", "person_keys", "group_people", "person_groups", "users"]
        for table in tables {
            for act in ["INSERT", "UPDATE", "DELETE"] {
                try raw.execute(
                    "CREATE TRIGGER no_\(act)_\(table) BEFORE \(act) ON \(table) BEGIN SELECT RAISE(ABORT, 'written'); END"
                )
            }
        }
        let loaded = try roster.load(targets: [])
        let run = RunToApply(
            record: RandomRun.emptyRecord(loaded.lastRun + 1, outcome: .applied), generation: loaded.generation,
            mirror: mirror, stamps: loaded.stamps, pins: loaded.pins, plans: [])
        try roster.apply(run)
        #expect(try roster.load(targets: []).generation == loaded.generation + 1)
    }

    /// Somebody who was in a group and is nowhere any more leaves its members as they were: only the count of strangers tells.
    @Test func groupWithMoreStrangersIsWritten() throws {
        let (scratch, roster) = try ScratchRoster.filled(seed: 6)
        defer { withExtendedLifetime(scratch) {} }
        var mirror = try roster.loadMirror()
        for place in mirror.groups.indices { mirror.groups[place].unresolvedMembers += 1 }
        let loaded = try roster.load(targets: [])
        try roster.apply(
            RunToApply(
                record: RandomRun.emptyRecord(loaded.lastRun + 1, outcome: .applied), generation: loaded.generation,
                mirror: mirror, stamps: loaded.stamps, pins: loaded.pins, plans: []))
        #expect(!mirror.groups.isEmpty)
        #expect(try roster.loadMirror().groups == mirror.groups)
    }

    @Test func twoUsersWithOneEmailAreRefused() throws {
        let scratch = try ScratchRoster()
        let roster = try scratch.open()
        var plan = TargetPlan(target: "desk", mode: .manage)
        plan.directories = ["corp"]
        for (number, email) in ["Ann@example.org", "ann@EXAMPLE.org"].enumerated() {
            let span = plan.texts.append(Array(email.utf8))
            let row = UserRow(
                user: 0, id: madeUpID(number), email: span, name: .empty, lastSignIn: Int64.min, since: 1, access: 0,
                groupSet: 0, reason: 0, version: 1, directory: 0, status: .invited, managed: true)
            plan.subjects.append(
                Subject(row: row, version: 0, id: row.id, email: span, name: .empty, directory: 0, person: nil))
        }
        let run = RunToApply(
            record: RandomRun.emptyRecord(1), generation: 0, mirror: nil, stamps: [:], pins: [], plans: [plan])
        let before = try roster.dump()
        #expect(throws: RosterError.self) { try roster.apply(run) }
        #expect(try roster.dump() == before)
    }

    @Test func emailsMaySwapInOneNight() throws {
        let scratch = try ScratchRoster()
        let roster = try scratch.open()
        try roster.apply(swap(roster, ["a@x.org", "b@x.org"]))
        try roster.apply(swap(roster, ["b@x.org", "a@x.org"]))
        let users = try roster.users(UserQuery(target: "desk"))
        #expect(users.map(\.email) == ["a@x.org", "b@x.org"])
        #expect(users.map(\.person.id) == [madeUpID(1), madeUpID(0)])
        #expect(users.map(\.version) == [2, 2])
    }

    private func swap(_ roster: SQLiteRoster, _ emails: [String]) throws -> RunToApply {
        let loaded = try roster.load(targets: ["desk"])
        var plan = TargetPlan(target: "desk", mode: .manage)
        plan.directories = ["corp"]
        for (number, email) in emails.enumerated() {
            let known = loaded.targets[0].users.first { $0.id == madeUpID(number) }
            let span = plan.texts.append(Array(email.utf8))
            let row = UserRow(
                user: known?.user ?? 0, id: madeUpID(number), email: span, name: .empty, lastSignIn: Int64.min,
                since: 1, access: 0, groupSet: 0, reason: 0, version: 1, directory: 0, status: .invited, managed: true)
            plan.subjects.append(
                Subject(
                    row: row, version: known?.version ?? 0, id: row.id, email: span, name: .empty, directory: 0,
                    person: nil))
        }
        return RunToApply(
            record: RandomRun.emptyRecord(loaded.lastRun + 1), generation: loaded.generation, mirror: nil, stamps: [:],
            pins: [], plans: [plan])
    }
}
