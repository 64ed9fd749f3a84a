import AccessModel
import MappingLanguage

/// Access that humans gave beside the directory: it adds to what rules give until it expires.
extension Planning {
    /// The grants of a user who is there; nobody else has any.
    func manualGrants(of item: PersonCase) -> [ManualGrant] {
        guard item.user != RosterJoin.none, !item.flags.contains(.joiner) else { return [] }
        return input.roster.details[Int(item.user)]?.manual ?? []
    }

    /// Whether a human's grant holds that has not expired and that the platform still knows.
    func hasStandingGrant(_ item: PersonCase) -> Bool {
        manualGrants(of: item).contains(where: isStanding)
    }

    private func isStanding(_ grant: ManualGrant) -> Bool {
        !grant.isExpired(at: input.now) && settings.problem(with: grant.part) == nil
    }

    /// What the person of a case has, without the grants that end tonight.
    mutating func present(_ index: Int) -> UInt32 {
        let old = cases[index].oldAccess
        guard !endedGrants.isEmpty, let ended = endedGrants[index] else { return old }
        return book.number(of: book[old].without(ended.map(\.part)))
    }

    /// What rules give, joined with the grants that stand.
    ///
    /// Expired ones go at once: the human said until when.  Who then has nothing keeps the rest until `unmapped` is due.
    mutating func rightAccess(_ index: Int, beside grants: [ManualGrant]) -> UInt32 {
        let item = cases[index]
        let expired = grants.filter { $0.isExpired(at: input.now) }
        let standing = grants.filter(isStanding)
        if !expired.isEmpty { endedGrants[index] = expired }
        reportUnknown(grants.filter { !$0.isExpired(at: input.now) && !isStanding($0) }, item)
        let old = book[item.oldAccess]
        let bare = old.without(expired.map(\.part))
        guard isMapped(item) else { return expired.isEmpty ? item.oldAccess : book.number(of: bare) }
        var base = Access.none
        if isMappedByRules(item) {
            base = adjusted(desired(item.grantSet), for: old.without(grants.map(\.part)))
            if isReclaimed(index) {
                let rest = withoutNewSeats(book.number(of: base), index)
                base = book[rest]
                reportReclaimed(item)
            }
            if !isPlain[Int(item.grantSet)] { reportTemplates(item) }
        }
        let right = book.number(of: base.joined(with: standing.map(\.part), on: settings.platform))
        if item.flags.contains(.protected), right != item.oldAccess, book.loses(from: bare, to: book[right]) {
            reportNotLowered(item)
            return book.number(of: bare)
        }
        return right
    }

    private mutating func reportUnknown(_ grants: [ManualGrant], _ item: PersonCase) {
        for grant in grants {
            findings.append(
                Finding(
                    code: "manual.unknown", weight: .warning, person: key(of: item), label: label(of: item),
                    message: "was given \(grant.part.words) by \(grant.by), which the target no longer has",
                    hint: "take it back with `rollcall revoke`"))
        }
    }
}

extension ManualGrant {
    /// Why somebody has what a human gave.
    var given: Reason { .human(name: by, reason: reason) }

    /// Why somebody has it no longer.
    var ended: Reason { .human(name: by, reason: "\(reason) (this grant has expired)") }
}

extension PlanWriter {
    /// The human behind a difference in access; nil where it comes from rules.
    mutating func reasonByHand(for change: AccessDifference.Part, _ index: Int) -> UInt32? {
        let item = planning.cases[index]
        let grants = planning.manualGrants(of: item)
        if grants.isEmpty { return nil }
        if let grant = (planning.endedGrants[index] ?? []).first(where: { change.isLoss(of: $0.part) }) {
            return reasons.number(grant.ended)
        }
        guard let grant = grants.first(where: { change.isGain(of: $0.part) }),
            planning.desired(item.grantSet).access.without([grant.part]) == planning.desired(item.grantSet).access
        else { return nil }
        return reasons.number(grant.given)
    }

    /// That a grant is over, whatever it changes: rules may give the same.
    mutating func writeEndedGrants(_ index: Int, _ subject: UInt32) {
        for grant in planning.endedGrants[index] ?? [] {
            staying.append(
                Change(
                    kind: .revokeByHand, evidence: .positive, subject: subject, reason: reasons.number(grant.ended),
                    before: grant.part.words))
        }
    }
}

extension AccessDifference.Part {
    /// Whether the difference takes away, or lowers, what a human gave.
    func isLoss(of part: ManualGrant.Part) -> Bool {
        switch part {
        case .role(let role, let scope):
            (kind == .leaveScope || kind == .changeRole) && self.scope == scope && before == role
        case .template(let name): kind == .removeTemplate && before == name
        case .switchOn(let name): kind == .switchOff && before == name
        case .grant(let role, let scope): kind == .removeGrant && self.scope == scope && before == role
        case .permission(let area, _): kind == .changePermissions && self.area == area
        }
    }

    /// Whether the difference gives just what a human gave.
    func isGain(of part: ManualGrant.Part) -> Bool {
        switch part {
        case .role(let role, let scope):
            (kind == .joinScope || kind == .changeRole) && self.scope == scope && after == role
        case .template(let name): kind == .addTemplate && after == name
        case .switchOn(let name): kind == .switchOn && after == name
        case .grant(let role, let scope): kind == .addGrant && self.scope == scope && after == role
        case .permission(let area, _): kind == .changePermissions && self.area == area && after != nil
        }
    }
}
