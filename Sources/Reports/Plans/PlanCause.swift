import DirectoryModel
package import Reconciliation

/// What one reason does to how many: a hundred lines in one sentence.
package struct PlanCause: Sendable, Equatable {
    package var kind: ChangeKind
    package var reason: String
    package var people: Int

    /// What became of them, to stand after their number.
    var participle: String { kind == .wait && reason == Reason.pace.sentence ? "waiting" : kind.participle }

    /// The causes of a plan by kind in the order of plans, then the most people first, then by reason.
    package static func all(of plan: TargetPlan) -> [PlanCause] {
        var places: [UInt64: Int] = [:]
        var tallies: [Tally] = []
        for change in plan.changes {
            let key = UInt64(change.kind.rawValue) << 32 | UInt64(change.reason)
            let place = places[key] ?? tallies.count
            if place == tallies.count {
                places[key] = place
                tallies.append(Tally(kind: change.kind, reason: change.reason))
            }
            // Changes of one person stand side by side within a kind, so comparing with the last one counts people.
            guard tallies[place].last != change.subject else { continue }
            tallies[place].last = change.subject
            tallies[place].people += 1
        }
        return merged(tallies, of: plan)
    }

    /// Different reasons may read the same: these are one cause.
    private static func merged(_ tallies: [Tally], of plan: TargetPlan) -> [PlanCause] {
        var places: [CauseKey: Int] = [:]
        var causes: [PlanCause] = []
        for tally in tallies {
            let reason = plan.reason(tally.reason).sentence
            let key = CauseKey(kind: tally.kind, reason: reason)
            if let place = places[key] {
                causes[place].people += tally.people
            } else {
                places[key] = causes.count
                causes.append(PlanCause(kind: tally.kind, reason: reason, people: tally.people))
            }
        }
        return causes.sorted { left, right in
            if left.kind != right.kind { return left.kind.rawValue < right.kind.rawValue }
            if left.people != right.people { return left.people > right.people }
            return left.reason.utf8.lexicographicallyPrecedes(right.reason.utf8)
        }
    }

    private struct Tally {
        let kind: ChangeKind
        let reason: UInt32
        var people = 0
        var last: UInt32?
    }

    private struct CauseKey: Hashable {
        let kind: ChangeKind
        let reason: String
    }
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

    /// Whether nothing of the target is written, suspensions of disabled people aside.
    var isHeld: Bool {
        holds.contains { if case .target = $0.extent { true } else { false } }
    }
}
