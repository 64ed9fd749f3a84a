import AccessModel
import DirectoryModel

extension Reconciler {
    /// The plan of sending an invitation again: the same user, the same seat; only invited people have one open.
    package func plan(
        resending person: PersonKey, by name: String, reason: String, roster: TargetRoster, now: Int64
    ) -> TargetPlan {
        var plan = TargetPlan(target: settings.name, mode: settings.mode)
        plan.waiting = roster.waiting
        plan.protected = roster.protected
        guard let place = roster.users.indices.first(where: { roster.key(of: $0) == person }),
            roster.users[place].managed, roster.users[place].status == .invited
        else {
            plan.findings = [
                ActRefusal(
                    "act.not-invited", "no invitation is open on target \(settings.name)",
                    hint: "only users with status `invited` have one; see `rollcall users --status invited`"
                ).finding(person)
            ]
            return plan
        }
        if settings.mode == .observe {
            plan.findings = [Finding.observed(person, "not sent again")]
            return plan
        }
        var writing = ActWriting(settings: settings, roster: roster, place: place, now: now)
        writing.write(.invited, writing.details, into: &plan)
        plan.subjects[0].row?.since = now
        plan.reasons = [.human(name: name, reason: reason)]
        let invited = UserStatus.invited.rawValue
        plan.changes = [
            Change(kind: .invite, evidence: .positive, subject: 0, reason: 0, before: invited, after: invited)
        ]
        plan.ledger = writing.ledger()
        return plan
    }
}
