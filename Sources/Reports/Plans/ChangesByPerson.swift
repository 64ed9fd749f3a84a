import Reconciliation

/// The changes of a plan, those of one person side by side, in the order of each person's first change.
struct ChangesByPerson {
    /// Places of changes.
    private let order: [Int]
    /// Where each person begins in `order`, and the end.
    private let starts: [Int]
    /// For each subject its place among the people; -1 for one without a change.
    private let ranks: [Int32]

    /// Sorts changes by person, persons by their first change: two passes, no dictionary.
    init(_ plan: TargetPlan) {
        var ranks = [Int32](repeating: -1, count: plan.subjects.count)
        var sizes: [Int] = []
        for change in plan.changes where ranks.indices.contains(Int(change.subject)) {
            if ranks[Int(change.subject)] < 0 {
                ranks[Int(change.subject)] = Int32(truncatingIfNeeded: sizes.count)
                sizes.append(0)
            }
            sizes[Int(ranks[Int(change.subject)])] += 1
        }
        var starts = [0]
        for size in sizes { starts.append((starts.last ?? 0) + size) }
        var next = starts
        var order = [Int](repeating: 0, count: starts.last ?? 0)
        for (place, change) in plan.changes.enumerated() where ranks.indices.contains(Int(change.subject)) {
            let person = Int(ranks[Int(change.subject)])
            order[next[person]] = place
            next[person] += 1
        }
        self.order = order
        self.starts = starts
        self.ranks = ranks
    }

    /// People with a change.
    var count: Int { starts.count - 1 }

    /// Places of the changes of a person.
    subscript(person: Int) -> ArraySlice<Int> { order[starts[person]..<starts[person + 1]] }

    /// Places of the changes of a subject of the plan.
    func changes(of subject: UInt32) -> ArraySlice<Int> {
        guard ranks.indices.contains(Int(subject)), ranks[Int(subject)] >= 0 else { return [] }
        return self[Int(ranks[Int(subject)])]
    }

    /// The change that says most of what becomes of somebody: a loss, else a gain, else the first.
    static func lead(of changes: [Change]) -> Change? {
        changes.first { $0.kind.mark == "-" } ?? changes.first { $0.kind.mark == "+" } ?? changes.first
    }
}

extension TargetPlan {
    /// The change in a few words in view of its plan: an invitation says the whole access, which stands in the row.
    func phrase(of change: Change) -> String {
        guard let access = invitedAccess(of: change) else { return change.phrase(for: reason(change.reason)) }
        return "invited: \(access)"
    }

    /// Everything that somebody who is invited gets, in one line; nil for other kinds of change.
    func invitedAccess(of change: Change) -> String? {
        guard change.kind == .invite, subjects.indices.contains(Int(change.subject)),
            let row = subjects[Int(change.subject)].row, accesses.indices.contains(Int(row.access))
        else { return nil }
        return accesses[Int(row.access)].sentence
    }
}
