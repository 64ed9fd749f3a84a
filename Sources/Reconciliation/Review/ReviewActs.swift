import AccessModel
import DirectoryModel

/// What a signed review has done by hand on one target: suspensions, and grants that are taken back, each of another person.
package struct ReviewActs: Sendable {
    package var suspensions: [ManualAct]
    package var revocations: [GrantAct]

    package init(suspensions: [ManualAct], revocations: [GrantAct]) {
        self.suspensions = suspensions
        self.revocations = revocations
    }

    package var isEmpty: Bool { suspensions.isEmpty && revocations.isEmpty }
}

extension Reconciler {
    /// The plan of all acts of a review: each sees what those before it did; what cannot be done is a finding.
    package func plan(_ acts: ReviewActs, roster: TargetRoster, now: Int64) -> TargetPlan {
        var whole = plan(acts.suspensions, roster: roster, now: now)
        var after = roster.after(whole)
        for act in acts.revocations {
            let next = plan(act, roster: after, newcomer: nil, now: now)
            for place in next.ledger.indices where whole.ledger.indices.contains(place) {
                whole.ledger[place].freed += next.ledger[place].freed
                whole.ledger[place].given += next.ledger[place].given
                whole.ledger[place].heldAfter = next.ledger[place].heldAfter
                whole.ledger[place].waiting = next.ledger[place].waiting
            }
            var labeled = next
            for place in labeled.findings.indices { labeled.findings[place].label = after.label(of: act.person) }
            if next.findings.isEmpty { whole.waiting = next.waiting }
            whole.append(labeled)
            after = after.after(next)
        }
        return whole
    }
}

extension TargetRoster {
    /// How a human knows a user: the email, or the id of who is none.
    fileprivate func label(of person: PersonKey) -> String {
        users.indices.first { users[$0].id == person.id && users[$0].managed && key(of: $0) == person }
            .map { email(of: $0) } ?? "\(person.id)"
    }

    /// The roster as the plan of acts by hand leaves it: users that were there before, with what they have then.
    fileprivate func after(_ plan: TargetPlan) -> TargetRoster {
        if plan.subjects.isEmpty { return self }
        var roster = self
        var places: [Int64: Int] = [:]
        let numbers = Set(plan.subjects.compactMap { $0.row?.user })
        for place in users.indices where numbers.contains(users[place].user) { places[users[place].user] = place }
        for (number, subject) in plan.subjects.enumerated() {
            guard let row = subject.row, let place = places[row.user] else { continue }
            roster.users[place].status = row.status
            roster.users[place].version = row.version
            roster.users[place].access = roster.number(of: row.access, in: plan)
            roster.details[place] = plan.details[number]
        }
        roster.waiting = plan.waiting
        return roster
    }

    private mutating func number(of access: UInt32, in plan: TargetPlan) -> UInt32 {
        guard plan.accesses.indices.contains(Int(access)) else { return 0 }
        let wanted = plan.accesses[Int(access)]
        if let known = accesses.firstIndex(of: wanted) { return UInt32(truncatingIfNeeded: known) }
        accesses.append(wanted)
        effective.append(plan.effective.indices.contains(Int(access)) ? plan.effective[Int(access)] : "")
        return UInt32(truncatingIfNeeded: accesses.count - 1)
    }
}
