import AccessModel

/// Tells of access that an import found, that no rule gives, and about which nobody decided.
extension Planning {
    mutating func reportUnexplained() {
        guard allowed == .everything else { return }
        var users = 0
        for (place, details) in input.roster.details where input.roster.users.indices.contains(place) {
            guard input.roster.users[place].status != .removed else { continue }
            if details.manual.contains(where: { $0.by == ManualGrant.importer }) { users += 1 }
        }
        guard users > 0 else { return }
        let who = users == 1 ? "1 user has" : "\(users) users have"
        findings.append(
            Finding(
                code: "import.unexplained", weight: .warning,
                message: "\(who) access that an import found and that no rule gives; it stays until somebody decides",
                hint: "see `rollcall users`; give it by a rule or a grant, or take it away with `rollcall revoke`"))
    }
}
