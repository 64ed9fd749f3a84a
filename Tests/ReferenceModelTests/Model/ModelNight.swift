/// One night, decided slowly: what the roster is afterwards, and what was held.
struct ModelNight {
    /// What a plan may do.
    enum Extent { case everything, suspensionsOfDisabled, nothing }

    let directory: ModelDirectory
    let rules: [ModelRule]
    /// Groups of which only direct members count.
    let direct: Set<String>
    let target: ModelTarget
    let approvals: [ModelApproval]
    let before: ModelRoster
    let now: Int64

    /// Members of each mapped group tonight.
    private var memberSets: [String: Set<String>] = [:]
    private(set) var after = ModelRoster()
    /// Kinds for which the target is held.
    private(set) var held: Set<ModelGuard> = []
    private(set) var frozen: Set<String> = []
    /// Whether some kind is held only for what earlier runs did as well.
    private(set) var isHeldByWindow = false
    /// Who was refused which privileged roles.
    private(set) var withheld: [String: Set<String>] = [:]
    /// People counted by kind, before anything was held.
    private(set) var counts: [ModelGuard: Int] = [:]

    init(
        directory: ModelDirectory, rules: [ModelRule], direct: Set<String>, target: ModelTarget,
        approvals: [ModelApproval], before: ModelRoster, now: Int64
    ) {
        self.directory = directory
        self.rules = rules
        self.direct = direct
        self.target = target
        self.approvals = approvals
        self.before = before
        self.now = now
        for group in mapped where directory.groups[group]?.standing == .there {
            memberSets[group] = directory.members(of: group, nested: !direct.contains(group))
        }
        decide()
    }

    private mutating func decide() {
        var used = before.used
        frozen = freezes(&used)
        let full = ModelDraft(self, .everything)
        withheld = full.withheld
        var guards = ModelGuards(night: self, draft: full)
        guards.count()
        held = guards.held
        isHeldByWindow = guards.isHeldByWindow
        counts = guards.counts.mapValues(\.count)
        if held.isEmpty {
            after = full.result
            after.used = used
            guards.spend(full, into: &after.used)
            after.deeds += guards.deeds(full)
            after.baseline = baseline
            for item in full.cases.values where !item.isOutside {
                guard let new = item.new, new.isIn || item.old != new else { continue }
                after.permits[new.access] = permits(new.access)
            }
        } else {
            let rest = ModelDraft(self, held.contains(.suspendDisabled) ? .nothing : .suspensionsOfDisabled)
            after = rest.result
            after.used = before.used
            guards.spend(rest, into: &after.used)
            after.deeds += guards.deeds(rest)
        }
    }

    /// Whether the run fails: leaving out a group that is gone from under a `not` would give people more.
    static func fails(_ rules: [ModelRule], _ leave: ModelLeave?, _ directory: ModelDirectory) -> Bool {
        (rules.map(\.condition) + [leave?.condition].compactMap { $0 }).flatMap(\.groups).contains { group in
            group.isNegated
                && (!directory.wasRead(group: group.name) || directory.groups[group.name]?.standing != .there)
        }
    }

    // MARK: Groups

    var mapped: Set<String> {
        let conditions = rules.map(\.condition) + [target.leave?.condition].compactMap { $0 }
        return Set(conditions.flatMap { $0.groups.map(\.name) } + [target.only].compactMap { $0 })
    }

    /// Members tonight, whether they are believed or not; who stands for a group made again is not the locked one.
    func members(_ group: String) -> Set<String> { memberSets[group] ?? [] }

    /// Users who were in the group in the last applied run.
    func recorded(_ group: String) -> Set<String> {
        Set(before.users.filter { $0.value.status != .removed && $0.value.groups.contains(group) }.keys)
    }

    /// Groups that may not be believed: they shrank too much, are gone, or are not the locked ones.
    private func freezes(_ used: inout [String: Int]) -> Set<String> {
        guard let baseline = before.baseline else { return [] }
        return Set(
            mapped.sorted { idOrder($0) < idOrder($1) }.filter { group in
                let count = baseline.members[group] ?? recorded(group).count
                let lost = count - members(group).count
                guard count > 0 else { return false }
                let isThere = directory.wasRead(group: group) && directory.groups[group]?.standing == .there
                let most = isThere ? target.limit(.groupShrink).most(of: count) : 0
                if isThere, lost <= most { return false }
                return !isApproved(group, losing: max(0, lost), beyond: most, &used)
            })
    }

    private func idOrder(_ group: String) -> String { group }

    /// Whether approvals leave no more lost members than the limit; what they give is used up, as much as is lost.
    private func isApproved(_ group: String, losing lost: Int, beyond limit: Int, _ used: inout [String: Int]) -> Bool {
        let open = approvals.filter { $0.from <= now && now < $0.until && $0.groups[group] != nil }
        if open.isEmpty { return false }
        var left = lost
        var next = used
        for approval in open.sorted(by: { $0.name < $1.name }) {
            let key = "\(approval.name) group_shrink \(group)"
            let part = min(left, (approval.groups[group] ?? 0) - (next[key] ?? 0))
            if part <= 0 { continue }
            next[key, default: 0] += part
            left -= part
        }
        if left > limit { return false }
        used = next
        return true
    }

    /// Whether a group counts somebody as a member: a frozen one has the members it had, and under a `not` those of now
    /// as well.
    func counts(_ person: String, in group: String, isNegated: Bool) -> Bool {
        let isMember = members(group).contains(person)
        guard frozen.contains(group) else { return isMember }
        return recorded(group).contains(person) || isNegated && isMember
    }

