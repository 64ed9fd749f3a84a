import AccessModel
import DirectoryModel
import Reconciliation
import TestSupport
import Testing

/// Edited platforms and templates: everybody concerned is counted and shown, and nothing of an edit takes effect past a hold.
struct EditTests {
    private static let support = ScopePath("support")

    private func desk() -> World {
        var world = World(.desk, pools: [SeatPool(scope: Self.support, seatClass: "seat", limit: 1000)])
        world.rules = [
            World.Rule("Support", group: "support", scope: "support", role: "agent"),
            World.Rule("Chat", group: "chat", scope: "support", role: "chatter"),
        ]
        world.settings.platform.keepAtLeast = []
        world.people = (0..<8).map { World.Person("p\($0)", groups: ["support"]) }
        return world
    }

    private func office() -> World {
        var world = World(.office, pools: [SeatPool(scope: .root, seatClass: "user", limit: 1000)])
        var rule = World.Rule("All", group: "all", role: "user")
        rule.template = "red"
        world.rules = [rule]
        world.settings.templates = [template(["talks": "full"])]
        world.people = (0..<8).map { World.Person("p\($0)", groups: ["all"]) }
        return world
    }

    private func template(_ permissions: [String: String]) -> Template {
        Template(
            name: "red", title: "Red",
            permissions: permissions.sorted { $0.key < $1.key }.map { AreaSetting(area: $0.key, values: [$0.value]) },
            retired: false)
    }

    private func started(_ world: World) -> InMemoryRoster {
        var roster = InMemoryRoster()
        #expect(roster.apply(world.plan(roster.roster)).isEmpty)
        return roster
    }

    private func effective(_ roster: InMemoryRoster, _ id: String) -> String? {
        roster.place(id).map { roster.roster.effective[Int(roster.roster.users[$0].access)] }
    }

    /// The night after somebody gave agents another area.
    private func edit(_ world: inout World) {
        world.settings.platform.roles[2].permissions.append(AreaSetting(area: "account", values: ["read"]))
        world.settings.fingerprints = ["rules": "2"]
    }

    @Test func aHeldTargetLeavesEveryPermissionAsItWas() {
        var world = desk()
        var roster = started(world)
        let before = effective(roster, "p1")
        edit(&world)
        world.settings.limits.changePermissions = Limit(count: 1, percent: nil, floor: 1)
        world.change("p0") { $0.state = .disabledByFlag }
        let held = world.plan(roster.roster)
        #expect(held.holds.map(\.kind) == [.changePermissions])
        #expect(held.lines == ["suspend p0"])
        roster.apply(held)
        #expect(effective(roster, "p1") == before)
        world.settings.limits = .none
        #expect(world.plan(roster.roster).lines == (1..<8).map { "changePermissions p\($0)" })
    }

