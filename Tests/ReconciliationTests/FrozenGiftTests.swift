import AccessModel
import Diagnostics
import DirectoryModel
import MappingLanguage
import Reconciliation
import TestSupport
import Testing

/// What people have through a frozen group: nothing more than after the last applied run, and nothing less, whatever is edited meanwhile.
struct FrozenGiftTests {
    /// A platform, with the same gift before and after somebody edited the mapping.
    struct Edit: Sendable, CustomTestStringConvertible {
        var platform: Platform
        var poor: String
        var rich: String
        var testDescription: String { "\(platform.name) \(rich)" }
    }

    private static let flow = "workspace: sales, role: viewer"

    static let edits = [
        Edit(platform: .office, poor: "role: user", rich: "role: user, template: red"),
        Edit(platform: .office, poor: "role: user", rich: "role: user, switches: {crm: true}"),
        Edit(
            platform: .office, poor: "role: user, permissions: {talks: read}",
            rich: "role: user, permissions: {talks: full}"),
        Edit(platform: .flow, poor: flow, rich: flow + ", assistants: {bot: editor}"),
        Edit(platform: .flow, poor: flow, rich: "workspace: sales, role: editor"),
        Edit(platform: .desk, poor: "workspace: sales, role: chatter", rich: "workspace: sales, role: manager"),
    ]

    /// Conditions with a group that shrinks tonight: one that gives, one that keeps out, one beside a healthy one.
    static let conditions = [
        "{group: a}", "{all: [{group: all}, {not: {group: b}}]}", "{all: [{group: all}, {group: a}]}",
    ]

    private func world(_ platform: Platform) -> World {
        let scopes = [["sales"], ["sales", "bot"]].map { ScopeInstance(path: ScopePath($0)) }
        var world = World(platform, scopes: platform.name == "office" ? [] : scopes)
        let templates = ["blue", "red"].map { Template(name: $0, title: $0, permissions: [], retired: false) }
        world.settings.platform.keepAtLeast = []
        if platform.templatesPerUser != .none { world.settings.platform.shippedTemplates = templates }
        world.settings.templates = world.settings.platform.shippedTemplates
        world.settings.policy.unmapped.settleSeconds = 0
        world.settings.limits.groupShrink = Limit(count: nil, percent: 0, floor: 0)
        world.groups = ["a", "all", "b"]
        world.people = (0..<8).map { World.Person("p\($0)", groups: $0 < 6 ? ["a", "all"] : ["all", "b"]) }
        return world
    }

    private func plan(_ world: World, _ rules: String, _ roster: InMemoryRoster) throws -> TargetPlan {
        var diagnostics = DiagnosticList()
        let text = "version: 1\nplatform: \(world.settings.platform.name)\nrules:\n" + rules
        let context = MappingContext(
            platform: world.settings.platform, topology: world.settings.topology,
            directories: [MappingContext.Directory(name: "corp", trustedAttributes: [])])
        let mapping = MappingFile.mapping(SourceFile(name: "m.yaml", text: text), in: context, into: &diagnostics)
        #expect(!diagnostics.hasErrors)
        var input = world.input(roster.roster)
        let compiled = try CompiledMapping(try #require(mapping), mirror: input.mirror, trust: .pinned([]))
        input.rules = compiled.mapping.rules.map { RuleLabel(name: $0.name, place: "m.yaml") }
        let population = compiled.population(in: MembershipGraph(input.mirror))
        let mirror = input.mirror
        return Reconciler(settings: world.settings).decide(input) {
            compiled.evaluate(mirror, population: population, frozen: $0)
        }
    }

    private func rule(_ condition: String, _ gift: String) -> String {
        "  - {name: r, when: \(condition), give: {\(gift)}}\n"
    }

    /// The night on which the group `a` or `b` shrinks, and a file is edited.
    private func shrink(_ world: inout World, edited: Bool = true) {
        world.run += 1
        world.now += 86_400
        if edited { world.settings.fingerprints = ["rules": "2"] }
        for id in ["p1", "p2"] { world.change(id) { $0.groups.remove("a") } }
        world.change("p7") { $0.groups.remove("b") }
    }

    @Test(arguments: edits, conditions)
    func anEditedRuleAddsNothing(_ edit: Edit, _ condition: String) throws {
        var world = world(edit.platform)
        var roster = InMemoryRoster()
        roster.apply(try plan(world, rule(condition, edit.poor), roster))
        #expect(roster.roster.users.count == 6)
        shrink(&world)
        let next = try plan(world, rule(condition, edit.rich), roster)
        #expect(next.holds.map(\.kind) == [.groupShrink])
        #expect(next.lines == [])
    }

    @Test(arguments: edits, conditions)
    func anEditedRuleTakesNothingAway(_ edit: Edit, _ condition: String) throws {
        var world = world(edit.platform)
        var roster = InMemoryRoster()
        roster.apply(try plan(world, rule(condition, edit.rich), roster))
        shrink(&world)
        for _ in 0..<2 {
            let next = try plan(world, rule(condition, edit.poor), roster)
            #expect(next.holds.map(\.kind) == [.groupShrink])
            #expect(next.lines == [])
            roster.apply(next)
            world.run += 1
        }
    }

    @Test func aTemplateThatAFrozenGroupMayNotGiveDisplacesNone() throws {
        var world = world(.office)
        let old = rule("{group: a}", "role: user") + rule("{group: all}", "role: user, template: red")
        let new =
            "  - {name: r, when: {group: a}, give: {role: user, template: blue}, template_priority: 9}\n"
            + rule("{group: all}", "role: user, template: red").replacing("name: r", with: "name: s")
        var roster = InMemoryRoster()
        roster.apply(
            try plan(world, old.replacing("name: r, when: {group: all}", with: "name: s, when: {group: all}"), roster))
        shrink(&world)
        #expect(try plan(world, new, roster).lines == [])
    }

    @Test func membersWhoNewlyMeetTheRestOfTheConditionGainNothing() throws {
        var world = world(.office)
        world.groups = ["a", "all", "b", "c"]
        world.change("p5") { $0.groups.insert("c") }
        let rules =
            "  - {name: r, when: {group: all}, give: {role: user}}\n"
            + "  - {name: s, when: {all: [{group: a}, {group: c}]}, give: {role: user, template: red}}\n"
        var roster = InMemoryRoster()
        roster.apply(try plan(world, rules, roster))
        #expect(roster.access("p5") == "roles=:user;templates=red")
        shrink(&world, edited: false)
        world.change("p3") { $0.groups.insert("c") }
        #expect(try plan(world, rules, roster).lines == [])
        world.change("p5") { $0.groups.remove("a") }
        #expect(try plan(world, rules, roster).lines == [])
    }

    @Test func whatAnotherGroupGaveEndsWithIt() throws {
        var world = world(.office)
        world.settings.limits.groupShrink = Limit(count: nil, percent: 10, floor: 1)
        world.groups = ["a", "all", "b", "c"]
        world.change("p3") { $0.groups.insert("c") }
        let rules =
            "  - {name: r, when: {group: a}, give: {role: user}}\n"
            + "  - {name: s, when: {group: c}, give: {role: user, template: red}}\n"
        var roster = InMemoryRoster()
        roster.apply(try plan(world, rules, roster))
        shrink(&world, edited: false)
        world.change("p3") { $0.groups.remove("c") }
        let next = try plan(world, rules, roster)
        #expect(next.holds.count == 1)
        #expect(next.lines == ["removeTemplate p3 red>"])
    }
}
