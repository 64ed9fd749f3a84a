import AccessModel
import DirectoryModel
import Reconciliation
import TestSupport
import Testing

/// What random histories brought to light, each told as its shortest story.
struct RandomHistoryFindingTests {
    private func desk(_ people: [String], seats: Int = 10) -> World {
        var world = World(
            .desk, pools: ["sales", "support"].map { SeatPool(scope: ScopePath($0), seatClass: "seat", limit: seats) })
        world.settings.platform.keepAtLeast = []
        world.rules = [
            World.Rule("Support", group: "support", scope: "support", role: "agent"),
            World.Rule("Sales", group: "sales", scope: "sales", role: "agent"),
        ]
        world.people = people.map { World.Person($0, groups: ["support"]) }
        return world
    }

    private func started(_ world: World) -> InMemoryRoster {
        var roster = InMemoryRoster()
        #expect(roster.apply(world.plan(roster.roster)).isEmpty)
        return roster
    }

    @Test func aHeldTargetSuspendsDisabledPeopleAndChangesNoEmail() {
        var world = desk(["anna", "ben"])
        let roster = started(world)
        world.settings.limits.changeEmail = Limit(count: 0, percent: nil, floor: 0)
        world.change("anna") {
            $0.state = .disabledByFlag
            $0.emails = ["new@example.org"]
            $0.name = "New"
        }
        let plan = world.plan(roster.roster)
        #expect(plan.holds.map(\.kind) == [.changeEmail])
        #expect(plan.lines == ["suspend anna"])
        var after = roster
        after.apply(plan)
        #expect(after.email("anna") == "anna@example.org")
    }

