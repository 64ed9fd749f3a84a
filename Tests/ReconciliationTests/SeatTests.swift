import AccessModel
import DirectoryModel
import Reconciliation
import TestSupport
import Testing

/// Who gets a free seat, who waits, and what happens meanwhile.
struct SeatTests {
    private func desk(_ limit: Int) -> World {
        var world = World(.desk, pools: [SeatPool(scope: ScopePath("support"), seatClass: "seat", limit: limit)])
        world.rules = [World.Rule("Support", group: "support", scope: "support", role: "agent")]
        world.people = ["anna", "ben", "cleo"].map { World.Person($0, groups: ["support"]) }
        return world
    }

    private func flow(_ limit: Int) -> World {
        var world = World(
            .flow, pools: [SeatPool(scope: ScopePath("w"), seatClass: "editor", limit: limit)],
            scopes: [ScopeInstance(path: ScopePath("w/bot"))])
        world.rules = [
            World.Rule("Editors", group: "editors", scope: "w", role: "editor"),
            World.Rule("Viewers", group: "viewers", scope: "w", role: "viewer"),
        ]
        world.settings.platform.keepAtLeast = []
        return world
    }

    private func started(_ world: World) -> InMemoryRoster {
        var roster = InMemoryRoster()
        #expect(roster.apply(world.plan(roster.roster)).isEmpty)
        return roster
    }

    @Test func whoDoesNotFitWaitsAndGetsTheNextSeat() {
        var world = desk(2)
        var roster = InMemoryRoster()
        let plan = world.plan(roster.roster)
        #expect(plan.lines == ["invite anna", "invite ben", "wait cleo support >agent"])
        #expect(plan.ledger.map(\.heldAfter) == [2])
        #expect(plan.ledger.map(\.waiting) == [1])
        roster.apply(plan)
        #expect(roster.status("cleo") == nil)
        #expect(world.plan(roster.roster).lines == [])
        world.settings.topology.pools[0].limit = 3
        let next = world.plan(roster.roster)
        #expect(next.lines == ["invite cleo"])
        roster.apply(next)
        #expect(roster.roster.waiting.isEmpty)
    }

    @Test func orderIsPriorityThenWaitingThenId() {
        var world = desk(0)
        world.people = [World.Person("zoe", groups: ["support"])]
        var roster = started(world)
        world.now += 60
        world.people += ["anna", "ben"].map { World.Person($0, groups: ["support"]) }
        roster.apply(world.plan(roster.roster))
        world.rules.append(World.Rule("Oncall", group: "oncall", scope: "support", role: "agent"))
        world.rules[1].seatPriority = 10
        world.change("ben") { $0.groups.insert("oncall") }
        for (limit, expected) in [(1, ["invite ben"]), (2, ["invite ben", "invite zoe"])] {
            world.settings.topology.pools[0].limit = limit
            #expect(world.plan(roster.roster).lines == expected)
        }
    }

    @Test func aLeaverFreesTheSeatTheSameNight() {
        var world = flow(1)
        world.people = [World.Person("anna", groups: ["editors"]), World.Person("ben", groups: ["editors"])]
        let roster = started(world)
        world.change("anna") { $0.state = .disabledByFlag }
        let plan = world.plan(roster.roster)
        #expect(plan.lines == ["suspend anna", "invite ben"])
        #expect(plan.ledger.map { [$0.heldBefore, $0.freed, $0.given, $0.heldAfter] } == [[1, 1, 1, 1]])
    }

    @Test func aSuspendedUserKeepsTheSeatWhereThePlatformSaysSo() {
        var world = desk(2)
        let roster = started(world)
        world.change("anna") { $0.state = .disabledByFlag }
        #expect(world.plan(roster.roster).lines == ["suspend anna"])
    }

    @Test func aPromotionWaitsAndKeepsWhatThereIs() {
        var world = flow(1)
        world.people = [World.Person("anna", groups: ["editors"]), World.Person("ben", groups: ["viewers"])]
        var roster = started(world)
        world.change("ben") { $0.groups = ["editors"] }
        let plan = world.plan(roster.roster)
        #expect(plan.lines == ["wait ben w >editor"])
        roster.apply(plan)
        #expect(roster.access("ben") == "roles=w:viewer")
        world.change("ben") { $0.name = "Benjamin" }
        #expect(world.plan(roster.roster).lines == ["changeName ben ben>Benjamin"])
        world.change("anna") { $0.groups = ["viewers"] }
        let next = world.plan(roster.roster)
        #expect(next.lines.contains("changeRole ben w viewer>editor"))
        roster.apply(next)
        #expect(roster.roster.waiting.isEmpty)
    }

