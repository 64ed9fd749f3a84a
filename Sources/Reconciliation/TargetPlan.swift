package import AccessModel
package import DirectoryModel
package import MappingLanguage

/// What one run would do to one target, and why: pure data, complete before the first write, the same bytes for the same input.
package struct TargetPlan: Sendable {
    package var target: String
    package var mode: TargetSettings.Mode
    /// Whether everybody was looked at, as a run does each night: its findings then take the place of the last night's.
    ///
    /// An act by hand looks at few people and leaves them.
    package var isNightly = false
    /// The people whom it looked at, where those are not everybody: its findings take the place of the last ones about these people, and of
    /// those about no single person; all others stay.
    package var lookedAt: Set<PersonKey>?
    /// Everybody whom a change, a new row or a place in line is about, sorted by email, then immutable id.
    package var subjects: [Subject]
    /// Names of directories that subjects refer to by place.
    package var directories: [String]
    /// Emails and names of the subjects.
    package var texts: TextTable
    package var accesses: [Access]
    /// For each access its effective permissions now, in canonical text.
    package var effective: [String]
    package var groupSets: [[GroupKey]]
    package var reasons: [Reason]
    /// Ordered: leavers, then role, template and email changes, then joiners; within each by email, then id.
    package var changes: [Change]
    /// Details of subjects that have any, by place in `subjects`; a subject without loses those it had.
    package var details: [Int: UserDetails]
    /// The whole line for seats after this plan, sorted by scope, order in line, id.
    package var waiting: [PlaceInLine]
    package var findings: [Finding]
    package var ledger: [LedgerRow]
    /// What guards counted, held or not: part of every dry run.
    package var tally: [GuardTally]
    package var holds: [Hold]
    /// What becomes the baseline when this plan is applied; nil keeps the old one (the target was held).
    package var baseline: TargetBaseline?
    /// People to pin as protected.
    package var protected: [PersonKey]
    /// Approvals that this plan uses up: file and how many of each kind.
    package var approvalsSpent: [ApprovalUse]
    /// What this plan does without an approval, as later runs count it in their rolling windows.
    package var guardCounts: [GuardCount]
    /// Files that changed since the last applied run, by the names humans know, sorted.
    package var editedFiles: [String]
    /// The run that paused the target; a plan of a paused target is shown and not written.
    package var pausedBy: Int64?
    /// By which groups people are in those that rules name, where not directly; by subject.
    package var nested: [NestedMembership]
    /// Configured directories that could not be read: their people are frozen.
    package var unread: [UnreadDirectory] = []
    /// Account ids of the platform to remember.
    package var accounts: [PlannedAccount]
    /// What would have been written to a held target, to be shown; nil for one that is not held.
    package var heldBack: HeldBack?

    package init(target: String, mode: TargetSettings.Mode) {
        self.target = target
        self.mode = mode
        subjects = []
        directories = []
        texts = TextTable()
        accesses = [.none]
        effective = [""]
        groupSets = [[]]
        reasons = []
        changes = []
        details = [:]
        waiting = []
        findings = []
        ledger = []
        tally = []
        holds = []
        baseline = nil
        protected = []
        approvalsSpent = []
        guardCounts = []
        editedFiles = []
        nested = []
        accounts = []
    }
}

extension TargetPlan {
    /// Whom a change is about.
    func person(of change: Change) -> PersonKey {
        let subject = subjects[Int(change.subject)]
        let place = Int(subject.directory)
        return PersonKey(directory: directories.indices.contains(place) ? directories[place] : "", id: subject.id)
    }
}

/// The plan of a held target as if nothing held it.
package final class HeldBack: Sendable {
    package let plan: TargetPlan

    package init(_ plan: TargetPlan) { self.plan = plan }
}

/// Somebody a plan is about, with the row to write.
package struct Subject: Sendable, Equatable {
    /// The row as it should be; nil when only a place in line changes.
    package var row: UserRow?
    /// The version that the roster's row must still have; 0 for a new user.
    package var version: UInt32
    package var id: ImmutableID
    package var email: TextSpan
    package var name: TextSpan
    package var directory: UInt8
    /// Place in the mirror; nil for somebody who is not in it.
    package var person: PersonIndex?

    package init(
        row: UserRow?, version: UInt32, id: ImmutableID, email: TextSpan, name: TextSpan, directory: UInt8,
        person: PersonIndex?
    ) {
        self.row = row
        self.version = version
        self.id = id
        self.email = email
        self.name = name
        self.directory = directory
        self.person = person
    }
}
