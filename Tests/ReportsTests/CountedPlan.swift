import Reconciliation
import Reports

/// A plan counted change by change, without the product's figures.
struct CountedPlan {
    /// Changes of each kind, by its name.
    private(set) var kinds: [String: Int] = [:]
    /// What one reason does to how many people: ``3 invited: rule `Support desk` …``.
    private(set) var causes: [String] = []
    /// The causes that move the most people, and how many; nil where nothing happens, and where the target is held.
    private(set) var commonest: (people: Int, causes: Set<String>)?
    /// The same where it is more than half of what happens.
    private(set) var main: (people: Int, causes: Set<String>)?
    /// People with changes of each cause, by the name of its kind.
    private(set) var peopleOfCauses: [String: Int] = [:]
    private(set) var people = 0
    /// `1 invited, 2 changed`; `nothing to do` for none.
    private(set) var sentence = ""
    /// People with changes of each kind.
    private(set) var peopleOfKind: [ChangeKind: Set<UInt32>] = [:]

    private struct Cause: Hashable {
        var kind: ChangeKind
        var words: String
    }

    /// `done` are changes of another plan of the same night, which do not count.
    init(_ plan: TargetPlan, without done: TargetPlan? = nil) {
        var plan = plan
        if let done {
            let names = Set(done.changes.map { CountedPlan.name($0, done) })
            plan.changes = plan.changes.filter { [plan] in !names.contains(CountedPlan.name($0, plan)) }
        }
        var subjects: [Cause: Set<UInt32>] = [:]
        for change in plan.changes {
            kinds[change.kind.name, default: 0] += 1
            peopleOfKind[change.kind, default: []].insert(change.subject)
            let reason = plan.reason(change.reason).sentence
            let isPace = change.kind == .wait && plan.reasons[Int(change.reason)] == .pace
            let words = "\(isPace ? "waiting" : change.kind.participle): \(reason)"
            subjects[Cause(kind: change.kind, words: words), default: []].insert(change.subject)
        }
        for (cause, who) in subjects {
            causes.append("\(who.count) \(cause.words)")
            peopleOfCauses[cause.kind.name, default: 0] += who.count
        }
        causes.sort()
        let isHeld = plan.holds.contains { if case .target = $0.extent { true } else { false } }
        if !isHeld, let most = subjects.values.map(\.count).max() {
            let which = subjects.filter { $0.value.count == most }.map { "\(most) \($0.key.words)" }
            commonest = (most, Set(which))
            if most * 2 > subjects.values.reduce(0, { $0 + $1.count }) { main = commonest }
        }
        people = peopleOfKind.values.reduce(into: Set()) { $0.formUnion($1) }.count
        sentence = words(changes: plan.changes.count)
    }

    private static func name(_ change: Change, _ plan: TargetPlan) -> [String] {
        let id = "\(plan.subjects[Int(change.subject)].id)"
        return [id, change.kind.name, "\(change.scope)", change.before ?? "", change.after ?? ""]
    }

    private func words(changes: Int) -> String {
        func who(_ kinds: [ChangeKind]) -> Set<UInt32> {
            kinds.reduce(into: Set()) { $0.formUnion(peopleOfKind[$1] ?? []) }
        }
        let comeAndGo: [ChangeKind] = [.suspend, .remove, .activate, .resume, .invite, .adopt, .note]
        let stay = ChangeKind.allCases.filter { !comeAndGo.contains($0) && $0 != .wait && $0 != .stopWaiting }
        let counts: [(Int, String)] = [
            (who([.invite]).count, "invited"), (who([.activate]).count, "activated"),
            (who([.resume]).count, "resumed"), (who(stay).subtracting(who(comeAndGo)).count, "changed"),
            (who([.suspend]).count, "suspended"), (who([.remove]).count, "removed"),
            (who([.wait]).count, "waiting"),
        ]
        let words = counts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
        if !words.isEmpty { return words.joined(separator: ", ") }
        return changes == 0 ? "nothing to do" : changes == 1 ? "1 change" : "\(changes) changes"
    }
}
