import AccessModel
import DirectoryModel
import MappingLanguage
import Reconciliation
import TestSupport
import Testing

/// Who is suspended stays so for as long as what suspended them stands, and no longer.
struct LifePropertyTests {
    private func suspendSomebody(_ generator: inout WorldGenerator, _ roster: inout InMemoryRoster) {
        let users = roster.roster.users.filter { $0.managed && $0.status != .removed }
        guard generator.random.once(in: 2), let user = users.randomElement(using: &generator.random) else { return }
        let person = PersonKey(directory: roster.roster.directories[Int(user.directory)], id: user.id)
        let act = ManualAct(deed: .suspend, person: person, name: "root", reason: "asked")
        let reconciler = Reconciler(settings: generator.world.settings)
        roster.apply(reconciler.plan(act, roster: roster.roster, now: generator.world.now))
    }

    @Test func aSuspensionByHandIsNeverLifted() {
        var seen = 0
        for seed in Figures.caseSeeds {
            var generator = WorldGenerator(seed: seed)
            var roster = InMemoryRoster()
            for _ in 0..<4 {
                let before = roster
                roster.apply(generator.world.plan(roster.roster))
                for (place, row) in before.roster.users.enumerated() {
                    let causes = before.roster.details[place]?.causes ?? []
                    guard let manual = causes.first(where: { $0.kind == .manual }) else { continue }
                    seen += 1
                    let key = PersonKey(directory: before.roster.directories[Int(row.directory)], id: row.id)
                    let status = roster.place(key).map { roster.roster.users[$0].status }
                    #expect(status == .suspended || status == .removed, "seed \(seed): \(row.id)")
                    let kept = roster.place(key).flatMap { roster.roster.details[$0]?.causes } ?? []
                    #expect(kept.contains(manual), "seed \(seed): \(row.id)")
                }
                suspendSomebody(&generator, &roster)
                generator.passDay()
            }
        }
        if Figures.hasAllSeeds { #expect(seen > Figures.cases / 2) }
    }

    /// Where no seat, email, privilege, pilot or removal stands in between.
    @Test func aSuspensionByTheRunEndsExactlyWhenTheUserReturns() {
        var returned = 0
        for seed in Figures.caseSeeds {
            var generator = WorldGenerator(seed: seed, calm: true)
            generator.edit { world in
                world.settings.limits = .none
                world.settings.policy.removeAfterSeconds = nil
                world.settings.policy.removeAfter = [:]
                world.settings.policy.inactive.deed = .report
                world.pilotGroup = nil
            }
            var roster = InMemoryRoster()
            for _ in 0..<4 {
                let before = roster
                roster.apply(generator.world.plan(roster.roster))
                for row in before.roster.users where row.status == .suspended {
                    let key = PersonKey(directory: before.roster.directories[Int(row.directory)], id: row.id)
                    guard let old = before.place(key), let new = roster.place(key) else { continue }
                    let isByHand = before.roster.details[old]?.causes.contains { $0.kind == .manual } == true
                    let isBack = roster.roster.users[new].status != .suspended
                    #expect(isBack == (isWelcome(row.id, generator.world) && !isByHand), "seed \(seed): \(row.id)")
                    if isBack { returned += 1 }
                }
                suspendSomebody(&generator, &roster)
                generator.passDay()
                comeAndGo(&generator)
            }
        }
        if Figures.hasAllSeeds { #expect(returned > Figures.cases / 10) }
    }

    /// Some are disabled, and of those who were every second is enabled again.
    private func comeAndGo(_ generator: inout WorldGenerator) {
        var random = generator.random
        generator.edit { world in
            for place in world.people.indices {
                let isDisabled = world.people[place].state == .disabledByFlag
                if random.once(in: isDisabled ? 2 : 5) {
                    world.people[place].state = isDisabled ? .enabled : .disabledByFlag
                }
            }
        }
        generator.random = random
    }

    /// Whether the directory and the rules have nothing against somebody.
    private func isWelcome(_ id: ImmutableID, _ world: World) -> Bool {
        guard let person = world.people.first(where: { World.id($0.id) == id }) else { return false }
        let given = Set(world.rules.map(\.group)).subtracting(world.vanished)
        return person.state == .enabled && person.problems.isEmpty && !person.groups.isDisjoint(with: given)
            && person.groups.isDisjoint(with: world.causeGroups)
    }
}
