import AccessModel
import MappingLanguage

/// Which mapped groups people whom no rule gives anything any more were in: what an administrator looks at first.
struct GroupsLeft {
    /// One reason for people who were in the same groups, and are in the same ones now.
    struct Loss: Hashable {
        var reason: UInt32
        /// Places of the sets of groups, of the last applied run and of today; nil where the reason says everything.
        var before: UInt32?
        var now: UInt32?
    }
    private let writer: PlanWriter
    private var caseOfSubject: [UInt32: Int] = [:]
    private var names: [GroupKey: String] = [:]

    init(_ writer: PlanWriter) {
        self.writer = writer
        for (item, subject) in writer.subjectOfCase { caseOfSubject[subject] = item }
        for group in writer.planning.input.roster.baseline?.mappedGroups ?? [] { names[group.key] = group.name }
        for group in writer.planning.input.evaluation.groups { names[group.key] = group.name }
    }

    func loss(_ change: Change) -> Loss {
        let loss = Loss(reason: change.reason)
        guard isOfRules(change.reason), let index = caseOfSubject[change.subject] else { return loss }
        let item = writer.planning.cases[index]
        guard item.user != RosterJoin.none else { return loss }
        let evaluation = writer.planning.input.evaluation
        let person = Int(item.person)
        return Loss(
            reason: change.reason, before: writer.planning.input.roster.users[Int(item.user)].groupSet,
            now: evaluation.groupSet.indices.contains(person) ? evaluation.groupSet[person] : 0)
    }

    private func isOfRules(_ reason: UInt32) -> Bool {
        guard Int(reason) < writer.plan.reasons.count else { return false }
        switch writer.plan.reasons[Int(reason)] {
        case .noRule, .cause(.unmapped, _): return true
        default: return false
        }
    }

    /// `; left group support`, or nothing.
    func words(of loss: Loss) -> String {
        let roster = writer.planning.input.roster
        let evaluation = writer.planning.input.evaluation
        guard let before = loss.before, let now = loss.now, roster.groupSets.indices.contains(Int(before)) else {
            return ""
        }
        let today =
            evaluation.groupSets.indices.contains(Int(now))
            ? Set(
                evaluation.groupSets[Int(now)].compactMap { place in
                    evaluation.groups.indices.contains(Int(place)) ? evaluation.groups[Int(place)].key : nil
                }) : []
        let left = roster.groupSets[Int(before)].filter { !today.contains($0) }.compactMap { names[$0] }
            .sorted(by: precedes)
        if left.isEmpty { return "" }
        let rest = left.count > 3 ? " and \(left.count - 3) more" : ""
        return "; left \(left.count == 1 ? "group" : "groups") \(left.prefix(3).joined(separator: ", "))\(rest)"
    }
}