    @Test func aNewcomerWithTheSameEmailDoesNotSetTheIncumbentAside() {
        var world = desk(["anna"])
        let roster = started(world)
        world.change("anna") {
            $0.emails = ["Anna@example.org"]
            $0.groups = ["support", "sales"]
        }
        world.people.append(World.Person("ben", emails: ["anna@example.org"], groups: ["support"]))
        let plan = world.plan(roster.roster)
        #expect(
            plan.lines == [
                "changeEmail anna anna@example.org>Anna@example.org", "joinScope anna sales >agent",
            ])
        #expect(plan.findings.map(\.person) == [World.key("ben")])
    }

    /// Two users of one email would fail every night at the roster.
    @Test func aDisabledUserWhoseEmailChangesOnlyInCaseKeepsIt() {
        var world = desk(["anna"])
        let roster = started(world)
        world.change("anna") {
            $0.emails = ["Anna@example.org"]
            $0.state = .disabledByFlag
        }
        world.people.append(World.Person("ben", emails: ["anna@example.org"], groups: ["support"]))
        let plan = world.plan(roster.roster)
        #expect(!plan.lines.contains { $0.contains("ben") })
        #expect(plan.findings.map(\.person) == [World.key("ben")])
    }

    @Test func whoNoRuleGivesAnythingDoesNotReturnWhileThatSettles() {
        var world = desk(["anna"])
        var roster = started(world)
        world.change("anna") { $0.state = .disabledByFlag }
        roster.apply(world.plan(roster.roster))
        world.change("anna") {
            $0.state = .enabled
            $0.groups = []
        }
        roster.apply(world.plan(roster.roster))
        #expect(roster.status("anna") == .suspended)
        #expect(roster.causes("anna") == [])
        world.change("anna") { $0.groups = ["support"] }
        #expect(world.plan(roster.roster).lines == ["resume anna"])
    }

    @Test func whoIsSetAsideIsNotRemoved() {
        var world = desk(["anna"])
        world.settings.policy.removeAfterSeconds = 3600
        var roster = started(world)
        world.change("anna") { $0.state = .disabledByFlag }
        roster.apply(world.plan(roster.roster))
        world.now += 7200
        world.change("anna") { $0.problems = .invalidText }
        #expect(world.plan(roster.roster).lines == [])
        world.change("anna") { $0.problems = [] }
        #expect(world.plan(roster.roster).lines == ["remove anna"])
    }

    @Test func protectingSomebodyDoesNotForgetWhatIsSeenOfThem() {
        var world = desk(["anna"])
        world.settings.protect = [.id("anna")]
        var roster = started(world)
        world.change("anna") { $0.groups = [] }
        let firstSeen = world.now
        roster.apply(world.plan(roster.roster))
        for _ in 0..<3 {
            world.now += 24 * 3600
            let plan = world.plan(roster.roster)
            #expect(plan.codes.contains("protected.not-suspended"))
            roster.apply(plan)
            #expect(roster.details("anna").pending.map(\.firstSeen) == [firstSeen])
        }
    }

    @Test func whoWaitsForASeatDoesNotWaitForThePace() {
        var world = desk(["anna", "ben"], seats: 1)
        world.settings.topology.pools[0].limit = 5
        for place in world.people.indices { world.people[place].groups = ["support", "sales"] }
        world.settings.limits.invitePace = 1
        let plan = world.plan(InMemoryRoster().roster)
        #expect(plan.waiting.map(\.scope) == [ScopePath("sales"), ScopePath("support")])
        #expect(plan.waiting.map(\.forPace) == [true, false])
    }

    @Test func whoIsSuspendedByHandLeavesTheLineEvenIfSetAside() {
        var world = desk(["anna"], seats: 0)
        world.settings.topology.pools[0].limit = 1
        world.people[0].groups = ["support", "sales"]
        var roster = started(world)
        #expect(roster.roster.waiting.count == 1)
        let act = ManualAct(deed: .suspend, person: World.key("anna"), name: "root", reason: "asked")
        roster.apply(Reconciler(settings: world.settings).plan(act, roster: roster.roster, now: world.now))
        world.change("anna") { $0.problems = .invalidText }
        #expect(world.plan(roster.roster).waiting == [])
    }

    @Test func whoReturnsAndFindsNoSeatGetsTheStandInMeanwhile() {
        var world = World(
            .flow, pools: [SeatPool(scope: ScopePath("v"), seatClass: "editor", limit: 2)],
            scopes: [ScopeInstance(path: ScopePath("v"))])
        world.settings.platform.keepAtLeast = []
        world.settings.policy.whenSeatsRunOut = .otherwise
        var rule = World.Rule("Editors", group: "editors", scope: "v", role: "editor")
        rule.otherwise = "viewer"
        world.rules = [rule]
        world.people = ["anna", "ben"].map { World.Person($0, groups: ["editors"]) }
        var roster = started(world)
        world.change("anna") { $0.state = .disabledByFlag }
        roster.apply(world.plan(roster.roster))
        world.change("anna") { $0.state = .enabled }
        world.settings.topology.pools[0].limit = 1
        roster.apply(world.plan(roster.roster))
        #expect(roster.status("anna") == .invited)
        #expect(roster.access("anna") == "roles=v:viewer")
        #expect(roster.roster.waiting.map(\.person) == [World.key("anna")])
        #expect(world.plan(roster.roster).lines == [])
    }

    @Test func whoReturnsAndWaitsForTheWholeHasThePartsThatNeedNoSeat() {
        var world = World(
            .flow, pools: ["v", "w"].map { SeatPool(scope: ScopePath($0), seatClass: "editor", limit: 1) },
            scopes: [ScopeInstance(path: ScopePath("v"), ownersHoldSeats: true)])
        world.settings.platform.keepAtLeast = []
        world.rules = [
            World.Rule("Owners", group: "owners", role: "owner"),
            World.Rule("Editors", group: "team", scope: "w", role: "editor"),
            World.Rule("Viewers", group: "team", scope: "v", role: "viewer"),
        ]
        world.people = [World.Person("ada", groups: ["owners"]), World.Person("ben", groups: ["team"])]
        var roster = started(world)
        world.change("ben") { $0.state = .disabledByFlag }
        roster.apply(world.plan(roster.roster))
        world.change("ben") {
            $0.state = .enabled
            $0.groups = ["owners"]
        }
        roster.apply(world.plan(roster.roster))
        #expect(roster.status("ben") == .invited)
        #expect(roster.access("ben") == "roles=v:viewer")
    }

    @Test func aFrozenGroupElsewhereGivesNobodyASecondPlaceInLine() {
        var world = World(
            .flow, pools: [SeatPool(scope: ScopePath("v"), seatClass: "editor", limit: 1)],
            scopes: [ScopeInstance(path: ScopePath("v"))])
        world.settings.platform.keepAtLeast = []
        world.settings.policy.unmapped.settleSeconds = 0
        world.settings.limits.privilegedGain = Limit(count: 0, percent: nil, floor: 0)
        world.rules = [
            World.Rule("Owners", group: "owners", role: "owner"),
            World.Rule("Editors", group: "editors", scope: "v", role: "editor"),
            World.Rule("Viewers", group: "viewers", scope: "v", role: "viewer"),
        ]
        world.people = [
            World.Person("anna", groups: ["editors"]), World.Person("cleo", groups: ["viewers"]),
        ]
        var roster = started(world)
        world.change("anna") { $0.groups = [] }
        world.people.append(World.Person("ben", groups: ["editors"]))
        roster.apply(world.plan(roster.roster))
        #expect(roster.status("anna") == .suspended)
        world.change("anna") { $0.groups = ["owners"] }
        roster.apply(world.plan(roster.roster))
        #expect(roster.roster.waiting.map(\.person) == [World.key("anna")])
        world.vanished = ["viewers"]
        let plan = world.plan(roster.roster)
        #expect(plan.holds.contains { $0.kind == .groupShrink })
        #expect(plan.waiting.map(\.person) == [World.key("anna")])
    }

    /// Where the policy only reports it, being disabled changes nothing, not even for somebody set aside.
    @Test func whoIsDisabledWhereThatIsOnlyReportedKeepsTheirPlaceInLine() {
        var world = desk(["anna", "ben"], seats: 1)
        world.settings.policy.disabled = .report
        world.settings.policy.emailDomains = ["example.org"]
        world.change("ben") { $0.groups = ["support", "sales"] }
        var roster = started(world)
        #expect(roster.roster.waiting.map(\.person) == [World.key("ben")])
        world.change("ben") {
            $0.state = .disabledByFlag
            $0.emails = ["ben@elsewhere.example"]
        }
        roster.apply(world.plan(roster.roster))
        #expect(roster.status("ben") == .invited)
        #expect(roster.roster.waiting.map(\.person) == [World.key("ben")])
    }
}
