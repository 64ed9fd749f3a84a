import AccessModel
import DirectoryModel
import MappingLanguage
import Reconciliation
import TestSupport
import Testing

/// A pilot: members of one group are kept in step, everybody else is left as they are.
struct PilotTests {
    private func desk() -> World {
        var world = World(.desk, pools: [SeatPool(scope: ScopePath("support"), seatClass: "seat", limit: 10)])
        world.rules = [World.Rule("Support", group: "support", scope: "support", role: "agent")]
        world.settings.platform.keepAtLeast = []
        world.settings.policy.unmapped.settleSeconds = 0
        world.pilotGroup = "pilot"
        world.people = ["anna", "ben"].map { World.Person($0, groups: ["support", "pilot"]) }
        world.people += ["cleo", "dora"].map { World.Person($0, groups: ["support"]) }
        return world
    }

    @Test func onlyTheGroupIsInvited() {
        var world = desk()
        var roster = InMemoryRoster()
        let plan = world.plan(roster.roster)
        #expect(plan.lines == ["invite anna", "invite ben"])
        #expect(
            plan.findings.first { $0.code == "pilot.only" }?.message.contains("group `pilot` with 2 people") == true)
        roster.apply(plan)
        #expect(world.plan(roster.roster).lines.isEmpty)
        world.pilotGroup = nil
        world.groups = ["pilot"]
        #expect(world.plan(roster.roster).lines == ["invite cleo", "invite dora"])
    }

    /// A group that is not locked may be anybody's: it has no name and no people.
    @Test func whereTheGroupCannotBeBelievedNobodyTakesPart() {
        var world = desk()
        world.pilotGroup = nil
        world.groups = ["pilot"]
        var roster = InMemoryRoster()
        roster.apply(world.plan(roster.roster))
        world.change("anna") { $0.state = .disabledByFlag }
        var input = world.input(roster.roster)
        input.evaluation.pilot = input.evaluation.groups.count
        let evaluation = input.evaluation
        let plan = Reconciler(settings: world.settings).decide(input) { _ in evaluation }
        #expect(plan.lines == [])
        let finding = plan.findings.first { $0.code == "pilot.only" }
        #expect(finding?.weight == .warning)
        #expect(finding?.message.contains("nobody takes part, 4 other users are left as they are") == true)
        #expect(PilotStanding(0, input)?.takesPart == false)
    }

    @Test func whatAPilotMeansForOnePerson() {
        let world = desk()
        let input = world.input(InMemoryRoster().roster)
        let standings = input.mirror.people.indices.map { PilotStanding(PersonIndex($0), input) }
        #expect(standings.map { $0?.takesPart } == [true, true, false, false])
        #expect(standings.allSatisfy { $0?.group == "pilot" })
    }

    @Test func othersStayAsTheyAre() {
        var world = desk()
        world.pilotGroup = nil
        world.groups = ["pilot"]
        var roster = InMemoryRoster()
        roster.apply(world.plan(roster.roster))
        world.pilotGroup = "pilot"
        world.change("anna") { $0.groups.remove("support") }
        world.change("cleo") { $0.groups.remove("support") }
        world.change("dora") { $0.state = .disabledByFlag }
        let plan = world.plan(roster.roster)
        #expect(plan.lines == ["suspend anna"])
        #expect(plan.ledger.map(\.heldBefore) == [4])
        #expect(plan.findings.first { $0.code == "pilot.only" }?.message.contains("2 other users are left") == true)
    }

    @Test func whoIsGoneCountsAsTheyWereRecorded() {
        var world = desk()
        var roster = InMemoryRoster()
        world.settings.policy.missing = Policy.Missing(deed: .suspend, runs: 1, seconds: 0)
        world.pilotGroup = nil
        world.groups = ["pilot"]
        world.rules.append(World.Rule("Pilot", group: "pilot", scope: "support", role: "chatter"))
        roster.apply(world.plan(roster.roster))
        world.pilotGroup = "pilot"
        world.lose("anna")
        world.lose("cleo")
        #expect(world.plan(roster.roster).lines == ["suspend anna"])
    }

    @Test func placesInLineOfOthersAreKept() {
        var world = desk()
        world.pilotGroup = nil
        world.groups = ["pilot"]
        world.settings.topology.pools[0].limit = 2
        var roster = InMemoryRoster()
        roster.apply(world.plan(roster.roster))
        #expect(roster.roster.waiting.count == 2)
        world.pilotGroup = "pilot"
        let plan = world.plan(roster.roster)
        #expect(plan.lines.isEmpty)
        #expect(plan.waiting.count == 2)
    }
}
