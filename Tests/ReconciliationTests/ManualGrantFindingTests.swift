import AccessModel
import DirectoryModel
import Reconciliation
import TestSupport
import Testing

/// What random histories brought to light about access by hand, each told as its shortest story.
struct ManualGrantFindingTests {
    private static let scope = ScopePath("v")

    private func flow(seats: Int, _ people: [World.Person]) -> World {
        var world = World(.flow, pools: [SeatPool(scope: Self.scope, seatClass: "editor", limit: seats)])
        world.settings.platform.keepAtLeast = []
        world.rules = [World.Rule("Editors", group: "editors", scope: "v", role: "editor")]
        world.people = people
        return world
    }

    private func office(seats: Int, role: String) -> World {
        var world = World(.office, pools: [SeatPool(scope: .root, seatClass: "user", limit: seats)])
        world.rules = [World.Rule("Staff", group: "staff", role: role)]
        world.people = [World.Person("anna")]
        return world
    }

    private func granted(
        _ id: String, _ part: ManualGrant.Part, until: Int64? = nil, _ world: World, _ roster: InMemoryRoster
    ) -> InMemoryRoster {
        let reconciler = Reconciler(settings: world.settings)
        let act = GrantAct(
            deed: .grant(until: until), person: World.key(id), parts: [part], name: "ada", reason: "ticket 7")
        let newcomer = reconciler.newcomer(World.key(id), in: world.input(roster.roster)).newcomer
        let plan = reconciler.plan(act, roster: roster.roster, newcomer: newcomer, now: world.now)
        var roster = roster
        #expect(plan.findings.isEmpty)
        #expect(roster.apply(plan).isEmpty)
        return roster
    }

    @Test func anExpiredRoleIsNotKeptWhileItsHolderWaitsForAnother() {
        var world = flow(seats: 1, [World.Person("anna", groups: ["editors"]), World.Person("ben")])
        var roster = InMemoryRoster()
        roster.apply(world.plan(roster.roster))
        roster = granted("ben", .role("viewer", scope: Self.scope), until: world.now + 10, world, roster)
        world.change("ben") { $0.groups = ["editors"] }
        roster.apply(world.plan(roster.roster))
        #expect(roster.access("ben") == "roles=v:viewer")
        world.now += 10
        roster.apply(world.plan(roster.roster))
        #expect(roster.access("ben") == "")
        #expect(roster.roster.waiting.map(\.person) == [World.key("ben")])
    }

    @Test func anExpiredRoleIsNotKeptWhileAPrivilegeIsWithheld() {
        var world = flow(seats: 2, [World.Person("ben")])
        world.settings.limits.privilegedGain = Limit(count: 0, percent: nil, floor: 0)
        world.rules = [World.Rule("Owners", group: "owners", role: "owner")]
        var roster = granted(
            "ben", .role("editor", scope: Self.scope), until: world.now + 10, world, InMemoryRoster())
        world.change("ben") { $0.groups = ["owners"] }
        world.now += 10
        roster.apply(world.plan(roster.roster))
        #expect(roster.access("ben") == "")
    }

    @Test(arguments: [(0, "user"), (10, "admin")])
    func aSwitchByHandStaysWhileTheRoleWaits(seats: Int, role: String) {
        var world = office(seats: seats, role: role)
        world.settings.limits.privilegedGain = Limit(count: 0, percent: nil, floor: 0)
        var roster = granted("anna", .switchOn("crm"), world, InMemoryRoster())
        world.change("anna") { $0.groups = ["staff"] }
        roster.apply(world.plan(roster.roster))
        #expect(roster.access("anna") == "switches=crm")
        #expect(roster.details("anna").manual.count == 1)
    }

