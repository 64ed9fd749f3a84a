package import Reconciliation

/// What a comparison counts by name, over all of its targets: what thresholds in CI go by.
package struct ComparisonCounts: Sendable, Equatable {
    /// Guards that count people; how far directories and groups shrink is nothing that an edit does.
    private static let guards: [GuardKind] = [
        .suspendDisabled, .suspendOther, .loseAccess, .changeEmail, .changePermissions, .privilegedGain,
        .privilegedLoss, .remove, .returns,
    ]

    /// Kinds of change that a comparison can hold.
    private static let kinds: [ChangeKind] = [
        .suspend, .leaveScope, .setCause, .changeName, .changeRole, .addTemplate, .removeTemplate, .switchOn,
        .switchOff,
        .addGrant, .removeGrant, .resume, .joinScope, .invite, .wait, .stopWaiting,
    ]

    /// Everything that can stand in `--fail-on`, in the order of the reference.
    package static let names =
        ["changes", "people", "findings", "severe_findings", "exceeded_guards"] + guards.map(\.rawValue)
        + kinds.map(\.name)

    private var counts: [String: Int] = [:]

    package init(_ plans: [TargetPlan]) {
        for plan in plans {
            let counted = PlanCounts(plan)
            add("changes", counted.total)
            add("people", counted.people)
            add("findings", plan.findings.count)
            add("severe_findings", plan.findings.count { $0.weight == .severe })
            add("exceeded_guards", plan.tally.count { $0.isExceeded })
            for kind in ComparisonCounts.guards {
                add(kind.rawValue, plan.tally.first { $0.kind == kind }?.count ?? 0)
            }
            for kind in ComparisonCounts.kinds { add(kind.name, counted.count(kind)) }
        }
    }

    package subscript(name: String) -> Int { counts[name] ?? 0 }

    private mutating func add(_ name: String, _ count: Int) { counts[name, default: 0] += count }
}
