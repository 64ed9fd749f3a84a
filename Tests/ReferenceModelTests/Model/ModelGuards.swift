/// Counts what a draft does to people and compares it with the limits.
struct ModelGuards {
    let night: ModelNight
    let draft: ModelDraft
    private(set) var held: Set<ModelGuard> = []
    private(set) var isHeldByWindow = false
    private(set) var counts: [ModelGuard: [String]] = [:]

    private static let losses: Set<ModelGuard> = [
        .suspendDisabled, .suspendOther, .loseAccess, .privilegedLoss, .remove,
    ]

    init(night: ModelNight, draft: ModelDraft) {
        self.night = night
        self.draft = draft
    }

    mutating func count() {
        for item in draft.inPlanOrder {
            for kind in kinds(item, draft) { counts[kind, default: []].append(item.person) }
        }
        if night.target.shortage == .hold {
            counts[.seats] = Set(draft.line.filter { !$0.forPace }.map(\.person)).sorted()
        }
        var used = night.before.used
        for kind in ModelGuard.allCases where kind != .privilegedGain {
            let people = counts[kind] ?? []
            let unapproved = people.filter { !approve($0, kind, &used) }
            if unapproved.count > limit(kind) {
                held.insert(kind)
            } else if fillsWindow(kind, unapproved.count) {
                held.insert(kind)
                isHeldByWindow = true
            }
        }
        for name in night.directory.read where hasShrunk(name, &used) { held.insert(.peopleShrink) }
    }

    private func limit(_ kind: ModelGuard) -> Int {
        if kind == .seats { return 0 }
        let limit = night.target.limit(kind)
        let most = limit.most(of: night.before.users.values.count(where: \.isIn))
        guard let baseline = night.before.baseline, baseline.fingerprint != night.target.fingerprint,
            ModelGuards.losses.contains(kind)
        else { return most }
        return max(limit.floor, (most + 1) / 2)
    }

    /// Whether so many more are too many together with what earlier runs did; whole limits, and only if there are any.
    private func fillsWindow(_ kind: ModelGuard, _ more: Int) -> Bool {
        guard more > 0, kind != .seats, kind != .peopleShrink, kind != .groupShrink else { return false }
        let base = night.before.users.values.count(where: \.isIn)
        let week: Int64 = 7 * 86_400
        let windows =
            [(night.target.windowSeconds, night.target.limit(kind))]
            + (night.target.weekly[kind].map { [(week, $0)] } ?? [])
        return windows.contains { length, limit in
            // A run drops out a little early, so that a night that begins before the last one did counts once.
            let earlier = night.before.deeds.filter { deed in
                deed.kind == kind && (night.now - deed.time) * 24 < length * 23
            }
            return earlier.reduce(more) { $0 + $1.people } > limit.most(of: base)
        }
    }

    /// What a draft that is applied does without an approval.
    func deeds(_ draft: ModelDraft) -> [ModelDeed] {
        var used = night.before.used
        var deeds: [ModelDeed] = []
        for kind in ModelGuard.allCases where kind != .privilegedGain {
            let people = draft.inPlanOrder.filter { kinds($0, draft).contains(kind) }.map(\.person)
            let count = people.count { !approve($0, kind, &used) }
            if count > 0 { deeds.append(ModelDeed(time: night.now, kind: kind, people: count)) }
        }
        return deeds
    }

    private func kinds(_ item: ModelDraft.Case, _ draft: ModelDraft) -> [ModelGuard] {
        guard let old = item.old, let new = item.new else { return [] }
        if old.status == .removed { return new.isIn ? [.returns] : [] }
        var kinds: [ModelGuard] = []
        if item.isReturning, new.isIn || !old.causes.isEmpty { kinds.append(.returns) }
        if old.isIn, new.status == .suspended {
            let isReclaimed = new.causes[.reclaimed] != nil
            let other: ModelGuard = isReclaimed ? .loseAccess : .suspendOther
            kinds.append(new.causes[.disabled] != nil ? .suspendDisabled : other)
            if new.causes[.disabled] == nil, !privileges(old.access).isEmpty { kinds.append(.privilegedLoss) }
        }
        if new.status == .removed {
            kinds.append(.remove)
        } else if old.email != new.email {
            kinds.append(.changeEmail)
        }
        guard old.isIn, new.isIn else { return kinds }
        if draft.extent == .everything, night.isEdited(old, new) { kinds.append(.changePermissions) }
        if ModelGuards.loses(old.access, new.access, night.target) || night.losesByEdit(old, new) {
            kinds.append(.loseAccess)
        }
        if !privileges(old.access).isSubset(of: privileges(new.access)) { kinds.append(.privilegedLoss) }
        return kinds
    }

    private func privileges(_ access: ModelAccess) -> Set<String> {
        Set(access.roles.filter { night.target.platform.isPrivileged($0.value) }.map { "\($0.key):\($0.value)" })
    }

    /// Whether something is gone that nothing better stands in for.
    static func loses(_ old: ModelAccess, _ new: ModelAccess, _ target: ModelTarget) -> Bool {
        let platform = target.platform
        let isLower = old.roles.contains { scope, role in
            if let now = new.roles[scope] { return platform.rank(now) > platform.rank(role) }
            return !(scope != "" && new.roles[""].map { platform.covers($0, role) } ?? false)
        }
        let edits = { (access: ModelAccess, path: String) in
            let scope = String(path.prefix { $0 != "/" })
            return access.grants.contains(path) || access.roles[scope] == "editor" || access.roles[""] == "owner"
        }
        return isLower || target.talks(old) > target.talks(new) || hasCRM(old) && !hasCRM(new)
            || old.grants.contains { !edits(new, $0) }
    }

    private static func hasCRM(_ access: ModelAccess) -> Bool {
        access.roles[""] == "admin" || access.switches.contains("crm")
    }

    /// Whether some approval covers one more; what it gives is used up.
    private func approve(_ person: String, _ kind: ModelGuard, _ used: inout [String: Int]) -> Bool {
        for approval in night.approvals where approval.from <= night.now && night.now < approval.until {
            let key = "\(approval.name) \(kind.rawValue)"
            guard approval.people.contains(person), let most = approval.allow[kind], (used[key] ?? 0) < most else {
                continue
            }
            used[key, default: 0] += 1
            return true
        }
        return false
    }

    private func hasShrunk(_ name: String, _ used: inout [String: Int]) -> Bool {
        guard let baseline = night.before.baseline else { return false }
        let pairs = [
            (baseline.people[name] ?? 0, night.directory.countOfPeople(in: name)),
            (baseline.groups[name] ?? 0, night.directory.countOfGroups(in: name)),
        ]
        return pairs.contains { before, now in
            before > now && (now == 0 || before - now > night.target.limit(.peopleShrink).most(of: before))
        }
    }

    /// What a draft that is applied uses of the approvals.
    func spend(_ draft: ModelDraft, into used: inout [String: Int]) {
        for item in draft.inPlanOrder {
            for kind in kinds(item, draft) { _ = approve(item.person, kind, &used) }
            if gainsPrivilege(item), let approval = draft.approved[item.person] { used[approval, default: 0] += 1 }
        }
    }

    func gainsPrivilege(_ item: ModelDraft.Case) -> Bool {
        guard let new = item.new, new.isIn else { return false }
        let had = item.old.flatMap { $0.status == .removed ? nil : Set($0.access.roles.values) } ?? []
        return new.access.roles.values.contains { night.target.platform.isPrivileged($0) && !had.contains($0) }
    }
}
