import AccessModel
import DirectoryModel
import Reconciliation
import TestSupport
import Testing

/// What falls due, told beforehand; and acts by hand on a list of people.
struct DueTests {
    private static let day: Int64 = 86_400

    private func desk() -> World {
        var world = World(.desk, pools: [SeatPool(scope: ScopePath("support"), seatClass: "seat", limit: 9)])
        world.rules = [World.Rule("Support", group: "support", scope: "support", role: "agent")]
        world.settings.platform.keepAtLeast = []
        world.people = ["anna", "ben", "cleo"].map { World.Person($0, groups: ["support"]) }
        return world
    }

    private func started(_ world: World) -> InMemoryRoster {
        var roster = InMemoryRoster()
        roster.apply(world.plan(roster.roster))
        return roster
    }

    private func due(_ world: World, _ roster: InMemoryRoster, days: Int64) -> [String] {
        Reconciler(settings: world.settings).due(
            world.input(roster.roster), until: world.now + days * DueTests.day
        ).map { "\(($0.time - world.now) / DueTests.day) \($0.kind) \($0.label)" }
    }

    @Test func everyKindInTheOrderOfTime() {
        var world = desk()
        world.settings.policy.removeAfter = ["disabled": 30 * DueTests.day]
        world.settings.policy.missing = Policy.Missing(deed: .suspend, runs: 2, seconds: 2 * DueTests.day)
        var roster = started(world)
        world.change("anna") { $0.state = .disabledByFlag }
        world.lose("ben")
        world.change("cleo") { $0.groups = [] }
        world.run += 1
        roster.apply(world.plan(roster.roster))
        world.approvals = [
            Approval(
                file: "a.yaml", digest: "d", reason: "HR", validFrom: 0, validUntil: world.now + 3 * DueTests.day,
                targets: nil, people: [], allow: [.peopleShrink: 3], groupShrink: [:],
                used: [AllowedKind(.peopleShrink): 1])
        ]
        let all = [
            "1 suspension cleo@example.org", "2 suspension ben@example.org", "3 approval a.yaml",
            "14 reminder ben@example.org", "14 reminder cleo@example.org", "30 removal anna@example.org",
        ]
        #expect(due(world, roster, days: 30) == all)
        #expect(due(world, roster, days: 7) == Array(all.prefix(3)))
        world.now += 15 * DueTests.day
        #expect(due(world, roster, days: 1) == ["-14 suspension cleo@example.org", "-13 suspension ben@example.org"])
    }

    @Test(arguments: [
        (0, 0, "10 of group leads, 40 of group support left"), (4, 35, "6 of group leads, 5 of group support left"),
        (0, 45, "10 of group leads left"), (10, 40, nil),
    ])
    func whatIsLeftOfLeaveForGroups(usedOfLeads: Int, usedOfSupport: Int, left: String?) {
        var world = desk()
        let roster = started(world)
        world.approvals = [
            Approval(
                file: "a.yaml", digest: "d", reason: "HR", validFrom: 0, validUntil: world.now + DueTests.day,
                targets: nil, people: [], allow: [:], groupShrink: ["support": 40, "leads": 10],
                used: [
                    AllowedKind(.groupShrink, group: "leads"): usedOfLeads,
                    AllowedKind(.groupShrink, group: "support"): usedOfSupport,
                ])
        ]
        let items = Reconciler(settings: world.settings).due(
            world.input(roster.roster), until: world.now + 2 * DueTests.day)
        // Of one that is used up nothing ends.
        #expect(items.map(\.reason) == (left.map { ["the approval expires, \($0): HR"] } ?? []))
    }

