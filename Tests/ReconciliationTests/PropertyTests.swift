import AccessModel
import DirectoryModel
import MappingLanguage
import Reconciliation
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// What holds in every world, over several nights each; a failure names its seed.
struct PropertyTests {
    private static let cases: UInt64 = getenv("ROLLCALL_SOAK") == nil ? 1_000 : 10_000

    /// Lets three nights pass in a world of this seed and hands each to the body, before the plan is applied.
    private func nights(
        _ seed: UInt64, calm: Bool = false, _ body: (inout WorldGenerator, InMemoryRoster, TargetPlan) throws -> Void
    ) rethrows {
        var generator = WorldGenerator(seed: seed, calm: calm)
        var roster = InMemoryRoster()
        for night in 0..<3 {
            let plan = generator.world.plan(roster.roster)
            try body(&generator, roster, plan)
            roster.apply(plan)
            if generator.random.once(in: 3) { act(&generator, &roster) }
            if night == 1, generator.random.once(in: 3) {
                roster.edit { roster in
                    for place in roster.users.indices.suffix(1) { roster.users[place].managed = false }
                }
            }
            generator.passDay()
        }
    }

    private func act(_ generator: inout WorldGenerator, _ roster: inout InMemoryRoster) {
        guard let user = roster.roster.users.filter(\.managed).randomElement(using: &generator.random) else { return }
        let deed: ManualAct.Deed = generator.random.once(in: 2) ? .suspend : .resume
        let person = PersonKey(directory: roster.roster.directories[Int(user.directory)], id: user.id)
        let act = ManualAct(deed: deed, person: person, name: "root", reason: "asked")
        let reconciler = Reconciler(settings: generator.world.settings)
        let plan = reconciler.plan(act, roster: roster.roster, now: generator.world.now)
        #expect(roster.apply(plan) == [])
    }

    @Test func aPlanAfterApplyIsEmpty() {
        for seed in 0..<PropertyTests.cases {
            nights(seed) { generator, roster, plan in
                var after = roster
                let wrong = after.apply(plan)
                #expect(wrong == [], "seed \(seed)")
                let next = generator.world.plan(after.roster)
                #expect(next.lines == [], "seed \(seed)")
            }
        }
    }

    @Test func aPaceOnlyDelays() {
        for seed in 0..<PropertyTests.cases / 4 {
            nights(seed) { generator, roster, _ in
                var world = generator.world
                world.settings.limits.invitePace = 2
                var after = roster
                var count = 0
                while count < 20, !world.plan(after.roster).changes.isEmpty {
                    let plan = world.plan(after.roster)
                    #expect(plan.changes.count { $0.kind == .invite } <= 2, "seed \(seed)")
                    after.apply(plan)
                    count += 1
                }
                #expect(count < 20, "seed \(seed)")
            }
        }
    }

    @Test func theOrderOfInputNeverShows() {
        for seed in 0..<PropertyTests.cases {
            nights(seed) { generator, roster, plan in
                var shuffled = generator.world
                shuffled.people.shuffle(using: &generator.random)
                let other = shuffled.plan(roster.roster)
                #expect(other.lines == plan.lines, "seed \(seed)")
                #expect(other.findings == plan.findings, "seed \(seed)")
                #expect(other.subjects == plan.subjects, "seed \(seed)")
                #expect(other.changes == plan.changes, "seed \(seed)")
                #expect(other.holds == plan.holds, "seed \(seed)")
                #expect(other.waiting == plan.waiting, "seed \(seed)")
                #expect(other.texts.bytes == plan.texts.bytes, "seed \(seed)")
            }
        }
    }

    @Test func seatsAreNeverOverdrawnNorTakenAway() {
        for seed in 0..<PropertyTests.cases {
            nights(seed) { generator, roster, plan in
                let settings = generator.world.settings
                var after = roster
                after.apply(plan)
                let before = roster.seatsHeld(settings)
                let held = after.seatsHeld(settings)
                for (pool, row) in plan.ledger.enumerated() {
                    #expect(held[pool] <= max(row.pool.limit, before[pool]), "seed \(seed)")
                    #expect(row.heldBefore == before[pool], "seed \(seed)")
                    #expect(row.heldAfter == held[pool], "seed \(seed)")
                    #expect(row.heldBefore - row.freed + row.given == row.heldAfter, "seed \(seed)")
                }
                for person in incumbentsWithoutTheirSeat(generator.world, roster, after) {
                    Issue.record("seed \(seed): \(person) lost a seat that rules still give")
                }
            }
        }
    }

    /// Users who stay, whom rules still give a seat that they had, and who no longer hold it.
    private func incumbentsWithoutTheirSeat(
        _ world: World, _ before: InMemoryRoster, _ after: InMemoryRoster
    ) -> [String] {
        let settings = world.settings
        let evaluation = world.evaluate(world.mirror(), frozen: [:])
        var found: [String] = []
        for (place, person) in world.sortedPeople.enumerated() {
            guard let old = before.place(person.id), let new = after.place(person.id) else { continue }
            let (was, now) = (before.roster.users[old], after.roster.users[new])
            let gaveBack = after.details(person.id).pending.contains { $0.kind == .reclaimed }
            if gaveBack { continue }
            guard was.status == .invited || was.status == .active, now.status == was.status else { continue }
            let wanted = evaluation.desired[Int(evaluation.grantSet[place])].access
            func seats(_ access: Access) -> Set<Int> {
                Set(settings.platform.seatsHeld(by: access, status: was.status, in: settings.topology))
            }
            let held = seats(before.roster.accesses[Int(was.access)])
            let kept = seats(after.roster.accesses[Int(now.access)])
            if !held.intersection(seats(wanted)).isSubset(of: kept) { found.append(person.id) }
        }
        return found
    }

