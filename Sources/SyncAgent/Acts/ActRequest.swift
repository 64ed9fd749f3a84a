package import Diagnostics
package import Reconciliation

/// Whom an act by hand is about, as typed: an email, a login or an immutable id.
package struct ActRequest: Sendable {
    package var person: String
    /// Names of targets; nil is every target on which the person is a user.
    package var targets: [String]?
    /// Mandatory.
    package var reason: String

    package init(person: String, targets: [String]? = nil, reason: String) {
        self.person = person
        self.targets = targets
        self.reason = reason
    }
}

/// What an act by hand did.
package struct ActResult: Sendable {
    package var record: RunRecord
    /// One for each target on which something was to be done, refusals included as findings.
    package var plans: [TargetPlan]
    /// One sentence for each target, changed or not: `acme-desk: ada@example.org is suspended`.
    package var sentences: [String]
    /// False for a dry run, and where a human said no or nothing could be done.
    package var isWritten: Bool
    /// Whether targets were left out, since their settings have an error.
    package var isPartial: Bool
    /// What is wrong in files that the act did not need.
    package var warnings = DiagnosticList()

    package init(
        record: RunRecord, plans: [TargetPlan], sentences: [String], isWritten: Bool = true, isPartial: Bool = false
    ) {
        self.record = record
        self.plans = plans
        self.sentences = sentences
        self.isWritten = isWritten
        self.isPartial = isPartial
    }

    /// `held` where something that was asked for was refused, even if the rest is done.
    package var status: ExitStatus { isPartial || plans.contains(where: \.hasRefusals) ? .held : .done }
}

extension TargetPlan {
    /// Whether an act by hand, or a part of it, was held back.
    var hasRefusals: Bool { findings.contains(where: \.isRefusal) }
}

extension RunRecord {
    /// The same run, having ended as its plans say of acts by hand.
    func ended(with plans: [TargetPlan], isPartial: Bool = false) -> RunRecord {
        guard isPartial || plans.contains(where: \.hasRefusals) else { return self }
        var record = self
        record.outcome = .partlyHeld
        record.exitStatus = ExitStatus.held.rawValue
        return record
    }
}
