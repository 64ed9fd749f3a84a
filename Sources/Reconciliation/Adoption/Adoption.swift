/// What becomes of access that is found on the platform and that no rule gives.
package enum ExtraAccess: String, Sendable, CaseIterable {
    /// It stays, held by nobody in particular, and is told.
    case report
    /// It becomes access given by hand, by whoever imports.
    case keep
    /// It is recorded as it is; the next run takes it back, under its guards.
    case takeBack = "take-back"
}

/// Everything that adopting a platform's accounts is computed from, besides the target's settings.
package struct AdoptionInput: Sendable {
    package var accounts: [PlatformAccount]
    /// Account ids that the roster holds for the target.
    package var known: [KnownAccount]
    /// The mirror, what rules give, the roster and the clock.
    package var reconcile: ReconcileInput
    package var extras: ExtraAccess
    /// Who imports.
    package var by: String

    package init(
        accounts: [PlatformAccount], known: [KnownAccount], reconcile: ReconcileInput, extras: ExtraAccess, by: String
    ) {
        self.accounts = accounts
        self.known = known
        self.reconcile = reconcile
        self.extras = extras
        self.by = by
    }
}

/// What adopting a list of accounts comes to.
package struct Adoption: Sendable {
    package var plan: TargetPlan
    /// One for each account, in the order of the list.
    package var outcomes: [AccountOutcome]

    package init(plan: TargetPlan, outcomes: [AccountOutcome]) {
        self.plan = plan
        self.outcomes = outcomes
    }
}

/// What became of one account.
package struct AccountOutcome: Sendable, Equatable {
    package enum Standing: String, Sendable, CaseIterable {
        /// Becomes a managed user.
        case adopted
        /// Was unmanaged, and is a managed user now.
        case linked
        /// Is a managed user already.
        case known
        /// Nobody's, or not surely somebody's: counts in seats, is shown, is never changed.
        case unmanaged
        /// Cannot be taken over; nothing is written about it.
        case setAside = "set-aside"
    }

    /// What told whose account it is.
    package enum Match: String, Sendable, CaseIterable {
        case id, person, account, email, alias
        /// An earlier import.
        case before
    }

    package var standing: Standing
    package var match: Match?
    package var person: PersonKey?
    /// How the directory knows the person: email, login or DN.
    package var label = ""
    /// Why nobody, or why not: one clause, without the account's name.
    package var why = ""
    /// What the account has and no rule gives, of somebody adopted.
    package var extras: [ManualGrant.Part] = []

    package init(_ standing: Standing, match: Match? = nil, person: PersonKey? = nil, label: String = "") {
        self.standing = standing
        self.match = match
        self.person = person
        self.label = label
    }

    static func refused(_ standing: Standing, _ why: String) -> AccountOutcome {
        var outcome = AccountOutcome(standing)
        outcome.why = why
        return outcome
    }
}

extension ManualGrant {
    /// Who holds what an import found and nobody decided about.
    package static let importer = "import"
}
