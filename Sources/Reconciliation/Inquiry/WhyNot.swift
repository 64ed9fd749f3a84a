import AccessModel
import DirectoryModel
package import MappingLanguage

/// Why somebody has not got something on one target: what stands in the way whatever rules say, and of each rule that could give it the first
/// condition that failed.
package struct WhyNot: Sendable {
    /// How things are.
    package enum Verdict: String, Sendable, CaseIterable {
        /// The person has it.
        case has
        /// It is on record, and counts for nothing while the person is suspended.
        case suspended
        /// The next run would give it.
        case next
        /// The next run would give it, and a guard holds the target.
        case held
        /// The person stands in the line for it.
        case waits
        case no
    }

    /// Something that is in the way, whichever rule would give it.
    package struct Obstacle: Sendable, Equatable {
        package enum Kind: String, Sendable, CaseIterable {
            /// Not in the directory, or not a person of their own there.
            case absent, otherIdentity = "other_identity"
            case disabled
            /// A cause of `suspend_when` holds.
            case cause
            case suspended, removed
            /// The person, or a template, cannot be treated: a finding says why.
            case finding
            case pilot, observed, paused, held
            /// A privileged grant is withheld until somebody approves it.
            case privileged
            case seat, pace
            /// What the person has is as much or more.
            case more
            /// A template that a human gave stands where one is allowed.
            case byHand = "by_hand"
        }
        package var kind: Kind
        /// One sentence, lower-case, no final period.
        package var message: String
        package var hint: String
        /// Since when, seconds since 1970, where that is known.
        package var since: Int64?

        package init(_ kind: Kind, _ message: String, hint: String = "", since: Int64? = nil) {
            self.kind = kind
            self.message = message
            self.hint = hint
            self.since = since
        }
    }

    /// A rule that could give it.
    package struct Rule: Sendable, Equatable {
        package var rule: RuleExplanation
        /// What failed first; empty for a rule that matched: its outcomes say what became of what it gave.
        package var failures: [ConditionTrace]

        package init(rule: RuleExplanation, failures: [ConditionTrace]) {
            self.rule = rule
            self.failures = failures
        }
    }

    package var verdict: Verdict
    package var obstacles: [Obstacle]
    /// In the order of the file.
    package var rules: [Rule]

    package init(verdict: Verdict, obstacles: [Obstacle], rules: [Rule]) {
        self.verdict = verdict
        self.obstacles = obstacles
        self.rules = rules
    }
}

extension TargetInquiry {
    /// Why somebody has none of these.
    package func whyNot(_ wanted: [WantedGift], for person: PersonKey) -> WhyNot {
        let place = place(of: person)
        let key = place.map { mirror.key(of: Int($0)) } ?? person
        let rules = place.map { explainer.explain($0).rules } ?? unmatchedRules
        let could = rules.filter { rule in wanted.contains { rule.gives.contains($0) } }
        let verdict = verdict(wanted, key)
        let obstacles = verdict == .has ? [] : Obstacles(self, key, mirror.person(person), wanted).all
        return WhyNot(
            verdict: verdict, obstacles: obstacles,
            rules: could.map { WhyNot.Rule(rule: $0, failures: $0.isMatched ? [] : $0.condition.firstFailures) })
    }

    /// For somebody who is not in the mirror: no condition is met by nobody.
    private var unmatchedRules: [RuleExplanation] {
        compiled.mapping.rules.map { rule in
            RuleExplanation(
                rule: rule, captured: nil, isMatched: false,
                condition: ConditionTrace(
                    rule.condition.text, isMet: false, note: "the person was not in the directory when it was last read"
                ),
                gives: rule.possibleGifts, outcomes: [])
        }
    }

    private func verdict(_ wanted: [WantedGift], _ person: PersonKey) -> WhyNot.Verdict {
        func has(_ standing: (access: Access, status: UserStatus)?, in statuses: Set<UserStatus>) -> Bool {
            guard let standing, statuses.contains(standing.status) else { return false }
            return wanted.contains { standing.access.has($0) }
        }
        let now = standing(of: person, after: nil)
        if has(now, in: [.invited, .active]) { return .has }
        let isWritten = settings.mode == .manage && input.roster.pausedBy == nil
        if isWritten, has(standing(of: person, after: plan), in: [.invited, .active]) { return .next }
        if plan.heldBack != nil, has(standing(of: person, after: openPlan), in: [.invited, .active]) { return .held }
        if has(now, in: [.suspended]) { return .suspended }
        let waits = plan.waiting.contains { place in
            place.person == person
                && wanted.contains { Access(roles: [ScopedRole(scope: place.scope, role: place.role)]).has($0) }
        }
        return waits ? .waits : .no
    }
}

