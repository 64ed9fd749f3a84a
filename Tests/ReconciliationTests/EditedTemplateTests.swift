import AccessModel
import DirectoryModel
import Reconciliation
import TestSupport
import Testing

/// Permissions that an edited template changes are counted until a run is applied that tells of them.
struct EditedTemplateTests {
    private func office(_ level: String) -> World {
        var world = World(.office)
        world.settings.templates = [
            Template(name: "sales", title: "Sales", permissions: [AreaSetting(area: "talks", values: [level])])
        ]
        var rule = World.Rule("Staff", group: "staff", role: "user")
        rule.template = "sales"
        world.rules = [rule]
        world.people = ["anna", "ben"].map { World.Person($0, groups: ["staff"]) }
        world.settings.limits.changePermissions = Limit(count: 0, percent: nil, floor: 0)
        return world
    }

    private func edited(_ world: World) -> World {
        var next = world
        next.settings.templates = office("full").settings.templates
        next.settings.fingerprints = ["rules": "2"]
        return next
    }

    private func started(_ world: World) -> InMemoryRoster {
        var roster = InMemoryRoster()
        #expect(roster.apply(world.plan(roster.roster)).isEmpty)
        return roster
    }

    @Test func aHeldNightThatSuspendsTheDisabledDoesNotForgetTheEdit() {
        var world = office("read")
        var roster = started(world)
        world = edited(world)
        world.change("anna") { $0.state = .disabledByFlag }
        let held = world.plan(roster.roster)
        #expect(held.holds.map(\.kind) == [.changePermissions])
        #expect(held.lines == ["suspend anna"])
        roster.apply(held)
        let next = world.plan(roster.roster)
        #expect(next.holds.map(\.kind) == [.changePermissions])
        #expect(next.tally.first { $0.kind == .changePermissions }?.count == 1)
    }

    @Test func aGrantOfTheSameAccessDoesNotForgetTheEdit() {
        var world = office("read")
        world.people.append(World.Person("cora"))
        var roster = started(world)
        world = edited(world)
        let reconciler = Reconciler(settings: world.settings)
        let act = GrantAct(
            deed: .grant(until: nil), person: World.key("cora"),
            parts: [.role("user", scope: .root), .template("sales")],
            name: "ada", reason: "ticket 7")
        let newcomer = reconciler.newcomer(World.key("cora"), in: world.input(roster.roster)).newcomer
        roster.apply(reconciler.plan(act, roster: roster.roster, newcomer: newcomer, now: world.now))
        let night = world.plan(roster.roster)
        #expect(night.holds.map(\.kind) == [.changePermissions])
        #expect((night.tally.first { $0.kind == .changePermissions }?.count ?? 0) >= 2)
    }
}
