import AccessModel
import DirectoryModel

/// Writing a draft down.
extension GrantDraft {
    mutating func write(into plan: inout TargetPlan) {
        plan.reasons = [.human(name: act.name, reason: act.reason)]
        plan.changes = changes()
        plan.subjects = [subject(&plan)]
        if !details.isEmpty { plan.details = [0: details] }
        plan.waiting.removeAll { $0.person == act.person && after.role(in: $0.scope) == $0.role }
        plan.ledger = ledger(plan)
    }

    private func changes() -> [Change] {
        if oldStatus == .removed {
            return [Change(kind: .invite, evidence: .positive, subject: 0, reason: 0, after: status.rawValue)] + acts
        }
        let parts = AccessDifference.changes(from: before, to: after).map { part in
            Change(
                kind: part.kind, evidence: .positive, subject: 0, reason: 0, scope: part.scope, before: part.before,
                after: part.after)
        }
        let leaving = parts.filter { $0.kind == .leaveScope }
        let coming = parts.filter { $0.kind == .joinScope }
        return leaving + parts.filter { $0.kind != .leaveScope && $0.kind != .joinScope } + acts + coming
    }

    private mutating func subject(_ plan: inout TargetPlan) -> Subject {
        let old = place.map { roster.users[$0] }
        let email = plan.texts.append(email(old))
        let name = plan.texts.append(name(old))
        if !plan.directories.contains(act.person.directory) { plan.directories.append(act.person.directory) }
        let directory = UInt8(truncatingIfNeeded: plan.directories.firstIndex(of: act.person.directory) ?? 0)
        var access: UInt32 = 0
        if !after.isEmpty {
            plan.accesses.append(after)
            // What others have with the same access stays as it is: an edit takes effect by a run, which counts it.
            let number = book.number(of: after)
            let isKnown = Int(number) < roster.effective.count && census.has(number)
            plan.effective.append(isKnown ? roster.effective[Int(number)] : book.effectiveText(number))
            access = 1
        }
        var groups: UInt32 = 0
        if oldStatus != .removed, let old, Int(old.groupSet) < roster.groupSets.count,
            !roster.groupSets[Int(old.groupSet)].isEmpty
        {
            plan.groupSets.append(roster.groupSets[Int(old.groupSet)])
            groups = 1
        }
        let isNew = oldStatus == .removed
        let row = UserRow(
            user: old?.user ?? 0, id: act.person.id, email: email, name: name, lastSignIn: old?.lastSignIn ?? Int64.min,
            since: isNew ? now : old?.since ?? now, access: access, groupSet: groups,
            reason: isNew ? 0 : UserRow.keepsReason, version: (old?.version ?? 0) &+ 1, directory: directory,
            status: status, managed: true)
        return Subject(
            row: row, version: old?.version ?? 0, id: act.person.id, email: email, name: name, directory: directory,
            person: nil)
    }

    private func email(_ old: UserRow?) -> ArraySlice<UInt8> {
        if oldStatus == .removed, let newcomer { return newcomer.email[...] }
        return old.map { Array(roster.texts.slice($0.email))[...] } ?? []
    }

    private func name(_ old: UserRow?) -> ArraySlice<UInt8> {
        if oldStatus == .removed, let newcomer { return newcomer.name[...] }
        return old.map { Array(roster.texts.slice($0.name))[...] } ?? []
    }

    private mutating func ledger(_ plan: TargetPlan) -> [LedgerRow] {
        var flow = SeatFlow(settings.topology)
        let (old, new) = (book.number(of: before), book.number(of: after))
        flow.move(from: (old, oldStatus), to: (new, status), &book)
        return flow.ledger(roster, waiting: plan.waiting, &book)
    }
}
