import DirectoryModel
import Reconciliation
import SQLiteRoster
import TestSupport
import Testing

/// A roster that is told changes holds what one holds that is told everything.
struct FollowingTests {
    private static let start: Int64 = 1_800_000_000

    /// One roster of a pair that go through the same history.
    private struct Side {
        let scratch: ScratchRoster
        let roster: SQLiteRoster

        init() throws {
            scratch = try ScratchRoster(inMemory: true)
            roster = try scratch.open()
        }

        func next() throws -> RunToApply {
            let loaded = try roster.load(targets: [])
            return RunToApply(
                record: RandomRun.emptyRecord(loaded.lastRun + 1), generation: loaded.generation, mirror: nil,
                stamps: [:], pins: [], plans: [])
        }

        /// Writes everything.
        func pull(_ world: DeltaWorld, _ request: PullRequest, position: Int) throws {
            let pulled = try world.pulled(request)
            var run = try next()
            run.mirror = pulled.mirror
            let directory = FollowedDirectory(
                key: request.key ?? DeltaWorld.key, position: FollowingTests.position(position))
            run.starts = ["corp": StartOfFollowing(directory: directory, index: pulled.index)]
            try roster.apply(run)
        }

        /// Writes what changed since another state.
        func follow(_ world: DeltaWorld, since old: DeltaWorld, _ request: PullRequest, position: Int) throws {
            let editing = position % 2 == 0 && world.links == .followsEntry
            let rows = try changes(of: try world.delta(since: old, editing: editing, request), at: request.now)
            var run = try next()
            run.changes = ["corp": DirectoryChanges(rows: rows, position: FollowingTests.position(position))]
            try roster.apply(run)
        }

        func changes(of delta: MirrorDelta, at now: Int64?) throws -> MirrorRowChanges {
            let lookup = try #require(try roster.lookup("corp", attributes: ["title"]))
            var rows = try lookup.changes(of: delta)
            let told = Set(rows.people.map(\.row.id) + rows.removedPeople)
            if let now { rows.people += try lookup.judgedAnew(at: now).filter { !told.contains($0.row.id) } }
            return rows
        }

        /// The mirror, and what is kept beside it.
        func text() throws -> String { try roster.dump() + "\n" + roster.nameDump() }
    }

    private static func position(_ number: Int) -> SyncPosition {
        SyncPosition(method: "sync", belongsTo: [], marks: [SyncPosition.Part("number", "\(number)")])
    }

    private func difference(_ left: String, _ right: String) -> String {
        let (left, right) = (left.split(separator: "\n"), right.split(separator: "\n"))
        return "only here \(left.filter { !right.contains($0) }) only there \(right.filter { !left.contains($0) })"
    }

    /// Plays a history; what is wrong, nil when nothing is.
    private func play(_ seed: UInt64, steps: Int) throws -> String? {
        var world = DeltaWorld(
            seed: seed, links: seed % 2 == 0 ? .staysWithName : .followsEntry, now: FollowingTests.start)
        let (whole, follower) = (try Side(), try Side())
        var request = PullRequest(attributes: ["title"], now: FollowingTests.start, key: DeltaWorld.key)
        for side in [whole, follower] { try side.pull(world, request, position: 0) }
        var done: [String] = []
        for step in 1...steps {
            let read = world
            for _ in 0..<Int.random(in: 0...4, using: &world.numbers) { done.append(world.change()) }
            request.now = FollowingTests.start + Int64(step) * 36_000
            try whole.pull(world, request, position: step)
            if world.numbers.once(in: 6) {
                try follower.pull(world, request, position: step)
                done.append("pull")
            } else {
                try follower.follow(world, since: read, request, position: step)
                done.append("follow")
            }
            let (expected, found) = (try whole.text(), try follower.text())
            if expected != found { return "seed \(seed) after \(done): \(difference(found, expected))" }
            let kept = try follower.roster.followedMirror().followed["corp"]?.position
            if kept != FollowingTests.position(step) { return "seed \(seed): position of another step" }
        }
        let problems = try follower.roster.verify().problems
        return problems.isEmpty ? nil : "seed \(seed) after \(done): \(problems)"
    }

    @Test func rosterThatFollowsChangesIsThatOfFullPulls() throws {
        for seed in Figures.seeds(Figures.of(120, soak: 10_000)) {
            if let failure = try play(seed, steps: 6) {
                Issue.record("\(failure)")
                return
            }
        }
    }

