import AccessModel
import DirectoryModel

/// Turns what was seen into causes, and causes into a status.
extension Planning {
    mutating func settleCauses() {
        for index in cases.indices where !cases[index].flags.contains(.joiner) {
            settle(index)
        }
    }

    private mutating func settle(_ index: Int) {
        let before = input.roster.details[Int(cases[index].user)] ?? UserDetails()
        var outcome = rules.apply(observations[index] ?? .nothing, to: before)
        if cases[index].flags.contains(.protected) { shield(index, &outcome, before) }
        let item = cases[index]
        let mayReturn =
            !item.flags.contains(.frozen) && allowed == .everything
            && !outcome.details.pending.contains { $0.kind == .unmapped }
        if !outcome.details.causes.isEmpty {
            if item.oldStatus != .suspended {
                outcome.details.statusBefore = item.oldStatus
                outcome.details.statusSince = input.now
                cases[index].newStatus = .suspended
            } else if isDueForRemoval(outcome, item) {
                cases[index].newStatus = .removed
                outcome.details.statusSince = input.now
                cases[index].flags.remove([.emailChanges, .nameChanges])
            }
        } else if item.oldStatus == .suspended, mayReturn {
            cases[index].newStatus = statusToReturnTo(outcome.details, user: item.user)
            cases[index].flags.insert(.returner)
            if returnsFirst(outcome, item) { cases[index].flags.insert(.firstInLine) }
        }
        report(outcome, cases[index])
        if outcome.details != before || !outcome.begun.isEmpty || !outcome.ended.isEmpty { outcomes[index] = outcome }
    }

    /// Whether a returner stands before everybody else: tonight, or since an earlier night without a free seat.
    private func returnsFirst(_ outcome: CauseRules.Outcome, _ item: PersonCase) -> Bool {
        if outcome.ended.contains(where: { settings.policy.own($0)?.returnsFirst == true }) { return true }
        return line.places(of: line.number(of: item)).contains { input.roster.waiting[Int($0)].isFirst }
    }

    private func statusToReturnTo(_ details: UserDetails, user: UInt32) -> UserStatus {
        if let before = details.statusBefore, before == .active || before == .invited { return before }
        return input.roster.users[Int(user)].lastSignIn == Int64.min ? .invited : .active
    }

    /// Protected people get no cause from the agent; what would have happened is a finding, every night.
    private mutating func shield(_ index: Int, _ outcome: inout CauseRules.Outcome, _ before: UserDetails) {
        for kind in outcome.begun {
            outcome.details.causes.removeAll { $0.kind == kind }
            if var pending = before.pending.first(where: { $0.kind == kind }) {
                if kind == .missing { pending.runs = min(pending.runs + 1, max(1, settings.policy.missing.runs)) }
                outcome.details.pending = (outcome.details.pending + [pending]).sorted { $0.kind < $1.kind }
            }
        }
        // Who stays suspended, by hand say, is not spared.
        let staysSuspended = cases[index].oldStatus == .suspended && !outcome.details.causes.isEmpty
        for kind in outcome.begun where !staysSuspended {
            findings.append(
                .protectedFromSuspension(key(of: cases[index]), label: label(of: cases[index]), although: kind))
        }
        outcome.begun = []
    }

    /// Whether some cause has stood for long enough.
    ///
    /// What a human did by hand is no reason to remove somebody.
    private func isDueForRemoval(_ outcome: CauseRules.Outcome, _ item: PersonCase) -> Bool {
        guard settings.policy.removes, allowed == .everything, !item.flags.contains(.protected) else { return false }
        if item.person == RosterJoin.none ? observationIsEmpty(item) : item.flags.contains(.frozen) { return false }
        return outcome.details.causes.contains { cause in
            guard let after = settings.policy.removal(after: cause.kind) else { return false }
            return input.now.subtractingReportingOverflow(cause.since).partialValue >= max(after, 1)
        }
    }

    private func observationIsEmpty(_ item: PersonCase) -> Bool {
        guard let index = caseOfUser[item.user] else { return true }
        return (observations[index] ?? .nothing) == .nothing
    }

    /// Users whose removal is due whatever becomes of emails: their emails come free tonight.
    func usersToRemove() -> Set<UInt32> {
        guard settings.policy.removes, allowed == .everything else { return [] }
        var found: Set<UInt32> = []
        for (index, item) in cases.enumerated()
        where item.oldStatus == .suspended && item.flags.isDisjoint(with: [.joiner, .unread]) {
            let before = input.roster.details[Int(item.user)] ?? UserDetails()
            let outcome = rules.apply(observations[index] ?? .nothing, to: before)
            if !outcome.details.causes.isEmpty, isDueForRemoval(outcome, item) { found.insert(item.user) }
        }
        return found
    }

    /// Findings about what is seen and not, or not yet, acted on.
    private mutating func report(_ outcome: CauseRules.Outcome, _ item: PersonCase) {
        guard allowed == .everything else { return }
        for kind in outcome.reported where !item.flags.contains(.protected) {
            findings.append(
                Finding(
                    code: "user.\(kind.code)", weight: .note, person: key(of: item), label: label(of: item),
                    message: "\(kind.beginning); the policy only reports it",
                    hint: "see `policy: \(kind.rawValue)` in the configuration"))
        }
        if item.newStatus == .suspended || item.newStatus == .removed { return }
        for pending in outcome.pending where pending.kind != .reclaimed {
            findings.append(
                Finding(
                    code: "user.\(pending.kind.code)-pending", weight: .note, person: key(of: item),
                    label: label(of: item),
                    message: "\(pending.kind.beginning); not suspended before \(waiting(pending))", hint: ""))
        }
    }

    /// Somebody whose seat was taken back, and who is no returner before the next sign-in.
    mutating func reportReclaimed(_ item: PersonCase) {
        findings.append(
            Finding(
                code: "user.reclaimed", weight: .note, person: key(of: item), label: label(of: item),
                message:
                    "the seat was taken back after a long time without signing in; the next sign-in gives it again",
                hint: "`rollcall resume` gives it again at once, if one is free"))
    }

    private func waiting(_ pending: PendingCause) -> String {
        guard pending.kind == .missing else {
            return "\(Planning.words(settings.policy.unmapped.settleSeconds)) after it was first seen"
        }
        let policy = settings.policy.missing
        let time = policy.seconds > 0 ? " and \(Planning.words(policy.seconds)) after it was first seen" : ""
        return "\(policy.runs) complete \(policy.runs == 1 ? "run" : "runs")\(time) (\(pending.runs) so far)"
    }

    /// `24 hours`, `90 minutes`, `45 seconds`: in the largest unit up to hours that leaves nothing out.
    static func words(_ seconds: Int64) -> String {
        for (noun, unit) in [("hour", Int64(3600)), ("minute", 60)] where seconds != 0 && seconds % unit == 0 {
            let count = seconds / unit
            return "\(count) \(noun)\(count == 1 ? "" : "s")"
        }
        return "\(seconds) second\(seconds == 1 ? "" : "s")"
    }
}

extension CauseKind {
    /// Part of a finding's code: `out-of-scope`.
    var code: String { self == .outOfScope ? "out-of-scope" : rawValue }
}
