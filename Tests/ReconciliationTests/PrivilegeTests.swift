import AccessModel
import DirectoryModel
import Reconciliation
import TestSupport
import Testing

/// What counts as gaining a privilege, and what stays while an approval is waited for.
struct PrivilegeTests {
    private func desk() -> World {
        var world = World(.desk, pools: [SeatPool(scope: ScopePath("support"), seatClass: "seat", limit: 10)])
        let admin = Role(
            name: "workspace-admin", title: "Admin", scope: 1, privileged: true,
            permissions: [AreaSetting(area: "agents", values: ["full"]), AreaSetting(area: "chat", values: ["full"])],
            switches: [])
        let auditor = Role(
            name: "auditor", title: "Auditor", scope: 0, privileged: false,
            permissions: [AreaSetting(area: "account", values: ["read"])], switches: [])
        world.settings.platform.roles.insert(admin, at: 1)
        world.settings.platform.roles.append(auditor)
        world.settings.platform.keepAtLeast = []
        world.rules = [
            World.Rule("Directors", group: "directors", role: "account-admin"),
            World.Rule("Auditors", group: "auditors", role: "auditor"),
            World.Rule("Admins", group: "admins", scope: "support", role: "workspace-admin"),
        ]
        return world
    }

    private func started(_ world: inout World) -> InMemoryRoster {
        var roster = InMemoryRoster()
        roster.apply(world.plan(roster.roster))
        world.settings.limits.privilegedGain = Limit(count: 0, percent: nil, floor: 0)
        return roster
    }

    @Test func whoIsLoweredGainsNothing() {
        var world = desk()
        world.people = [World.Person("ada", groups: ["directors"])]
        var roster = started(&world)
        world.change("ada") { $0.groups = ["admins"] }
        let plan = world.plan(roster.roster)
        #expect(plan.holds.isEmpty)
        #expect(plan.lines == ["leaveScope ada account-admin>", "joinScope ada support >workspace-admin"])
        #expect(plan.tally.first { $0.kind == .privilegedGain }?.count == 0)
        roster.apply(plan)
        world.change("ada") { $0.groups = ["directors"] }
        #expect(world.plan(roster.roster).holds.map(\.kind) == [.privilegedGain])
    }

    @Test func anOuterRoleStaysWhileAnInnerPrivilegeIsWithheld() {
        var world = desk()
        world.people = [World.Person("ada", groups: ["auditors"])]
        let roster = started(&world)
        world.change("ada") { $0.groups = ["admins"] }
        let plan = world.plan(roster.roster)
        #expect(plan.holds.map(\.kind) == [.privilegedGain])
        #expect(plan.lines == [])
    }

    @Test func theOnlyTemplateStaysWhileAPrivilegedOneIsWithheld() {
        var world = World(.office)
        world.settings.templates = [
            Template(name: "basic", title: "Basic", permissions: [AreaSetting(area: "talks", values: ["read"])]),
            Template(name: "boss", title: "Boss", permissions: [AreaSetting(area: "users", values: ["full"])]),
        ]
        world.rules = [World.Rule("Staff", group: "staff", role: "user")]
        world.rules[0].template = "basic"
        world.people = [World.Person("anna", groups: ["staff"])]
        let roster = started(&world)
        world.rules[0].template = "boss"
        let plan = world.plan(roster.roster)
        #expect(plan.holds.map(\.kind) == [.privilegedGain])
        #expect(plan.lines == [])
    }

    @Test func aGrantStaysWhileAPrivilegedOneInItsPlaceIsWithheld() {
        var world = World(.flow, scopes: [["w"], ["w", "bot"]].map { ScopeInstance(path: ScopePath($0)) })
        world.settings.platform.keepAtLeast = []
        world.settings.platform.grants.append(GrantKind(scope: 2, role: "tester", on: ["viewer"]))
        world.settings.platform.roles.append(
            Role(
                name: "tester", title: "Tester", scope: 1, privileged: false,
                permissions: [AreaSetting(area: "assistants", values: ["read"])], switches: []))
        world.rules = [World.Rule("Viewers", group: "viewers", scope: "w", role: "viewer")]
        world.people = [World.Person("anna", groups: ["viewers"])]
        var roster = started(&world)
        let tester = ScopedRole(scope: ScopePath("w/bot"), role: "tester")
        roster.edit { $0.accesses[1].grants = [tester] }
        world.rules[0].assistant = "bot"
        world.settings.platform.roles[1].privileged = true
        let plan = world.plan(roster.roster)
        #expect(plan.holds.map(\.kind) == [.privilegedGain])
        #expect(plan.lines == [])
    }
}
