import AccessModel
import DirectoryModel
import Reconciliation
import TestSupport
import Testing

/// Seats of people who have not signed in for long are taken back for those in line, and for nobody else.
struct ReclaimTests {
    private static let day: Int64 = 86_400

    private func world(_ platform: Platform, _ pool: SeatPool, _ role: String) -> World {
        var world = World(platform, pools: [pool])
        world.rules = [World.Rule("Rule", group: "staff", scope: "\(pool.scope)", role: role)]
        world.settings.platform.keepAtLeast = []
        world.settings.policy.new = .activate
        world.settings.policy.reclaimInactiveSeconds = 90 * ReclaimTests.day
        world.people = ["anna", "ben", "cleo"].map { World.Person($0, groups: ["staff"]) }
        return world
    }

    private func desk() -> World {
        world(.desk, SeatPool(scope: ScopePath("support"), seatClass: "seat", limit: 3), "agent")
    }

    /// Everybody has a seat and signed in so many days ago.
    private func started(_ world: inout World, days: [String: Int64]) -> InMemoryRoster {
        var roster = InMemoryRoster()
        roster.apply(world.plan(roster.roster))
        world.now += 200 * ReclaimTests.day
        world.run += 1
        let now = world.now
        for (id, age) in days { world.change(id) { $0.lastSignIn = now - age * ReclaimTests.day } }
        return roster
    }

    @Test func nothingIsTakenWhileNobodyWaits() {
        var world = desk()
        let roster = started(&world, days: ["anna": 100, "ben": 120, "cleo": 10])
        let plan = world.plan(roster.roster)
        #expect(plan.lines.isEmpty)
        #expect(plan.ledger.map(\.reclaimable) == [2])
    }

