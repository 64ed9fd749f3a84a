import AccessModel
import DirectoryModel
import MappingLanguage
import Reconciliation
import TestSupport
import Testing

/// What is wrong with some entries, or renamed in them, is nobody else's affair.
struct IsolationPropertyTests {
    /// Some nights later, with the plan not yet made.
    private func world(_ seed: UInt64, calm: Bool) -> (generator: WorldGenerator, roster: InMemoryRoster) {
        var generator = WorldGenerator(seed: seed, calm: calm)
        var roster = InMemoryRoster()
        for _ in 0..<Int.random(in: 0...2, using: &generator.random) {
            roster.apply(generator.world.plan(roster.roster))
            generator.passDay()
        }
        return (generator, roster)
    }

    @Test func quarantiningPeopleChangesNothingForTheOthers() {
        for seed in Figures.caseSeeds {
            var (generator, roster) = world(seed, calm: true)
            generator.edit { $0.settings.limits = .none }
            var world = generator.world
            let count = Int.random(in: 1...3, using: &generator.random)
            let bad = Set(world.people.map(\.id).shuffled(using: &generator.random).prefix(count))
            let plain = others(than: bad, world.plan(roster.roster))
            for id in bad { world.change(id) { $0.problems = .controlCharacter } }
            #expect(others(than: bad, world.plan(roster.roster)) == plain, "seed \(seed): \(bad.sorted())")
        }
    }

    private func others(than bad: Set<String>, _ plan: TargetPlan) -> [String] {
        plan.lines.filter { line in !bad.contains { line.contains(" \($0) ") || line.hasSuffix(" \($0)") } }
    }

    /// Bad newcomers take no seat, no email, no place and no part of a limit.
    @Test func badNewcomersChangeNothingForTheOthers() {
        var bad = 0
        for seed in Figures.caseSeeds {
            var (generator, roster) = world(seed, calm: false)
            generator.edit { $0.settings.limits.groupShrink = Limits.none.groupShrink }
            var world = generator.world
            let plain = world.plan(roster.roster)
            let groups = Set(world.rules.map(\.group)).sorted()
            for number in 0..<Int.random(in: 1...5, using: &generator.random) {
                var person = World.Person("bad\(number)")
                person.groups = Set(groups.filter { _ in generator.random.once(in: 2) })
                spoil(&person, roster, &generator)
                world.people.append(person)
                bad += 1
            }
            let plan = world.plan(roster.roster)
            #expect(plan.lines == plain.lines, "seed \(seed)")
            #expect(plan.waiting == plain.waiting && plan.ledger == plain.ledger, "seed \(seed)")
            #expect(plan.holds == plain.holds && counted(plan) == counted(plain), "seed \(seed)")
            var (with, without) = (roster, roster)
            with.apply(plan)
            without.apply(plain)
            #expect(with.dump == without.dump, "seed \(seed)")
        }
        if Figures.hasAllSeeds { #expect(bad > Figures.cases) }
    }

    /// What guards counted, but for how many people there are.
    private func counted(_ plan: TargetPlan) -> [GuardTally] { plan.tally.filter { $0.kind != .peopleShrink } }

    /// Gives a newcomer one of the things for which people are set aside.
    private func spoil(_ person: inout World.Person, _ roster: InMemoryRoster, _ generator: inout WorldGenerator) {
        // Who is suspended may be removed tonight, and then an email comes free.
        let users = roster.roster.users.filter { $0.managed && ($0.status == .invited || $0.status == .active) }
        switch Int.random(in: 0..<4, using: &generator.random) {
        case 0: person.emails = []
        case 1: person.problems = .controlCharacter
        case 2: person.problems = .invalidText
        default:
            guard let user = users.randomElement(using: &generator.random) else { return person.emails = [] }
            let id = String(decoding: user.id.bytes, as: UTF8.self)
            let email = roster.roster.texts[user.email]
            let keepsIt = generator.world.people.contains { $0.id == id && $0.emails.contains(email) }
            person.emails = keepsIt ? [email.uppercased()] : []
        }
    }

    /// Names, DNs and emails that change hands overnight, ids that do not: the same people have the same.
    @Test func renamingPeopleChangesNoRoleAndSuspendsNobody() {
        var renamed = 0
        for seed in Figures.caseSeeds {
            var (generator, roster) = world(seed, calm: true)
            generator.edit { world in
                world.pilotGroup = nil
                for place in world.settings.topology.pools.indices {
                    world.settings.topology.pools[place].limit = Int(seed % 7)
                }
            }
            let plain = generator.world.plan(roster.roster)
            var world = generator.world
            let all = world.people.indices.shuffled(using: &generator.random)
            for (place, other) in zip(world.people.indices, all) {
                world.people[place].name = generator.world.people[other].name
                world.people[place].login = generator.world.people[other].id
            }
            let free = world.people.indices.filter {
                isContesting(world.people[$0], world)
            }
            for (place, other) in zip(free, free.shuffled(using: &generator.random)) {
                world.people[place].emails = generator.world.people[other].emails
                if place != other { renamed += 1 }
            }
            let plan = world.plan(roster.roster)
            #expect(access(plan) == access(plain), "seed \(seed): \(plan.findings.map(\.message))")
            let waiting = plan.waiting == plain.waiting && plan.ledger == plain.ledger
            #expect(waiting, "seed \(seed)")
        }
        if Figures.hasAllSeeds { #expect(renamed > Figures.cases) }
    }

    /// Whether somebody gives up an email the night it changes: who is disabled, set aside or without a rule keeps it.
    private func isContesting(_ person: World.Person, _ world: World) -> Bool {
        person.state == .enabled && person.problems.isEmpty && person.groups.isDisjoint(with: world.causeGroups)
            && !person.groups.isDisjoint(with: world.rules.map(\.group))
    }

    /// Changes of anything but emails and names, whose order is that of emails.
    private func access(_ plan: TargetPlan) -> [String] {
        zip(plan.changes, plan.lines).filter { $0.0.kind != .changeEmail && $0.0.kind != .changeName }.map(\.1).sorted()
    }
}
