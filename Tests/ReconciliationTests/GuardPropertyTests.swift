import AccessModel
import DirectoryModel
import MappingLanguage
import Reconciliation
import TestSupport
import Testing

/// Damage to a directory beyond a limit never comes through, up to the limit it does exactly, in one night and over many.
struct GuardPropertyTests {
    /// A way in which a directory comes to be other than it was.
    enum Damage: CaseIterable {
        case gone, elsewhere, disabled, groupsLost, groupCut, unreadable
    }

    /// One night after a quiet one: who is damaged, and what the limits are.
    private struct Case {
        var world: World
        var roster = InMemoryRoster()
        var damage: Damage
        var hit: Set<String> = []
        /// Others, whom the directory says are disabled.
        var disabled: Set<String> = []
        let people: Int
        var isEdited: Bool
        private var random: SeededNumbers

        init(_ seed: UInt64) {
            random = SeededNumbers(seed: seed)
            people = Int.random(in: 6...40, using: &random)
            world = GuardPropertyTests.company(people)
            damage = Damage.allCases.randomElement(using: &random) ?? .gone
            isEdited = random.once(in: 3)
            world.settings.limits.suspendOther = limit()
            world.settings.limits.suspendDisabled = limit()
            world.settings.limits.loseAccess = limit()
            world.settings.limits.peopleShrink = limit()
            world.settings.limits.groupShrink = limit()
            roster.apply(world.plan(roster.roster))
            world.now += 3 * 86_400
            world.run += 1
            if isEdited { world.settings.fingerprints["rules"] = "2" }
            choose()
            strike()
        }

        private mutating func limit() -> Limit {
            Limit(
                count: random.once(in: 3) ? nil : Int.random(in: 0...10, using: &random),
                percent: random.once(in: 3) ? nil : Int.random(in: 1...50, using: &random),
                floor: Int.random(in: 0...4, using: &random))
        }

        /// Picks as many as the limit allows, or a few more or fewer; and a few others to be disabled.
        private mutating func choose() {
            let near = Bool.random(using: &random) ? limit(of: damage) : shrinkLimit
            let most = max(1, people - 2)
            let count =
                random.once(in: 4)
                ? Int.random(in: 1...most, using: &random) : near + Int.random(in: -1...2, using: &random)
            let shuffled = world.people.map(\.id).shuffled(using: &random)
            hit = Set(shuffled.prefix(max(1, min(count, most))))
            guard damage != .disabled else { return }
            let others = min(people - hit.count - 1, Int.random(in: 0...3, using: &random))
            disabled = Set(shuffled.suffix(max(0, others)))
        }

        private mutating func strike() {
            for id in hit {
                switch damage {
                case .gone: world.lose(id, .gone)
                case .elsewhere: world.lose(id, .outOfScope(dn: "uid=x", state: .enabled))
                case .disabled: world.change(id) { $0.state = .disabledByFlag }
                case .groupsLost: world.change(id) { $0.groups = [] }
                case .groupCut: world.change(id) { $0.groups = ["viewers"] }
                case .unreadable: world.change(id) { $0.problems = .invalidText }
                }
            }
            for id in disabled { world.change(id) { $0.state = .disabledByFlag } }
        }

        // MARK: What must come of it, worked out by hand

        private func halved(_ limit: Limit) -> Int {
            let value = limit.value(base: people)
            return isEdited ? max(limit.floor, (value + 1) / 2) : value
        }

        private func limit(of damage: Damage) -> Int {
            switch damage {
            case .gone, .elsewhere, .groupsLost: halved(world.settings.limits.suspendOther)
            case .disabled, .unreadable: halved(world.settings.limits.suspendDisabled)
            case .groupCut: halved(world.settings.limits.loseAccess)
            }
        }

        private var shrinkLimit: Int {
            switch damage {
            case .gone, .elsewhere: world.settings.limits.peopleShrink.value(base: people)
            default: world.settings.limits.groupShrink.value(base: people)
            }
        }

        private var isGone: Bool { damage == .gone || damage == .elsewhere }

        /// A group that lost too many keeps its members: who only left it stays.
        var isFrozen: Bool {
            let leaves = damage == .groupsLost || damage == .groupCut || isGone
            return leaves && hit.count > world.settings.limits.groupShrink.value(base: people)
        }

        /// Whether suspensions of disabled people are too many by themselves.
        var isDisabledHeld: Bool {
            let count = damage == .disabled ? hit.count : disabled.count
            return count > halved(world.settings.limits.suspendDisabled)
        }

        var isHeld: Bool {
            if isDisabledHeld { return true }
            switch damage {
            case .gone, .elsewhere: return hit.count > limit(of: damage) || hit.count > shrinkLimit
            case .groupsLost, .groupCut: return !isFrozen && hit.count > limit(of: damage)
            case .disabled, .unreadable: return false
            }
        }

        var suspended: Set<String> {
            if isDisabledHeld { return [] }
            switch damage {
            case .gone, .elsewhere: return isHeld ? disabled : disabled.union(hit)
            case .groupsLost: return isHeld || isFrozen ? disabled : disabled.union(hit)
            case .disabled: return hit
            case .groupCut, .unreadable: return disabled
            }
        }

