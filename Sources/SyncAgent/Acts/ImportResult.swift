package import Reconciliation

/// What `import --update` did.
package struct ImportResult: Sendable {
    package var record: RunRecord
    package var plan: TargetPlan
    /// Lines that named a user.
    package var matched: Int
    package var signInsChanged: Int
    package var accepted: Int
    /// Whether the file told of a sign-in of any user; without one, inactivity is judged as before.
    package var hasSignIns: Bool
    /// Up to when sign-ins are known, seconds since 1970; nil where none were ever imported.
    package var signInsUntil: Int64?
    /// Lines that name nobody.
    package var unknown: [ImportLine]
    /// Lines with a sign-in that is still to come, which is not used.
    package var future: [ImportLine] = []

    package init(
        record: RunRecord, plan: TargetPlan, matched: Int, signInsChanged: Int, accepted: Int, hasSignIns: Bool,
        signInsUntil: Int64?, unknown: [ImportLine]
    ) {
        self.record = record
        self.plan = plan
        self.matched = matched
        self.signInsChanged = signInsChanged
        self.accepted = accepted
        self.hasSignIns = hasSignIns
        self.signInsUntil = signInsUntil
        self.unknown = unknown
    }
}

/// A line of an imported file by number, with the email or id that stands in it.
package struct ImportLine: Sendable, Equatable {
    package var line: Int
    package var who: String

    package init(line: Int, who: String) {
        self.line = line
        self.who = who
    }
}