    /// Whether the condition of the target's own cause holds for somebody who is there.
    func isOnLeave(_ person: String) -> Bool {
        guard let leave = target.leave, directory.isThere(person) else { return false }
        return leave.condition.isMet { counts(person, in: $0, isNegated: $1) }
    }

    /// Whether the target is about somebody: a pilot is about the members of one group, and of those who are not there
    /// about those who were in it.
    func isAbout(_ person: String) -> Bool {
        guard let only = target.only else { return true }
        if directory.isThere(person) { return counts(person, in: only, isNegated: false) }
        return before.users[person]?.groups.contains(only) ?? false
    }

    private var baseline: ModelBaseline {
        var next = before.baseline ?? ModelBaseline()
        let last = next.members
        for name in directory.read {
            next.people[name] = directory.countOfPeople(in: name)
            next.groups[name] = directory.countOfGroups(in: name)
        }
        next.members = [:]
        for group in mapped {
            next.members[group] = members(group).count
            if frozen.contains(group) { next.members[group] = last[group] ?? recorded(group).count }
        }
        // The edit counts as new until no group is frozen.
        if frozen.isEmpty { next.fingerprint = target.fingerprint }
        return next
    }

    /// Whether an edited file gives somebody other permissions than the last applied run wrote down.
    func isEdited(_ old: ModelUser, _ new: ModelUser) -> Bool {
        let mayDiffer = before.baseline.map { $0.fingerprint != target.fingerprint } ?? true
        guard mayDiffer, let known = before.permits[old.access], !isSharedOutside(old.access) else { return false }
        return known != target.talks(old.access)
    }

    /// Whether somebody whom the pilot leaves as they are has an access: then an edit does nothing to it.
    private func isSharedOutside(_ access: ModelAccess) -> Bool {
        target.only != nil && before.users.contains { !isAbout($0.key) && $0.value.isIn && $0.value.access == access }
    }

    /// Whether somebody ends with less than they had before a file was edited, after another access, too.
    func losesByEdit(_ old: ModelUser, _ new: ModelUser) -> Bool {
        guard isEdited(old, new), old.access != new.access, let known = before.permits[old.access] else { return false }
        return known > target.talks(new.access)
    }

    /// How much of the talks an access lets see after the night.
    private func permits(_ access: ModelAccess) -> Int {
        if isSharedOutside(access), let known = before.permits[access] { return known }
        return target.talks(access)
    }

    // MARK: Rules

    /// Rules that give somebody something; those that name a frozen group give only what there is already.
    func rules(for person: String) -> [ModelRule] {
        guard directory.isThere(person) else { return [] }
        return rules.compactMap { rule in
            guard rule.condition.isMet({ counts(person, in: $0, isNegated: $1) }) else { return nil }
            return rule.condition.groups.contains { frozen.contains($0.name) } ? limited(rule, for: person) : rule
        }
    }

    /// As much of a rule as somebody has, or stands in line for; nil for nothing.
    private func limited(_ rule: ModelRule, for person: String) -> ModelRule? {
        guard let user = before.users[person], user.status != .removed else { return nil }
        if user.status == .suspended, user.causes[.unmapped] != nil { return nil }
        let platform = target.platform
        let awaited = before.line.filter { $0.person == person }
        let roles = user.access.roles.map { ($0.key, $0.value) } + awaited.map { ($0.scope, $0.role) }
        let isEnough = roles.contains { scope, role in
            scope == rule.scope
                ? platform.rank(role) <= platform.rank(rule.role) : scope == "" && platform.covers(role, rule.role)
        }
        var limited = rule
        limited.givesRole = isEnough
        if let template = rule.template, !user.access.templates.contains(template) { limited.template = nil }
        if let name = rule.switchOn, !user.access.switches.contains(name) { limited.switchOn = nil }
        if let assistant = rule.assistant, !user.access.grants.contains("\(rule.scope)/\(assistant)"),
            !awaited.contains(where: { $0.scope == rule.scope && $0.role == rule.role })
        {
            limited.assistant = nil
        }
        let isNothing = limited.template == nil && limited.switchOn == nil && limited.assistant == nil
        return isEnough || !isNothing ? limited : nil
    }

    /// What rules give somebody.
    ///
    /// Where a file was edited in a night with frozen groups, whoever has to do with one keeps all that humans did not
    /// give; the scopes in which a rule decides.
    func desire(for person: String) -> (desire: ModelDesire, claimed: Set<String>) {
        let rules = rules(for: person)
        let desire = target.platform.desire(rules)
        let claimed = Set(desire.claims.keys)
        let isThrough = metRules(person).contains { $0.condition.groups.contains { frozen.contains($0.name) } }
        let isConcerned = isThrough || frozen.contains { recorded($0).contains(person) }
        guard isFrozenAfterEdit, isConcerned, directory.isThere(person), let user = before.users[person],
            user.status != .removed, user.status != .suspended || user.causes[.unmapped] == nil
        else { return (desire, claimed) }
        let held = user.access.without(user.manual.map(\.part))
        let kept = desire.keeping(held, target.platform)
        return (kept, claimed.filter { kept.claims[$0]?.role == desire.claims[$0]?.role })
    }

    private func metRules(_ person: String) -> [ModelRule] {
        rules.filter { $0.condition.isMet { counts(person, in: $0, isNegated: $1) } }
    }

    /// Whether a group is frozen in a night after an edit: then what it gave cannot be worked out.
    var isFrozenAfterEdit: Bool {
        !frozen.isEmpty && before.baseline.map { $0.fingerprint != target.fingerprint } ?? false
    }
}
