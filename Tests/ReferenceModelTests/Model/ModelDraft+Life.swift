/// Who is set aside, which causes stand, who is suspended, returns or is removed.
extension ModelDraft {
    private var target: ModelTarget { night.target }

    /// The email that somebody should have: the current one while it is among the values, else the smallest.
    func wantedEmail(_ person: String) -> String? {
        guard let entry = night.directory.people[person] else { return nil }
        let values = target.usableEmails(entry)
        guard let current = cases[person]?.old, current.status != .removed else { return values.first }
        if values.contains(current.email) { return current.email }
        return values.first { $0.lowercased() == current.email.lowercased() } ?? values.first
    }

    /// Somebody without a usable email or with values that cannot be read.
    mutating func setAside(_ person: String) {
        guard night.directory.isThere(person), let entry = night.directory.people[person] else { return }
        if entry.isUnreadable || target.usableEmails(entry).isEmpty { cases[person]?.isSetAside = true }
    }

    enum Sight { case seen, absent, unknown }

    /// What tonight's directory says about a cause.
    func sight(_ cause: ModelCause, _ person: String) -> Sight {
        guard let item = cases[person], let user = item.old else { return .unknown }
        let isThere = night.directory.isThere(person)
        let absence = night.directory.absence(of: person)
        switch cause {
        case .manual: return .unknown
        case .disabled:
            if isThere {
                if night.directory.people[person]?.isDisabled == true { return .seen }
                return item.isSetAside ? .unknown : .absent
            }
            if absence == .outOfScopeAndDisabled { return .seen }
            return absence == .outOfScope ? .absent : .unknown
        case .missing:
            if isThere { return item.isSetAside ? .unknown : .absent }
            if absence == .gone { return .seen }
            return absence == nil || absence == .unknown ? .unknown : .absent
        case .outOfScope:
            if isThere { return item.isSetAside ? .unknown : .absent }
            return absence == .outOfScope ? .seen : .unknown
        case .unmapped:
            guard isThere, !item.isSetAside else { return .unknown }
            return !item.isMapped ? .seen : .absent
        case .inactive:
            guard isThere, !item.isSetAside else { return .unknown }
            return inactivity(user)
        case .leave:
            guard isThere, !item.isSetAside else { return .unknown }
            return night.isOnLeave(person) ? .seen : .absent
        case .reclaimed:
            guard isThere, !item.isSetAside, let last = user.lastSignIn else { return .unknown }
            if let since = user.causes[cause] ?? user.pending[cause]?.firstSeen {
                return last > since ? .absent : .unknown
            }
            return target.reclaimSeconds.map { night.now - last >= $0 } ?? false ? .unknown : .absent
        }
    }

    private func inactivity(_ user: ModelUser) -> Sight {
        guard let last = user.lastSignIn else { return .absent }
        let since = user.status == .removed ? last : max(last, user.since)
        if night.now - since < target.inactiveSeconds { return .absent }
        guard let imported = night.before.signInsImported, night.now - imported <= target.feedSeconds else {
            return .unknown
        }
        return .seen
    }

    /// Whether a cause suspends at all, and has been seen for long enough.
    private func isDue(_ cause: ModelCause, _ pending: ModelUser.Pending) -> Bool {
        switch cause {
        case .missing:
            pending.runs >= target.missingRuns && night.now - pending.firstSeen >= target.missingSeconds
        case .unmapped: night.now - pending.firstSeen >= target.settleSeconds
        default: true
        }
    }

    private func suspends(_ cause: ModelCause) -> Bool {
        switch cause {
        case .disabled: !target.reportsDisabled
        case .outOfScope: target.suspendsOutOfScope
        case .inactive: target.suspendsInactive
        default: true
        }
    }

    /// Causes come and go, and the status with them.
    mutating func live(_ person: String) {
        guard var item = cases[person], var user = item.old else { return }
        if user.status == .removed { return revive(person) }
        if item.isKept { return }
        item.isFirst = night.before.line.contains { $0.person == person && $0.isFirst }
        for cause in ModelCause.allCases {
            switch sight(cause, person) {
            case .unknown: break
            case .absent:
                if cause == .leave, user.causes[cause] != nil, target.leave?.returnsFirst == true {
                    item.isFirst = true
                }
                user.causes[cause] = nil
                user.pending[cause] = nil
                user.lifted.remove(cause)
            case .seen:
                if user.causes[cause] != nil || user.lifted.contains(cause) || !suspends(cause) { break }
                see(cause, person, &user)
            }
        }
        settle(&user, &item)
        target.giveBack(&user)
        if user.pending[.reclaimed] != nil, let old = item.old {
            takeNoSeat(&item, beyond: target.seats(old.access, old.status))
        }
        item.new = user
        cases[person] = item
    }

