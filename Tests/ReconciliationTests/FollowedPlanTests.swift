import AccessModel
import DirectoryModel
import Reconciliation
import TestSupport
import Testing

/// What following a directory does to a target, and what it leaves alone.
struct FollowedPlanTests {
    private func desk() -> World {
        var world = World(.desk, pools: [SeatPool(scope: ScopePath("support"), seatClass: "seat", limit: 10)])
        world.rules = [
            World.Rule("Support", group: "support", scope: "support", role: "agent"),
            World.Rule("Directors", group: "directors", role: "account-admin"),
        ]
        world.settings.platform.keepAtLeast = []
        world.settings.policy.new = .activate
        world.people = ["anna", "ben", "cora", "dora", "emil", "fred"].map { World.Person($0, groups: ["support"]) }
        return world
    }

    private func started(_ world: World) -> InMemoryRoster {
        var roster = InMemoryRoster()
        roster.apply(world.plan(roster.roster))
        return roster
    }

    private func disabled(_ names: String..., state: PersonState = .disabledByFlag) -> [DisabledPerson] {
        names.map { DisabledPerson(key: World.key($0), state: state) }
    }

    private func follow(_ world: World, _ roster: InMemoryRoster, _ people: [DisabledPerson]) -> TargetPlan {
        Reconciler(settings: world.settings).plan(
            people, roster: roster.roster, at: FollowedMoment(now: world.now + 60, run: world.run + 1))
    }

    @Test(arguments: [
        (PersonState.disabledByFlag, "disabled in the directory: the account's own flag says so"),
        (.disabledByAttribute, "disabled in the directory: the configured attribute says so"),
        (.lockedPermanently, "disabled in the directory: locked for good by the password policy"),
        (.expired, "disabled in the directory: the account has ended"),
    ])
    func disabledPersonIsSuspended(_ state: PersonState, _ words: String) {
        let world = desk()
        var roster = started(world)
        let plan = follow(world, roster, disabled("ben", state: state))
        #expect(plan.lines == ["suspend ben"])
        #expect(plan.reasons == [.cause(.disabled, detail: words)])
        #expect(plan.changes.map(\.evidence) == [.positive])
        #expect(plan.guardCounts.map(\.kind) == [.suspendDisabled])
        #expect(plan.guardCounts.map(\.people) == [1])
        #expect(roster.apply(plan) == [])
        #expect(roster.status("ben") == .suspended)
        #expect(roster.causes("ben") == [.disabled])
        #expect(roster.details("ben").statusBefore == .active)
    }

    @Test func enabledAndUnknownPeopleAreLeftAlone() {
        let world = desk()
        let roster = started(world)
        #expect(follow(world, roster, disabled("nobody")).lines == [])
        #expect(follow(world, roster, disabled("ben", state: .enabled)).lines == [])
        #expect(follow(world, roster, []).lines == [])
    }

    @Test func whoIsSuspendedStaysAsRecorded() {
        let world = desk()
        var roster = started(world)
        roster.apply(follow(world, roster, disabled("ben")))
        #expect(follow(world, roster, disabled("ben")).lines == [])
    }

    /// A human brought them back although the directory still says so: only once it said otherwise it counts again.
    @Test func whomAHumanBroughtBackStays() {
        let world = desk()
        var roster = started(world)
        roster.apply(follow(world, roster, disabled("ben")))
        let act = ManualAct(deed: .resume, person: World.key("ben"), name: "root", reason: "asked")
        roster.apply(Reconciler(settings: world.settings).plan(act, roster: roster.roster, now: world.now))
        #expect(roster.status("ben") == .active)
        #expect(follow(world, roster, disabled("ben")).lines == [])
    }

    @Test(arguments: [ProtectedReference.email("BEN@example.org"), .id("ben")])
    func protectedPeopleStay(_ reference: ProtectedReference) {
        var world = desk()
        world.settings.protect = [reference]
        let roster = started(world)
        let plan = follow(world, roster, disabled("ben"))
        #expect(plan.lines == [])
        #expect(plan.codes == ["protected.not-suspended"])
    }

    /// Where one of several must stay, it is the one whom a run would let stay, whatever their emails.
    @Test func theSameAdministratorStaysAsInARun() {
        var world = desk()
        world.settings.policy.keepAtLeast = [RoleFloor(role: "account-admin", count: 1)]
        world.people[0] = World.Person("anna", emails: ["zora@example.org"], groups: ["directors"])
        world.people[1] = World.Person("ben", emails: ["alma@example.org"], groups: ["directors"])
        let roster = started(world)
        world.people[0].state = .disabledByFlag
        world.people[1].state = .disabledByFlag
        let full = world.plan(roster.roster)
        #expect(full.lines == ["suspend ben"])
        #expect(follow(world, roster, disabled("anna", "ben")).lines == full.lines)
    }

    @Test func lastAdministratorStays() {
        var world = desk()
        world.settings.platform.keepAtLeast = [RoleFloor(role: "account-admin", count: 1)]
        world.change("anna") { $0.groups = ["directors"] }
        world.change("ben") { $0.groups = ["directors"] }
        let roster = started(world)
        let plan = follow(world, roster, disabled("anna", "ben"))
        #expect(plan.lines == ["suspend ben"])
        #expect(plan.codes == ["admins.kept"])
    }

