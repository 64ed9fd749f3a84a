import TestSupport

/// Makes histories of small worlds from a seed: the same history from the same seed everywhere.
struct HistoryGenerator {
    private var random: SeededNumbers
    private let seed: UInt64
    private var people: [String] = []
    /// Who went on leave, back or not.
    private var away: [String] = []
    private var target: ModelTarget
    private var groups: [String: ModelDirectory.Group] = [:]
    private var direct: Set<String> = []
    private var rules: [ModelRule?] = []

    init(seed: UInt64) {
        self.seed = seed
        random = SeededNumbers(seed: seed)
        target = ModelTarget(platform: .desk, pools: [])
    }

    mutating func history() -> History {
        choosePlatform()
        choosePolicy()
        chooseGroups()
        rules = (0..<number(2, 6)).map { _ in rule() }
        chooseLeave()
        choosePilotAndWindows()
        var nights = [beginning()]
        for _ in 0..<number(2, 9) { nights.append(night()) }
        return History(seed: seed, target: target, rules: rules, direct: direct, groups: groups, nights: nights)
    }

    private mutating func number(_ low: Int, _ high: Int) -> Int { Int.random(in: low...high, using: &random) }

    private mutating func pick<Element>(_ list: [Element]) -> Element? { list.randomElement(using: &random) }

    // MARK: What a history starts with

    private mutating func choosePlatform() {
        switch number(0, 2) {
        case 0:
            target.platform = .desk
            target.pools = ["sales", "support"].map { ModelPool(scope: $0, limit: 0) }
        case 1:
            target.platform = .office
            target.pools = [ModelPool(scope: "", limit: 0)]
        default:
            target.platform = .flow
            target.pools = ["v", "w"].map { ModelPool(scope: $0, limit: 0) }
            if random.once(in: 2) { target.ownersHoldSeats = ["v"] }
        }
        for place in target.pools.indices { target.pools[place].limit = seats() }
    }

    private mutating func seats() -> Int { random.once(in: 3) ? 100 : number(0, 6) }

    private mutating func choosePolicy() {
        target.activatesNewUsers = random.once(in: 2)
        target.reportsDisabled = random.once(in: 20)
        target.missingRuns = number(1, 3)
        target.missingSeconds = pick([0, 3600, 20 * 3600]) ?? 0
        target.suspendsOutOfScope = random.once(in: 2)
        target.settleSeconds = pick([0, 3600, 24 * 3600]) ?? 0
        target.suspendsInactive = random.once(in: 2)
        target.inactiveSeconds = (pick([10, 90]) ?? 90) * 86_400
        target.removeAfter = random.once(in: 3) ? pick([3600, 48 * 3600]) : nil
        target.shortage = pick([.wait, .wait, .wait, .otherwise, .otherwise, .hold]) ?? .wait
        target.emailDomain = random.once(in: 2) ? "example.org" : nil
        if random.once(in: 4) {
            target.removeAfterCause = [.disabled: 48 * 3600, .missing: 3600]
            if random.once(in: 2) { target.removeAfterCause[.leave] = 3600 }
        }
        if random.once(in: 4) { target.protected = ["p0", "p3"] }
        if random.once(in: 4), let role = target.platform.roles.first { target.floors = [role.name: number(1, 2)] }
        if random.once(in: 3) { target.platform.floors = [:] }
        target.withholdsPrivileges = random.once(in: 3)
        if random.once(in: 4) { target.pace = number(1, 3) }
        for kind in [ModelGuard.suspendDisabled, .suspendOther, .loseAccess, .changeEmail, .privilegedLoss, .remove] {
            if random.once(in: kind == .remove || kind == .loseAccess ? 3 : 6) { target.limits[kind] = limit() }
        }
        if random.once(in: 6) { target.limits[.returns] = limit() }
        if random.once(in: 3) { target.limits[.groupShrink] = ModelLimit(count: nil, percent: 30, floor: number(0, 2)) }
        if random.once(in: 6) {
            target.limits[.peopleShrink] = ModelLimit(count: nil, percent: 30, floor: number(0, 2))
        }
    }

