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
    /// One for each target that changed.
    package var plans: [TargetPlan]
    /// One sentence for each target, changed or not: `acme-desk: ada@example.org is suspended`.
    package var sentences: [String]
    /// Whether the record stands in the roster, as a run that can be shown and undone.
    package var isWritten: Bool

    package init(record: RunRecord, plans: [TargetPlan], sentences: [String], isWritten: Bool = false) {
        self.isWritten = isWritten
        self.record = record
        self.plans = plans
        self.sentences = sentences
    }
}
