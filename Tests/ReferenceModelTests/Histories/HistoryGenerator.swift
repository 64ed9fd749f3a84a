import TestSupport

/// Makes histories of small worlds from a seed: the same history from the same seed everywhere.
struct HistoryGenerator {
    var random: SeededNumbers
    private let seed: UInt64
    var people: [String] = []
    /// Who went on leave, back or not.
    var away: [String] = []
    var target: ModelTarget
    var groups: [String: ModelDirectory.Group] = [:]
    var direct: Set<String> = []
    var rules: [ModelRule?] = []
    var areTemplatesEdited = false
    /// What was given by hand, or refused.
    var given: [(person: String, part: ModelPart)] = []

    init(seed: UInt64) {
        self.seed = seed
        random = SeededNumbers(seed: seed)
        target = ModelTarget(platform: .desk, pools: [])
    }

    mutating func history() -> History {
        choosePlatform()
        choosePolicy()
        chooseEditing()
        chooseGroups()
        rules = (0..<number(2, 6)).map { _ in rule() }
        chooseLeave()
        choosePilotAndWindows()
        chooseReclaiming()
        var nights = [beginning()]
        for _ in 0..<number(2, 9) { nights.append(night()) }
        return History(seed: seed, target: target, rules: rules, direct: direct, groups: groups, nights: nights)
    }

    mutating func number(_ low: Int, _ high: Int) -> Int { Int.random(in: low...high, using: &random) }

    mutating func pick<Element>(_ list: [Element]) -> Element? { list.randomElement(using: &random) }

    // MARK: What happens

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

    private mutating func night() -> [History.Event] {
        var events: [History.Event] = [.wait(pick([0, 60, 3600, 24 * 3600, 30 * 3600, 24 * 3600]) ?? 0)]
        for _ in 0..<number(0, 5) { events += happening() }
        if areTemplatesEdited, random.once(in: 3) {
            events.append(.template(pick(["sales", "support"]) ?? "", number(0, 2)))
        }
        if let seconds = target.reclaimSeconds, random.once(in: 2) {
            for person in people where random.once(in: 3) {
                events.append(.signIn(person, daysAgo: pick([0, 0, 1]), accepted: true))
            }
            events.append(.wait(seconds))
            events += newcomer()
        }
        return events
    }

    private mutating func happening() -> [History.Event] {
        guard let person = pick(people), let group = pick(groupNames) else { return [] }
        switch number(0, 41) {
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
        case 25, 26, 27, 28: return [byHand(person)]
        case 29, 30,
            31 where target.reclaimSeconds != nil:
            return [signIn(person)]
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

    /// Access beside the directory is given, again, or taken back.
    private mutating func byHand(_ person: String) -> History.Event {
        if random.once(in: 3), let (person, part) = pick(given) { return .revoke(person, part) }
        let part = part()
        given.append((person, part))
        return .grant(
            person, part, seconds: pick([nil, nil, 0, 3600, 3600, 86_400, 86_400, 2 * 86_400, 30 * 86_400]) ?? nil)
    }

    private mutating func part() -> ModelPart {
        switch target.platform.name {
        case "office":
            if random.once(in: 3) { return .template(pick(["sales", "support"]) ?? "") }
            if random.once(in: 3) { return .switchOn("crm") }
        case "flow":
            if random.once(in: 4), let scope = pick(target.pools.map(\.scope)) { return .assistant("\(scope)/bot") }
        default: break
        }
        let roles = target.platform.roles
        let role = (random.once(in: 4) ? roles.first : pick(Array(roles.dropFirst()))) ?? roles[0]
        return .role(role.name, scope: role.depth == 0 ? "" : pick(target.pools.map(\.scope)) ?? "")
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
        switch number(0, 18) {
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
            return [signIn(person)]
        case 14: return [.wait(Int64(number(1, 120)) * 86_400)]
        case 15: return [.clockBack(pick([60, 3600, 86_400, 3 * 86_400, 40 * 86_400]) ?? 60)]
        case 16, 17: return [.template(pick(["sales", "support"]) ?? "", number(0, 2))]
        default: return [approval(person, group)]
        }
    }

    private mutating func signIn(_ person: String) -> History.Event {
        let days = random.once(in: 3) ? nil : pick([Int64(0), 1, 80, 100, -1])
        return .signIn(person, daysAgo: days, accepted: random.once(in: 2))
    }

    private mutating func approval(_ person: String, _ group: String) -> History.Event {
        var allow: [ModelGuard: Int] = [:]
        for kind in [
            ModelGuard.suspendDisabled, .suspendOther, .loseAccess, .changePermissions, .privilegedGain,
            .privilegedLoss, .remove, .returns,
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
