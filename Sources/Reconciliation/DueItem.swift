import AccessModel
import DirectoryModel

/// Something that falls due if nothing changes until then.
package struct DueItem: Sendable, Equatable {
    package enum Kind: String, Sendable, CaseIterable {
        case suspension, removal, reminder, approval, grant

        /// Whether it is the end of what somebody gave until then.
        package var isEnd: Bool { self == .approval || self == .grant }
    }
    /// Seconds since 1970; the first run at or after it acts.
    package var time: Int64
    package var kind: Kind
    /// Nil for an approval.
    package var person: PersonKey?
    /// Email of the person, or path of the approval.
    package var label: String
    /// One sentence.
    package var reason: String

    package init(time: Int64, kind: Kind, person: PersonKey?, label: String, reason: String) {
        self.time = time
        self.kind = kind
        self.person = person
        self.label = label
        self.reason = reason
    }
}

extension Reconciler {
    /// What falls due on this target up to a time: suspensions, removals, reminders, grants and approvals about to expire.
    ///
    /// In the order of time, kind, label.  What is overdue is there, too: the next run acts on it.  Of the input, mirror
    /// and evaluation matter where the target is a pilot only: of those outside it nothing falls due but what is told.
    /// Absences are those of users of whom no run saw yet that they are gone.
    package func due(_ input: ReconcileInput, until: Int64) -> [DueItem] {
        var list = DueList(settings: settings, input: input, until: until)
        for place in input.roster.users.indices { list.add(place) }
        for approval in input.approvals { list.add(approval) }
        return list.items.sorted { left, right in
            if left.time != right.time { return left.time < right.time }
            if left.kind != right.kind { return precedes(left.kind.rawValue, right.kind.rawValue) }
            return left.label == right.label
                ? precedes(left.reason, right.reason) : precedes(left.label, right.label)
        }
    }
}

/// Collects what falls due.
private struct DueList {
    let settings: TargetSettings
    let roster: TargetRoster
    let now: Int64
    let until: Int64
    /// Nothing of theirs falls due but what humans gave, and their invitations.
    private let protected: Set<PersonKey>
    /// What the next run would learn of users who are not in the directory.
    private let absences: [PersonKey: AbsenceFinding]
    private(set) var items: [DueItem] = []
    /// Whom the target is about, and where they are in the mirror; nil where it is no pilot.
    private let pilot: (scope: PilotScope, join: RosterJoin)?

    init(settings: TargetSettings, input: ReconcileInput, until: Int64) {
        self.settings = settings
        roster = input.roster
        now = input.now
        self.until = until
        protected = Set(roster.protected)
        absences = input.absences
        pilot = PilotScope(input).map { ($0, RosterJoin(mirror: input.mirror, roster: input.roster)) }
    }

    /// Whether a pilot leaves a user as they are.
    private func isOutside(_ place: Int) -> Bool {
        pilot.map { !$0.scope.contains(roster.users[place], $0.join.personOfUser[place]) } ?? false
    }

    mutating func add(_ place: Int) {
        let row = roster.users[place]
        guard row.managed, row.status != .removed else { return }
        let details = roster.details[place]
        for grant in details?.manual ?? [] { add(grant, place) }
        if isOutside(place) { return }
        if row.status == .invited {
            add(
                .reminder, row.since, settings.policy.inviteReminderSeconds, place, "the invitation is not accepted yet"
            )
        }
        if protected.contains(roster.key(of: place)) { return }
        if row.status == .suspended {
            if let details { addRemoval(details, place) }
            return
        }
        let lifted = details?.lifted ?? []
        let pending = details?.pending ?? []
        for pending in pending where !lifted.contains(pending.kind) { add(pending, place) }
        if !pending.contains(where: { $0.kind == .missing }), !lifted.contains(.missing),
            absences[roster.key(of: place)] == .gone
        {
            let reason = "not in the directory when it was last read, and taken for gone"
            add(PendingCause(kind: .missing, firstSeen: now, runs: 0), place, reason)
        }
        if !lifted.contains(.inactive) { addInactivity(row, place) }
    }