    @Test func outsideAPilotOnlyGrantsAreToldAndThatTheyStay() {
        var world = desk()
        world.groups = ["pilot"]
        world.change("anna") { $0.groups.insert("pilot") }
        var roster = started(world)
        let until = world.now + 2 * DueTests.day
        for id in ["anna", "ben"] {
            let act = GrantAct(
                deed: .grant(until: until), person: World.key(id),
                parts: [.role("manager", scope: ScopePath("support"))],
                name: "ada", reason: "ticket 7")
            roster.apply(
                Reconciler(settings: world.settings).plan(act, roster: roster.roster, newcomer: nil, now: world.now))
        }
        world.groups = []
        world.pilotGroup = "pilot"
        let items = Reconciler(settings: world.settings).due(
            world.input(roster.roster), until: world.now + 30 * DueTests.day)
        #expect(
            items.map { "\($0.label): \($0.reason)" } == [
                "anna@example.org: the grant by ada expires: support: manager: ticket 7",
                "ben@example.org: the grant by ada expires, and stays, since a pilot leaves this user as they are: "
                    + "support: manager: ticket 7",
                "anna@example.org: the invitation is not accepted yet",
            ])
    }

    @Test func whatWillNotHappenIsNotAnnounced() {
        var world = desk()
        world.settings.policy.inactive.deed = .suspend
        world.settings.policy.new = .activate
        var roster = started(world)
        world.now += 200 * DueTests.day
        let (now, anna) = (world.now, roster.place("anna") ?? 0)
        roster.edit {
            $0.users[anna].lastSignIn = now - 88 * DueTests.day
            $0.signInsImported = now - DueTests.day
        }
        #expect(due(world, roster, days: 7) == ["2 suspension anna@example.org"])
        var other = roster
        other.edit { $0.protected = [World.key("anna")] }
        #expect(due(world, other, days: 7) == [])
        other = roster
        other.edit { $0.details[anna, default: UserDetails()].lifted = [.inactive] }
        #expect(due(world, other, days: 7) == [])
        other = roster
        other.edit { $0.signInsImported = now - 8 * DueTests.day }
        #expect(due(world, other, days: 7) == [])
    }

    @Test func whatIsDueHappensAndNothingElse() {
        var world = desk()
        var roster = started(world)
        world.change("cleo") { $0.groups = [] }
        roster.apply(world.plan(roster.roster))
        world.now += DueTests.day - 1
        #expect(world.plan(roster.roster).lines.isEmpty)
        world.now += 1
        #expect(world.plan(roster.roster).lines == ["suspend cleo"])
    }

    @Test func aListIsSuspendedInOnePlanAndKeepsTheLastAdministrator() {
        var world = desk()
        world.settings.policy.new = .activate
        world.settings.platform.keepAtLeast = [RoleFloor(role: "account-admin", count: 1)]
        world.rules.append(World.Rule("Directors", group: "directors", role: "account-admin"))
        for id in ["anna", "ben"] { world.change(id) { $0.groups = ["directors"] } }
        var roster = started(world)
        let acts = ["cleo", "anna", "ben", "nobody"].map {
            ManualAct(deed: .suspend, person: World.key($0), name: "root", reason: "stolen")
        }
        let plan = Reconciler(settings: world.settings).plan(acts, roster: roster.roster, now: world.now)
        #expect(plan.lines == ["suspend cleo", "suspend anna"])
        #expect(plan.codes == ["admins.kept", "act.no-user"])
        #expect(plan.guardCounts.isEmpty)
        #expect(roster.apply(plan).isEmpty)
        #expect(roster.status("cleo") == .suspended && roster.status("ben") == .active)
        #expect(roster.causes("anna") == [.manual])
        #expect(roster.access("cleo") == "roles=support:agent")
        #expect(world.plan(roster.roster).lines.isEmpty)
    }

    @Test func anApprovalForAGroupSaysWhatIsLeft() {
        var world = desk()
        world.approvals = [
            Approval(
                file: "a.yaml", digest: "d", reason: "HR", validFrom: 0, validUntil: world.now + DueTests.day,
                targets: nil, people: [], allow: [:], groupShrink: ["support": 27], used: [:])
        ]
        let items = Reconciler(settings: world.settings).due(
            world.input(started(world).roster), until: world.now + 2 * DueTests.day)
        #expect(items.map(\.reason) == ["the approval expires, 27 of group support left: HR"])
    }
}
