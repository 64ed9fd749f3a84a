import AccessModel
import DirectoryModel

/// What following a directory may do to a target: suspend users whom the directory says are disabled, and nothing else.
extension Reconciler {
    /// Why nothing is done to the target between runs; nil where something may be.
    package func whyNotFollowed(_ roster: TargetRoster) -> UnfollowedTarget? {
        if settings.mode == .observe { return .observed }
        if settings.policy.onlyGroup != nil { return .pilot }
        if roster.pausedBy != nil { return .paused }
        guard roster.baseline != nil else { return .neverRun }
        return editedFiles(roster).contains(where: Fingerprints.isProtect) ? .protectEdited : nil
    }

    private func editedFiles(_ roster: TargetRoster) -> [String] {
        roster.baseline.map { Fingerprints.changed($0.fingerprints, settings.fingerprints) } ?? []
    }

    /// The suspensions that a run would make for the same evidence, under the limit on them and in its rolling window.
    ///
    /// Protected people, the last admins, and those whom a human brought back stay; beyond the limit nobody is suspended, and approvals
    /// are left to the runs.  The plan has no change where there is nothing to do.
    package func plan(_ disabled: [DisabledPerson], roster: TargetRoster, at moment: FollowedMoment) -> TargetPlan {
        var plan = TargetPlan(target: settings.name, mode: settings.mode)
        plan.directories = roster.directories
        plan.waiting = roster.waiting
        plan.protected = roster.protected
        plan.editedFiles = editedFiles(roster)
        guard whyNotFollowed(roster) == nil else { return plan }
        var work = FollowedWork(self, roster, moment)
        for (place, person) in work.order(disabled) { work.suspend(place, person, &plan) }
        work.finish(&plan)
        return plan
    }
}

/// Suspensions on their way into a plan.
private struct FollowedWork {
    private let settings: TargetSettings
    private let roster: TargetRoster
    private let moment: FollowedMoment
    private let protected: Set<PersonKey>
    private let base: Int
    private var writing: ActWriting

    init(_ reconciler: Reconciler, _ roster: TargetRoster, _ moment: FollowedMoment) {
        settings = reconciler.settings
        self.roster = roster
        self.moment = moment
        protected = Set(roster.protected)
        writing = ActWriting(settings: settings, roster: roster, place: 0, now: moment.now)
        base = writing.census.base
    }

    /// The users whom it is about, by email, then id; before them those of whom some must be left, the last ones first: the last admins
    /// that stay are then those that a run would let stay.
    func order(_ disabled: [DisabledPerson]) -> [(place: Int, person: DisabledPerson)] {
        let wanted = Dictionary(disabled.map { ($0.key, $0) }) { first, _ in first }
        let ids = Set(disabled.map(\.key.id))
        var found: [(place: Int, person: DisabledPerson)] = []
        for place in roster.users.indices where ids.contains(roster.users[place].id) {
            let row = roster.users[place]
            guard row.managed, row.status == .invited || row.status == .active,
                let person = wanted[roster.key(of: place)], !person.state.isEnabled
            else { continue }
            found.append((place, person))
        }
        return found.sorted { left, right in
            let (isLeft, isRight) = (writing.hasFloor(left.place), writing.hasFloor(right.place))
            if isLeft || isRight { return isLeft && isRight ? right.person.key < left.person.key : isLeft }
            let (one, other) = (
                roster.texts.slice(roster.users[left.place].email), roster.texts.slice(roster.users[right.place].email)
            )
            if one.elementsEqual(other) { return left.person.key < right.person.key }
            return one.lexicographicallyPrecedes(other)
        }
    }

    mutating func suspend(_ place: Int, _ person: DisabledPerson, _ plan: inout TargetPlan) {
        writing.place = place
        let row = writing.row
        let rules = CauseRules(policy: settings.policy, now: moment.now, run: moment.run)
        var outcome = rules.apply(Observation(disabled: true), to: writing.details)
        guard outcome.begun.contains(.disabled) else { return }
        let label = roster.email(of: place)
        if protected.contains(person.key) || isNamed(row, label) {
            plan.findings.append(.protectedFromSuspension(person.key, label: label, although: .disabled))
            return
        }
        if let floor = writing.floorBroken() {
            plan.findings.append(
                Finding(
                    code: "admins.kept", weight: .severe, person: person.key, label: label,
                    message:
                        "not suspended, although \(CauseKind.disabled.beginning), since fewer than \(floor.least) active "
                        + "`\(floor.role)` would be left",
                    hint: "give `\(floor.role)` to somebody else first"))
            return
        }
        outcome.details.statusBefore = row.status
        outcome.details.statusSince = moment.now
        var one = TargetPlan(target: settings.name, mode: settings.mode)
        writing.write(.suspended, outcome.details, into: &one)
        let attribute = moment.disabledBy[person.key.directory]
        let words = person.state.disablingWords(attribute: attribute) ?? CauseKind.disabled.beginning
        one.reasons = [.cause(.disabled, detail: words)]
        one.changes = [
            Change(
                kind: .suspend, evidence: .positive, subject: 0, reason: 0, before: row.status.rawValue,
                after: UserStatus.suspended.rawValue)
        ]
        writing.settle(one)
        plan.append(one)
    }

