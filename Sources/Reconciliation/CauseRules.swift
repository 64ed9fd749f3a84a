import AccessModel

/// What a run saw of a person, cause by cause: seen, seen absent, or nothing known (nil), which changes nothing.
struct Observation: Equatable {
    var disabled: Bool?
    var missing: Bool?
    var outOfScope: Bool?
    var unmapped: Bool?
    var inactive: Bool?
    /// Whether a seat that was taken back stays so; false once the person signed in again.
    var reclaimed: Bool?
    /// Own causes that hold, one bit each in the policy's order; nil where the person's record says nothing.
    var own: UInt64?

    static let nothing = Observation()
}

/// How causes begin, wait until they are due, stand and end.
struct CauseRules {
    let policy: Policy
    let now: Int64
    let run: Int64

    /// What happened to a user's causes.
    struct Outcome {
        var details: UserDetails
        var begun: [CauseKind] = []
        var ended: [CauseKind] = []
        /// Seen, but the policy only reports it, or it is not due.
        var reported: [CauseKind] = []
        var pending: [PendingCause] = []
    }

    func apply(_ observation: Observation, to details: UserDetails) -> Outcome {
        var outcome = Outcome(details: details)
        settle(.disabled, observation.disabled, policy.disabled, &outcome) { _ in true }
        settle(.missing, observation.missing, policy.missing.deed, &outcome) { pending in
            pending.runs >= policy.missing.runs && elapsed(since: pending.firstSeen) >= policy.missing.seconds
        }
        settle(.outOfScope, observation.outOfScope, policy.outOfScope, &outcome) { _ in true }
        settle(.unmapped, observation.unmapped, policy.unmapped.deed, &outcome) { pending in
            elapsed(since: pending.firstSeen) >= policy.unmapped.settleSeconds
        }
        settle(.inactive, observation.inactive, policy.inactive.deed, &outcome) { _ in true }
        if let own = observation.own { settleOwn(own, &outcome) }
        if observation.reclaimed == false { settle(.reclaimed, false, .suspend, &outcome) { _ in true } }
        outcome.details.causes.sort { $0.kind < $1.kind }
        outcome.details.pending.sort { $0.kind < $1.kind }
        outcome.pending = outcome.details.pending
        return outcome
    }

    /// The policy's own causes; one that is no longer in the configuration is over.
    private func settleOwn(_ seen: UInt64, _ outcome: inout Outcome) {
        for (place, cause) in policy.ownCauses.enumerated() where place < 64 {
            settle(.own(cause.name), seen & 1 << UInt64(place) != 0, .suspend, &outcome) { _ in true }
        }
        let details = outcome.details
        for kind in Set(details.causes.map(\.kind) + details.lifted).sorted() {
            guard case .own = kind, policy.own(kind) == nil else { continue }
            settle(kind, false, .suspend, &outcome) { _ in true }
        }
    }

    private func elapsed(since: Int64) -> Int64 {
        let (difference, overflow) = now.subtractingReportingOverflow(since)
        return overflow ? 0 : difference
    }

    private func settle(
        _ kind: CauseKind, _ seen: Bool?, _ deed: Policy.Deed, _ outcome: inout Outcome,
        isDue: (PendingCause) -> Bool
    ) {
        guard let seen else { return }
        let stands = outcome.details.causes.contains { $0.kind == kind }
        guard seen else {
            if stands {
                outcome.details.causes.removeAll { $0.kind == kind }
                outcome.ended.append(kind)
            }
            outcome.details.pending.removeAll { $0.kind == kind }
            outcome.details.lifted.removeAll { $0 == kind }
            return
        }
        if stands || outcome.details.lifted.contains(kind) { return }
        if deed == .report {
            outcome.details.pending.removeAll { $0.kind == kind }
            outcome.reported.append(kind)
            return
        }
        var pending =
            outcome.details.pending.first { $0.kind == kind } ?? PendingCause(kind: kind, firstSeen: now, runs: 0)
        let most = kind == .missing ? max(1, policy.missing.runs) : 1
        pending.runs = min(pending.runs + 1, most)
        outcome.details.pending.removeAll { $0.kind == kind }
        if isDue(pending) {
            outcome.details.causes.append(Cause(kind: kind, since: now, by: "run \(run)"))
            outcome.begun.append(kind)
        } else {
            outcome.details.pending.append(pending)
        }
    }
}

extension CauseKind {
    /// Positive evidence, or something not found.
    var evidence: Evidence {
        switch self {
        case .disabled, .inactive, .manual, .reclaimed, .own: .positive
        case .missing, .outOfScope, .unmapped: .absence
        }
    }

    /// Why somebody is suspended, in a sentence that is the same for everybody.
    var beginning: String {
        switch self {
        case .disabled: "the directory says the account is disabled"
        case .missing: "gone from the directory, confirmed by a read by id"
        case .outOfScope: "still in the directory, but outside bases or filter"
        case .unmapped: "no rule gives anything any more"
        case .inactive: "no sign-in for longer than the policy allows"
        case .manual: "suspended by hand"
        case .reclaimed: "no sign-in for a long time, while others wait for the seat"
        case .own(let name): "the condition of `\(name)` holds"
        }
    }

    /// Why a cause is over.
    var end: String {
        switch self {
        case .disabled: "the directory says the account is enabled again"
        case .missing: "found in the directory again"
        case .outOfScope: "inside bases and filter again"
        case .unmapped: "rules give something again"
        case .inactive: "signed in again"
        case .manual: "resumed by hand"
        case .reclaimed: "signed in again"
        case .own(let name): "the condition of `\(name)` no longer holds"
        }
    }

    /// The cause that a report names first of several.
    var weight: Int {
        switch self {
        case .manual: 0
        case .disabled: 1
        case .own: 2
        case .missing: 3
        case .outOfScope: 4
        case .unmapped: 5
        case .inactive: 6
        case .reclaimed: 7
        }
    }
}
