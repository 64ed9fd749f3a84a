import AccessModel
import Diagnostics
import DirectoryModel
import MappingLanguage
import Reconciliation
import TestSupport
import Testing

/// What a frozen group keeps as it was, with real rules over the world's groups.
struct FreezeTests {
    private func world(_ people: Int, seats: Int = 1000) -> World {
        var world = World(
            .desk, pools: ["sales", "support"].map { SeatPool(scope: ScopePath($0), seatClass: "seat", limit: seats) })
        world.settings.platform.keepAtLeast = []
        world.settings.policy.unmapped.settleSeconds = 0
        world.settings.limits.groupShrink = Limit(count: nil, percent: 0, floor: 0)
        world.groups = ["a", "b", "c", "d"]
        world.people = (0..<people).map { World.Person("p\($0 + 100)") }
        return world
    }

    private func mapping(_ world: World, _ rules: String) throws -> Mapping {
        var diagnostics = DiagnosticList()
        let mapping = MappingFile.mapping(
            SourceFile(name: "m.yaml", text: "version: 1\nplatform: \(world.settings.platform.name)\nrules:\n" + rules),
            in: MappingContext(
                platform: world.settings.platform, topology: world.settings.topology,
                directories: [MappingContext.Directory(name: "corp", trustedAttributes: [])]), into: &diagnostics)
        #expect(!diagnostics.hasErrors)
        return try #require(mapping)
    }

    private func plan(_ world: World, _ mapping: Mapping, _ roster: InMemoryRoster) throws -> TargetPlan {
        var input = world.input(roster.roster)
        input.rules = mapping.rules.map { RuleLabel(name: $0.name, place: "m.yaml") }
        let compiled = try CompiledMapping(mapping, mirror: input.mirror, trust: .pinned([]))
        let population = compiled.population(in: MembershipGraph(input.mirror))
        return Reconciler(settings: world.settings).decide(input) {
            compiled.evaluate(input.mirror, population: population, frozen: $0)
        }
    }

    @Test func aFrozenGroupUnderNotKeepsOutWhomItKeptOut() throws {
        var world = world(25)
        let mapping = try mapping(
            world,
            """
              - name: support
                when: {all: [{group: a}, {not: {group: b}}]}
                give: {workspace: support, role: agent}

            """)
        for place in world.people.indices { world.people[place].groups = place < 20 ? ["a", "b"] : ["a"] }
        var roster = InMemoryRoster()
        let first = try plan(world, mapping, roster)
        #expect(first.lines.count == 5)
        roster.apply(first)
        world.run = 2
        for place in 0..<19 { world.people[place].groups = ["a"] }
        world.people.append(World.Person("zoe", groups: ["a"]))
        let plan = try plan(world, mapping, roster)
        #expect(plan.holds.map(\.kind) == [.groupShrink])
        #expect(plan.lines == [])
        world.change("p120") { $0.groups = ["a", "b"] }
        #expect(try self.plan(world, mapping, roster).lines == ["suspend p120"])
    }

    @Test func aFrozenGroupKeepsThePlacesInLine() throws {
        var world = world(6, seats: 2)
        let mapping = try mapping(world, "  - {name: s, when: {group: a}, give: {workspace: support, role: agent}}\n")
        for place in world.people.indices { world.people[place].groups = ["a"] }
        var roster = InMemoryRoster()
        roster.apply(try plan(world, mapping, roster))
        let line = roster.roster.waiting
        #expect(line.count == 4)
        world.run = 2
        world.now += 86_400
        for place in 1..<6 { world.people[place].groups = [] }
        world.change("p105") { $0.state = .disabledByFlag }
        let plan = try plan(world, mapping, roster)
        #expect(plan.lines == ["stopWaiting p105 support agent>"])
        #expect(plan.waiting == line.filter { $0.person != World.key("p105") })
    }

