import AccessModel

extension AccountOutcome {
    /// What a human should know of an account that is nobody's, or that cannot be taken over.
    func finding(about account: PlatformAccount) -> Finding? {
        switch standing {
        case .adopted, .linked, .known: nil
        case .unmanaged:
            Finding(
                code: "import.unmanaged", weight: .warning, label: account.email,
                message: "the account is unmanaged: \(why)",
                hint: "say whose it is with `rollcall link`, or in the file of the unmatched")
        case .setAside:
            Finding(
                code: "import.set-aside", weight: .warning, label: account.email,
                message: "the account is not taken over: \(why)",
                hint: "correct the email on the platform or in the directory, and import again")
        }
    }
}

extension AdoptionInput {
    /// What few users have: why somebody is suspended already, and who holds access that no rule gives.
    func details(_ account: PlatformAccount, _ extras: [ManualGrant.Part]) -> UserDetails {
        let now = reconcile.now
        var details = UserDetails()
        if account.status == .suspended {
            details.statusBefore = .active
            details.statusSince = now
            details.causes = [
                Cause(kind: .manual, since: now, by: by, reason: "suspended on the platform when it was imported")
            ]
        }
        if self.extras != .takeBack {
            let isKept = self.extras == .keep
            details.manual = extras.map {
                ManualGrant(
                    part: $0, by: isKept ? by : ManualGrant.importer,
                    reason: isKept ? "kept when it was imported" : "found on the platform; no rule gives it",
                    since: now)
            }.sorted()
        }
        return details
    }
}
