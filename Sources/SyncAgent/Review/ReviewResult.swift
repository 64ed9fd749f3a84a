package import Reconciliation

/// What a signed review comes to.
package struct ReviewResult: Sendable {
    /// One line about which somebody decided.
    package struct Line: Sendable {
        package enum Outcome: String, Sendable, CaseIterable {
            case kept
            /// Taken back, or suspended, by this run; or so it would be.
            case revoked, suspended
            /// Rules give it: somebody has to change the group or the mapping.
            case toDo = "to_do"
            /// It is not there any more.
            case gone
            /// It is given in another way than when the review was written.
            case changed
            /// Rollcall refuses it, as of one of the last administrators.
            case refused
        }
        /// Line of the file.
        package var line: Int
        package var target: String
        package var person: PersonKey
        package var email: String
        /// What it is about, in words.
        package var what: String
        package var outcome: Outcome
        /// What is to be done, or why it is not done; empty where there is nothing to say.
        package var note: String
        package var reviewer: String
        package var date: String

        package init(
            line: Int, target: String, person: PersonKey, email: String, what: String, outcome: Outcome, note: String,
            reviewer: String, date: String
        ) {
            self.line = line
            self.target = target
            self.person = person
            self.email = email
            self.what = what
            self.outcome = outcome
            self.note = note
            self.reviewer = reviewer
            self.date = date
        }
    }

    package var record: RunRecord
    package var plans: [TargetPlan]
    /// In the order of the file.
    package var lines: [Line]
    /// Lines about which nobody decided.
    package var undecided: Int
    /// False for a dry run, where a human said no, and where there was nothing to write.
    package var isWritten = false
    package var isDeclined = false

    package func count(_ outcome: Line.Outcome) -> Int { lines.count { $0.outcome == outcome } }

    /// Whether the run changes anything.
    package var hasActs: Bool { count(.revoked) + count(.suspended) > 0 }

    /// `held` where something that was decided is not done by it.
    package var status: ExitStatus {
        if isDeclined { return .failed }
        return count(.toDo) + count(.changed) + count(.refused) > 0 ? .held : .done
    }
}

/// A signed review to be carried out.
package struct ReviewRequest: Sendable {
    package var path: String
    /// Only tells what would be done.
    package var isDryRun: Bool

    package init(path: String, isDryRun: Bool) {
        self.path = path
        self.isDryRun = isDryRun
    }
}