    @Test func theLeastRecentlySignedInGivesASeatToTheFirstInLine() {
        var world = desk()
        var roster = started(&world, days: ["anna": 100, "ben": 120, "cleo": 10])
        world.people.append(World.Person("zoe", groups: ["staff"]))
        let plan = world.plan(roster.roster)
        #expect(plan.lines == ["suspend ben", "leaveScope ben support agent>", "invite zoe"])
        #expect(
            plan.ledger.map { [$0.freed, $0.given, $0.heldAfter, $0.waiting, $0.reclaimable] } == [[1, 1, 3, 0, 1]])
        #expect(plan.tally.first { $0.kind == .loseAccess }?.count == 1)
        #expect(plan.tally.first { $0.kind == .suspendOther }?.count == 0)
        roster.apply(plan)
        #expect(roster.causes("ben") == [.reclaimed])
        world.now += ReclaimTests.day
        #expect(world.plan(roster.roster).lines.isEmpty)
        let now = world.now
        world.change("ben") { $0.lastSignIn = now }
        world.change("anna") { $0.lastSignIn = now }
        #expect(world.plan(roster.roster).lines.contains("wait ben support >agent"))
        world.settings.topology.pools[0].limit = 4
        #expect(world.plan(roster.roster).lines == ["resume ben", "joinScope ben support >agent"])
    }

    @Test func whoKeepsAnotherRoleOnlyLosesTheSeat() {
        var world = desk()
        world.rules.append(World.Rule("Sales", group: "staff", scope: "sales", role: "agent"))
        var roster = started(&world, days: ["anna": 100, "ben": 120, "cleo": 10])
        world.people.append(World.Person("zoe", groups: ["staff"]))
        let plan = world.plan(roster.roster)
        #expect(plan.lines == ["leaveScope ben support agent>", "invite zoe"])
        roster.apply(plan)
        #expect(roster.status("ben") == .active)
        world.settings.topology.pools[0].limit = 4
        world.now += ReclaimTests.day
        #expect(world.plan(roster.roster).lines.isEmpty)
        let act = ManualAct(deed: .resume, person: World.key("ben"), name: "root", reason: "needs it")
        roster.apply(Reconciler(settings: world.settings).plan(act, roster: roster.roster, now: world.now))
        roster.apply(world.plan(roster.roster))
        #expect(roster.access("ben") == "roles=sales:agent,support:agent")
        world.people.append(World.Person("yan", groups: ["staff"]))
        #expect(world.plan(roster.roster).lines.contains("leaveScope anna support agent>"))
        #expect(roster.details("ben").lifted == [.reclaimed])
        var stale = roster
        stale.edit { $0.signInsImported = world.now - 8 * ReclaimTests.day }
        stale.apply(world.plan(stale.roster))
        #expect(stale.details("ben").lifted == [.reclaimed])
        let now = world.now
        world.change("ben") { $0.lastSignIn = now }
        roster.apply(world.plan(roster.roster))
        #expect(roster.details("ben").lifted.isEmpty)
    }

    @Test func suspendingFreesWhereThePlatformSaysSo() {
        var world = world(.flow, SeatPool(scope: ScopePath("w"), seatClass: "editor", limit: 3), "editor")
        let roster = started(&world, days: ["anna": 100, "ben": 120, "cleo": 10])
        world.people.append(World.Person("zoe", groups: ["staff"]))
        let plan = world.plan(roster.roster)
        #expect(plan.lines == ["suspend ben", "invite zoe"])
        #expect(plan.tally.first { $0.kind == .loseAccess }?.count == 1)
    }

    @Test func removalIsCountedAsRemoval() {
        var world = world(.office, SeatPool(scope: .root, seatClass: "user", limit: 3), "user")
        var roster = started(&world, days: ["anna": 100, "ben": 120, "cleo": 10])
        world.people.append(World.Person("zoe", groups: ["staff"]))
        let plan = world.plan(roster.roster)
        #expect(plan.lines == ["remove ben", "invite zoe"])
        #expect(plan.tally.first { $0.kind == .remove }?.count == 1)
        roster.apply(plan)
        #expect(world.plan(roster.roster).lines.isEmpty)
        let soon = world.now + 1
        world.change("ben") { $0.lastSignIn = soon }
        world.now += 2
        #expect(world.plan(roster.roster).lines == ["remove anna", "invite ben"])
    }

    @Test func protectedUnknownAndFreshPeopleKeepTheirs() {
        var world = desk()
        world.settings.protect = [.email("ben@example.org")]
        let roster = started(&world, days: ["ben": 120, "cleo": 10])
        world.people.append(World.Person("zoe", groups: ["staff"]))
        #expect(world.plan(roster.roster).lines == ["wait zoe support >agent"])
    }

    @Test func aStaleFeedTakesNothingFromAnybody() {
        var world = desk()
        var roster = started(&world, days: ["anna": 100, "ben": 120, "cleo": 10])
        world.people.append(World.Person("zoe", groups: ["staff"]))
        roster.edit { $0.signInsImported = world.now - 8 * ReclaimTests.day }
        #expect(world.plan(roster.roster).lines == ["wait zoe support >agent"])
        roster.edit { $0.signInsImported = world.now - 6 * ReclaimTests.day }
        #expect(world.plan(roster.roster).lines.contains("invite zoe"))
    }

    @Test func aLimitThatWasLoweredIsMetBeforeAnybodyComesIn() {
        var world = desk()
        let roster = started(&world, days: ["anna": 100, "ben": 120, "cleo": 110])
        world.settings.topology.pools[0].limit = 2
        #expect(world.plan(roster.roster).lines.isEmpty)
        world.people.append(World.Person("zoe", groups: ["staff"]))
        let plan = world.plan(roster.roster)
        #expect(plan.lines.contains("suspend ben") && plan.lines.contains("suspend cleo"))
        #expect(plan.lines.contains("invite zoe"))
        #expect(plan.ledger.map(\.heldAfter) == [2])
    }

    /// A place that is merely kept cannot be filled tonight, and would cost one more seat every night.
    @Test func nothingIsTakenForSomebodyWhoIsSetAside() {
        var world = desk()
        var roster = started(&world, days: ["anna": 10, "ben": 10, "cleo": 10])
        world.people.append(World.Person("zoe", groups: ["staff"]))
        roster.apply(world.plan(roster.roster))
        #expect(roster.roster.waiting.map(\.person) == [World.key("zoe")])
        world.change("zoe") { $0.problems = .invalidText }
        world.now += 100 * ReclaimTests.day
        let plan = world.plan(roster.roster)
        #expect(plan.lines.isEmpty)
        #expect(plan.waiting.map(\.person) == [World.key("zoe")])
        #expect(plan.ledger.map(\.reclaimable) == [3])
    }

    @Test func onlyTheSeatThatSomebodyWaitsForIsTaken() {
        var world = desk()
        world.settings.topology =
            World(
                .desk, pools: ["sales", "support"].map { SeatPool(scope: ScopePath($0), seatClass: "seat", limit: 3) }
            ).settings.topology
        world.rules.append(World.Rule("Sales", group: "sales", scope: "sales", role: "agent"))
        world.change("ben") { $0.groups = ["staff", "sales"] }
        var roster = started(&world, days: ["anna": 10, "ben": 120, "cleo": 10])
        world.people.append(World.Person("zoe", groups: ["staff"]))
        let plan = world.plan(roster.roster)
        #expect(plan.lines == ["leaveScope ben support agent>", "invite zoe"])
        roster.apply(plan)
        world.now += ReclaimTests.day
        #expect(world.plan(roster.roster).lines.isEmpty)
        #expect(roster.access("ben") == "roles=sales:agent")
        #expect(roster.status("ben") == .active)
    }

    @Test func whoWaitsElsewhereIsSuspendedWithWhatTheyHave() {
        var world = world(.flow, SeatPool(scope: ScopePath("w"), seatClass: "editor", limit: 3), "editor")
        world.settings.topology =
            World(
                .flow,
                pools: [("v", 1), ("w", 3)].map { SeatPool(scope: ScopePath($0.0), seatClass: "editor", limit: $0.1) }
            ).settings.topology
        world.rules.append(World.Rule("Other", group: "other", scope: "v", role: "editor"))
        world.people[0].groups.insert("other")
        var roster = started(&world, days: ["anna": 10, "ben": 120, "cleo": 10])
        world.change("ben") { $0.groups.insert("other") }
        roster.apply(world.plan(roster.roster))
        world.people.append(World.Person("zoe", groups: ["staff"]))
        roster.apply(world.plan(roster.roster))
        #expect(roster.status("ben") == .suspended)
        #expect(roster.access("ben") == "roles=w:editor")
    }

    @Test func seatsThatLeaversFreeAreNotTakenBesides() {
        var world = desk()
        world.settings.policy.removeAfterSeconds = 1
        var roster = started(&world, days: ["anna": 100, "ben": 120, "cleo": 110])
        world.change("anna") { $0.state = .disabledByFlag }
        roster.apply(world.plan(roster.roster))
        world.now += ReclaimTests.day
        world.settings.topology.pools[0].limit = 2
        world.people.append(World.Person("zoe", groups: ["staff"]))
        let plan = world.plan(roster.roster)
        #expect(plan.lines == ["remove anna", "suspend ben", "leaveScope ben support agent>", "invite zoe"])
        #expect(plan.ledger.map(\.heldAfter) == [2])
    }

    /// An admin who is kept stands in line no more, so nobody needs a seat.
    @Test func nothingIsTakenForAnAdminWhoIsKept() {
        var world = desk()
        world.rules.append(World.Rule("Admins", group: "admins", role: "account-admin"))
        world.people.append(World.Person("zoe", groups: ["admins"]))
        var roster = started(&world, days: ["anna": 100, "ben": 120, "cleo": 110])
        world.settings.policy.keepAtLeast = [RoleFloor(role: "account-admin", count: 1)]
        world.change("zoe") { $0.groups = ["staff"] }
        let plan = world.plan(roster.roster)
        #expect(plan.lines.isEmpty)
        #expect(plan.findings.map(\.code).contains("admins.kept"))
        #expect(plan.ledger.map { [$0.heldAfter, $0.waiting, $0.reclaimable] } == [[3, 0, 3]])
        roster.apply(plan)
        #expect(roster.access("zoe") == "roles=:account-admin")
    }

    @Test func anAdminWhoIsKeptFromRemovalGetsTheNewEmail() {
        var world = world(.office, SeatPool(scope: .root, seatClass: "user", limit: 1), "admin")
        world.settings.policy.keepAtLeast = [RoleFloor(role: "admin", count: 1)]
        world.people.removeLast(2)
        let roster = started(&world, days: ["anna": 100])
        world.settings.policy.new = .invite
        world.people.append(World.Person("zoe", groups: ["staff"]))
        world.change("anna") { $0.emails = ["ann@example.org"] }
        #expect(
            world.plan(roster.roster).lines == ["changeEmail anna anna@example.org>ann@example.org", "wait zoe >admin"])
    }

    @Test func placesThatAreMerelyKeptTakeNoSeatFromAnybody() {
        var world = desk()
        world.directories = ["corp", "labs"]
        var roster = started(&world, days: ["anna": 1, "ben": 2, "cleo": 3])
        var zoe = World.Person("zoe", groups: ["staff"])
        zoe.directory = "labs"
        world.people.append(zoe)
        let night = world.plan(roster.roster)
        #expect(night.lines == ["wait zoe support >agent"])
        roster.apply(night)
        world.now += 150 * ReclaimTests.day
        world.people.removeLast()
        world.directories = ["corp"]
        let plan = world.plan(roster.roster)
        #expect(plan.lines == [])
        #expect(plan.ledger.map { [$0.waiting, $0.reclaimable] } == [[1, 3]])
    }

    @Test func actsByHandLeaveTheCountsOfTheNight() {
        var world = desk()
        var roster = started(&world, days: ["anna": 100, "ben": 120, "cleo": 10])
        roster.apply(world.plan(roster.roster))
        #expect(roster.roster.ledger.map(\.reclaimable) == [2])
        let act = ManualAct(deed: .suspend, person: World.key("cleo"), name: "root", reason: "asked")
        let plan = Reconciler(settings: world.settings).plan(act, roster: roster.roster, now: world.now)
        #expect(plan.ledger.map(\.reclaimable) == [2])
        let list = Reconciler(settings: world.settings).plan([act, act], roster: roster.roster, now: world.now)
        #expect(list.ledger.map(\.reclaimable) == [2])
    }
}