    @Test func rosterAnswersAsTheMirrorInMemory() throws {
        for seed in Figures.seeds(Figures.of(30, soak: 2_000)) {
            let world = DeltaWorld(seed: seed, links: .staysWithName, now: FollowingTests.start)
            let side = try Side()
            let request = PullRequest(attributes: ["title"], now: FollowingTests.start, key: DeltaWorld.key)
            try side.pull(world, request, position: 0)
            let pulled = try world.pulled(request)
            let memory = MirrorRows(pulled)
            let stored = try #require(try side.roster.lookup("corp", attributes: ["title"]))
            try compare(pulled, memory, stored, "seed \(seed)")
            #expect(try Set(stored.everyPerson()) == Set(memory.everyPerson()))
            #expect(try Set(stored.everyGroup()) == Set(memory.everyGroup()))
            for now in [0, FollowingTests.start + 90_000] as [Int64] {
                let found = try stored.judgedAnew(at: now).sorted { $0.row.id < $1.row.id }
                #expect(found == memory.judgedAnew(at: now).sorted { $0.row.id < $1.row.id })
            }
        }
    }

    private func compare(
        _ pulled: IndexedMirror, _ memory: MirrorRows, _ stored: StoredDirectory, _ comment: Comment
    ) throws {
        let everybody = (1...40).compactMap { DeltaWorld.id($0) }
        var names = pulled.index.personNames + pulled.index.groupNames + pulled.index.looseMembers.map(\.name.hash)
        names += [DNHash(high: names.first?.high ?? 1, low: 7), DNHash(high: 0, low: 0)]
        for id in everybody {
            let person = try stored.person(id)
            #expect(person == memory.person(id), comment)
            if let login = person?.login {
                #expect(try Set(stored.people(withLogin: login)) == Set(memory.people(withLogin: login)), comment)
            }
            #expect(try stored.group(id) == memory.group(id), comment)
            #expect(try Set(stored.groups(ofPerson: id)) == Set(memory.groups(ofPerson: id)), comment)
            #expect(try Set(stored.groups(ofGroup: id)) == Set(memory.groups(ofGroup: id)), comment)
            let (found, expected) = (try stored.members(of: id), memory.members(of: id))
            #expect(Set(found.people.map(\.id)) == Set(expected.people.map(\.id)), comment)
            #expect(Set(found.groups.map(\.name)) == Set(expected.groups.map(\.name)), comment)
            #expect(found.loose == expected.loose, comment)
            for other in everybody.prefix(12) {
                #expect(try stored.isMember(person: other, of: id) == memory.isMember(person: other, of: id), comment)
                #expect(try stored.isMember(group: other, of: id) == memory.isMember(group: other, of: id), comment)
            }
        }
        for name in names {
            #expect(try stored.person(named: name) == memory.person(named: name), comment)
            #expect(try stored.group(named: name) == memory.group(named: name), comment)
            for member in [MemberName(.dn, name), MemberName(.login, name)] {
                #expect(try Set(stored.groups(withLoose: member)) == Set(memory.groups(withLoose: member)), comment)
                for group in pulled.mirror.groups.map(\.id) {
                    #expect(
                        try stored.looseCount(of: member, in: group) == memory.looseCount(of: member, in: group),
                        comment)
                }
            }
        }
    }

    // MARK: Single stories

    private func followed() throws -> (side: Side, world: DeltaWorld, request: PullRequest) {
        let side = try Side()
        let world = DeltaWorld(seed: 12, links: .staysWithName, now: FollowingTests.start)
        let request = PullRequest(attributes: ["title"], now: FollowingTests.start, key: DeltaWorld.key)
        try side.pull(world, request, position: 1)
        return (side, world, request)
    }

    /// Who writes a mirror and says nothing of names leaves nothing behind that could be gone on from.
    @Test func mirrorWithoutNamesIsFollowedOnlyWhereNothingChanged() throws {
        var (side, world, request) = try followed()
        var run = try side.next()
        run.mirror = try world.pulled(request).mirror
        try side.roster.apply(run)
        #expect(try side.roster.followedMirror().followed["corp"] != nil)
        while try world.pulled(request).mirror.people.map(\.contentHash)
            == side.roster.loadMirror().people.map(\.contentHash)
        { _ = world.change() }
        run = try side.next()
        run.mirror = try world.pulled(request).mirror
        try side.roster.apply(run)
        #expect(try side.roster.followedMirror().followed.isEmpty)
        #expect(try side.roster.nameDump().split(separator: "\n").allSatisfy { $0.hasPrefix("end") })
        #expect(try side.roster.verify().problems == [])
        try side.pull(world, request, position: 3)
        let fresh = try Side()
        try fresh.pull(world, request, position: 3)
        #expect(try fresh.roster.nameDump() == side.roster.nameDump())
    }

    @Test func directoryThatCannotBeFollowedIsForgotten() throws {
        let (side, world, request) = try followed()
        var run = try side.next()
        run.mirror = try world.pulled(request).mirror
        run.starts.updateValue(nil, forKey: "corp")
        try side.roster.apply(run)
        #expect(try side.roster.followedMirror().followed.isEmpty)
        #expect(try side.roster.lookup("corp", attributes: ["title"]) == nil)
    }

    @Test func anotherKeyBeginsTheNamesAnew() throws {
        var (side, world, request) = try followed()
        request.key = DNHashKey(first: 5, second: 6)
        _ = world.change()
        try side.pull(world, request, position: 2)
        let fresh = try Side()
        try fresh.pull(world, request, position: 2)
        #expect(try fresh.roster.nameDump() == side.roster.nameDump())
        #expect(try side.roster.verify().problems == [])
    }

    /// What a directory knows by other ids from now on cannot be gone on from by the old ones.
    @Test func newIDsTakeThePosition() throws {
        let (side, world, request) = try followed()
        let old = try #require(try world.pulled(request).mirror.people.first?.id)
        var run = try side.next()
        run.newIDs = [IDChange(directory: "corp", old: old, new: madeUpID(200))]
        try side.roster.apply(run)
        #expect(try side.roster.followedMirror().followed["corp"]?.position == nil)
        try side.pull(world, request, position: 2)
        #expect(try side.roster.followedMirror().followed["corp"]?.position == FollowingTests.position(2))
        #expect(try side.roster.verify().problems == [])
    }

    @Test func editedPositionIsRefused() throws {
        let (side, _, _) = try followed()
        try side.roster.close()
        try RawDatabase(side.scratch.path).execute("UPDATE followed SET position = x'00'")
        let roster = try side.scratch.open(.write)
        #expect(RosterError.kind { _ = try roster.load(targets: []) } == .edited)
    }

    @Test(arguments: [
        "DELETE FROM person_names WHERE pair = (SELECT max(pair) FROM person_names)",
        "DELETE FROM group_names WHERE pair = (SELECT max(pair) FROM group_names)",
        "UPDATE loose_members SET count = count + 1", "DELETE FROM loose_members", "DELETE FROM loose_groups",
        "INSERT INTO account_ends (state, ends, person) VALUES (0, 1, 1)",
    ])
    func namesAreLookedThrough(_ sql: String) throws {
        let (side, _, _) = try followed()
        #expect(try side.roster.verify().problems == [])
        try side.roster.close()
        try RawDatabase(side.scratch.path).execute(sql)
        #expect(try side.scratch.open(.write).verify().problems.contains { $0.contains("mirror") })
    }

    @Test func editedPersonIsNotAnsweredWith() throws {
        let (side, world, request) = try followed()
        let id = try #require(try world.pulled(request).mirror.people.first?.id)
        try side.roster.close()
        try RawDatabase(side.scratch.path).execute("UPDATE mirror_people SET last_sign_in = 77")
        let roster = try side.scratch.open(.write)
        let lookup = try #require(try roster.lookup("corp", attributes: ["title"]))
        #expect(RosterError.kind { _ = try lookup.person(id) } == .damaged)
    }

    /// Reading changes of a file needs no names.
    @Test func endOfAccountsIsWrittenWithoutNames() throws {
        let side = try Side()
        var world = DeltaWorld(seed: 5, links: .staysWithName, now: FollowingTests.start)
        let number = try #require(world.entries.keys.sorted().first { world.entries[$0]?.isPerson == true })
        world.entries[number]?.isDisabled = false
        world.entries[number]?.ends = FollowingTests.start + 100
        var request = PullRequest(attributes: ["title"], now: FollowingTests.start, key: DeltaWorld.key)
        var run = try side.next()
        run.mirror = try world.pulled(request).mirror
        let directory = FollowedDirectory(key: DeltaWorld.key, position: FollowingTests.position(1))
        run.starts = ["corp": StartOfFollowing(directory: directory, index: nil)]
        try side.roster.apply(run)
        request.now = FollowingTests.start + 200
        try side.follow(world, since: world, request, position: 2)
        let fresh = try Side()
        run = try fresh.next()
        run.mirror = try world.pulled(request).mirror
        try fresh.roster.apply(run)
        #expect(try MirrorText.lines(fresh.roster.loadMirror()) == MirrorText.lines(side.roster.loadMirror()))
        #expect(try side.roster.loadMirror().people.contains { $0.state == .expired })
    }
}
