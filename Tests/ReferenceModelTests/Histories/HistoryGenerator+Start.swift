import TestSupport

/// What a history starts with: platform, policy, limits, groups and rules.
extension HistoryGenerator {
    mutating func choosePlatform() {
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

    mutating func seats() -> Int { random.once(in: 3) ? 100 : number(0, 6) }

    mutating func choosePolicy() {
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
        for kind in [
            ModelGuard.suspendDisabled, .suspendOther, .loseAccess, .changeEmail, .changePermissions, .privilegedLoss,
            .remove,
        ] {
            if random.once(in: kind == .remove || kind == .loseAccess ? 3 : 6) { target.limits[kind] = limit() }
        }
        if random.once(in: 6) { target.limits[.returns] = limit() }
        if random.once(in: 3) { target.limits[.groupShrink] = ModelLimit(count: nil, percent: 30, floor: number(0, 2)) }
        if random.once(in: 6) {
            target.limits[.peopleShrink] = ModelLimit(count: nil, percent: 30, floor: number(0, 2))
        }
    }

    /// Mostly a group of its own, and often few seats, so that others take those of who is away.
    mutating func chooseLeave() {
        guard random.once(in: 2) else { return }
        if random.once(in: 2) { for place in target.pools.indices { target.pools[place].limit = number(1, 3) } }
        let isPlain = !random.once(in: 3)
        if isPlain { groups["away"] = ModelDirectory.Group() }
        let releasesSeat = random.once(in: 2)
        target.leave = ModelLeave(
            condition: isPlain ? .group("away") : condition(false), releasesSeat: releasesSeat,
            returnsFirst: random.once(in: 2))
    }

    mutating func choosePilotAndWindows() {
        if random.once(in: 6) { target.only = pick(groupNames) }
        target.windowSeconds = pick([3600, 86_400, 86_400, 31 * 86_400]) ?? 86_400
        for kind in [ModelGuard.suspendOther, .loseAccess, .remove] where random.once(in: 8) {
            target.weekly[kind] = limit()
        }
    }

    /// Few seats, so that others wait for those of whoever is away.
    mutating func chooseReclaiming() {
        guard random.once(in: 4) else { return }
        target.reclaimSeconds = pick([3600, 86_400, 2 * 86_400])
        for place in target.pools.indices { target.pools[place].limit = number(1, 4) }
    }

    /// Templates are edited now and then, and somebody looks at it.
    mutating func chooseEditing() {
        guard target.platform.hasOneTemplate, random.once(in: 2) else { return }
        areTemplatesEdited = true
        if random.once(in: 2) {
            target.limits[.changePermissions] = ModelLimit(count: number(0, 2), percent: nil, floor: 0)
        }
    }

    mutating func limit() -> ModelLimit {
        ModelLimit(count: number(0, 4), percent: random.once(in: 2) ? pick([10, 30, 50]) : nil, floor: number(0, 3))
    }

    mutating func chooseGroups() {
        let names = Array(["desk", "lead", "ops", "team", "temp"].shuffled(using: &random).prefix(number(2, 5)))
        for name in names { groups[name] = ModelDirectory.Group() }
        if random.once(in: 3) { groups["labs"] = ModelDirectory.Group(directory: "labs") }
        for name in names.sorted() where random.once(in: 4) { direct.insert(name) }
        for name in names.sorted() where random.once(in: 5) {
            if let inner = pick(names.sorted()), inner != name { groups[name]?.groups.insert(inner) }
        }
    }

    var groupNames: [String] { groups.keys.sorted() }

    mutating func rule() -> ModelRule {
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
            if isPlain, random.once(in: areTemplatesEdited ? 1 : 3) {
                rule.template = pick(["sales", "support"])
                rule.templatePriority = number(0, 1)
            }
            if isPlain, random.once(in: 4) { rule.switchOn = "crm" }
        default: break
        }
        return rule
    }

    mutating func condition(_ isPrivileged: Bool) -> ModelCondition {
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
}
