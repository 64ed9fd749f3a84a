import AccessModel
import DirectoryModel
import Reconciliation
import TestSupport
import Testing

/// Causes of one's own: long leave, with the seat given back and the first place in line on return.
struct OwnCauseTests {
    private func desk(_ limit: Int, release: Bool = true) -> World {
        var world = World(.desk, pools: [SeatPool(scope: ScopePath("support"), seatClass: "seat", limit: limit)])
        world.rules = [World.Rule("Support", group: "support", scope: "support", role: "agent")]
        world.settings.platform.keepAtLeast = []
        world.settings.policy.ownCauses = [
            OwnCause(name: "long-leave", releasesSeat: release, returnsFirst: release)
        ]
        world.causeGroups = ["long-leave"]
        world.people = ["anna", "ben", "cleo"].map { World.Person($0, groups: ["support"]) }
        return world
    }

    private func started(_ world: World) -> InMemoryRoster {
        var roster = InMemoryRoster()
        #expect(roster.apply(world.plan(roster.roster)).isEmpty)
        return roster
    }

    private func step(_ world: inout World, _ roster: inout InMemoryRoster) -> TargetPlan {
        world.now += 86_400
        world.run += 1
        let plan = world.plan(roster.roster)
        #expect(roster.apply(plan).isEmpty)
        return plan
    }

    @Test func leaveSuspendsGivesTheSeatBackAndReturnsFirst() {
        var world = desk(2)
        var roster = started(world)
        world.change("anna") { $0.groups.insert("long-leave") }
        let away = step(&world, &roster)
        #expect(away.lines == ["suspend anna", "leaveScope anna support agent>", "invite cleo"])
        #expect(away.ledger.map { [$0.freed, $0.given, $0.heldAfter, $0.onLeave] } == [[1, 1, 2, 1]])
        #expect(roster.causes("anna") == [.own("long-leave")])
        #expect(roster.access("anna") == "")
        #expect(away.changes.allSatisfy { away.reasons[Int($0.reason)].summary != "no rule gives `agent` any more" })
        #expect(step(&world, &roster).lines.isEmpty)

        world.people.append(World.Person("aaron", groups: ["support"]))
        #expect(step(&world, &roster).lines == ["wait aaron support >agent"])
        world.change("anna") { $0.groups.remove("long-leave") }
        let back = step(&world, &roster)
        #expect(back.lines == ["clearCause anna long-leave>", "wait anna support >agent"])
        #expect(roster.status("anna") == .suspended)
        #expect(
            roster.roster.waiting.map { [$0.person == World.key("anna"), $0.isFirst] } == [
                [true, true], [false, false],
            ])
        #expect(step(&world, &roster).lines.isEmpty)

        world.change("ben") { $0.state = .disabledByFlag }
        world.settings.topology.pools[0].limit = 3
        #expect(step(&world, &roster).lines == ["suspend ben", "resume anna", "joinScope anna support >agent"])
        #expect(roster.status("anna") == .invited)
        #expect(roster.access("anna") == "roles=support:agent")
    }

    @Test func withoutReleaseTheSeatStays() {
        var world = desk(3, release: false)
        var roster = started(world)
        world.change("anna") { $0.groups.insert("long-leave") }
        let away = step(&world, &roster)
        #expect(away.lines == ["suspend anna"])
        #expect(away.ledger.map(\.heldAfter) == [3])
        #expect(away.tally.first { $0.kind == .suspendOther }?.count == 1)
        world.change("anna") { $0.groups.remove("long-leave") }
        #expect(step(&world, &roster).lines == ["resume anna"])
    }

    @Test func nobodyNewIsCreatedUnderACause() {
        var world = desk(3)
        world.people.append(World.Person("dora", groups: ["support", "long-leave"]))
        var roster = started(world)
        #expect(roster.status("dora") == nil)
        world.change("dora") { $0.groups.remove("long-leave") }
        world.settings.topology.pools[0].limit = 4
        #expect(step(&world, &roster).lines == ["invite dora"])
    }

    @Test func whatAHumanLiftedWaitsForTheCauseToBeOver() {
        var world = desk(3, release: false)
        var roster = started(world)
        world.change("anna") { $0.groups.insert("long-leave") }
        _ = step(&world, &roster)
        let act = ManualAct(deed: .resume, person: World.key("anna"), name: "root", reason: "back early")
        roster.apply(Reconciler(settings: world.settings).plan(act, roster: roster.roster, now: world.now))
        #expect(step(&world, &roster).lines.isEmpty)
        world.change("anna") { $0.groups.remove("long-leave") }
        _ = step(&world, &roster)
        world.change("anna") { $0.groups.insert("long-leave") }
        #expect(step(&world, &roster).lines == ["suspend anna"])
    }

    @Test func aCauseTakenOutOfTheConfigurationIsOver() {
        var world = desk(3, release: false)
        var roster = started(world)
        world.change("anna") { $0.groups.insert("long-leave") }
        _ = step(&world, &roster)
        world.settings.policy.ownCauses = []
        world.causeGroups = []
        world.groups = ["long-leave"]
        #expect(step(&world, &roster).lines == ["resume anna"])
    }

    @Test func protectedPeopleGetNoOwnCause() {
        var world = desk(3)
        world.settings.protect = [.email("anna@example.org")]
        var roster = started(world)
        world.change("anna") { $0.groups.insert("long-leave") }
        let plan = step(&world, &roster)
        #expect(plan.lines.isEmpty)
        #expect(plan.codes.contains("protected.not-suspended"))
    }

    @Test func eachCauseHasItsOwnTimeBeforeRemoval() {
        var world = desk(3, release: false)
        world.settings.policy.removeAfter = ["disabled": 30 * 86_400]
        var roster = started(world)
        world.change("anna") { $0.groups.insert("long-leave") }
        world.change("ben") { $0.state = .disabledByFlag }
        _ = step(&world, &roster)
        world.now += 29 * 86_400
        #expect(step(&world, &roster).lines == ["remove ben"])
        #expect(roster.status("anna") == .suspended)
    }

    @Test func aVanishedGroupKeepsPeopleOnLeave() {
        var world = desk(3, release: false)
        var roster = started(world)
        world.change("anna") { $0.groups.insert("long-leave") }
        _ = step(&world, &roster)
        world.vanished = ["long-leave"]
        world.change("anna") { $0.groups.remove("long-leave") }
        #expect(step(&world, &roster).lines.isEmpty)
        #expect(roster.status("anna") == .suspended)
    }
}
