package import Reconciliation

/// A platform's list of users to take over.
package struct AdoptionRequest: Sendable {
    /// Path of the list, as given.
    package var path: String
    package var target: String
    package var extras: ExtraAccess
    /// Where the lines go that match nobody; nil is beside the list.
    package var unmatchedPath: String?
    /// Writes nothing.
    package var isDryRun: Bool

    package init(
        path: String, target: String, extras: ExtraAccess = .report, unmatchedPath: String? = nil,
        isDryRun: Bool = false
    ) {
        self.path = path
        self.target = target
        self.extras = extras
        self.unmatchedPath = unmatchedPath
        self.isDryRun = isDryRun
    }
}

/// What taking over a list did, or would do.
package struct AdoptionResult: Sendable {
    package enum Ending: String, Sendable { case planned, applied, declined }

    package var ending: Ending
    package var record: RunRecord
    package var plan: TargetPlan
    package var accounts: [PlatformAccount]
    /// One for each account.
    package var outcomes: [AccountOutcome]
    package var extras: ExtraAccess
    /// The file of lines that match nobody; nil where every line matches, or nothing was written.
    package var unmatchedPath: String?
    /// Columns of the list that were not looked at.
    package var ignoredColumns: [String]
    /// Lines that the platform calls removed.
    package var removed: Int
    /// Whether the directories were read for it, since the roster had no mirror.
    package var hasPulled: Bool

    /// Whether there is anything to write.
    package var hasChanges: Bool { !plan.subjects.isEmpty }

    package func count(_ standing: AccountOutcome.Standing) -> Int { outcomes.count { $0.standing == standing } }

    /// Accounts with a sign-in that is still to come, which is not used.
    package var future: [PlatformAccount] { accounts.filter { $0.lastSignIn.map { $0 > record.started } ?? false } }

    /// Accounts of a standing, in the order of the list.
    package func accounts(_ standing: AccountOutcome.Standing) -> [(account: PlatformAccount, outcome: AccountOutcome)]
    {
        zip(accounts, outcomes).filter { $1.standing == standing }.map { (account: $0, outcome: $1) }
    }
}