    private static let rules = """
          - {name: r1, when: {all: [{group: a}, {not: {group: b}}]}, give: {workspace: support, role: agent}}
          - {name: r2, when: {any: [{group: b}, {all: [{group: c}, {not: {group: d}}]}]}, give: {workspace: sales, role: chatter}}
          - {name: r3, when: {all: [{group: d}, {not: {any: [{group: a}, {group: c}]}}]}, give: {workspace: support, role: chatter}}
          - {name: r4, when: {all: [{group: c}, {not: {not: {group: a}}}]}, give: {workspace: sales, role: manager}}

        """

    private static let names = ["a", "b", "c", "d"]

    private func settled(
        _ seed: UInt64, _ random: inout SeededNumbers, seats: Int
    ) throws -> (World, Mapping, InMemoryRoster) {
        var world = world(20, seats: seats)
        let mapping = try mapping(world, FreezeTests.rules)
        for place in world.people.indices {
            world.people[place].groups = Set(FreezeTests.names.filter { _ in random.once(in: 2) })
        }
        var roster = InMemoryRoster()
        roster.apply(try plan(world, mapping, roster))
        world.run = 2
        world.now += 86_400
        return (world, mapping, roster)
    }

    @Test func groupsThatOnlyShrinkAndAreFrozenChangeNothing() throws {
        for seed in 0..<300 as Range<UInt64> {
            var random = SeededNumbers(seed: seed)
            let seats = random.once(in: 2) ? 1000 : Int.random(in: 0...8, using: &random)
            var (world, mapping, roster) = try settled(seed, &random, seats: seats)
            for place in world.people.indices {
                world.people[place].groups = world.people[place].groups.filter { _ in random.once(in: 2) }
            }
            let plan = try plan(world, mapping, roster)
            #expect(plan.lines == [], "seed \(seed)")
            #expect(plan.waiting == roster.roster.waiting, "seed \(seed)")
        }
    }

    @Test func nobodyGainsThroughFrozenGroups() throws {
        for seed in 0..<300 as Range<UInt64> {
            var random = SeededNumbers(seed: seed)
            var (world, mapping, roster) = try settled(seed, &random, seats: 1000)
            for place in world.people.indices {
                let stays: Set<String> =
                    place < 14 ? world.people[place].groups.filter { _ in random.once(in: 4) } : []
                let comes: Set<String> = place < 14 ? [] : Set(FreezeTests.names.filter { _ in random.once(in: 4) })
                world.people[place].groups = stays.union(comes)
            }
            let plan = try plan(world, mapping, roster)
            guard plan.holds.count == FreezeTests.names.count else { continue }
            var after = roster
            after.apply(plan)
            for user in after.roster.users {
                let before = roster.roster.users.first { $0.id == user.id }
                let had = before.map { roster.roster.accesses[Int($0.access)] } ?? .none
                for role in after.roster.accesses[Int(user.access)].roles {
                    let isKept = had.role(in: role.scope).map { old in
                        (world.settings.platform.rank(of: old) ?? 99)
                            <= (world.settings.platform.rank(of: role.role) ?? 0)
                    }
                    #expect(isKept == true, "seed \(seed): \(user.id) \(role)")
                }
            }
        }
    }

    @Test func aFrozenGroupNamesTheRunThatCountedItsMembers() throws {
        var world = world(10)
        let mapping = try mapping(world, "  - {name: s, when: {group: a}, give: {workspace: support, role: agent}}\n")
        for place in world.people.indices { world.people[place].groups = ["a"] }
        var roster = InMemoryRoster()
        roster.apply(try plan(world, mapping, roster))
        for place in world.people.indices.dropFirst() { world.people[place].groups = [] }
        for run in 2...4 {
            world.run = Int64(run)
            let plan = try plan(world, mapping, roster)
            #expect(plan.holds.map(\.message) == ["group a lost 9 of 10 members since run 1 (limit 0 %)"])
            #expect(plan.holds.map(\.doubt) == [.shrunk])
            roster.apply(plan)
        }
    }
}