    @Test func otherwiseStandsInAndWaits() {
        var world = flow(1)
        world.settings.policy.whenSeatsRunOut = .otherwise
        world.rules[0].otherwise = "viewer"
        world.people = [World.Person("anna", groups: ["editors"]), World.Person("ben", groups: ["editors"])]
        var roster = InMemoryRoster()
        let plan = world.plan(roster.roster)
        #expect(plan.lines == ["invite anna", "invite ben", "wait ben w >editor"])
        roster.apply(plan)
        #expect(roster.access("ben") == "roles=w:viewer")
        #expect(world.plan(roster.roster).lines == [])
        world.change("anna") { $0.state = .disabledByFlag }
        #expect(world.plan(roster.roster).lines == ["suspend anna", "changeRole ben w viewer>editor"])
    }

    @Test func holdStopsTheTarget() {
        var world = desk(2)
        world.settings.policy.whenSeatsRunOut = .hold
        let plan = world.plan(InMemoryRoster().roster)
        #expect(plan.lines == [])
        #expect(plan.holds.map(\.kind) == [.seats])
        #expect(plan.holds.flatMap(\.people) == [World.key("cleo")])
    }

    @Test func aReturnerWaitsForASeat() {
        var world = flow(1)
        world.people = [World.Person("anna", groups: ["editors"]), World.Person("ben", groups: ["editors"])]
        var roster = started(world)
        world.change("anna") { $0.state = .disabledByFlag }
        roster.apply(world.plan(roster.roster))
        world.change("anna") { $0.state = .enabled }
        let plan = world.plan(roster.roster)
        #expect(plan.lines == ["clearCause anna disabled>", "wait anna w >editor"])
        roster.apply(plan)
        #expect(roster.status("anna") == .suspended)
        #expect(world.plan(roster.roster).lines == [])
        world.change("ben") { $0.groups = ["viewers"] }
        let next = world.plan(roster.roster)
        #expect(next.lines == ["changeRole ben w editor>viewer", "resume anna"])
        roster.apply(next)
        #expect(roster.access("anna") == "roles=w:editor")
    }

    @Test func aLoweredLimitThrowsNobodyOut() {
        var world = desk(3)
        let roster = started(world)
        world.settings.topology.pools[0].limit = 1
        let plan = world.plan(roster.roster)
        #expect(plan.lines == [])
        #expect(plan.codes.contains("seats.over-limit"))
    }

    @Test func anAssistantGrantTakesOneSeatForAViewer() {
        var world = flow(1)
        world.settings.topology.scopes.append(ScopeInstance(path: ScopePath("w/cat")))
        var bot = World.Rule("Bot", group: "bot", scope: "w", role: "viewer")
        bot.assistant = "bot"
        var cat = World.Rule("Cat", group: "cat", scope: "w", role: "viewer")
        cat.assistant = "cat"
        world.rules += [bot, cat]
        world.people = [
            World.Person("anna", groups: ["bot", "cat"]), World.Person("ben", groups: ["viewers", "bot"]),
        ]
        let plan = world.plan(InMemoryRoster().roster)
        #expect(plan.ledger.map(\.heldAfter) == [1])
        #expect(plan.lines == ["invite anna", "wait ben w >viewer"])
    }

    @Test func joinersHaveAPace() {
        var world = desk(10)
        world.settings.limits.invitePace = 2
        var roster = InMemoryRoster()
        let plan = world.plan(roster.roster)
        #expect(plan.lines == ["invite anna", "invite ben", "wait cleo support >agent"])
        #expect(plan.waiting.map(\.forPace) == [true])
        #expect(plan.ledger.map(\.waiting) == [0])
        roster.apply(plan)
        #expect(world.plan(roster.roster).lines == ["invite cleo"])
        world.change("cleo") { $0.groups = [] }
        #expect(world.plan(roster.roster).lines == ["stopWaiting cleo support agent>"])
    }