    /// Mostly a group of its own, and often few seats, so that others take those of who is away.
    private mutating func chooseLeave() {
        guard random.once(in: 2) else { return }
        if random.once(in: 2) { for place in target.pools.indices { target.pools[place].limit = number(1, 3) } }
        let isPlain = !random.once(in: 3)
        if isPlain { groups["away"] = ModelDirectory.Group() }
        let releasesSeat = random.once(in: 2)
        target.leave = ModelLeave(
            condition: isPlain ? .group("away") : condition(false), releasesSeat: releasesSeat,
            returnsFirst: random.once(in: 2))
    }

    private mutating func choosePilotAndWindows() {
        if random.once(in: 6) { target.only = pick(groupNames) }
        target.windowSeconds = pick([3600, 86_400, 86_400, 31 * 86_400]) ?? 86_400
        for kind in [ModelGuard.suspendOther, .loseAccess, .remove] where random.once(in: 8) {
            target.weekly[kind] = limit()
        }
    }

    private mutating func limit() -> ModelLimit {
        ModelLimit(count: number(0, 4), percent: random.once(in: 2) ? pick([10, 30, 50]) : nil, floor: number(0, 3))
    }

    private mutating func chooseGroups() {
        let names = Array(["desk", "lead", "ops", "team", "temp"].shuffled(using: &random).prefix(number(2, 5)))
        for name in names { groups[name] = ModelDirectory.Group() }
        if random.once(in: 3) { groups["labs"] = ModelDirectory.Group(directory: "labs") }
        for name in names.sorted() where random.once(in: 4) { direct.insert(name) }
        for name in names.sorted() where random.once(in: 5) {
            if let inner = pick(names.sorted()), inner != name { groups[name]?.groups.insert(inner) }
        }
    }

    private var groupNames: [String] { groups.keys.sorted() }

    private mutating func rule() -> ModelRule {
        let role = pick(target.platform.roles) ?? target.platform.roles[0]
        var rule = ModelRule(name: "rule \(number(0, 99))", condition: condition(role.isPrivileged), role: role.name)
        if role.depth > 0 { rule.scope = pick(target.pools.map(\.scope)) ?? "" }
        if random.once(in: 4) { rule.seatPriority = number(1, 2) * 5 }
        let isPlain = rule.condition.groups.allSatisfy { !$0.isNegated }
        switch target.platform.name {
        case "flow":
            if role.name == "editor", random.once(in: 2) { rule.otherwise = "viewer" }
            if role.name == "viewer", isPlain, random.once(in: 3) { rule.assistant = "bot" }
        case "office":
            if isPlain, random.once(in: 3) {
                rule.template = pick(["sales", "support"])
                rule.templatePriority = number(0, 1)
            }
            if isPlain, random.once(in: 4) { rule.switchOn = "crm" }
        default: break
        }
        return rule
    }

    private mutating func condition(_ isPrivileged: Bool) -> ModelCondition {
        let names = groupNames
        let group = ModelCondition.group(pick(names) ?? "")
        guard !isPrivileged else { return group }
        let other = ModelCondition.group(pick(names) ?? "")
        switch number(0, 9) {
        case 0, 1: return .all([group, .not(other)])
        case 2: return .any([group, other])
        case 3: return .all([group, other])
        default: return group
        }
    }

    private mutating func beginning() -> [History.Event] {
        var events: [History.Event] = []
        for _ in 0..<number(3, 10) { events += newcomer() }
        return events
    }

    private mutating func newcomer() -> [History.Event] {
        let isLabs = groups["labs"] != nil && random.once(in: 4)
        let person = (isLabs ? "x" : "p") + "\(people.count)"
        var emails = ["\(person)@example.org"]
        if random.once(in: 10) { emails.append("a\(person)@example.org") }
        if random.once(in: 10), let other = pick(people) { emails = ["\(other.uppercased())@example.org"] }
        people.append(person)
        var events: [History.Event] = [
            .join(person, directory: isLabs ? "labs" : "corp", emails: emails)
        ]
        if isLabs { return events + [.enter(group: "labs", person: person)] }
        for name in groupNames where name != "labs" && random.once(in: 3) {
            events.append(.enter(group: name, person: person))
        }
        if random.once(in: 12) { events.append(.disable(person)) }
        return events
    }