    @Test func aGrantByHandBringsNoEditToOthers() {
        var world = desk()
        var roster = started(world)
        world.people.append(World.Person("zoe"))
        let before = effective(roster, "p1")
        edit(&world)
        let reconciler = Reconciler(settings: world.settings)
        let act = GrantAct(
            deed: .grant(until: nil), person: World.key("zoe"), parts: [.role("agent", scope: Self.support)],
            name: "ada", reason: "ticket 7")
        let newcomer = reconciler.newcomer(World.key("zoe"), in: world.input(roster.roster)).newcomer
        #expect(
            roster.apply(reconciler.plan(act, roster: roster.roster, newcomer: newcomer, now: world.now)).isEmpty)
        #expect(roster.status("zoe") == .invited)
        #expect(effective(roster, "p1") == before)
        #expect(world.plan(roster.roster).lines.count { $0.hasPrefix("changePermissions") } == 9)
    }

    @Test func aTemplateThatIsTakenOutIsALossOfEverybodyWhoHadIt() {
        var world = office()
        let roster = started(world)
        world.settings.templates = []
        world.rules[0].template = nil
        world.settings.fingerprints = ["rules": "2"]
        let plan = world.plan(roster.roster)
        #expect(plan.tally.first { $0.kind == .loseAccess }?.count == 8)
        #expect(plan.tally.first { $0.kind == .changePermissions }?.count == 8)
        world.settings.limits.loseAccess = Limit(count: 1, percent: nil, floor: 1)
        #expect(world.plan(roster.roster).holds.map(\.kind) == [.loseAccess])
    }

    @Test func aRoleThatIsTakenOutIsALossWhereTheNextGivesLess() {
        var world = desk()
        let roster = started(world)
        world.settings.platform.roles.removeAll { $0.name == "agent" }
        world.rules[0].role = "chatter"
        world.settings.fingerprints = ["rules": "2"]
        #expect(world.plan(roster.roster).tally.first { $0.kind == .loseAccess }?.count == 8)
        world.rules[0].role = "manager"
        #expect(world.plan(roster.roster).tally.first { $0.kind == .loseAccess }?.count == 0)
    }

    @Test func anEditIsCountedThoughTheAccessChangesToo() {
        var world = office()
        let roster = started(world)
        world.settings.templates = [template(["talks": "read"])]
        world.rules[0].crm = true
        world.settings.fingerprints = ["rules": "2"]
        let plan = world.plan(roster.roster)
        #expect(plan.tally.first { $0.kind == .changePermissions }?.count == 8)
        #expect(plan.lines.contains("changePermissions p3"))
        #expect(plan.changes.first { $0.kind == .changePermissions }?.before == ":talks=full")
        #expect(plan.changes.first { $0.kind == .changePermissions }?.after == ":talks=read;+crm")
    }

    @Test func aPrivilegeThatAnEditBringsHoldsTheTarget() {
        var world = office()
        var roster = started(world)
        world.settings.templates = [template(["talks": "full", "users": "full"])]
        world.settings.fingerprints = ["rules": "2"]
        world.settings.limits.privilegedGain = Limit(count: 0, percent: nil, floor: 0)
        let plan = world.plan(roster.roster)
        #expect(plan.holds.map(\.kind) == [.privilegedGain])
        #expect(plan.holds.first?.message == "8 users would gain a privilege, because a file was edited (limit 0)")
        #expect(plan.holds.first?.people.count == 8)
        #expect(plan.lines.isEmpty)
        world.approvals = [
            Approval(
                file: "a.yaml", digest: "d", reason: "HR", validFrom: 0, validUntil: 2_000_000_000, targets: nil,
                people: Set((0..<8).map { World.id("p\($0)") }), allow: [.privilegedGain: 8], groupShrink: [:],
                used: [:])
        ]
        let approved = world.plan(roster.roster)
        #expect(approved.holds.isEmpty)
        #expect(approved.approvalsSpent.map(\.count) == [8])
        #expect(roster.apply(approved).isEmpty)
        #expect(world.plan(roster.roster).lines.isEmpty)
    }

    @Test func aPilotTakesNoEditToOthers() {
        var world = desk()
        var roster = started(world)
        let before = effective(roster, "p5")
        edit(&world)
        world.pilotGroup = "pilot"
        for id in ["p0", "p1"] { world.change(id) { $0.groups.insert("pilot") } }
        let plan = world.plan(roster.roster)
        #expect(plan.lines.isEmpty)
        #expect(
            plan.findings.first { $0.code == "pilot.edit-waits" }?.message
                == "6 users outside the pilot have what an edit of rules changes, so it takes effect for nobody who has the same"
        )
        roster.apply(plan)
        #expect(effective(roster, "p5") == before)
        world.pilotGroup = nil
        world.groups = ["pilot"]
        world.settings.fingerprints = ["rules": "2", "policy.only": "–"]
        #expect(world.plan(roster.roster).lines.count { $0.hasPrefix("changePermissions") } == 8)
    }
}
