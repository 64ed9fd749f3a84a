import AccessModel
import DirectoryModel
import Reconciliation
import TestSupport
import Testing

/// The line for seats as ledgers count it and as reasons tell of it.
struct LineTests {
    private func desk(_ limit: Int) -> World {
        var world = World(.desk, pools: [SeatPool(scope: ScopePath("support"), seatClass: "seat", limit: limit)])
        world.rules = [World.Rule("Support", group: "support", scope: "support", role: "agent")]
        world.settings.platform.keepAtLeast = []
        world.people = ["anna", "ben", "cleo"].map { World.Person($0, groups: ["support"]) }
        return world
    }

    private func started(_ world: World) -> InMemoryRoster {
        var roster = InMemoryRoster()
        #expect(roster.apply(world.plan(roster.roster)).isEmpty)
        return roster
    }

    private func suspension(of id: String, _ world: World, _ roster: InMemoryRoster) -> TargetPlan {
        let act = ManualAct(deed: .suspend, person: World.key(id), name: "root", reason: "asked")
        return Reconciler(settings: world.settings).plan(act, roster: roster.roster, now: world.now)
    }

    @Test func aHeldNightKeepsTheLine() {
        var world = desk(2)
        let roster = started(world)
        world.settings.limits.suspendOther = Limit(count: 0, percent: nil, floor: 0)
        world.settings.policy.unmapped.settleSeconds = 0
        world.change("anna") { $0.groups = [] }
        world.change("ben") { $0.state = .disabledByFlag }
        let plan = world.plan(roster.roster)
        #expect(plan.holds.map(\.kind) == [.suspendOther])
        #expect(plan.lines == ["suspend ben"])
        #expect(plan.ledger.map { [$0.heldBefore, $0.heldAfter, $0.waiting] } == [[2, 2, 1]])
        #expect(plan.ledger.map(\.oldestWaiting) == [world.now])
    }

    /// Who waits for a role of the whole waits for seats further in.
    @Test func actsByHandLeaveTheLineAsItWasCounted() {
        var world = World(
            .flow, pools: ["v", "w"].map { SeatPool(scope: ScopePath($0), seatClass: "editor", limit: 1) },
            scopes: [ScopeInstance(path: ScopePath("v"), ownersHoldSeats: true)])
        world.settings.platform.keepAtLeast = []
        world.rules = [
            World.Rule("Owners", group: "owners", role: "owner"),
            World.Rule("Editors", group: "editors", scope: "v", role: "editor"),
        ]
        world.people = [World.Person("anna", groups: ["editors"]), World.Person("ben", groups: ["owners"])]
        world.rules[1].seatPriority = 1
        var roster = started(world)
        #expect(roster.roster.ledger.map(\.waiting) == [1, 0])
        let plan = suspension(of: "anna", world, roster)
        #expect(plan.ledger.map { [$0.heldAfter, $0.waiting] } == [[0, 1], [0, 0]])
        roster.edit { $0.ledger = [] }
        #expect(suspension(of: "anna", world, roster).ledger.map(\.waiting) == [1, 0])
    }

    /// A class of seats in the same scope for which nobody waits.
    @Test func aPlaceThatIsKeptCountsInItsOwnPool() {
        var world = World(
            .flow,
            pools: ["editor", "viewer"].map { SeatPool(scope: ScopePath("w"), seatClass: $0, limit: 0) })
        world.settings.platform.seatClasses.append(
            SeatClass(
                name: "viewer", scope: 1, roles: ["viewer"], rolesWithGrant: [], ownerRoles: [],
                heldWhile: [.invited, .active], freedBy: .suspend))
        world.settings.platform.keepAtLeast = []
        world.directories = ["corp", "labs"]
        world.rules = [World.Rule("Viewers", group: "viewers", scope: "w", role: "viewer")]
        var zoe = World.Person("zoe", groups: ["viewers"])
        zoe.directory = "labs"
        world.people = [World.Person("anna"), zoe]
        let roster = started(world)
        #expect(roster.roster.ledger.map(\.waiting) == [0, 1])
        world.people.removeLast()
        world.directories = ["corp"]
        #expect(world.plan(roster.roster).ledger.map(\.waiting) == [0, 1])
    }

    @Test func leavingTheLineSaysWhy() {
        var world = desk(2)
        world.settings.policy.ownCauses = [OwnCause(name: "leave")]
        world.causeGroups = ["leave"]
        let roster = started(world)
        func reason(_ change: (inout World) -> Void) -> String {
            var night = world
            change(&night)
            let plan = night.plan(roster.roster)
            #expect(plan.lines == ["stopWaiting cleo support agent>"])
            return plan.changes.first.map { plan.reasons[Int($0.reason)].summary } ?? ""
        }
        #expect(reason { $0.change("cleo") { $0.groups = [] } } == "no rule gives `agent` any more")
        #expect(reason { $0.change("cleo") { $0.state = .disabledByFlag } } == "disabled in the directory")
        #expect(reason { $0.change("cleo") { $0.groups.insert("leave") } } == "the condition of `leave` holds")
        #expect(reason { $0.lose("cleo") } == "no longer in the directory")
    }

