import AccessModel
import DirectoryModel
import Reconciliation
import SQLiteRoster
import TestSupport
import Testing

/// What an act by hand leaves as the last night had it.
struct HandActTests {
    @Test func findingsAndTheNightsCountsStay() throws {
        let scratch = try ScratchRoster()
        let roster = try scratch.open()
        var world = World(
            .desk, pools: [SeatPool(scope: ScopePath("support"), seatClass: "seat", limit: 5)])
        world.rules = [World.Rule("Support", group: "support", scope: "support", role: "agent")]
        world.people = ["anna", "ben"].map { World.Person($0, groups: ["support"]) }
        world.people.append(World.Person("cora", emails: [], groups: ["support"]))
        func apply(_ plan: TargetPlan, _ mirror: Mirror?) throws {
            let loaded = try roster.load(targets: ["acme"])
            var record = RandomRun.emptyRecord(loaded.lastRun + 1, outcome: .applied)
            record.started = world.now
            try roster.apply(
                RunToApply(
                    record: record, generation: loaded.generation, mirror: mirror, stamps: [:], pins: [], plans: [plan])
            )
        }
        var night = world.plan(try roster.load(targets: ["acme"]).targets[0])
        for place in night.ledger.indices {
            night.ledger[place].reclaimable = 3
            night.ledger[place].onLeave = 2
        }
        try apply(night, world.mirror())
        let findings = try roster.findings(target: "acme")
        #expect(!findings.isEmpty)
        let act = ManualAct(deed: .suspend, person: World.key("ben"), name: "ada", reason: "r")
        let plan = Reconciler(settings: world.settings).plan(
            act, roster: try roster.load(targets: ["acme"]).targets[0], now: world.now)
        try apply(plan, nil)
        #expect(try roster.findings(target: "acme") == findings)
        let seats = try roster.seats(target: "acme").map(\.row)
        #expect(seats.map(\.reclaimable) == [3] && seats.map(\.onLeave) == [2])
        #expect(seats.map(\.heldAfter) == plan.ledger.map(\.heldAfter))
        try apply(world.plan(try roster.load(targets: ["acme"]).targets[0]), world.mirror())
        #expect(try roster.seats(target: "acme").map(\.row.reclaimable) == [0])
    }
}
