import Reconciliation

/// The causes of a plan, and which of them each change belongs to.
struct PlanCauses {
    let causes: [PlanCause]
    /// For each change of the plan the place of its cause.
    let places: [Int32]

    init(_ plan: TargetPlan) {
        var grouping = Grouping()
        var found: [Int32] = []
        found.reserveCapacity(plan.changes.count)
        for change in plan.changes { found.append(Int32(truncatingIfNeeded: grouping.add(change, of: plan))) }
        let order = grouping.causes.indices.sorted {
            PlanCauses.precedes(grouping.causes[$0], grouping.causes[$1])
        }
        var sorted = [Int32](repeating: 0, count: order.count)
        for (new, old) in order.enumerated() { sorted[old] = Int32(truncatingIfNeeded: new) }
        causes = order.map { grouping.causes[$0] }
        places = found.map { sorted[Int($0)] }
    }

    /// For each cause the places of its changes, in the order of the plan.
    func changes() -> [[Int]] {
        var groups = [[Int]](repeating: [], count: causes.count)
        for (change, cause) in places.enumerated() { groups[Int(cause)].append(change) }
        return groups
    }

    private static func precedes(_ left: PlanCause, _ right: PlanCause) -> Bool {
        if left.kind != right.kind { return left.kind.rawValue < right.kind.rawValue }
        if left.people != right.people { return left.people > right.people }
        return left.reason.utf8.lexicographicallyPrecedes(right.reason.utf8)
    }

    /// Different reasons may read the same: these are one cause.
    private struct Grouping {
        private struct Words: Hashable {
            let kind: ChangeKind
            let reason: String
        }
        var causes: [PlanCause] = []
        private var places: [UInt64: Int] = [:]
        private var read: [Words: Int] = [:]
        /// Whom the last change of each cause was about.
        private var last: [UInt32?] = []

        /// The place of the change's cause.
        mutating func add(_ change: Change, of plan: TargetPlan) -> Int {
            let key = UInt64(change.kind.rawValue) << 32 | UInt64(change.reason)
            let place = places[key] ?? begin(change, plan.reason(change.reason).sentence)
            places[key] = place
            // Changes of one person stand side by side within a kind, so comparing with the last one counts people.
            if last[place] != change.subject {
                last[place] = change.subject
                causes[place].people += 1
            }
            return place
        }

        private mutating func begin(_ change: Change, _ sentence: String) -> Int {
            let words = Words(kind: change.kind, reason: sentence)
            if let known = read[words] { return known }
            read[words] = causes.count
            causes.append(PlanCause(kind: change.kind, reason: sentence, people: 0))
            last.append(nil)
            return causes.count - 1
        }
    }
}
