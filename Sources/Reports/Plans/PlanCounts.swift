package import Reconciliation

/// The figures of one plan, counted once and used by every rendering, so that text and JSON cannot disagree.
package struct PlanCounts: Sendable, Equatable {
    /// Changes of each kind.
    package private(set) var changes: [ChangeKind: Int] = [:]
    /// People with at least one change.
    package private(set) var people = 0
    /// People with changes of those who stay: neither coming, going nor merely waiting.
    package private(set) var changed = 0
    /// People who begin to wait; somebody may do so in several places.
    package private(set) var waiting = 0
    package private(set) var total = 0

    package init(_ plan: TargetPlan) {
        var strongest = [UInt8](repeating: 0, count: plan.subjects.count)
        var counts = [Int](repeating: 0, count: ChangeKind.allCases.count)
        var isWaiting = [Bool](repeating: false, count: plan.subjects.count)
        for change in plan.changes {
            counts[Int(change.kind.rawValue)] += 1
            guard strongest.indices.contains(Int(change.subject)) else { continue }
            if change.kind == .wait { isWaiting[Int(change.subject)] = true }
            let weight = PlanCounts.weight(of: change.kind)
            strongest[Int(change.subject)] = max(strongest[Int(change.subject)], weight)
        }
        for kind in ChangeKind.allCases where counts[Int(kind.rawValue)] > 0 {
            changes[kind] = counts[Int(kind.rawValue)]
        }
        total = plan.changes.count
        people = strongest.count { $0 > 0 }
        changed = strongest.count { $0 == 2 }
        waiting = isWaiting.count { $0 }
    }

    package func count(_ kind: ChangeKind) -> Int { changes[kind] ?? 0 }

    package var isEmpty: Bool { total == 0 }

    /// How many of whom something becomes.
    struct Part: Equatable {
        let count: Int
        let words: String
        let tone: Tone
    }

    /// What becomes of how many, without what becomes of nobody.
    var parts: [Part] {
        let all = [
            Part(count: count(.invite), words: "invited", tone: .added),
            Part(count: count(.activate), words: "activated", tone: .added),
            Part(count: count(.resume), words: "resumed", tone: .added),
            Part(count: changed, words: "changed", tone: .changed),
            Part(count: count(.suspend), words: "suspended", tone: .removed),
            Part(count: count(.remove), words: "removed", tone: .removed),
            Part(count: waiting, words: "waiting", tone: .plain),
            Part(count: count(.adopt), words: "adopted", tone: .added),
            Part(count: count(.note), words: "unmanaged", tone: .plain),
        ]
        return all.filter { $0.count > 0 }
    }

    /// `12 invited, 3 resumed, 24 changed, 5 suspended, 2 waiting`; `nothing to do` for none.
    package var sentence: String {
        let words = parts.map { "\(Counted.number($0.count)) \($0.words)" }
        if words.isEmpty { return total == 0 ? "nothing to do" : Counted.text(total, "change") }
        return words.joined(separator: ", ")
    }

    /// The same for a plan that may be held: then what is not done, as far as that is known, and what is done anyway,
    /// which is nothing where the target pauses.
    package func sentence(of plan: TargetPlan) -> String {
        guard plan.isHeld else { return plan.pausedBy == nil || isEmpty ? sentence : "would have: \(sentence)" }
        let held = plan.holds.first { hold in
            if case .target = hold.extent { !hold.wouldHave.isEmpty } else { false }
        }
        var text = "held"
        if let held { text += ", not done: \(held.wouldHave.joined(separator: ", "))" }
        if !isEmpty && plan.pausedBy == nil { text += "\(held == nil ? ", " : "; ")anyway: \(sentence)" }
        return text
    }

    /// 3 for coming and going, 2 for a change of somebody who stays, 1 for the line.
    private static func weight(of kind: ChangeKind) -> UInt8 {
        switch kind {
        case .suspend, .remove, .activate, .resume, .invite, .adopt, .note: 3
        case .wait, .stopWaiting: 1
        default: 2
        }
    }
}
