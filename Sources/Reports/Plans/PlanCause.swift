import AccessModel
import DirectoryModel
package import Reconciliation

/// What one reason does to how many: a hundred lines in one sentence.
package struct PlanCause: Sendable, Equatable {
    package var kind: ChangeKind
    package var reason: String
    package var people: Int

    /// What became of them, to stand after their number.
    var participle: String { kind == .wait && reason == Reason.pace.sentence ? "waiting" : kind.participle }

    /// ``3 invited: rule `Support desk` …``.
    var sentence: String { "\(Counted.number(people)) \(participle): \(reason)" }

    /// The causes that move the most people, of those in the order of plans.
    ///
    /// Nothing for a target that is held, where the hold says why, or that pauses, where nothing happens.
    static func commonest(of causes: [PlanCause], in plan: TargetPlan) -> [PlanCause] {
        if plan.isHeld || plan.pausedBy != nil { return [] }
        return causes.enumerated().sorted {
            $0.element.people == $1.element.people ? $0.offset < $1.offset : $0.element.people > $1.element.people
        }.map(\.element)
    }

    /// The cause of more than half of what happens to people; nil where there is none.
    static func main(of causes: [PlanCause], in plan: TargetPlan) -> PlanCause? {
        let all = causes.reduce(0) { $0 + $1.people }
        return commonest(of: causes, in: plan).first.flatMap { $0.people * 2 > all ? $0 : nil }
    }

    /// The causes of a plan by kind in the order of plans, then the most people first, then by reason.
    package static func all(of plan: TargetPlan) -> [PlanCause] { PlanCauses(plan).causes }
}

extension TargetPlan {
    /// A reason by its place; a place that does not exist is no reason.
    package func reason(_ place: UInt32) -> Reason {
        reasons.indices.contains(Int(place)) ? reasons[Int(place)] : .rules([])
    }

    /// How reports name a subject: by email, else by immutable id.
    package func label(of subject: Subject) -> String {
        subject.email.length > 0 ? texts[subject.email] : "\(subject.id)"
    }

    /// Name of the directory of a subject.
    package func directory(of subject: Subject) -> String {
        directories.indices.contains(Int(subject.directory)) ? directories[Int(subject.directory)] : ""
    }

    /// What a held target's plan would be besides what is done anyway; nil for one that is not held.
    var notDone: TargetPlan? {
        guard var open = heldBack?.plan else { return nil }
        let done = Set(changes.map { ChangeName($0, in: self) })
        let names = open.changes.map { ChangeName($0, in: open) }
        open.changes = zip(open.changes, names).filter { !done.contains($0.1) }.map(\.0)
        return open
    }

    /// What stands behind the titles of lists of changes: on a target that pauses none of them comes about.
    var condition: StaticString { pausedBy == nil ? "" : ", if the target did not pause" }

    /// Whether nothing of the target is written, suspensions of disabled people aside.
    var isHeld: Bool {
        holds.contains { if case .target = $0.extent { true } else { false } }
    }
}

/// What one change does to whom, to know it again in another plan of the same night.
private struct ChangeName: Hashable {
    private let directory: String
    private let id: ImmutableID?
    private let kind: ChangeKind
    private let scope: ScopePath
    private let before: String?
    private let after: String?

    init(_ change: Change, in plan: TargetPlan) {
        let place = Int(change.subject)
        let subject = plan.subjects.indices.contains(place) ? plan.subjects[place] : nil
        directory = subject.map(plan.directory) ?? ""
        id = subject?.id
        (kind, scope, before, after) = (change.kind, change.scope, change.before, change.after)
    }
}
