/// What one night would do to everybody, before the target's guards are asked.
struct ModelDraft {
    /// Somebody on the way from yesterday to today.
    struct Case {
        var person: String
        var old: ModelUser?
        var new: ModelUser?
        /// What the rules give, privileges that are withheld left out.
        var desire = ModelDesire()
        var isSetAside = false
        /// Access may follow the rules tonight.
        var mayChange = false
        var isReturning = false
        var isJoining = false
        /// Suspended or not lowered only because somebody forbids it: the last of the admins.
        var isKept = false
        /// Outside a pilot, and left as they are.
        var isOutside = false
        /// Back from a leave, and before everybody else in line.
        var isFirst = false
        /// Disabled, and so goes without an email that others claim or have.
        var keepsEmail = false
        /// Scopes in which rules give a role, be it withheld.
        var claimed: Set<String> = []
        /// Privileged roles that wait for an approval.
        var denied: Set<String> = []

        /// What humans gave, and until later than now.
        var standing: [ModelGrant] = []

        /// Whether rules give anything, be it withheld, or humans do.
        var isMapped: Bool { !desire.isEmpty || !denied.isEmpty || !standing.isEmpty }

        /// What somebody has, without what humans gave until now.
        func present(_ now: Int64) -> ModelAccess {
            guard let old else { return ModelAccess() }
            return old.access.without(old.manual.filter { $0.isOver(now) }.map(\.part))
        }
    }

    let night: ModelNight
    let extent: ModelNight.Extent
    var cases: [String: Case] = [:]
    var line: [ModelPlace] = []
    var withheld: [String: Set<String>] = [:]
    /// What each gain of a privilege uses of which approval.
    private(set) var approved: [String: String] = [:]
    /// The last admins, who stay as they are.
    private(set) var kept: Set<String> = []

    init(_ night: ModelNight, _ extent: ModelNight.Extent) {
        self.night = night
        self.extent = extent
        decide()
        while let admin = adminToKeep() {
            kept.insert(admin)
            decide()
        }
    }

    var result: ModelRoster {
        var roster = night.before
        for item in cases.values { roster.users[item.person] = item.new }
        roster.line = line
        return roster
    }

    private mutating func decide() {
        cases = [:]
        withheld = [:]
        approved = [:]
        line = night.before.line
        if extent == .nothing { return }
        let waiting = night.before.line.map(\.person)
        for person in Set(night.before.users.keys).union(night.directory.people.keys).union(waiting) {
            cases[person] = start(person)
        }
        if extent == .suspensionsOfDisabled {
            for person in inside { suspendDisabled(person) }
            return
        }
        for person in inside { setAside(person) }
        for person in inside { live(person) }
        for person in inside { follow(person) }
        contestEmails()
        withhold()
        var seats = ModelSeats(draft: self)
        seats.allocate()
        if reclaim(seats) {
            seats = ModelSeats(draft: self)
            seats.allocate()
        }
        cases = seats.cases
        line = seats.line
    }

    /// Everybody in the order in which a plan lists them, which is that in which approvals are handed out.
    var inPlanOrder: [Case] {
        func email(_ item: Case) -> [UInt8] { Array((item.new?.email ?? "").utf8) }
        return cases.values.sorted { left, right in
            let (one, other) = (email(left), email(right))
            return one == other ? left.person < right.person : one.lexicographicallyPrecedes(other)
        }
    }

    private var inside: [String] { cases.values.filter { !$0.isOutside }.map(\.person) }

    private func start(_ person: String) -> Case {
        let old = night.before.users[person]
        var item = Case(person: person, old: old, new: old)
        item.isKept = kept.contains(person)
        item.isOutside = !night.isAbout(person)
        (item.desire, item.claimed) = night.desire(for: person)
        if let old, old.status != .removed { item.standing = old.manual.filter { !$0.isOver(night.now) } }
        item.desire = item.desire.with(item.standing, night.target.platform)
        return item
    }

    // MARK: Privileges

    /// Takes out the privileges that nobody approved; whoever is refused one keeps the roles there are.
    private mutating func withhold() {
        var used = night.before.used
        let order = cases.values.sorted { label($0) == label($1) ? $0.person < $1.person : label($0) < label($1) }
        for item in order where item.mayChange || item.isReturning || item.isJoining {
            let gains = item.desire.claims.filter { scope, claim in
                let had = item.isJoining ? nil : item.old?.access.roles[scope]
                return night.target.platform.isPrivileged(claim.role) && had != claim.role
            }
            if gains.isEmpty { continue }
            approved[item.person] = approve(item.person, &used)
            guard approved[item.person] == nil, night.target.withholdsPrivileges else { continue }
            for (scope, claim) in gains {
                withheld[item.person, default: []].insert(claim.role)
                cases[item.person]?.denied.insert(claim.role)
                cases[item.person]?.desire.claims[scope] = nil
                if item.old != nil, !item.isJoining { keepRoles(of: item.present(night.now), item.person) }
            }
        }
    }

    /// What is withheld takes no role away.
    private mutating func keepRoles(of access: ModelAccess, _ person: String) {
        for (scope, role) in access.roles where cases[person]?.desire.claims[scope] == nil {
            cases[person]?.desire.claims[scope] = ModelClaim(
                role: role, otherwise: nil, priority: 0, grants: access.grants(in: scope))
        }
    }

    private func label(_ item: Case) -> String {
        item.isJoining ? wantedEmail(item.person) ?? "" : item.old?.email ?? ""
    }

    /// What an approval lends to one gain; nil where none does.
    private func approve(_ person: String, _ used: inout [String: Int]) -> String? {
        for approval in night.approvals where approval.from <= night.now && night.now < approval.until {
            let key = "\(approval.name) privileged_gain"
            guard approval.people.contains(person), (approval.allow[.privilegedGain] ?? 0) > (used[key] ?? 0) else {
                continue
            }
            used[key, default: 0] += 1
            return key
        }
        return nil
    }

    // MARK: The last admins

    /// Of those whose loss takes a role's holders below its floor, the one with the weakest evidence.
    private func adminToKeep() -> String? {
        let after = result
        for role in night.target.platform.roles.map(\.name) {
            let least = night.target.floor(role)
            let before = night.before.holders(role, night.target)
            let isActive = before.contains { night.before.users[$0]?.status == .active }
            let now = after.users.filter { user in
                user.value.access.roles.values.contains(role)
                    && (user.value.status == .active || !isActive && user.value.status == .invited)
            }.keys
            guard now.count < min(before.count, least) else { continue }
            let lost = before.subtracting(now).subtracting(kept)
            if let weakest = lost.min(by: { weight($0) < weight($1) }) { return weakest }
        }
        return nil
    }

    /// Who only loses a role stays first, then who is suspended, the weakest cause first; then by id.
    private func weight(_ person: String) -> (Int, String) {
        guard let new = cases[person]?.new, new.status == .suspended else { return (0, person) }
        let strength: [ModelCause] = [
            .reclaimed, .inactive, .unmapped, .outOfScope, .missing, .leave, .disabled, .manual,
        ]
        return (1 + (strength.lastIndex { new.causes[$0] != nil } ?? 0), person)
    }
}
