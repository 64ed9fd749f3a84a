import AccessModel
import Diagnostics
import DirectoryModel
import MappingLanguage
import Reconciliation
import TestSupport
import Testing

/// Each part of a change names the rule that gives just that part.
struct ReasonTests {
    private func plan(_ world: World, _ rules: String, _ roster: InMemoryRoster) throws -> TargetPlan {
        var diagnostics = DiagnosticList()
        let text = "version: 1\nplatform: \(world.settings.platform.name)\nrules:\n" + rules
        let context = MappingContext(
            platform: world.settings.platform, topology: world.settings.topology,
            directories: [MappingContext.Directory(name: "corp", trustedAttributes: [])])
        let mapping = MappingFile.mapping(SourceFile(name: "m.yaml", text: text), in: context, into: &diagnostics)
        #expect(!diagnostics.hasErrors)
        var input = world.input(roster.roster)
        let mirror = input.mirror
        let compiled = try CompiledMapping(try #require(mapping), mirror: mirror, trust: .pinned([]))
        input.rules = compiled.mapping.rules.map { RuleLabel(name: $0.name, place: "m.yaml:\($0.position.line)") }
        let population = compiled.population(in: MembershipGraph(mirror))
        return Reconciler(settings: world.settings).decide(input) {
            compiled.evaluate(mirror, population: population, frozen: $0)
        }
    }

    private func reasons(_ plan: TargetPlan) -> [String] {
        plan.changes.map { "\($0.kind) \($0.after ?? ""): \(plan.reasons[Int($0.reason)].summary)" }
    }

    @Test func eachPartNamesTheRuleThatGivesIt() throws {
        var world = World(.office)
        world.settings.platform.shippedTemplates = [Template(name: "red", title: "Red", permissions: [])]
        world.groups = ["all", "b", "c", "d"]
        world.people = [World.Person("p1", groups: ["all"])]
        let rules = """
              - {name: base, when: {group: all}, give: {role: user}}
              - {name: red, when: {group: b}, give: {role: user, template: red}}
              - {name: crm, when: {group: c}, give: {role: user, switches: {crm: true}}}
              - {name: talks, when: {group: d}, give: {role: user, permissions: {talks: full}}}

            """
        var roster = InMemoryRoster()
        roster.apply(try plan(world, rules, roster))
        world.people[0].groups = world.groups
        #expect(
            reasons(try plan(world, rules, roster)) == [
                "addTemplate red: rule `red` (m.yaml:5)", "switchOn crm: rule `crm` (m.yaml:6)",
                "changePermissions talks: full: rule `talks` (m.yaml:7)",
            ])
    }

    @Test func aGrantAndAnInvitationNameOnlyWhatGivesThem() throws {
        var world = World(.flow, scopes: [["w"], ["w", "bot"]].map { ScopeInstance(path: ScopePath($0)) })
        world.settings.platform.keepAtLeast = []
        world.groups = ["all", "b", "c"]
        world.people = [World.Person("p1", groups: ["all"])]
        let rules = """
              - {name: base, when: {group: all}, give: {workspace: w, role: viewer}}
              - {name: bots, when: {group: b}, give: {workspace: w, role: viewer, assistants: {bot: editor}}}
              - {name: high, when: {group: c}, give: {workspace: w, role: editor}}

            """
        var roster = InMemoryRoster()
        roster.apply(try plan(world, rules, roster))
        world.people[0].groups = ["all", "b"]
        #expect(reasons(try plan(world, rules, roster)) == ["addGrant editor: rule `bots` (m.yaml:5)"])
        world.people[0].groups = ["all", "c"]
        #expect(reasons(try plan(world, rules, roster)) == ["changeRole editor: rule `high` (m.yaml:6)"])
        #expect(reasons(try plan(world, rules, InMemoryRoster())) == ["invite invited: rule `high` (m.yaml:6)"])
    }

    @Test(arguments: [("b", ["b"]), ("c", ["c"]), ("d", [])])
    func aRuleNamesThoseOfItsGroupsThatThePersonIsIn(group: String, named: [String]) throws {
        var world = World(.office)
        world.groups = ["b", "c", "d"]
        world.people = [World.Person("p1", groups: [group])]
        let rules = """
              - {name: one of three, when: {any: [{group: b}, {group: c}, {under: "dc=corp"}]}, give: {role: user}}

            """
        let written = try plan(world, rules, InMemoryRoster())
        let reason = try #require(written.changes.first.map { written.reasons[Int($0.reason)] })
        guard case .rules(let given) = reason else {
            Issue.record("another reason: \(reason)")
            return
        }
        #expect(given.map(\.groups) == [named])
    }
}
