import AccessModel
import DirectoryModel
import MappingLanguage
import Reconciliation
import Reports
import TestSupport
import Testing

/// What holds in every world, over several nights each; a failure names its seed.
struct PropertyTests {
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
        for seed in Figures.caseSeeds {
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
        for seed in Figures.seeds(Figures.cases / 4) {
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
        for seed in Figures.caseSeeds {
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
                guard generator.world.run == 1 else { return }
                let isSame = report(other) == report(plan)
                #expect(isSame, "seed \(seed)")
            }
        }
    }

    /// What people and programs are shown of a plan.
    private func report(_ plan: TargetPlan) -> [UInt8] {
        let report = PlanReport(stage: .planned, run: nil, time: 0, version: "1", plans: [plan])
        return PlanText.bytes(report) + PlanJSON.bytes(report)
    }

    @Test func seatsAreNeverOverdrawnNorTakenAway() {
        for seed in Figures.caseSeeds {
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
        for seed in Figures.caseSeeds {
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
                    suspendAdmins(floor, generator.world, &after)
                    let kept = min(holders(floor.role, statuses, after), floor.count)
                    #expect(kept >= min(before, floor.count), "seed \(seed): \(floor.role) by hand")
                }
            }
        }
    }

    /// Somebody suspends by hand whoever has a role that some have to keep.
    private func suspendAdmins(_ floor: RoleFloor, _ world: World, _ roster: inout InMemoryRoster) {
        let reconciler = Reconciler(settings: world.settings)
        for row in roster.roster.users where row.managed && row.status == .active {
            let roles = roster.roster.accesses[Int(row.access)].roles
            guard roles.contains(where: { $0.role == floor.role }) else { continue }
            let person = PersonKey(directory: roster.roster.directories[Int(row.directory)], id: row.id)
            let act = ManualAct(deed: .suspend, person: person, name: "root", reason: "asked")
            roster.apply(reconciler.plan(act, roster: roster.roster, now: world.now))
        }
    }

    private func holders(_ role: String, _ statuses: Set<UserStatus>, _ roster: InMemoryRoster) -> Int {
        roster.roster.users.count { row in
            row.managed && statuses.contains(row.status)
                && roster.roster.accesses[Int(row.access)].roles.contains { $0.role == role }
        }
    }

    @Test func protectedPeopleLoseNothing() {
        for seed in Figures.caseSeeds {
            nights(seed) { generator, roster, plan in
                let platform = generator.world.settings.platform
                var after = roster
                after.apply(plan)
                for key in plan.protected {
                    guard let old = roster.place(key), let new = after.place(key) else { continue }
                    let (was, now) = (roster.roster.users[old], after.roster.users[new])
                    let isDown = now.status == .suspended || now.status == .removed
                    #expect(!isDown || now.status == was.status, "seed \(seed): \(key.id)")
                    let access = after.roster.accesses[Int(now.access)]
                    for role in roster.roster.accesses[Int(was.access)].roles where !isDown {
                        let rank = platform.rank(of: role.role) ?? Int.max
                        let isKept = access.roles.contains { held in
                            held.scope == role.scope && (platform.rank(of: held.role) ?? Int.max) <= rank
                                || role.scope.isInside(held.scope) && platform.covers(held.role, role.role)
                        }
                        #expect(isKept, "seed \(seed): \(key.id) \(role.role)")
                    }
                }
            }
        }
    }

    /// The plan has no row for them, and the store writes no other: byte by byte in `UndoTests`.
    @Test func unmanagedUsersStayAsTheyAre() {
        var seen = 0
        for seed in Figures.caseSeeds {
            nights(seed) { generator, roster, plan in
                var after = roster
                after.apply(plan)
                let before = roster.unmanaged
                #expect(after.unmanaged == before, "seed \(seed)")
                seen += before.count
                for row in roster.roster.users where !row.managed {
                    #expect(!plan.subjects.contains { $0.row?.user == row.user }, "seed \(seed): \(row.id)")
                }
            }
        }
        if Figures.hasAllSeeds { #expect(seen > 100) }
    }

    @Test func aPilotTouchesNobodyElse() {
        for seed in Figures.caseSeeds {
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
        for seed in Figures.caseSeeds {
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
        for seed in Figures.caseSeeds {
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

extension InMemoryRoster {
    func place(_ key: PersonKey) -> Int? {
        roster.users.firstIndex {
            $0.managed && $0.id == key.id && roster.directories[Int($0.directory)] == key.directory
        }
    }

    /// Everything that is recorded of users who are not managed, but for the numbers by which it is.
    fileprivate var unmanaged: [String] {
        roster.users.indices.filter { !roster.users[$0].managed }.map { place in
            let row = roster.users[place]
            let groups = roster.groupSets[Int(row.groupSet)].map { "\($0.directory) \($0.id)" }
            return
                "\(row.user) \(row.id) \(row.status) \(row.version) \(row.since) \(row.lastSignIn) \(row.reason) \(groups) "
                + "\(roster.texts[row.email]) \(roster.texts[row.name]) \(roster.accesses[Int(row.access)].canonicalText) "
                + "\(String(describing: roster.details[place]))"
        }
    }
}