    /// One more night of a cause: due, it stands, unless the person is protected.
    private func see(_ cause: ModelCause, _ person: String, _ user: inout ModelUser) {
        var pending = user.pending[cause] ?? ModelUser.Pending(firstSeen: night.now, runs: 0)
        pending.runs = min(pending.runs + 1, cause == .missing ? target.missingRuns : 1)
        if isDue(cause, pending) {
            if target.protected.contains(person) {
                if user.pending[cause] != nil { user.pending[cause] = pending }
                return
            }
            user.pending[cause] = nil
            user.causes[cause] = night.now
        } else {
            user.pending[cause] = pending
        }
    }

    private func settle(_ user: inout ModelUser, _ item: inout Case) {
        if user.isIn, !user.causes.isEmpty {
            user.statusBefore = user.status
            user.statusSince = night.now
            user.status = .suspended
        } else if user.status == .suspended, user.causes.isEmpty, user.pending[.unmapped] == nil, !item.isSetAside {
            item.isReturning = night.directory.isThere(item.person)
            if !item.isMapped { item.desire = desire(asBefore: item.present(night.now)) }
        } else if isDueForRemoval(user, item) {
            user.status = .removed
            user.statusSince = night.now
            user.manual = []
        }
        let isTreated = user.isIn && night.directory.isThere(item.person) && !item.isSetAside
        if isTreated {
            user.access = item.present(night.now)
            user.manual.removeAll { $0.isOver(night.now) }
        }
        item.mayChange = isTreated && item.isMapped
    }

    /// Whom no rule gives anything, and whom a human wanted back all the same, returns as they were.
    private func desire(asBefore access: ModelAccess) -> ModelDesire {
        var desire = ModelDesire()
        for (scope, role) in access.roles {
            desire.claims[scope] = ModelClaim(role: role, otherwise: nil, priority: 0, grants: access.grants(in: scope))
        }
        desire.templates = access.templates
        desire.switches = access.switches
        return desire
    }

    /// Whether a cause that is not a human's has stood for long enough; of those set aside nothing is taken.
    private func isDueForRemoval(_ user: ModelUser, _ item: Case) -> Bool {
        guard user.status == .suspended, !item.isSetAside else { return false }
        let absence = night.directory.absence(of: item.person)
        let isKnown = night.directory.isThere(item.person) || absence != nil && absence != .unknown
        let isOld = user.causes.contains { cause, since in
            let after = target.removeAfterCause.isEmpty ? target.removeAfter : target.removeAfterCause[cause]
            return cause != .manual && after.map { night.now - since >= $0 } ?? false
        }
        return isKnown && isOld && !target.protected.contains(item.person)
    }

    /// Somebody removed comes back as a joiner when no cause stands any more.
    private mutating func revive(_ person: String) {
        guard var user = cases[person]?.old else { return }
        for cause in user.causes.keys where sight(cause, person) == .absent { user.causes[cause] = nil }
        let isJoining = user.causes.isEmpty && joins(person)
        cases[person]?.isJoining = isJoining
    }

    private func joins(_ person: String) -> Bool {
        guard let item = cases[person], night.directory.isThere(person), !item.isSetAside else { return false }
        if night.isOnLeave(person) { return false }
        return night.directory.people[person]?.isDisabled == false && !item.desire.isEmpty
    }

    /// Who is no user yet.
    mutating func follow(_ person: String) {
        guard let item = cases[person], item.old == nil else { return }
        let isJoining = joins(person)
        cases[person]?.isJoining = isJoining
    }

    /// A held target: only people the directory says are disabled, and nothing else about them.
    mutating func suspendDisabled(_ person: String) {
        setAside(person)
        guard let item = cases[person], var user = item.old, user.status != .removed, !item.isKept,
            !target.reportsDisabled, sight(.disabled, person) == .seen, !user.lifted.contains(.disabled),
            !target.protected.contains(person), user.causes[.disabled] == nil
        else { return }
        user.causes[.disabled] = night.now
        if user.isIn {
            user.statusBefore = user.status
            user.statusSince = night.now
            user.status = .suspended
        }
        cases[person]?.new = user
    }
}