    /// Whether `protect` names the user directly; groups are pinned as people.
    private func isNamed(_ row: UserRow, _ email: String) -> Bool {
        settings.protect.contains { reference in
            switch reference {
            case .email(let text):
                Array(text.utf8).withUnsafeBufferPointer { text in
                    Array(email.utf8).withUnsafeBufferPointer { EmailFold.same(text, $0) }
                }
            case .id(let text): ImmutableID(written: text) == row.id
            case .group: false
            }
        }
    }

    /// Counts, compares with the limit, and takes everything back where it is exceeded.
    mutating func finish(_ plan: inout TargetPlan) {
        let count = plan.changes.count
        let (limit, text, full) = limit(plan.editedFiles)
        let window = GuardWindow(settings.limits.windowSeconds, of: roster.recent, before: moment.now)
        let earlier = window.people(.suspendDisabled)
        let isExceeded = count > 0 && (count > limit || count + earlier > full)
        plan.tally = [
            GuardTally(
                kind: .suspendDisabled, count: count, limit: limit, limitText: text, approved: 0, earlier: earlier,
                window: window.name, isExceeded: isExceeded)
        ]
        plan.ledger = writing.ledger()
        guard isExceeded else {
            if count > 0 {
                plan.guardCounts = [
                    GuardCount(run: moment.run, time: moment.now, kind: .suspendDisabled, people: count)
                ]
            }
            return
        }
        let words = "\(count) \(GuardKind.suspendDisabled.words(count))"
        let message =
            count > limit
            ? "\(words) (limit \(text))"
            : "\(words), \(count + earlier) in \(window.name) (limit \(full); \(window.words(.suspendDisabled)))"
        let people = plan.changes.map { plan.person(of: $0) }
        plan = emptied(plan)
        plan.holds = [
            Hold(
                kind: .suspendDisabled, extent: .target(evenDisabled: true), message: message, count: count,
                limit: limit, people: people, wouldHave: ["\(count) suspended"],
                causes: [HoldCause(text: CauseKind.disabled.beginning, people: count)])
        ]
    }

    /// The same plan without what it would have done.
    private func emptied(_ plan: TargetPlan) -> TargetPlan {
        var rest = TargetPlan(target: plan.target, mode: plan.mode)
        rest.directories = plan.directories
        rest.waiting = plan.waiting
        rest.protected = plan.protected
        rest.editedFiles = plan.editedFiles
        rest.findings = plan.findings
        rest.tally = plan.tally
        return rest
    }

    /// For this plan alone, halved after an edit; in words; and for everything in the window.
    private func limit(_ edited: [String]) -> (Int, String, Int) {
        let limit = settings.limits.suspendDisabled
        let full = limit.value(base: base)
        guard !edited.isEmpty, let run = roster.baseline?.run else { return (full, "\(full)", full) }
        let half = max(limit.floor, full / 2 + full % 2)
        if half == full { return (full, "\(full)", full) }
        return (half, "\(half) (\(full), halved: \(edited.joined(separator: ", ")) changed since run \(run))", full)
    }
}

extension PersonState {
    /// Why somebody is suspended who is in this state; nil for the enabled.
    func disablingWords(attribute: String?) -> String? {
        let evidence: String? =
            switch self {
            case .disabledByAttribute:
                attribute.map { "attribute `\($0)` says so" } ?? "the configured attribute says so"
            case .lockedPermanently: "locked for good by the password policy"
            case .disabledByFlag: "the account's own flag says so"
            case .expired: "the account has ended"
            case .enabled: nil
            }
        return evidence.map { "disabled in the directory: \($0)" }
    }
}

extension Finding {
    /// That somebody protected keeps what a cause would have taken.
    static func protectedFromSuspension(_ person: PersonKey, label: String, although kind: CauseKind) -> Finding {
        Finding(
            code: "protected.not-suspended", weight: .severe, person: person, label: label,
            message: "protected, so not suspended, although \(kind.beginning)",
            hint: "suspend by hand with `rollcall suspend`, or take the person off `protect`")
    }
}