    @Test func whoReturnsToAWithheldPrivilegeAloneStaysSuspended() {
        var world = flow(seats: 1, [World.Person("ben")])
        world.settings.policy.unmapped.settleSeconds = 0
        world.settings.limits.privilegedGain = Limit(count: 0, percent: nil, floor: 0)
        world.rules = [World.Rule("Owners", group: "owners", role: "owner")]
        var roster = granted(
            "ben", .role("viewer", scope: Self.scope), until: world.now + 10, world, InMemoryRoster())
        world.now += 10
        roster.apply(world.plan(roster.roster))
        roster.apply(world.plan(roster.roster))
        #expect(roster.status("ben") == .suspended)
        world.change("ben") { $0.groups = ["owners"] }
        roster.apply(world.plan(roster.roster))
        #expect(roster.status("ben") == .suspended)
        #expect(roster.causes("ben") == [])
    }

    @Test func aRevocationTakesNoSeatThatOthersWaitFor() {
        var world = flow(seats: 1, [World.Person("anna", groups: ["editors"]), World.Person("ben")])
        var roster = InMemoryRoster()
        roster.apply(world.plan(roster.roster))
        let viewer = ManualGrant.Part.role("viewer", scope: Self.scope)
        roster = granted("ben", viewer, world, roster)
        world.change("ben") { $0.groups = ["editors"] }
        roster.apply(world.plan(roster.roster))
        let rules = Access(roles: [ScopedRole(scope: Self.scope, role: "editor")])
        let act = GrantAct(
            deed: .revoke(rules: rules), person: World.key("ben"), parts: [viewer], name: "ada", reason: "over")
        roster.apply(
            Reconciler(settings: world.settings).plan(act, roster: roster.roster, newcomer: nil, now: world.now))
        #expect(roster.access("ben") == "")
        #expect(roster.seatsHeld(world.settings) == [1])
    }

    @Test func aGrantMadeOnLeaveIsOnRecordWhereOnlyRemovalFreesTheSeat() {
        var world = office(seats: 10, role: "user")
        world.settings.policy.ownCauses = [OwnCause(name: "long-leave", releasesSeat: true)]
        world.causeGroups = ["away"]
        var roster = granted("anna", .switchOn("crm"), world, InMemoryRoster())
        world.change("anna") { $0.groups = ["away"] }
        roster.apply(world.plan(roster.roster))
        #expect(roster.status("anna") == .suspended)
        roster = granted("anna", .role("user", scope: .root), world, roster)
        #expect(roster.access("anna") == "roles=:user;switches=crm")
    }

    @Test func whoWasRemovedAndComesByHandIsInNoGroupOfThen() {
        var world = flow(seats: 2, [World.Person("anna", groups: ["editors"])])
        world.settings.policy.removeAfterSeconds = 1
        var roster = InMemoryRoster()
        roster.apply(world.plan(roster.roster))
        world.change("anna") { $0.state = .disabledByFlag }
        roster.apply(world.plan(roster.roster))
        world.now += 10
        roster.apply(world.plan(roster.roster))
        #expect(roster.status("anna") == .removed)
        world.change("anna") { $0.state = .enabled }
        roster = granted("anna", .role("viewer", scope: Self.scope), world, roster)
        let groups = roster.place("anna").map { roster.roster.groupSets[Int(roster.roster.users[$0].groupSet)] }
        #expect(groups == [])
    }

    @Test func aGrantThatEndedWhileItsHolderIsStillSuspendedStaysOnRecord() {
        var world = flow(seats: 1, [World.Person("anna"), World.Person("ben")])
        var roster = granted(
            "anna", .role("editor", scope: Self.scope), until: world.now + 10, world, InMemoryRoster())
        world.change("anna") {
            $0.groups = ["editors"]
            $0.state = .disabledByFlag
        }
        world.change("ben") { $0.groups = ["editors"] }
        roster.apply(world.plan(roster.roster))
        world.now += 10
        world.change("anna") { $0.state = .enabled }
        let plan = world.plan(roster.roster)
        #expect(plan.lines == ["clearCause anna disabled>", "wait anna v >editor"])
        roster.apply(plan)
        #expect(roster.status("anna") == .suspended)
        #expect(roster.details("anna").manual.count == 1)
    }
}