    /// Up to the limit they go, beyond it nobody does; what others did in the window counts.
    @Test func limitAndItsWindowHold() {
        var world = desk()
        world.settings.limits.suspendDisabled = Limit(count: 2, percent: nil, floor: 0)
        var roster = started(world)
        let many = follow(world, roster, disabled("anna", "ben", "cora"))
        #expect(many.lines == [])
        #expect(many.holds.map(\.kind) == [.suspendDisabled])
        #expect(many.holds.map(\.message) == ["3 disabled users would be suspended (limit 2)"])
        #expect(many.guardCounts == [])
        let two = follow(world, roster, disabled("anna", "ben"))
        #expect(two.lines == ["suspend anna", "suspend ben"])
        #expect(roster.apply(two) == [])
        let third = follow(world, roster, disabled("cora"))
        #expect(third.lines == [])
        #expect(third.holds.count == 1)
        world.now += 24 * 3600
        #expect(follow(world, roster, disabled("cora")).lines == ["suspend cora"])
    }

    @Test func limitIsHalvedAfterAnEdit() {
        var world = desk()
        world.settings.limits.suspendDisabled = Limit(count: 2, percent: nil, floor: 0)
        let roster = started(world)
        world.settings.fingerprints["rules"] = "2"
        let plan = follow(world, roster, disabled("anna", "ben"))
        #expect(plan.lines == [])
        #expect(
            plan.holds.map(\.message) == [
                "2 disabled users would be suspended (limit 1 (2, halved: rules changed since run 1))"
            ])
        #expect(follow(world, roster, disabled("ben")).lines == ["suspend ben"])
    }

    @Test func targetsThatOnlyRunsMayTouchAreLeft() {
        let world = desk()
        let roster = started(world)
        var observed = world
        observed.settings.mode = .observe
        var pilot = world
        pilot.settings.policy.onlyGroup = "pilot"
        var edited = world
        edited.settings.fingerprints["rollcall.yaml (protect)"] = "2"
        var paused = roster
        paused.edit { $0.pausedBy = 7 }
        func why(_ world: World, _ roster: InMemoryRoster) -> UnfollowedTarget? {
            Reconciler(settings: world.settings).whyNotFollowed(roster.roster)
        }
        #expect(why(world, roster) == nil)
        #expect(why(observed, roster) == .observed)
        #expect(why(pilot, roster) == .pilot)
        #expect(why(edited, roster) == .protectEdited)
        #expect(why(world, paused) == .paused)
        #expect(why(world, InMemoryRoster()) == .neverRun)
        for (world, roster) in [(observed, roster), (pilot, roster), (edited, roster), (world, paused)] {
            #expect(follow(world, roster, disabled("ben")).lines == [])
        }
    }

    @Test func seatsComeFreeAsInARun() {
        let world = desk()
        var roster = started(world)
        let before = roster.seatsHeld(world.settings)
        let plan = follow(world, roster, disabled("ben"))
        roster.apply(plan)
        #expect(roster.seatsHeld(world.settings) == plan.ledger.map(\.heldAfter))
        #expect(before == plan.ledger.map(\.heldBefore))
    }

    /// The order in which the directory tells does not show.
    @Test func samePeopleAreTheSamePlan() {
        let world = desk()
        let roster = started(world)
        let one = follow(world, roster, disabled("cora", "anna", "ben"))
        let other = follow(world, roster, disabled("ben", "cora", "anna", "ben"))
        #expect(one.lines == other.lines)
        #expect(one.lines == ["suspend anna", "suspend ben", "suspend cora"])
    }

    /// Whoever following suspends, the run at that moment would have suspended too, for the same reason; nothing else changes.
    ///
    /// But for an administrator whom the run would let stay since it finds that others have to go as well: of those following knows nothing,
    /// and for it enough are left.
    @Test func followingIsNeverMoreThanTheRun() {
        var suspended = 0
        for seed in Figures.caseSeeds {
            var generator = WorldGenerator(seed: seed)
            var roster = InMemoryRoster()
            for _ in 0..<4 {
                roster.apply(generator.world.plan(roster.roster))
                generator.passDay()
            }
            var world = generator.world
            world.settings.policy.onlyGroup = world.pilotGroup
            for place in world.people.indices where (Int(truncatingIfNeeded: seed) + place) % 7 == 0 {
                world.people[place].state = .disabledByFlag
            }
            let people = world.people.filter { !$0.state.isEnabled }.map {
                DisabledPerson(key: World.key($0.id, in: $0.directory), state: $0.state)
            }
            let plan = Reconciler(settings: world.settings).plan(
                people, roster: roster.roster, at: FollowedMoment(now: world.now, run: world.run))
            let full = world.plan(roster.roster)
            #expect(plan.changes.allSatisfy { $0.kind == .suspend }, "seed \(seed)")
            let mine = Set(plan.lines)
            let kept = full.findings.filter { $0.code == "admins.kept" }.compactMap(\.person)
            let suspendedByRun = mine.subtracting(kept.map { "suspend \($0.id)" })
            #expect(
                suspendedByRun.isSubset(of: full.lines),
                "seed \(seed): \(plan.lines) \(plan.codes), and the run \(full.lines) \(full.codes)")
            suspended += mine.count
            var after = roster
            #expect(after.apply(plan) == [], "seed \(seed)")
            #expect(
                after.seatsHeld(world.settings) == plan.ledger.map(\.heldAfter) || plan.changes.isEmpty, "seed \(seed)")
        }
        if Figures.hasAllSeeds { #expect(suspended > 100) }
    }
}
