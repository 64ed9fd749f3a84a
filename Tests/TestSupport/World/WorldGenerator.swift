import AccessModel
import DirectoryModel
import Reconciliation

/// Makes rich little worlds from a seed, and lets nights pass in them.
package struct WorldGenerator {
    package var random: SeededNumbers
    package private(set) var world: World
    private var nextPerson = 0
    private var lost: [World.Person] = []

    /// Whether seats, floors of admins and email troubles are left out, for worlds in which nobody depends on another.
    private let isCalm: Bool

    package init(seed: UInt64, calm: Bool = false) {
        random = SeededNumbers(seed: seed)
        isCalm = calm
        let kind = Int.random(in: 0..<3, using: &random)
        switch kind {
        case 0: world = WorldGenerator.desk(&random, calm)
        case 1: world = WorldGenerator.office(&random, calm)
        default: world = WorldGenerator.flow(&random, calm)
        }
        choosePolicy()
        chooseCauses()
        for _ in 0..<Int.random(in: 2...8, using: &random) { addPerson() }
    }

    private static func limit(_ random: inout SeededNumbers, _ calm: Bool) -> Int {
        calm ? 1000 : Int.random(in: 0...6, using: &random)
    }

    private static func desk(_ random: inout SeededNumbers, _ calm: Bool) -> World {
        var world = World(
            .desk,
            pools: ["sales", "support"].map {
                SeatPool(scope: ScopePath($0), seatClass: "seat", limit: limit(&random, calm))
            })
        world.rules = [
            World.Rule("Directors", group: "directors", role: "account-admin"),
            World.Rule("Support", group: "support", scope: "support", role: "agent"),
            World.Rule("Leads", group: "leads", scope: "support", role: "manager"),
            World.Rule("Sales", group: "sales", scope: "sales", role: "chatter"),
            World.Rule("Closers", group: "closers", scope: "sales", role: "agent"),
        ]
        return world
    }

    private static func office(_ random: inout SeededNumbers, _ calm: Bool) -> World {
        var world = World(.office, pools: [SeatPool(scope: .root, seatClass: "user", limit: limit(&random, calm) + 2)])
        world.rules = [
            World.Rule("Admins", group: "directors", role: "admin"), World.Rule("Staff", group: "staff", role: "user"),
            World.Rule("Support", group: "support", role: "user"), World.Rule("Sales", group: "sales", role: "user"),
        ]
        world.rules[2].template = "support"
        world.rules[3].template = "sales"
        world.rules[3].crm = true
        world.settings.templates = ["sales", "support"].map {
            Template(name: $0, title: $0, permissions: [AreaSetting(area: "talks", values: ["read"])])
        }
        return world
    }

    private static func flow(_ random: inout SeededNumbers, _ calm: Bool) -> World {
        var world = World(
            .flow,
            pools: ["v", "w"].map { SeatPool(scope: ScopePath($0), seatClass: "editor", limit: limit(&random, calm)) },
            scopes: [
                ScopeInstance(path: ScopePath("v"), ownersHoldSeats: random.once(in: 2)),
                ScopeInstance(path: ScopePath("w/bot")),
            ])
        world.rules = [
            World.Rule("Owners", group: "directors", role: "owner"),
            World.Rule("Editors", group: "editors", scope: "w", role: "editor"),
            World.Rule("Viewers", group: "viewers", scope: "w", role: "viewer"),
            World.Rule("Bot", group: "bot", scope: "w", role: "viewer"),
            World.Rule("V editors", group: "support", scope: "v", role: "editor"),
            World.Rule("V viewers", group: "sales", scope: "v", role: "viewer"),
        ]
        world.rules[1].otherwise = "viewer"
        world.rules[4].otherwise = "viewer"
        world.rules[3].assistant = "bot"
        if random.once(in: 2) { addViewerSeats(&world, limit(&random, calm)) }
        return world
    }

    /// Viewers in `w` take seats of their own: what stands in for an editor there is limited too.
    private static func addViewerSeats(_ world: inout World, _ limit: Int) {
        world.settings.platform.seatClasses.append(
            SeatClass(
                name: "viewer", scope: 1, roles: ["viewer"], rolesWithGrant: [], ownerRoles: [],
                heldWhile: [.invited, .active], freedBy: .suspend))
        world.settings.topology.pools.append(SeatPool(scope: ScopePath("w"), seatClass: "viewer", limit: limit))
    }

    private mutating func choosePolicy() {
        world.settings.policy.new = random.once(in: 2) ? .invite : .activate
        world.settings.policy.whenSeatsRunOut = random.once(in: 3) ? .otherwise : .wait
        world.settings.policy.unmapped.settleSeconds = random.once(in: 2) ? 0 : 24 * 3600
        world.settings.policy.outOfScope = random.once(in: 2) ? .suspend : .report
        world.settings.policy.inactive.deed = random.once(in: 2) ? .suspend : .report
        if random.once(in: 3) { world.settings.policy.removeAfterSeconds = 48 * 3600 }
        if random.once(in: 2) { world.settings.policy.emailDomains = ["example.org"] }
        if random.once(in: 3) { world.settings.limits.privilegedGain = Limit(count: 0, percent: nil, floor: 0) }
        if random.once(in: 4) { world.settings.limits.suspendOther = Limit(count: 1, percent: nil, floor: 1) }
        if random.once(in: 4) { world.settings.limits.loseAccess = Limit(count: 1, percent: nil, floor: 1) }
        if random.once(in: 4) { world.settings.limits.groupShrink = Limit(count: nil, percent: 30, floor: 1) }
        for place in world.rules.indices where random.once(in: 4) { world.rules[place].seatPriority = 5 }
        if isCalm {
            world.settings.platform.keepAtLeast = []
            return
        }
        if random.once(in: 3) { world.settings.protect = [.id("p0"), .email("p1@example.org")] }
        if random.once(in: 4) {
            world.settings.policy.keepAtLeast = world.settings.platform.keepAtLeast.map {
                RoleFloor(role: $0.role, count: 2)
            }
        }
    }

    /// Own causes, a pilot, seats taken back, limits over a week.
    private mutating func chooseCauses() {
        if random.once(in: 3) {
            world.settings.policy.ownCauses = [
                OwnCause(
                    name: "leave", releasesSeat: random.once(in: 2), returnsFirst: random.once(in: 2))
            ]
            world.causeGroups = ["leave"]
        }
        if random.once(in: 5) { world.pilotGroup = "pilot" }
        if random.once(in: 3) { world.settings.policy.reclaimInactiveSeconds = 3_600 }
        if random.once(in: 4) {
            world.settings.limits.week = [.suspendOther: Limit(count: 2, percent: nil, floor: 1)]
        }
        if random.once(in: 4) { world.settings.policy.removeAfter = ["leave": 3_600, "disabled": 24 * 3_600] }
    }

    private mutating func addPerson() {
        var person = World.Person("p\(nextPerson)", groups: someGroups())
        nextPerson += 1
        if random.once(in: 12) { person.state = .disabledByFlag }
        if !isCalm, random.once(in: 10), let other = world.people.randomElement(using: &random) {
            person.emails = other.emails.map { $0.uppercased() }
        }
        world.people.append(person)
    }

    private mutating func someGroups() -> Set<String> {
        let names = Set(world.rules.map(\.group)).sorted()
        var groups = Set(names.filter { _ in random.once(in: 3) })
        if world.pilotGroup != nil, !random.once(in: 4) { groups.insert("pilot") }
        if !world.causeGroups.isEmpty, random.once(in: 5) { groups.insert("leave") }
        return groups
    }

    /// A day passes: people come, go, move, are disabled, swap emails; files are edited.
    package mutating func passDay() {
        world.now += Int64([0, 3600, 24 * 3600, 30 * 3600].randomElement(using: &random) ?? 0)
        world.run += 1
        for _ in 0..<Int.random(in: 0...4, using: &random) { mutate() }
    }

    private mutating func mutate() {
        guard let place = world.people.indices.randomElement(using: &random) else { return addPerson() }
        switch Int.random(in: 0..<14, using: &random) {
        case 0: addPerson()
        case 1, 2, 3: world.people[place].groups = someGroups()
        case 4: world.people[place].state = random.once(in: 2) ? .disabledByFlag : .enabled
        case 5: world.people[place].state = .enabled
        case 6: lose(place)
        case 7: find()
        case 8: swapEmails(place)
        case 9: world.people[place].problems = random.once(in: 2) ? .invalidText : []
        case 10: world.people[place].name += "x"
        case 11: world.people[place].lastSignIn = world.now - Int64.random(in: 0...200, using: &random) * 86_400
        case 12: editFile()
        default: world.people[place].groups.formUnion(someGroups())
        }
    }

    private mutating func lose(_ place: Int) {
        if world.people.count < 2 { return }
        let person = world.people[place]
        lost.append(person)
        let findings: [AbsenceFinding] = [
            .gone, .gone, .outOfScope(dn: "uid=x", state: .enabled),
            .outOfScope(dn: "uid=x", state: .disabledByFlag), .unknown,
        ]
        world.lose(person.id, findings.randomElement(using: &random) ?? .gone)
    }

    private mutating func find() {
        guard let person = lost.popLast() else { return }
        world.absences[World.key(person.id)] = nil
        world.people.append(person)
    }

    private mutating func swapEmails(_ place: Int) {
        if isCalm { return }
        let other = Int.random(in: 0..<world.people.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0:
            let emails = world.people[place].emails
            world.people[place].emails = world.people[other].emails
            world.people[other].emails = emails
        case 1: world.people[place].emails = world.people[other].emails
        case 2: world.people[place].emails = ["new\(world.run)@example.org"]
        default: world.people[place].emails = random.once(in: 2) ? [] : ["\(world.people[place].id)@example.org"]
        }
    }

    private mutating func editFile() {
        world.settings.fingerprints["rules"] = "\(world.run)"
        guard !isCalm else { return }
        switch Int.random(in: 0..<3, using: &random) {
        case 0:
            if let pool = world.settings.topology.pools.indices.randomElement(using: &random) {
                world.settings.topology.pools[pool].limit = Int.random(in: 0...6, using: &random)
            }
        case 1:
            let role = world.settings.platform.roles.count - 1
            world.settings.platform.roles[role].permissions = [AreaSetting(area: "chat", values: ["read"])]
        default:
            for place in world.settings.templates.indices {
                world.settings.templates[place].permissions = [
                    AreaSetting(area: "talks", values: [random.once(in: 2) ? "full" : "read"])
                ]
            }
        }
    }

    /// Changes the world from outside.
    package mutating func edit(_ body: (inout World) -> Void) { body(&world) }
}
