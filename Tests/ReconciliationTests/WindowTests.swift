import AccessModel
import DirectoryModel
import Reconciliation
import TestSupport
import Testing

/// Limits count over a rolling window: a drip of leavers trips them as a wave does.
struct WindowTests {
    private static let hour: Int64 = 3_600

    private func desk(_ count: Int) -> World {
        var world = World(.desk)
        world.rules = [World.Rule("Support", group: "support", scope: "support", role: "agent")]
        world.settings.platform.keepAtLeast = []
        world.settings.policy.unmapped.settleSeconds = 0
        world.people = (0..<count).map { World.Person("p\($0 + 100)", groups: ["support"]) }
        return world
    }

    private func started(_ world: World) -> InMemoryRoster {
        var roster = InMemoryRoster()
        roster.apply(world.plan(roster.roster))
        return roster
    }

    /// Applies one run after so many hours in which the next people lose their last group.
    private func leave(_ count: Int, _ world: inout World, _ roster: inout InMemoryRoster, hours: Int64) -> TargetPlan {
        world.now += hours * WindowTests.hour
        world.run += 1
        let staying = world.people.indices.filter { !world.people[$0].groups.isEmpty }
        for place in staying.prefix(count) { world.people[place].groups = [] }
        let plan = world.plan(roster.roster)
        roster.apply(plan)
        return plan
    }

    @Test func twoRunsOfOneDayAreCountedTogether() {
        var world = desk(100)
        var roster = started(world)
        world.settings.limits.suspendOther = Limit(count: 25, percent: nil, floor: 3)
        #expect(leave(22, &world, &roster, hours: 1).holds.isEmpty)
        let second = leave(5, &world, &roster, hours: 1)
        #expect(
            second.holds.map(\.message) == [
                "5 users would be suspended, 27 in 24h (limit 25; 22 of them by run 2)"
            ])
        #expect(second.lines.isEmpty)
        let tally = second.tally.first { $0.kind == .suspendOther }
        #expect(tally?.count == 5 && tally?.earlier == 22 && tally?.window == "24h" && tally?.isExceeded == true)
    }

    @Test func nightsALittleLessThanADayApartDoNotCountDouble() {
        var world = desk(100)
        var roster = started(world)
        world.settings.limits.suspendOther = Limit(count: 25, percent: nil, floor: 3)
        #expect(leave(20, &world, &roster, hours: 24).holds.isEmpty)
        world.now -= 300
        #expect(leave(20, &world, &roster, hours: 24).holds.isEmpty)
        #expect(leave(20, &world, &roster, hours: 22).holds.map(\.kind) == [.suspendOther])
    }

    @Test func aDripOfLeaversTripsTheWeek() {
        var world = desk(100)
        var roster = started(world)
        world.settings.limits.suspendOther = Limit(count: 25, percent: nil, floor: 3)
        world.settings.limits.week = [.suspendOther: Limit(count: nil, percent: 10, floor: 5)]
        for _ in 1...3 { #expect(leave(3, &world, &roster, hours: 24).holds.isEmpty) }
        let plan = leave(3, &world, &roster, hours: 24)
        #expect(
            plan.holds.map(\.message) == [
                "3 users would be suspended, 12 in 7 days (limit 9; 9 of them by runs 2, 3 and 4)"
            ])
        world.now += 7 * 24 * WindowTests.hour
        #expect(world.plan(roster.roster).holds.isEmpty)
    }

    @Test func aQuietRunIsNotHeldForWhatOthersDid() {
        var world = desk(100)
        var roster = started(world)
        world.settings.limits.suspendOther = Limit(count: 25, percent: nil, floor: 3)
        #expect(leave(25, &world, &roster, hours: 1).holds.isEmpty)
        world.settings.limits.suspendOther = Limit(count: 5, percent: nil, floor: 3)
        world.people.append(World.Person("zoe", groups: ["support"]))
        let plan = leave(0, &world, &roster, hours: 1)
        #expect(plan.holds.isEmpty)
        #expect(plan.lines == ["invite zoe"])
    }

    @Test func whoWasApprovedDoesNotUseUpTheWindow() {
        var world = desk(100)
        var roster = started(world)
        world.settings.limits.suspendOther = Limit(count: 5, percent: nil, floor: 3)
        world.approvals = [
            Approval(
                file: "a.yaml", digest: "d", reason: "HR", validFrom: 0, validUntil: 2_000_000_000, targets: nil,
                people: Set((100..<120).map { World.id("p\($0)") }), allow: [.suspendOther: 20], groupShrink: [:],
                used: [:])
        ]
        #expect(leave(20, &world, &roster, hours: 1).holds.isEmpty)
        #expect(roster.roster.recent.isEmpty)
        world.approvals = []
        #expect(leave(5, &world, &roster, hours: 1).holds.isEmpty)
        #expect(roster.roster.recent == [GuardCount(run: 3, time: world.now, kind: .suspendOther, people: 5)])
    }

    @Test func aHeldTargetCountsOnlyWhatItWrote() {
        var world = desk(100)
        var roster = started(world)
        world.settings.limits.suspendOther = Limit(count: 3, percent: nil, floor: 3)
        world.people[50].state = .disabledByFlag
        #expect(!leave(10, &world, &roster, hours: 1).holds.isEmpty)
        #expect(roster.roster.recent.map(\.kind) == [.suspendDisabled])
    }

    @Test func privilegedGainsUseUpTheWindowToo() {
        var world = desk(3)
        world.rules.append(World.Rule("Directors", group: "directors", role: "account-admin"))
        var roster = started(world)
        world.settings.limits.privilegedGain = Limit(count: 1, percent: nil, floor: 0)
        for (place, isGranted) in [(0, true), (1, false)] {
            world.now += WindowTests.hour
            world.run += 1
            world.people[place].groups.insert("directors")
            let plan = world.plan(roster.roster)
            #expect(plan.holds.isEmpty == isGranted)
            roster.apply(plan)
        }
        world.now += 24 * WindowTests.hour
        #expect(world.plan(roster.roster).holds.isEmpty)
    }
}