    @Test func anOwnerTakesASeatWhereTheTopologySaysSo() {
        var world = flow(1)
        world.settings.topology.scopes = world.settings.topology.scopes.map {
            $0.path == ScopePath("w") ? ScopeInstance(path: $0.path, ownersHoldSeats: true) : $0
        }
        world.rules.append(World.Rule("Owners", group: "owners", role: "owner"))
        world.people = [World.Person("anna", groups: ["editors"])]
        let roster = started(world)
        world.people.append(World.Person("omar", groups: ["owners"]))
        #expect(world.plan(roster.roster).lines == ["wait omar >owner"])
    }

    @Test func unmanagedUsersCountAndStay() {
        var world = desk(2)
        world.people = [World.Person("anna", groups: ["support"])]
        var roster = started(world)
        roster.edit { roster in
            roster.users[0].managed = false
        }
        world.people = [World.Person("ben", groups: ["support"]), World.Person("cleo", groups: ["support"])]
        let plan = world.plan(roster.roster)
        #expect(plan.lines == ["invite ben", "wait cleo support >agent"])
        #expect(plan.ledger.map(\.heldBefore) == [1])
    }

    /// Editors and viewers each have seats of their own; whoever gets no editor's seat is a viewer meanwhile.
    private func twoPools(editors: Int, viewers: Int) -> World {
        var world = flow(editors)
        world.settings.platform.seatClasses.append(
            SeatClass(
                name: "viewer", scope: 1, roles: ["viewer"], rolesWithGrant: [], ownerRoles: [],
                heldWhile: [.invited, .active], freedBy: .suspend))
        world.settings.topology.pools.append(
            SeatPool(scope: ScopePath("w"), seatClass: "viewer", limit: viewers))
        world.settings.policy.whenSeatsRunOut = .otherwise
        world.rules[0].otherwise = "viewer"
        world.people = ["anna", "ben", "cleo"].map { World.Person($0, groups: ["editors"]) }
        return world
    }

    @Test func aStandInWithASeatOfItsOwnTakesOneThere() {
        var world = twoPools(editors: 1, viewers: 1)
        var roster = InMemoryRoster()
        let plan = world.plan(roster.roster)
        #expect(
            plan.lines == ["invite anna", "invite ben", "wait ben w >editor", "wait cleo w >editor"])
        #expect(plan.ledger.map { [$0.given, $0.heldAfter, $0.waiting] } == [[1, 1, 2], [1, 1, 1]])
        roster.apply(plan)
        #expect(roster.access("ben") == "roles=w:viewer")
        #expect(world.plan(roster.roster).lines == [])
        world.change("anna") { $0.state = .disabledByFlag }
        let next = world.plan(roster.roster)
        #expect(next.lines == ["suspend anna", "changeRole ben w viewer>editor", "invite cleo"])
        #expect(next.ledger.map(\.heldAfter) == [1, 1])
        roster.apply(next)
        #expect(roster.access("cleo") == "roles=w:viewer")
        #expect(roster.roster.waiting.map(\.person) == [World.key("cleo")])
    }

    @Test func aStandInComesAfterThoseBeforeItInLine() {
        var world = twoPools(editors: 0, viewers: 1)
        world.rules[1].seatPriority = 5
        world.change("cleo") { $0.groups = ["viewers"] }
        let plan = world.plan(InMemoryRoster().roster)
        #expect(plan.lines == ["wait anna w >editor", "wait ben w >editor", "invite cleo"])
        #expect(plan.ledger.map(\.waiting) == [2, 2])
    }

    @Test func aUserWithAStandInKeepsItsSeat() {
        var world = twoPools(editors: 0, viewers: 1)
        world.people = [World.Person("ben", groups: ["viewers"]), World.Person("cleo", groups: ["editors"])]
        var roster = started(world)
        #expect(roster.access("ben") == "roles=w:viewer")
        world.settings.topology.pools[1].limit = 0
        world.change("ben") { $0.groups = ["editors"] }
        let plan = world.plan(roster.roster)
        #expect(plan.lines == ["wait ben w >editor"])
        #expect(plan.ledger.map(\.heldAfter) == [0, 1])
        roster.apply(plan)
        #expect(world.plan(roster.roster).lines == [])
    }
}