        var lowered: Set<String> { damage == .groupCut && !isHeld && !isFrozen ? hit : [] }
    }

    /// Everybody edits in one workspace, and would view there without the one group.
    private static func company(_ count: Int) -> World {
        var world = World(.flow, pools: [SeatPool(scope: ScopePath("w"), seatClass: "editor", limit: 1_000)])
        world.settings.platform.keepAtLeast = []
        world.rules = [
            World.Rule("Editors", group: "editors", scope: "w", role: "editor"),
            World.Rule("Viewers", group: "viewers", scope: "w", role: "viewer"),
        ]
        world.settings.policy.new = .activate
        world.settings.policy.missing = Policy.Missing(deed: .suspend, runs: 1, seconds: 0)
        world.settings.policy.unmapped.settleSeconds = 0
        world.settings.policy.outOfScope = .suspend
        world.people = (0..<count).map { World.Person("p\($0)", groups: ["editors", "viewers"]) }
        return world
    }

    @Test func damageBeyondALimitNeverComesThroughAndUpToItDoes() {
        var held = 0
        var applied = 0
        for seed in Figures.caseSeeds {
            let one = Case(seed)
            let comment: Comment = "seed \(seed): \(one.damage) of \(one.hit.count) among \(one.people)"
            let plan = one.world.plan(one.roster.roster)
            let holdsTarget = plan.holds.contains {
                if case .target = $0.extent { true } else { false }
            }
            #expect(holdsTarget == one.isHeld, comment)
            #expect(plan.holds.contains { $0.kind == .groupShrink } == one.isFrozen, comment)
            var after = one.roster
            after.apply(plan)
            for number in 0..<one.people {
                let id = "p\(number)"
                let expected: UserStatus = one.suspended.contains(id) ? .suspended : .active
                #expect(after.status(id) == expected, comment)
                let role = one.lowered.contains(id) ? "viewer" : "editor"
                #expect(after.access(id) == "roles=w:\(role)", comment)
            }
            if one.isHeld { held += 1 } else { applied += 1 }
        }
        if Figures.hasAllSeeds { #expect(held > Figures.cases / 10 && applied > Figures.cases / 10) }
    }

    /// Some people go and come back, run after run; whatever the order, no stretch as long as a window has more than its limit.
    @Test func noRunsTogetherExceedAWindow() {
        var held = 0
        var done = 0
        for seed in Figures.caseSeeds {
            var random = SeededNumbers(seed: seed)
            var world = GuardPropertyTests.company(24)
            let most = [Int.random(in: 1...4, using: &random), Int.random(in: 1...4, using: &random)]
            let week = Int.random(in: 2...8, using: &random)
            let hours = [6, 24, 48].randomElement(using: &random) ?? 24
            world.settings.limits.suspendOther = Limit(count: most[0], percent: nil, floor: 0)
            world.settings.limits.suspendDisabled = Limit(count: most[1], percent: nil, floor: 0)
            world.settings.limits.windowSeconds = Int64(hours) * 3_600
            world.settings.limits.week = [.suspendOther: Limit(count: week, percent: nil, floor: 0)]
            var roster = InMemoryRoster()
            roster.apply(world.plan(roster.roster))
            var log = SuspensionLog()
            for _ in 0..<8 {
                world.now += Int64.random(in: 1...30, using: &random) * 3_600
                world.run += 1
                GuardPropertyTests.move(&world, &random)
                let plan = world.plan(roster.roster)
                let before = roster
                roster.apply(plan)
                log.add(world, before, roster)
                if plan.holds.contains(where: { $0.kind != .groupShrink }) { held += 1 }
            }
            #expect(log.most(within: hours, disabled: false) <= most[0], "seed \(seed)")
            #expect(log.most(within: hours, disabled: true) <= most[1], "seed \(seed)")
            #expect(log.most(within: 168, disabled: false) <= week, "seed \(seed)")
            done += log.entries.count
        }
        if Figures.hasAllSeeds { #expect(held > Figures.cases && done > Figures.cases) }
    }

    private static func move(_ world: inout World, _ random: inout SeededNumbers) {
        for place in world.people.indices where random.once(in: 8) {
            switch Int.random(in: 0..<3, using: &random) {
            case 0: world.people[place].state = .disabledByFlag
            case 1: world.people[place].groups = []
            default:
                world.people[place].state = .enabled
                world.people[place].groups = ["editors", "viewers"]
            }
        }
    }

    /// Who was suspended when, as the roster shows it.
    private struct SuspensionLog {
        private(set) var entries: [(time: Int64, isDisabled: Bool)] = []

        mutating func add(_ world: World, _ before: InMemoryRoster, _ after: InMemoryRoster) {
            for person in world.people where before.status(person.id) == .active {
                guard after.status(person.id) == .suspended else { continue }
                entries.append((world.now, after.causes(person.id).contains(.disabled)))
            }
        }

        /// The most in any stretch of so many hours, a twenty-fourth shorter, as runs are never exactly a day apart.
        func most(within hours: Int, disabled: Bool) -> Int {
            let length = Int64(hours) * 3_600 * 23 / 24
            let times = entries.filter { $0.isDisabled == disabled }.map(\.time)
            return times.map { end in times.count { $0 <= end && end - $0 < length } }.max() ?? 0
        }
    }
}
