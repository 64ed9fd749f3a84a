import AccessModel
import DirectoryModel

/// What a hold says about the plan that it stops.
enum HoldWords {
    /// What would have happened, counted in people: `188 suspended`, `24 lowered`, `9 seats of support/editor freed`.
    ///
    /// `done` are those whose suspension is not held.
    static func wouldHave(_ writer: PlanWriter, but done: Set<PersonKey> = []) -> [String] {
        var people: [ChangeKind: Set<UInt32>] = [:]
        for change in writer.plan.changes {
            if change.kind == .suspend, done.contains(writer.plan.person(of: change)) { continue }
            people[change.kind, default: []].insert(change.subject)
        }
        func count(_ kind: ChangeKind) -> Int { people[kind]?.count ?? 0 }
        var words: [String] = []
        func add(_ count: Int, _ text: String) {
            if count > 0 { words.append("\(count) \(text)") }
        }
        add(count(.suspend), "suspended")
        add(count(.remove), "removed")
        add(writer.planning.counted[.loseAccess]?.count ?? 0, "lowered")
        add(count(.changeEmail), "with another email")
        add(count(.changePermissions), "with other permissions")
        add(count(.resume), "resumed")
        add(count(.invite), "invited")
        add(count(.wait), "waiting")
        for row in writer.plan.ledger {
            add(row.freed, "\(row.freed == 1 ? "seat" : "seats") of \(row.pool.name) freed")
        }
        return words
    }

    /// The ten largest causes of what one kind counts.
    static func causes(_ kind: GuardKind, _ writer: PlanWriter) -> [HoldCause] {
        let kinds = changes(of: kind)
        var subjects = Set((writer.planning.counted[kind] ?? []).compactMap { writer.subjectOfCase[$0] })
        let isEverybody = kind == .peopleShrink
        let groups = GroupsLeft(writer)
        var counts: [GroupsLeft.Loss: Int] = [:]
        for change in writer.plan.changes where kinds.contains(change.kind) {
            guard isEverybody || subjects.remove(change.subject) != nil else { continue }
            counts[groups.loss(change), default: 0] += 1
        }
        var texts: [String: Int] = [:]
        for (loss, count) in counts where Int(loss.reason) < writer.plan.reasons.count {
            let reason = writer.plan.reasons[Int(loss.reason)]
            texts[reason.summary + groups.words(of: loss), default: 0] += count
        }
        return texts.map { HoldCause(text: $0.key, people: $0.value) }
            .sorted { $0.people == $1.people ? precedes($0.text, $1.text) : $0.people > $1.people }
            .prefix(10).map { $0 }
    }

    private static func changes(of kind: GuardKind) -> Set<ChangeKind> {
        switch kind {
        case .suspendDisabled, .suspendOther: [.suspend]
        case .loseAccess:
            [.leaveScope, .changeRole, .removeTemplate, .switchOff, .removeGrant, .changePermissions, .addTemplate]
        case .changeEmail: [.changeEmail]
        case .changePermissions: [.changePermissions]
        case .privilegedLoss: [.suspend, .leaveScope, .changeRole, .removeTemplate, .changePermissions]
        case .remove: [.remove]
        case .returns: [.resume, .clearCause, .invite]
        case .peopleShrink: [.suspend, .remove]
        case .privilegedGain, .groupShrink: [.invite, .joinScope, .changeRole, .changePermissions]
        case .seats: [.wait]
        }
    }
}
