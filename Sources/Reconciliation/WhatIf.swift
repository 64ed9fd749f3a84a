package import AccessModel
import DirectoryModel

/// What other limits, one more group or another day would change about seats: two plans compared.
package struct WhatIf: Sendable {
    /// One pool as tonight's plan leaves it, and as the other one would.
    package struct Pool: Sendable, Equatable {
        package var now: LedgerRow
        package var then: LedgerRow
    }

    /// A change that only one of the two plans makes.
    package struct Move: Sendable, Equatable {
        /// Whether the other plan makes it; if not, tonight's does.
        package var isThen: Bool
        package var change: Change
        package var person: PersonKey
        /// Email, or the id where there is none.
        package var label: String
        package var reason: Reason
        /// What somebody is invited with; nil for every other kind of change.
        package var access: Access?
    }

    package var target: String
    /// What was assumed, in words.
    package var assumptions: [String]
    package var pools: [Pool]
    /// In the order of the plans; those of the other plan first.
    package var moves: [Move]
    /// What the other plan finds about who is asked about and tonight's does not, and the other way round: somebody whom nothing gives
    /// anything any more is found a while before they are suspended.
    package var findingsGained: [Finding] = []
    package var findingsLost: [Finding] = []
    /// Their privileged grants that only the other plan withholds, and those that only tonight's does.
    package var grantsWithheld: [Hold] = []
    package var grantsReleased: [Hold] = []

    package init(now: TargetPlan, then: TargetPlan, assumptions: [String]) {
        target = now.target
        self.assumptions = assumptions
        pools = then.ledger.map { row in
            let before = now.ledger.first { $0.pool.scope == row.pool.scope && $0.pool.seatClass == row.pool.seatClass }
            return Pool(
                now: before
                    ?? LedgerRow(
                        pool: row.pool, heldBefore: 0, freed: 0, given: 0, heldAfter: 0, waiting: 0, oldestWaiting: nil),
                then: row)
        }
        let (mine, other) = (
            Set(now.changes.map { WhatIf.key($0, now) }), Set(then.changes.map { WhatIf.key($0, then) })
        )
        moves =
            then.changes.filter { !mine.contains(WhatIf.key($0, then)) }.map { WhatIf.move($0, then, isThen: true) }
            + now.changes.filter { !other.contains(WhatIf.key($0, now)) }.map { WhatIf.move($0, now, isThen: false) }
    }

    /// Adds what the two plans, with their guards, say about one person.
    package mutating func tell(of person: PersonKey, now: TargetPlan, then: TargetPlan) {
        let (mine, other) = (now.findings.filter { $0.person == person }, then.findings.filter { $0.person == person })
        findingsGained = other.filter { !mine.contains($0) }
        findingsLost = mine.filter { !other.contains($0) }
        let (held, wouldBe) = (WhatIf.grants(of: person, now), WhatIf.grants(of: person, then))
        grantsWithheld = wouldBe.filter { hold in !held.contains { $0.extent == hold.extent } }
        grantsReleased = held.filter { hold in !wouldBe.contains { $0.extent == hold.extent } }
    }

    private static func grants(of person: PersonKey, _ plan: TargetPlan) -> [Hold] {
        plan.holds.filter { hold in
            if case .grant(person, _) = hold.extent { true } else { false }
        }
    }

    private struct Key: Hashable {
        var kind: ChangeKind
        var person: PersonKey
        var scope: ScopePath
        var before: String?
        var after: String?
        /// Two invitations with other access are not the same.
        var access: Access?
    }

    private static func key(_ change: Change, _ plan: TargetPlan) -> Key {
        Key(
            kind: change.kind, person: plan.person(of: change), scope: change.scope, before: change.before,
            after: change.after, access: access(change, plan))
    }

    private static func access(_ change: Change, _ plan: TargetPlan) -> Access? {
        guard change.kind == .invite, plan.subjects.indices.contains(Int(change.subject)),
            let row = plan.subjects[Int(change.subject)].row, plan.accesses.indices.contains(Int(row.access))
        else { return nil }
        return plan.accesses[Int(row.access)]
    }

    private static func move(_ change: Change, _ plan: TargetPlan, isThen: Bool) -> Move {
        let person = plan.person(of: change)
        let email =
            Int(change.subject) < plan.subjects.count ? plan.texts[plan.subjects[Int(change.subject)].email] : ""
        let reason = Int(change.reason) < plan.reasons.count ? plan.reasons[Int(change.reason)] : .rules([])
        return Move(
            isThen: isThen, change: change, person: person, label: email.isEmpty ? "\(person.id)" : email,
            reason: reason, access: access(change, plan))
    }
}
