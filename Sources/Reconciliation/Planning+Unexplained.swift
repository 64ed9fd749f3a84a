import AccessModel
import MappingLanguage

/// Tells of access that an import found, that no rule gives, and about which nobody decided.
extension Planning {
    mutating func reportUnexplained() {
        guard allowed == .everything else { return }
        for place in input.roster.details.keys.sorted() where input.roster.users.indices.contains(place) {
            guard input.roster.users[place].status != .removed else { continue }
            let parts = unexplained(place)
            if parts.isEmpty { continue }
            findings.append(
                Finding(
                    code: "import.unexplained", weight: .warning, person: input.roster.key(of: place),
                    label: input.roster.email(of: place),
                    message: "has \(parts.map(\.words).joined(separator: ", ")), which an import found and no rule "
                        + "gives; it stays until somebody decides",
                    hint: "give it by a rule or a grant, or take it away with `rollcall revoke`"))
        }
    }

    /// What the import found and rules do not give today.
    private func unexplained(_ place: Int) -> [ManualGrant.Part] {
        let found = input.roster.details[place]?.manual.filter { $0.by == ManualGrant.importer } ?? []
        if found.isEmpty { return [] }
        let person = join.personOfUser[place]
        let given = person == RosterJoin.none ? Access.none : desired(grantSet(of: Int(person))).access
        return found.map(\.part).filter { given.joined(with: [$0], on: settings.platform) != given }
    }
}
