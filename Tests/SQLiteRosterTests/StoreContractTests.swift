import DirectoryModel
import Reconciliation
import SQLiteRoster
import TestSupport
import Testing

/// What every store must do: the file and the plain values in memory stay equal through any nights.
struct StoreContractTests {
    @Test func fileAndMemoryStayEqualThroughRandomNights() throws {
        for seed in Figures.seeds(Figures.of(150, soak: 1_500)) {
            let scratch = try ScratchRoster()
            let file = try scratch.open()
            let memory = InMemoryRoster()
            var dice = Dice(seed: seed)
            for night in 0..<(3 + dice.below(3)) {
                let loaded = try memory.load(targets: RandomRun.targets)
                var kept = dice
                let run = RandomRun.make(after: loaded, &dice)
                let same = RandomRun.make(after: try file.load(targets: RandomRun.targets), &kept)
                try memory.apply(run)
                try file.apply(same)
                let left = RosterMeaning(try file.load(targets: RandomRun.targets))
                let right = RosterMeaning(try memory.load(targets: RandomRun.targets))
                try #require(left == right, "seed \(seed), night \(night)")
                if let mirror = memory.mirror {
                    let stored = MirrorMeaning(try file.loadMirror())
                    try #require(stored == MirrorMeaning(mirror), "seed \(seed), night \(night)")
                }
            }
            try file.check(thoroughly: true)
            try file.close()
        }
    }

    @Test func unknownTargetIsEmpty() throws {
        for store in try stores() {
            let roster = try store.load(targets: ["nobody"])
            #expect(roster.generation == 0)
            #expect(roster.lastRun == 0)
            #expect(roster.lastRunTime == nil)
            #expect(roster.targets.map(\.target) == ["nobody"])
            #expect(roster.targets[0].users.isEmpty)
        }
    }

    @Test func movedGenerationIsRefused() throws {
        for store in try stores() {
            var dice = Dice(seed: 1)
            let old = try store.load(targets: RandomRun.targets)
            try store.apply(RandomRun.make(after: old, &dice))
            let before = RosterMeaning(try store.load(targets: RandomRun.targets))
            #expect(throws: RosterMoved.self) { try store.apply(RandomRun.make(after: old, &dice)) }
            #expect(RosterMeaning(try store.load(targets: RandomRun.targets)) == before)
        }
    }

    @Test func userOfAnotherVersionIsRefused() throws {
        for store in try stores() {
            var dice = Dice(seed: 3)
            try store.apply(RandomRun.make(after: try store.load(targets: RandomRun.targets), &dice))
            let loaded = try store.load(targets: RandomRun.targets)
            var plan = TargetPlan(target: "desk", mode: .manage)
            let user = try #require(loaded.targets[0].users.first)
            plan.directories = loaded.targets[0].directories
            plan.accesses = loaded.targets[0].accesses
            plan.effective = loaded.targets[0].effective
            plan.groupSets = loaded.targets[0].groupSets
            plan.texts = loaded.targets[0].texts
            plan.subjects = [
                Subject(
                    row: user, version: user.version + 1, id: user.id, email: user.email, name: user.name,
                    directory: user.directory, person: nil)
            ]
            let run = RunToApply(
                record: record(2), generation: loaded.generation, mirror: nil, stamps: [:], pins: [], plans: [plan])
            #expect(throws: RosterMoved.self) { try store.apply(run) }
            #expect(RosterMeaning(try store.load(targets: RandomRun.targets)) == RosterMeaning(loaded))
        }
    }

    @Test func recordedRunLeavesGenerationAndUsers() throws {
        for store in try stores() {
            var dice = Dice(seed: 5)
            try store.apply(RandomRun.make(after: try store.load(targets: RandomRun.targets), &dice))
            let before = try store.load(targets: RandomRun.targets)
            try store.record(record(7))
            let after = try store.load(targets: RandomRun.targets)
            #expect(after.generation == before.generation)
            #expect(after.lastRun == 7)
            #expect(after.lastRunTime == 700)
            #expect(throws: RosterMoved.self) { try store.record(record(7)) }
            var expected = RosterMeaning(before)
            expected.lastRun = 7
            expected.lastRunTime = 700
            #expect(RosterMeaning(after) == expected)
        }
    }

    private func stores() throws -> [any RosterStore] { [InMemoryRoster(), try KeptScratch.open()] }

    private func record(_ number: Int64) -> RunRecord {
        RunRecord(
            number: number, command: "sync", actor: "root", started: number * 100, ended: number * 100,
            outcome: .failed,
            exitStatus: 4, summary: "s", version: "v", targets: [])
    }
}

/// A file roster that keeps its folder as long as it lives.
final class KeptScratch: RosterStore {
    private let scratch: ScratchRoster
    private let roster: SQLiteRoster

    private init(_ scratch: ScratchRoster, _ roster: SQLiteRoster) {
        self.scratch = scratch
        self.roster = roster
    }

    static func open() throws -> KeptScratch {
        let scratch = try ScratchRoster()
        return KeptScratch(scratch, try scratch.open())
    }

    func load(targets: [String]) throws -> Roster { try roster.load(targets: targets) }
    func apply(_ run: RunToApply) throws { try roster.apply(run) }
    func record(_ run: RunRecord) throws { try roster.record(run) }
}
