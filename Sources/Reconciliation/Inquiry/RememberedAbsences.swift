package import DirectoryModel

/// What the next run would learn of users who are not in the directory, if that stayed as it was last read.
///
/// No directory is asked: causes, and what the last applied run found, tell what runs learnt before.
package struct RememberedAbsences: Sendable, Equatable {
    package private(set) var findings: [PersonKey: AbsenceFinding] = [:]
    /// Those of whom nothing tells what became of them, after an undo say; they are taken for gone.
    package private(set) var assumed: Set<PersonKey> = []

    /// `missing` are users whom the next run asks about, `told` what the last applied run found on the target.
    package init(_ missing: [PersonKey], of roster: TargetRoster, told: [Finding]) {
        if missing.isEmpty { return }
        let asked = Set(missing)
        var codes: [PersonKey: Set<String>] = [:]
        for finding in told {
            guard let person = finding.person, asked.contains(person) else { continue }
            codes[person, default: []].insert(finding.code)
        }
        for place in roster.users.indices where roster.users[place].managed {
            let person = roster.key(of: place)
            guard asked.contains(person) else { continue }
            let known = RememberedAbsences.finding(codes[person] ?? [], roster.details[place])
            findings[person] = known ?? .gone
            if known == nil { assumed.insert(person) }
        }
    }

    /// What a run left on record of somebody who was not in the directory; nil where it left nothing.
    private static func finding(_ codes: Set<String>, _ details: UserDetails?) -> AbsenceFinding? {
        if codes.contains(Finding.absenceUnconfirmed) { return .unknown }
        func knows(_ kind: CauseKind) -> Bool {
            if codes.contains("user.\(kind.code)") { return true }
            guard let details else { return false }
            return details.causes.contains { $0.kind == kind } || details.pending.contains { $0.kind == kind }
                || details.lifted.contains(kind)
        }
        if knows(.missing) { return .gone }
        if knows(.outOfScope) { return .outOfScope(dn: "", state: .enabled) }
        return knows(.disabled) ? .outOfScope(dn: "", state: .disabledByFlag) : nil
    }
}

extension Finding {
    /// Code of the finding that the directory could not be asked whether somebody is gone.
    static let absenceUnconfirmed = "user.absence-unconfirmed"
}