    /// Suspended for nothing any more, and in line like anybody else.
    @Test func whoWaitsToComeBackKeepsThePlaceWhileAGroupIsFrozen() {
        var world = desk(2)
        world.settings.policy.reclaimInactiveSeconds = 3_600
        world.settings.policy.new = .activate
        world.rules.append(World.Rule("Sales", group: "sales", scope: "sales", role: "agent"))
        world.rules.append(World.Rule("Temps", group: "temps", scope: "support", role: "agent"))
        world.people[0].groups = ["temps"]
        world.people.append(World.Person("zoe", groups: ["sales"]))
        var roster = started(world)
        func night(_ change: (inout World) -> Void) -> TargetPlan {
            change(&world)
            world.now += 7_200
            world.run += 1
            let plan = world.plan(roster.roster)
            roster.apply(plan)
            return plan
        }
        let first = world.now
        _ = night { $0.change("anna") { $0.lastSignIn = first } }
        #expect(roster.causes("anna") == [.reclaimed])
        let later = world.now + 1
        _ = night { $0.change("anna") { $0.lastSignIn = later } }
        #expect(roster.status("anna") == .suspended && roster.causes("anna").isEmpty)
        #expect(roster.roster.waiting.map(\.person) == [World.key("anna")])
        world.settings.limits.groupShrink = Limit(count: nil, percent: 0, floor: 0)
        let plan = night {
            $0.rules.removeLast()
            $0.change("zoe") { $0.groups = [] }
        }
        #expect(plan.holds.map(\.kind) == [.groupShrink])
        #expect(roster.roster.waiting.map(\.person) == [World.key("anna")])
    }

    @Test func aUserWhoIsSuspendedLeavesTheLineForThat() {
        var world = desk(1)
        world.rules.append(World.Rule("Sales", group: "sales", scope: "sales", role: "agent"))
        world.people = [
            World.Person("anna", groups: ["support"]), World.Person("ben", groups: ["support", "sales"]),
        ]
        let roster = started(world)
        #expect(roster.roster.waiting.map(\.person) == [World.key("ben")])
        world.change("ben") { $0.state = .disabledByFlag }
        let plan = world.plan(roster.roster)
        #expect(plan.lines == ["suspend ben", "stopWaiting ben support agent>"])
        #expect(Set(plan.changes.map { plan.reasons[Int($0.reason)].summary }).count == 1)
    }

    @Test func comingBackNamesASeatOnlyWhereOneWasWaitedFor() {
        var world = desk(3)
        var roster = started(world)
        func night(_ change: (inout World) -> Void) -> TargetPlan {
            change(&world)
            world.now += 3_600
            world.run += 1
            let plan = world.plan(roster.roster)
            roster.apply(plan)
            return plan
        }
        _ = night { $0.change("anna") { $0.state = .disabledByFlag } }
        _ = night {
            $0.change("anna") {
                $0.state = .enabled
                $0.groups = []
            }
        }
        #expect(roster.status("anna") == .suspended && roster.causes("anna").isEmpty)
        let back = night { $0.change("anna") { $0.groups = ["support"] } }
        #expect(back.lines == ["resume anna"])
        #expect(back.changes.map { back.reasons[Int($0.reason)].summary } == ["rules give something again"])
    }

    /// More workspaces than can be told apart: who returns holds no seat that others have.
    @Test func whoReturnsToManyFullWorkspacesStaysAway() {
        let scopes = (10..<80).map { "w\($0)" }
        var world = World(
            .flow, pools: scopes.map { SeatPool(scope: ScopePath($0), seatClass: "editor", limit: 1) })
        world.settings.platform.keepAtLeast = []
        world.rules = scopes.map { World.Rule($0, group: "all", scope: $0, role: "editor") }
        world.people = [World.Person("anna", groups: ["all"])]
        var roster = started(world)
        world.change("anna") { $0.state = .disabledByFlag }
        world.people.append(World.Person("ben", groups: ["all"]))
        roster.apply(world.plan(roster.roster))
        #expect(roster.status("anna") == .suspended && roster.status("ben") == .invited)
        world.change("anna") { $0.state = .enabled }
        let plan = world.plan(roster.roster)
        roster.apply(plan)
        #expect(roster.status("anna") == .suspended)
        #expect(roster.seatsHeld(world.settings).allSatisfy { $0 == 1 })
        #expect(plan.ledger.allSatisfy { $0.heldAfter == 1 })
    }
}