/// Finds what is in somebody's way, in the order in which a run would come upon it.
private struct Obstacles {
    private let inquiry: TargetInquiry
    private let person: PersonKey
    private let place: PersonIndex?
    private(set) var all: [WhyNot.Obstacle] = []

    init(_ inquiry: TargetInquiry, _ person: PersonKey, _ identity: PersonIndex?, _ wanted: [WantedGift]) {
        self.inquiry = inquiry
        self.person = person
        place = inquiry.mirror.person(person)
        addTarget()
        addIdentity(identity)
        addDirectory()
        addStatus()
        addFindings()
        addHolds()
        addMore(than: wanted)
        addLine()
    }

    private mutating func add(_ kind: WhyNot.Obstacle.Kind, _ message: String, hint: String = "", since: Int64? = nil) {
        all.append(WhyNot.Obstacle(kind, message, hint: hint, since: since))
    }

    /// What keeps everything from being written.
    private mutating func addTarget() {
        let name = inquiry.settings.name
        if inquiry.settings.mode == .observe {
            add(.observed, "target `\(name)` is only observed", hint: "set `mode: manage` for it")
        }
        if let run = inquiry.input.roster.pausedBy {
            add(
                .paused, "target `\(name)` pauses since the undo in run \(run)",
                hint: "`rollcall continue \(name)` lets it go on")
        }
        for hold in inquiry.plan.holds {
            if case .target = hold.extent {
                add(
                    .held, "a guard would hold the target: \(hold.message)",
                    hint: "`rollcall plan` shows what it holds and both ways on")
            }
        }
    }

    private mutating func addIdentity(_ identity: PersonIndex?) {
        guard let identity, let other = inquiry.mirror.standsFor[identity] else { return }
        if other == IdentityLinks.nobody {
            add(
                .otherIdentity, "waits for the user of another identity of the same person, who is missing",
                hint: "it goes on once that one is back, or gone for as long as `policy.missing` says")
        }
    }

    /// What the directory says of the person.
    private mutating func addDirectory() {
        guard let place else {
            add(
                .absent, "was not in the directory when it was last read",
                hint: "see `bases` and `filter` of the directory; `rollcall doctor` tries them")
            return
        }
        let row = inquiry.mirror.people[Int(place)]
        if !row.state.isEnabled, !row.problems.contains(.contradictoryState) {
            add(
                .disabled, "is disabled in the directory: nobody is invited while that is so",
                hint: "enable the account there, if it should be")
        }
        for (cause, people) in zip(inquiry.settings.policy.ownCauses, inquiry.input.evaluation.causes)
        where people.contains(place) {
            add(
                .cause, "the cause `\(cause.name)` of `suspend_when` holds",
                hint: "see the condition of `\(cause.name)` in the configuration, and the person's attributes")
        }
        if let pilot = PilotStanding(place, inquiry.input), !pilot.takesPart {
            add(
                .pilot,
                pilot.group.isEmpty
                    ? "the group of `only` cannot be believed, so nobody takes part in the pilot"
                    : "is not in group `\(pilot.group)` of the pilot, so left as they are",
                hint: "see `only` in the policy of the target")
        }
    }

    private mutating func addStatus() {
        let known = inquiry.input.roster.explanation(of: person)
        guard let row = known?.row else { return }
        let details = known?.details ?? UserDetails()
        guard row.status == .suspended || row.status == .removed else { return }
        let verb = row.status == .suspended ? "is suspended" : "was removed"
        let kind: WhyNot.Obstacle.Kind = row.status == .suspended ? .suspended : .removed
        if details.causes.isEmpty {
            add(kind, verb, hint: "`rollcall history` tells how it came to that", since: details.statusSince)
        }
        for cause in details.causes {
            let reason = cause.reason.isEmpty ? "" : ": \(cause.reason)"
            add(
                kind, "\(verb): cause `\(cause.kind.rawValue)`, by \(cause.by)\(reason)",
                hint: cause.kind == .manual
                    ? "only a human lifts it: `rollcall resume`"
                    : kind == .suspended
                        ? "the first run at which that no longer holds lifts it"
                        : "once that no longer holds, a run invites the person anew",
                since: cause.since)
        }
    }

