package import DirectoryModel
package import MappingLanguage

/// Everything that one plan for one target is computed from, besides the target's settings.
package struct ReconcileInput: Sendable {
    /// All directories that were read completely, and as they were last read those that were not.
    ///
    /// A directory that is not in here has never been read.
    package var mirror: Mirror
    /// Directories that could not be read: their people are frozen.
    package var unread: [UnreadDirectory] = []
    /// Users of the roster whom an earlier run knew by another identity.
    package var moves: [IdentityMove] = []
    /// What the rules give, frozen groups already applied.
    package var evaluation: Evaluation
    /// The rules of the mapping, in its order, as reasons name them.
    package var rules: [RuleLabel]
    package var roster: TargetRoster
    /// What became of users who are not in the mirror; somebody without a finding is frozen.
    package var absences: [PersonKey: AbsenceFinding]
    package var approvals: [Approval]
    /// Whether some mapped group is frozen: places in line then outlast the rules that gave them.
    package var hasFrozenGroups = false
    /// For each directory that has one the attribute that says an account is disabled.
    package var disabledBy: [String: String]
    /// What there is beside the people of the mirror and the users of the roster, where these are only part of everybody; nil where
    /// they are everybody.
    package var rest: RosterRest?
    /// The run's clock, seconds since 1970.
    package var now: Int64
    /// Number of the run that would apply the plan.
    package var run: Int64

    package init(
        mirror: Mirror, evaluation: Evaluation, rules: [RuleLabel], roster: TargetRoster,
        absences: [PersonKey: AbsenceFinding] = [:], approvals: [Approval] = [], disabledBy: [String: String] = [:],
        now: Int64, run: Int64
    ) {
        self.mirror = mirror
        self.evaluation = evaluation
        self.rules = rules
        self.roster = roster
        self.absences = absences
        self.approvals = approvals
        self.disabledBy = disabledBy
        self.now = now
        self.run = run
    }
}

/// A rule as reasons name it.
package struct RuleLabel: Sendable, Equatable {
    package var name: String
    /// `mappings/vivi.yaml:14`.
    package var place: String

    package init(name: String, place: String) {
        self.name = name
        self.place = place
    }
}

/// Which changes a plan may hold.
package enum AllowedChanges: Sendable, Equatable {
    case everything
    /// Only suspensions of people the directory says are disabled: what a held target keeps.
    case suspensionsOfDisabled
    case nothing
}
