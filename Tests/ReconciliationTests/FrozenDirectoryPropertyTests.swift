import AccessModel
import DirectoryModel
import MappingLanguage
import Reconciliation
import TestSupport
import Testing

/// A directory that cannot be read on random nights: nothing about its people changes, and the others fare as on any night.
struct FrozenDirectoryPropertyTests {
    private static let unread = UnreadDirectory(name: "agency", cause: "it is down", sinceRun: 1, since: 1)

    /// Lets every other person belong to a second directory, the same ones each night.
    private static func split(_ world: inout World) {
        world.directories = ["corp", "agency"]
        for place in world.people.indices where isOfAgency(world.people[place].id) {
            world.people[place].directory = "agency"
        }
    }

    private static func isOfAgency(_ id: String) -> Bool { (Int(id.dropFirst()) ?? 0) % 2 == 1 }

    /// Tonight's world with the second directory as it was when it was last read.
    private static func mixed(_ today: World, _ last: World) -> World {
        var world = today
        world.people = today.people.filter { $0.directory == "corp" } + last.people.filter { $0.directory == "agency" }
        world.absences = today.absences.filter { $0.key.directory == "corp" }
        return world
    }

    private static func plan(_ world: World, _ roster: TargetRoster, isRead: Bool) -> TargetPlan {
        var input = world.input(roster)
        if !isRead { input.unread = [unread] }
        return Reconciler(settings: world.settings).decide(input) { world.evaluate(input.mirror, frozen: $0) }
    }

    private static func agency(_ roster: InMemoryRoster) -> [String] {
        roster.dump.split(separator: "\n").map(String.init).filter { isOfAgency(String($0.prefix { $0 != " " })) }
    }

    private static func line(_ roster: InMemoryRoster) -> [PlaceInLine] {
        roster.roster.waiting.filter { $0.person.directory == "agency" }
    }

    /// A place in line of a directory that is not read, while a group is frozen, stays once.
    @Test(arguments: [1_577, 2_176, 4_893]) func aFrozenDirectoryChangesNothingAgain(_ seed: UInt64) {
        FrozenDirectoryPropertyTests.check([seed])
    }

    @Test func aFrozenDirectoryChangesNothingAboutItsPeople() {
        let frozenPeople = FrozenDirectoryPropertyTests.check(Array(Figures.caseSeeds))
        if Figures.hasAllSeeds { #expect(frozenPeople > Figures.cases) }
    }

    /// How many users were frozen.
    @discardableResult
    private static func check(_ seeds: [UInt64]) -> Int {
        var frozenPeople = 0
        for seed in seeds {
            var generator = WorldGenerator(seed: seed)
            generator.edit(FrozenDirectoryPropertyTests.split)
            var roster = InMemoryRoster()
            var last = generator.world
            for night in 0..<Int.random(in: 3...6, using: &generator.random) {
                let isFrozen = night > 0 && generator.random.once(in: 2)
                if isFrozen {
                    let world = FrozenDirectoryPropertyTests.mixed(generator.world, last)
                    let plan = FrozenDirectoryPropertyTests.plan(world, roster.roster, isRead: false)
                    let before = roster
                    #expect(roster.apply(plan) == [], "seed \(seed), night \(night)")
                    let people = FrozenDirectoryPropertyTests.agency(before)
                    frozenPeople += people.count
                    #expect(FrozenDirectoryPropertyTests.agency(roster) == people, "seed \(seed), night \(night)")
                    #expect(
                        FrozenDirectoryPropertyTests.line(roster) == FrozenDirectoryPropertyTests.line(before),
                        "seed \(seed), night \(night)")
                    let count = roster.roster.baseline?.people["agency"]
                    #expect(count == before.roster.baseline?.people["agency"], "seed \(seed), night \(night)")
                    let strange = zip(plan.changes, plan.lines).filter { change, _ in
                        let subject = plan.subjects[Int(change.subject)]
                        return plan.directories[Int(subject.directory)] == "agency" && change.kind != .changePermissions
                    }
                    #expect(strange.map(\.1) == [], "seed \(seed), night \(night)")
                    #expect(plan.unread.count == 1 && plan.codes.contains("directory.not-read"))
                    let settings = world.settings
                    for (place, held) in roster.seatsHeld(settings).enumerated() {
                        let most = max(settings.topology.pools[place].limit, before.seatsHeld(settings)[place])
                        #expect(held <= most, "seed \(seed), night \(night)")
                    }
                    last = world
                } else {
                    roster.apply(FrozenDirectoryPropertyTests.plan(generator.world, roster.roster, isRead: true))
                    last = generator.world
                }
                generator.passDay()
                generator.edit(FrozenDirectoryPropertyTests.split)
            }
        }
        return frozenPeople
    }

    /// Where nobody depends on another, the others get exactly the plan that they would get beside a directory without news.
    @Test func theOthersFareAsOnAnyNight() {
        var changes = 0
        for seed in Figures.caseSeeds {
            var generator = WorldGenerator(seed: seed, calm: true)
            generator.edit { world in
                FrozenDirectoryPropertyTests.split(&world)
                world.settings.limits = .none
            }
            var roster = InMemoryRoster()
            for _ in 0..<Int.random(in: 1...3, using: &generator.random) {
                roster.apply(FrozenDirectoryPropertyTests.plan(generator.world, roster.roster, isRead: true))
                generator.passDay()
                generator.edit(FrozenDirectoryPropertyTests.split)
            }
            let last = generator.world
            generator.passDay()
            generator.edit(FrozenDirectoryPropertyTests.split)
            let world = FrozenDirectoryPropertyTests.mixed(generator.world, last)
            let plain = FrozenDirectoryPropertyTests.plan(world, roster.roster, isRead: true)
            // A directory that gives nobody any more holds the target when it is read.
            if !plain.holds.isEmpty { continue }
            let read = others(plain)
            let frozen = others(FrozenDirectoryPropertyTests.plan(world, roster.roster, isRead: false))
            #expect(frozen == read, "seed \(seed)")
            changes += frozen.count
        }
        if Figures.hasAllSeeds { #expect(changes > Figures.cases / 2) }
    }

    private func others(_ plan: TargetPlan) -> [String] {
        zip(plan.changes, plan.lines).filter { change, _ in
            plan.directories[Int(plan.subjects[Int(change.subject)].directory)] == "corp"
        }.map(\.1)
    }

    /// The same inputs, the same plan: to the byte, whatever stands in the roster and however often.
    @Test func aPlanBesideAFrozenDirectoryIsDeterministic() {
        for seed in Figures.caseSeeds.prefix(100) {
            var generator = WorldGenerator(seed: seed)
            generator.edit(FrozenDirectoryPropertyTests.split)
            var roster = InMemoryRoster()
            roster.apply(FrozenDirectoryPropertyTests.plan(generator.world, roster.roster, isRead: true))
            let last = generator.world
            generator.passDay()
            generator.edit(FrozenDirectoryPropertyTests.split)
            var world = FrozenDirectoryPropertyTests.mixed(generator.world, last)
            let one = FrozenDirectoryPropertyTests.plan(world, roster.roster, isRead: false)
            world.people.shuffle(using: &generator.random)
            let other = FrozenDirectoryPropertyTests.plan(world, roster.roster, isRead: false)
            #expect(one.lines == other.lines && one.findings == other.findings, "seed \(seed)")
            #expect(one.waiting == other.waiting && one.ledger == other.ledger, "seed \(seed)")
        }
    }
}