    @Test func enoughAdminsRemain() {
        for seed in 0..<PropertyTests.cases {
            nights(seed) { generator, roster, plan in
                let settings = generator.world.settings
                var after = roster
                after.apply(plan)
                for floor in settings.platform.keepAtLeast + settings.policy.keepAtLeast {
                    let active = holders(floor.role, [.active], roster)
                    let statuses: Set<UserStatus> = active == 0 ? [.active, .invited] : [.active]
                    let before = holders(floor.role, statuses, roster)
                    #expect(
                        holders(floor.role, statuses, after) >= min(before, floor.count), "seed \(seed): \(floor.role)")
                }
            }
        }
    }

    private func holders(_ role: String, _ statuses: Set<UserStatus>, _ roster: InMemoryRoster) -> Int {
        roster.roster.users.count { row in
            row.managed && statuses.contains(row.status)
                && roster.roster.accesses[Int(row.access)].roles.contains { $0.role == role }
        }
    }

    @Test func protectedAndUnmanagedUsersStay() {
        for seed in 0..<PropertyTests.cases {
            nights(seed) { generator, roster, plan in
                var after = roster
                after.apply(plan)
                let protected = Set(plan.protected)
                for change in plan.changes {
                    let subject = plan.subjects[Int(change.subject)]
                    let key = PersonKey(directory: plan.directories[Int(subject.directory)], id: subject.id)
                    guard protected.contains(key) else { continue }
                    #expect(change.kind != .suspend && change.kind != .remove, "seed \(seed)")
                    if change.kind == .leaveScope {
                        let access = plan.accesses[Int(subject.row?.access ?? 0)]
                        let role = change.before ?? ""
                        let isCovered = access.roles.contains {
                            change.scope.isInside($0.scope) && generator.world.settings.platform.covers($0.role, role)
                        }
                        #expect(isCovered, "seed \(seed)")
                    }
                }
                for (place, row) in roster.roster.users.enumerated() where !row.managed {
                    let same = after.roster.users.contains {
                        $0.id == row.id && !$0.managed && $0.status == row.status && $0.version == row.version
                            && after.roster.texts[$0.email] == roster.roster.texts[row.email]
                    }
                    #expect(same, "seed \(seed): unmanaged user \(place)")
                }
            }
        }
    }

    @Test func quarantiningOnePersonChangesNothingForTheOthers() {
        for seed in 0..<PropertyTests.cases {
            nights(seed, calm: true) { generator, roster, _ in
                var world = generator.world
                world.settings.limits = .none
                guard let person = world.people.randomElement(using: &generator.random) else { return }
                let plain = world.plan(roster.roster).lines.filter {
                    !$0.contains(" \(person.id) ") && !$0.hasSuffix(" \(person.id)")
                }
                world.change(person.id) { $0.problems = .controlCharacter }
                let quarantined = world.plan(roster.roster).lines
                #expect(
                    quarantined.filter { !$0.contains(" \(person.id) ") && !$0.hasSuffix(" \(person.id)") } == plain,
                    "seed \(seed): \(person.id)")
            }
        }
    }

    @Test func aPilotTouchesNobodyElse() {
        for seed in 0..<PropertyTests.cases {
            nights(seed) { generator, _, plan in
                guard let pilot = generator.world.pilotGroup else { return }
                let people = generator.world.sortedPeople
                for subject in plan.subjects {
                    let person = people.first { World.id($0.id) == subject.id }
                    guard let person else { continue }
                    let isFrozen = plan.holds.contains { $0.kind == .groupShrink }
                    #expect(person.groups.contains(pilot) || isFrozen, "seed \(seed): \(person.id)")
                }
            }
        }
    }

    @Test func seatsAreTakenBackForSomebodyOnly() {
        for seed in 0..<PropertyTests.cases {
            nights(seed) { _, _, plan in
                let taken = plan.changes.filter { change in
                    guard case .cause(.reclaimed, _) = plan.reasons[Int(change.reason)] else { return false }
                    return change.kind != .resume && change.kind != .clearCause
                }
                guard !taken.isEmpty else { return }
                let given = plan.ledger.reduce(0) { $0 + $1.given }
                #expect(given > 0, "seed \(seed)")
                #expect(
                    plan.tally.contains { [.loseAccess, .remove].contains($0.kind) && $0.count > 0 }, "seed \(seed)")
            }
        }
    }

    @Test func aWindowIsTheSumOfItsRuns() {
        for seed in 0..<PropertyTests.cases {
            nights(seed) { generator, roster, plan in
                let now = generator.world.now
                for tally in plan.tally where tally.window == GuardTally.week {
                    let earlier = roster.roster.recent.filter { $0.kind == tally.kind && now - $0.time < 161 * 3_600 }
                    #expect(tally.earlier == earlier.reduce(0) { $0 + $1.people }, "seed \(seed)")
                }
                var after = roster
                after.apply(plan)
                let counted = after.roster.recent.filter { $0.run == generator.world.run && $0.kind == .suspendOther }
                let limit = generator.world.settings.limits.suspendOther
                let base = roster.roster.users.count { $0.managed && [.invited, .active].contains($0.status) }
                #expect(counted.reduce(0) { $0 + $1.people } <= limit.value(base: base), "seed \(seed)")
            }
        }
    }
}
