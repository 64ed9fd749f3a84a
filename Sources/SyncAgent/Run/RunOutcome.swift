import Reconciliation
import Reports

/// Draws up the record of a run from its plans.
struct RunOutcome {
    var record: RunRecord
    let status: ExitStatus

    struct Facts {
        var number: Int64
        var command: String
        var actor: String
        var started: Int64
        var ended: Int64
        var version: String
        /// Directories of which a human said that what they have is right.
        var accepted: [String] = []
    }

    /// The record of a run that did, or would do, what the plans say.
    ///
    /// `readings` are told where changes were to be read.
    init(
        _ plans: [TargetPlan], _ facts: Facts, _ readings: [DirectoryReading] = [],
        _ scope: DecisionScope? = nil, acknowledged: Acknowledgements = .none
    ) {
        let managed = plans.filter { $0.mode == .manage }
        let isHeld = managed.contains { !$0.holds.isEmpty || $0.pausedBy != nil }
        let isAllHeld =
            !managed.isEmpty && managed.allSatisfy { ($0.isHeld && $0.changes.isEmpty) || $0.pausedBy != nil }
        let unread = plans.first?.unread.map(\.name) ?? []
        status = isHeld ? .held : unread.isEmpty ? .done : .partlyRead
        var parts = plans.map { "\($0.target): \(RunOutcome.sentence($0))" }
        if !unread.isEmpty { parts.append(RunRecord.unreadMark + unread.joined(separator: ", ")) }
        let accepted = facts.accepted.filter { !unread.contains($0) }
        if !accepted.isEmpty { parts.append("accepted as it is: \(accepted.joined(separator: ", "))") }
        parts += readings.compactMap(\.exception)
        if let scope { parts.append(scope.words) }
        record = RunRecord(
            number: facts.number, command: facts.command, actor: facts.actor, started: facts.started,
            ended: facts.ended, outcome: isAllHeld ? .held : isHeld ? .partlyHeld : .applied,
            exitStatus: status.rawValue, summary: parts.joined(separator: "; "), version: facts.version,
            targets: plans.map { RunOutcome.target($0, acknowledged) })
    }

    /// The record of a run that failed.
    init(_ failure: AgentFailure, targets: [(name: String, mode: TargetSettings.Mode)], _ facts: Facts) {
        status = failure.status
        record = RunRecord(
            number: facts.number, command: facts.command, actor: facts.actor, started: facts.started,
            ended: facts.ended, outcome: .failed, exitStatus: failure.status.rawValue, summary: failure.message,
            version: facts.version,
            targets: targets.map {
                TargetRunRecord(target: $0.name, mode: $0.mode, held: false, counts: [:], holds: [], findingKeys: [])
            })
    }

    private static func sentence(_ plan: TargetPlan) -> String {
        let words = PlanCounts(plan).sentence(of: plan)
        if plan.pausedBy != nil { return "\(words) (paused, not written)" }
        return plan.mode == .observe ? "\(words) (observed only)" : words
    }

    private static func target(_ plan: TargetPlan, _ acknowledged: Acknowledgements) -> TargetRunRecord {
        var counts: [String: Int] = [:]
        if plan.isWritten {
            for (kind, count) in PlanCounts(plan).changes { counts[kind.name] = count }
        }
        counts["findings"] = plan.findings.count
        let known = acknowledged.count(plan.findings, on: plan.target)
        if known > 0 { counts[TargetRunRecord.findingsAcknowledged] = known }
        let open = plan.findings.filter { acknowledged.of($0, on: plan.target) == nil }
        let severe = open.count { $0.weight == .severe }
        if severe > 0, !plan.isWritten { counts[TargetRunRecord.findingsSevere] = severe }
        let grants = plan.holds.filter(\.isGrant)
        if !grants.isEmpty { counts[TargetRunRecord.withheld] = grants.count }
        if let people = plan.baseline?.people { counts[TargetRunRecord.peopleRead] = people.values.reduce(0, +) }
        if plan.isWritten, !plan.ledger.isEmpty {
            counts[TargetRunRecord.seatsHeld] = plan.ledger.reduce(0) { $0 + $1.heldAfter }
        }
        if let people = plan.lookedAt { counts[TargetRunRecord.peopleLookedAt] = people.count }
        return TargetRunRecord(
            target: plan.target, mode: plan.mode, held: plan.isHeld || plan.pausedBy != nil, counts: counts,
            holds: (plan.holds.filter { !$0.isGrant } + grants).map(\.message),
            findingKeys: open.map(FindingKey.of))
    }
}

extension DirectoryReading {
    /// What is to be told of a directory that was read whole although only its changes were wanted.
    fileprivate var exception: String? {
        guard case .whole(let doubt) = way else { return nil }
        return "\(directory) read whole: \(doubt)"
    }
}

extension TargetPlan {
    /// Whether applying the run writes this plan: the target is managed and does not pause.
    package var isWritten: Bool { mode == .manage && pausedBy == nil }

    /// Whether a guard held the target as a whole.
    package var isHeld: Bool {
        holds.contains { hold in
            if case .target = hold.extent { true } else { false }
        }
    }
}

extension DecisionScope {
    /// For the run's summary.
    fileprivate var words: String {
        switch self {
        case .people(1): "decided about 1 person"
        case .people(let count): "decided about \(count) people"
        case .everybody(let reason): "decided about everybody: \(reason)"
        }
    }
}