    /// Findings that say why somebody, or a part, is left out.
    private mutating func addFindings() {
        let barring = [
            "person.", "identity.", "template.", "protected.", "manual.", "user.manual", "user.absence-",
            "user.reclaimed",
        ]
        for finding in inquiry.openPlan.findings where finding.person == person {
            guard barring.contains(where: { finding.code.utf8.starts(with: $0.utf8) }) else { continue }
            add(.finding, finding.message, hint: finding.hint)
        }
    }

    private mutating func addHolds() {
        for hold in inquiry.withheld(from: person) {
            guard case .grant(_, let what) = hold.extent else { continue }
            add(
                .privileged, "\(what) is withheld until somebody approves it: \(hold.message)",
                hint: "`rollcall approve --last-hold` after a run held it")
        }
    }

    /// What rules give is no gain for somebody who has as much by another rule, by hand, or from before.
    private mutating func addMore(than wanted: [WantedGift]) {
        guard let place, let after = inquiry.standing(of: person, after: inquiry.openPlan)?.access else { return }
        let set = inquiry.input.evaluation.grantSet
        let desired = inquiry.input.evaluation.desired
        guard set.indices.contains(Int(place)), desired.indices.contains(Int(set[Int(place)])) else { return }
        let given = desired[Int(set[Int(place)])].access
        let platform = inquiry.settings.platform
        addTemplate(given, after, wanted)
        for role in given.roles + given.grants where wanted.contains(where: { Access(roles: [role]).has($0) }) {
            if after.roles.contains(role) || after.grants.contains(role) { continue }
            guard let held = after.roleAsHigh(as: role, on: platform) else { continue }
            let scope = held.scope == .root ? "" : " in `\(held.scope)`"
            add(.more, "has `\(held.role)`\(scope), which is as much or more")
        }
    }

    /// Where one template is allowed, the one that a human gave stands instead of the rules'.
    private mutating func addTemplate(_ given: Access, _ after: Access, _ wanted: [WantedGift]) {
        let isBarred = given.templates.contains { name in
            !after.templates.contains(name) && wanted.contains { Access(templates: [name]).has($0) }
        }
        guard isBarred, inquiry.settings.platform.templatesPerUser == .one else { return }
        for grant in inquiry.input.roster.explanation(of: person)?.details.manual ?? [] {
            guard case .template(let name) = grant.part, after.templates.contains(name) else { continue }
            let reason = grant.reason.isEmpty ? "" : ": \(grant.reason)"
            add(
                .byHand, "has template `\(name)` by hand, and one is allowed; by \(grant.by)\(reason)",
                hint: "`rollcall revoke … --template \(name)` takes it back; then that of the rules counts",
                since: grant.since)
        }
    }

    private mutating func addLine() {
        let roster = inquiry.input.roster
        var after = roster
        after.waiting = inquiry.openPlan.waiting
        for mine in after.places(of: person) {
            let scope = mine.line.scope
            let what = (scope == .root ? "" : "\(scope): ") + mine.line.role
            let position = "place \(mine.position) of \(mine.of) in the line"
            if mine.line.forPace {
                add(
                    .pace, "waits for their turn among joiners as \(what), \(position)",
                    hint: "see `pace` in the limits",
                    since: mine.line.since)
                continue
            }
            let pools = inquiry.openPlan.ledger.filter { $0.pool.scope == scope }
            let figures = pools.map { "\($0.heldAfter) of \($0.pool.limit) seats of `\($0.pool.name)` are held" }
            add(
                .seat,
                "waits for a seat as \(what), \(position)\(figures.isEmpty ? "" : "; " + figures.joined(separator: ", "))",
                hint: "free a seat or raise the limit; `rollcall seats --waiting` shows the line",
                since: mine.line.since)
        }
    }
}