    private mutating func add(_ grant: ManualGrant, _ place: Int) {
        guard let end = grant.until else { return }
        let stays = isOutside(place) ? ", and stays, since a pilot leaves this user as they are" : ""
        add(.grant, end, 0, place, "the grant by \(grant.by) expires\(stays): \(grant.part.words): \(grant.reason)")
    }

    /// The run that acts counts as one more that saw it: one that is left need not be waited for.
    private mutating func add(_ pending: PendingCause, _ place: Int, _ reason: String? = nil) {
        switch pending.kind {
        case .missing:
            let policy = settings.policy.missing
            guard policy.deed == .suspend else { return }
            let left = policy.runs - pending.runs
            let runs = left > 1 ? "; it takes \(left) more complete runs, the last of which suspends" : ""
            add(.suspension, pending.firstSeen, policy.seconds, place, (reason ?? pending.kind.beginning) + runs)
        case .unmapped:
            guard settings.policy.unmapped.deed == .suspend else { return }
            let seconds = settings.policy.unmapped.settleSeconds
            add(.suspension, pending.firstSeen, seconds, place, pending.kind.beginning)
        default: break
        }
    }

    private mutating func addRemoval(_ details: UserDetails, _ place: Int) {
        let first = details.causes.compactMap { cause in
            settings.policy.removal(after: cause.kind).map { (cause, $0) }
        }.min { $0.0.since + $0.1 < $1.0.since + $1.1 }
        guard let (cause, seconds) = first else { return }
        let days = max(1, seconds / 86_400)
        let text = "suspended for \(days) \(days == 1 ? "day" : "days"): \(cause.kind.beginning)"
        add(.removal, cause.since, seconds, place, text)
    }

    /// Only where the policy suspends, and not while the feed of sign-ins is too old to suspend anybody; last sign-ins that
    /// only the directory knows are not in the roster.
    private mutating func addInactivity(_ row: UserRow, _ place: Int) {
        let policy = settings.policy.inactive
        guard policy.deed == .suspend, row.lastSignIn != Int64.min else { return }
        if let imported = roster.signInsImported {
            let (age, overflow) = now.subtractingReportingOverflow(imported)
            if overflow || age > policy.feedNotOlderThanSeconds { return }
        }
        add(
            .suspension, max(row.lastSignIn, row.since), policy.afterSeconds, place,
            CauseKind.inactive.beginning)
    }

    private mutating func add(
        _ kind: DueItem.Kind, _ since: Int64, _ seconds: Int64, _ place: Int, _ reason: String
    ) {
        let (time, overflow) = since.addingReportingOverflow(seconds)
        guard !overflow, time <= until else { return }
        // A reminder that is overdue is a finding of every run already.
        if kind == .reminder, time <= now { return }
        items.append(
            DueItem(
                time: time, kind: kind, person: roster.key(of: place), label: roster.email(of: place), reason: reason))
    }

    mutating func add(_ approval: Approval) {
        guard approval.validUntil > now, approval.validUntil <= until,
            approval.targets.map({ $0.contains(settings.name) }) ?? true
        else { return }
        let left =
            approval.allow.sorted { precedes($0.key.rawValue, $1.key.rawValue) }.compactMap { kind, _ in
                let rest = approval.left(AllowedKind(kind))
                return rest > 0 ? "\(rest) \(kind.rawValue)" : nil
            }
            + approval.groupShrink.keys.sorted(by: precedes).compactMap { group in
                let rest = approval.left(AllowedKind(.groupShrink, group: group))
                return rest > 0 ? "\(rest) of group \(group)" : nil
            }
        // Of one that is used up nothing ends.
        guard !left.isEmpty else { return }
        items.append(
            DueItem(
                time: approval.validUntil, kind: .approval, person: nil, label: approval.file,
                reason: "the approval expires, \(left.joined(separator: ", ")) left: \(approval.reason)"))
    }
}
