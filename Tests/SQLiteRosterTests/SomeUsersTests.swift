import AccessModel
import DirectoryModel
import Reconciliation
import SQLiteRoster
import TestSupport
import Testing

/// A few people's users, and of all others only how many: whatever is decided from them is what everybody would have led to.
struct SomeUsersTests {
    private func apply(_ plan: TargetPlan, to roster: SQLiteRoster, now: Int64, mirror: Mirror?) throws {
        let loaded = try roster.load(targets: ["acme"])
        var record = RandomRun.emptyRecord(loaded.lastRun + 1, outcome: .applied)
        record.started = now
        record.ended = now
        try roster.apply(
            RunToApply(
                record: record, generation: loaded.generation, mirror: mirror, stamps: [:], pins: [], plans: [plan]))
    }

    /// A roster some days old, and the world it belongs to.
    private func days(_ seed: UInt64) throws -> (ScratchRoster, SQLiteRoster, World) {
        let scratch = try ScratchRoster(inMemory: true)
        let roster = try scratch.open()
        var generator = WorldGenerator(seed: seed)
        for _ in 0..<4 {
            let world = generator.world
            let target = try roster.load(targets: ["acme"]).targets[0]
            try apply(world.plan(target), to: roster, now: world.now, mirror: world.mirror())
            generator.passDay()
        }
        return (scratch, roster, generator.world)
    }

    /// Everything about a user in words.
    private func words(_ roster: TargetRoster, _ place: Int) -> String {
        let row = roster.users[place]
        let groups = roster.groupSets[Int(row.groupSet)].map { "\($0)" }.sorted()
        return
            "\(row.user) \(roster.directories[Int(row.directory)]) \(row.id) \(row.status) \(roster.texts[row.email]) "
            + "\(roster.texts[row.name]) \(roster.accesses[Int(row.access)].canonicalText) \(groups) \(row.managed) "
            + "\(row.since) \(row.lastSignIn) \(row.version) \(String(describing: roster.details[place]))"
    }

    private func key(_ roster: TargetRoster, _ place: Int) -> PersonKey {
        let row = roster.users[place]
        return PersonKey(directory: roster.directories[Int(row.directory)], id: row.id)
    }

    @Test func usersAreThoseOfTheWholeRoster() throws {
        for seed in Figures.seeds(Figures.cases / 10) {
            let (scratch, roster, _) = try days(seed)
            let whole = try roster.load(targets: ["acme"]).targets[0]
            var random = SeededNumbers(seed: seed)
            let wanted = whole.users.indices.filter { _ in random.once(in: 2) }
            let strangers = [World.key("stranger"), PersonKey(directory: "nowhere", id: World.id("p0"))]
            let some = try roster.load(targets: ["acme", "unknown"], people: wanted.map { key(whole, $0) } + strangers)
            #expect(
                some.targets[0].users.indices.map { words(some.targets[0], $0) } == wanted.map { words(whole, $0) },
                "seed \(seed)")
            #expect(some.targets[0].waiting == whole.waiting, "seed \(seed)")
            #expect(some.targets[0].recent == whole.recent)
            #expect(some.targets[0].baseline == whole.baseline)
            #expect(some.targets[1].users.isEmpty)
            let counts = try #require(some.targets[0].counts)
            #expect(counts.reduce(0) { $0 + $1.users } == whole.users.count, "seed \(seed)")
            for count in counts {
                let users = whole.users.count {
                    $0.access == count.access && $0.status == count.status && $0.managed == count.managed
                }
                #expect(users == count.users, "seed \(seed)")
            }
            try roster.close()
            withExtendedLifetime(scratch) {}
        }
    }

    /// The plan is the same, and leaves a roster that proves itself.
    @Test func plansOfAFewAreThoseOfEverybody() throws {
        var suspended = 0
        for seed in Figures.seeds(Figures.cases / 10) {
            var (scratch, roster, world) = try days(seed)
            world.settings.policy.onlyGroup = world.pilotGroup
            for place in world.people.indices where (Int(truncatingIfNeeded: seed) + place) % 7 == 0 {
                world.people[place].state = .disabledByFlag
            }
            let disabled = world.people.filter { !$0.state.isEnabled }.map {
                DisabledPerson(key: World.key($0.id, in: $0.directory), state: $0.state)
            }
            // The people of these worlds are made up, and were never read.
            let before = try roster.verify().problems
            let moment = FollowedMoment(now: world.now, run: world.run)
            let reconciler = Reconciler(settings: world.settings)
            let whole = try roster.load(targets: ["acme"]).targets[0]
            let some = try roster.load(targets: ["acme"], people: disabled.map(\.key)).targets[0]
            let plan = reconciler.plan(disabled, roster: some, at: moment)
            let expected = reconciler.plan(disabled, roster: whole, at: moment)
            #expect(plan.lines == expected.lines, "seed \(seed)")
            #expect(plan.ledger == expected.ledger, "seed \(seed)")
            #expect(plan.tally == expected.tally, "seed \(seed)")
            #expect(plan.findings == expected.findings, "seed \(seed)")
            if !plan.changes.isEmpty {
                suspended += plan.changes.count
                try apply(plan, to: roster, now: world.now, mirror: nil)
                #expect(try roster.verify().problems == before, "seed \(seed)")
                _ = try roster.load(targets: ["acme"])
            }
            try roster.close()
            withExtendedLifetime(scratch) {}
        }
        if Figures.hasAllSeeds { #expect(suspended > 10) }
    }

    /// Somebody edited another user: that shows at the next whole reading, before and after.
    @Test func editOfAnotherUserStillShows() throws {
        let (scratch, roster, _) = try days(7)
        let whole = try roster.load(targets: ["acme"]).targets[0]
        let first = try #require(whole.users.indices.first { whole.users[$0].managed })
        try #require(whole.users.count > 1)
        try roster.close()
        try RawDatabase(scratch.path).execute("UPDATE users SET name = 'x' WHERE user <> \(whole.users[first].user)")
        let edited = try scratch.open()
        let some = try edited.load(targets: ["acme"], people: [key(whole, first)])
        #expect(some.targets[0].users.count == 1)
        #expect(throws: (any Error).self) { try edited.load(targets: ["acme"]) }
    }
}