    // MARK: What happens

    private mutating func night() -> [History.Event] {
        var events: [History.Event] = [.wait(pick([0, 60, 3600, 24 * 3600, 30 * 3600, 24 * 3600]) ?? 0)]
        for _ in 0..<number(0, 5) { events += happening() }
        return events
    }

    private mutating func happening() -> [History.Event] {
        guard let person = pick(people), let group = pick(groupNames) else { return [] }
        switch number(0, 37) {
        case 0, 1: return newcomer()
        case 2, 3:
            return [.leave(person, pick([.gone, .gone, .outOfScope, .outOfScopeAndDisabled, .unknown]) ?? .gone)]
        case 4, 5: return [.comeBack(person)]
        case 6, 7: return [.disable(person)]
        case 8, 9: return [.enable(person)]
        case 10: return [.unreadable(person, random.once(in: 2))]
        case 11, 12: return [.emails(person, emails(person))]
        case 13: return [.swapEmails(person, pick(people) ?? person)]
        case 14, 15, 16: return [.enter(group: home(person, group), person: person)]
        case 17, 18, 19: return [.exit(group: group, person: person)]
        case 20:
            let inner = groupNames[0]
            return [random.once(in: 2) ? .nest(group: group, inner: inner) : .unnest(group: group, inner: inner)]
        case 21, 22, 23, 24: return leaving(person)
        default: return rareHappening(person, group)
        }
    }

    /// Somebody goes on leave, or comes back from it.
    private mutating func leaving(_ person: String) -> [History.Event] {
        guard let group = target.leave?.condition.groups.first?.name else { return [] }
        if random.once(in: 2), let back = pick(away) { return [.exit(group: group, person: back)] }
        away.append(person)
        return [.enter(group: home(person, group), person: person)]
    }

    /// Nobody is in a group of another directory.
    private func home(_ person: String, _ group: String) -> String {
        person.hasPrefix("x") ? "labs" : group == "labs" ? groupNames[0] : group
    }

    private mutating func emails(_ person: String) -> [String] {
        switch number(0, 7) {
        case 0: return []
        case 1: return ["\(person)@elsewhere.example"]
        case 2, 3: return ["\(pick(people) ?? person)@example.org"]
        case 4: return ["new\(number(0, 3))@example.org"]
        case 5: return ["b\(person)@example.org", "\(person)@example.org"]
        default: return ["\(person)@example.org"]
        }
    }

    private mutating func rareHappening(_ person: String, _ group: String) -> [History.Event] {
        switch number(0, 15) {
        case 0: return [.empty(group: group)]
        case 1: return [.fill(group: group)]
        case 2: return [.group(group, pick([.vanished, .madeAgain, .there, .there]) ?? .there)]
        case 3: return [.rule(number(0, rules.count - 1), random.once(in: 4) ? nil : rule())]
        case 4, 5: return [.seats(number(0, target.pools.count - 1), seats())]
        case 6: return [.limit(pick([.suspendDisabled, .suspendOther, .loseAccess, .remove]) ?? .remove, limit())]
        case 7: return [.unread(random.once(in: 2))]
        case 8, 9: return [.suspend(person)]
        case 10, 11: return [.resume(person)]
        case 12, 13:
            let days = random.once(in: 3) ? nil : pick([Int64(0), 1, 80, 100, -1])
            return [.signIn(person, daysAgo: days, accepted: random.once(in: 2))]
        case 14: return [.wait(Int64(number(1, 120)) * 86_400)]
        default: return [approval(person, group)]
        }
    }

    private mutating func approval(_ person: String, _ group: String) -> History.Event {
        var allow: [ModelGuard: Int] = [:]
        for kind in [
            ModelGuard.suspendDisabled, .suspendOther, .loseAccess, .privilegedGain, .privilegedLoss, .remove, .returns,
        ]
        where random.once(in: 2) {
            allow[kind] = number(1, 4)
        }
        var named = Set(people.filter { _ in random.once(in: 2) })
        named.insert(person)
        return .approve(
            people: named, allow: allow, groups: random.once(in: 2) ? [group: number(1, 6)] : [:],
            days: Int64(number(1, 3)))
    }
}
