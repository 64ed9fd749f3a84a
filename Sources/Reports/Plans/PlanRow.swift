import AccessModel
import DirectoryModel
import MappingLanguage
import Reconciliation

/// One row of a plan as a sheet; what a row has nothing to say about is empty.
struct PlanRow {
    var target = ""
    var record: String
    var kind = ""
    var person = ""
    var name = ""
    var directory = ""
    var id = ""
    var scope = ""
    var before = ""
    var after = ""
    var reason = ""
    var note = ""

    /// In the order of `PlanCSV.columns`.
    var cells: [String] {
        [target, record, kind, person, name, directory, id, scope, before, after, reason, note]
    }
}

extension PlanRow {
    init(_ change: Change, of plan: TargetPlan, as record: String) {
        self.init(target: plan.target, record: record, kind: change.kind.name)
        if plan.subjects.indices.contains(Int(change.subject)) {
            let subject = plan.subjects[Int(change.subject)]
            person = plan.label(of: subject)
            name = plan.texts[subject.name]
            directory = plan.directory(of: subject)
            id = "\(subject.id)"
        }
        scope = "\(change.scope)"
        let permissions = PermissionDifference(change)
        before = permissions?.before ?? change.before ?? ""
        after = permissions?.after ?? plan.invitedAccess(of: change) ?? change.after ?? ""
        reason = plan.reason(change.reason).sentence
        note = change.evidence == .positive ? "positive" : "absence"
    }

    init(_ finding: Finding, of target: String, _ standing: String) {
        self.init(target: target, record: "finding", kind: finding.code, person: finding.label)
        if let key = finding.person {
            directory = key.directory
            id = "\(key.id)"
        }
        reason = finding.message
        before = finding.id(on: target)
        note = finding.weight.name + (standing.isEmpty ? "" : " \(standing)")
    }

    init(_ hold: Hold, of target: String) {
        self.init(target: target, record: "hold", kind: hold.kind.rawValue)
        switch hold.extent {
        case .target: note = "target"
        case .group(let group, let name):
            directory = group.directory
            id = "\(group.id)"
            self.name = name
            note = "group"
        case .grant(let holder, let what):
            directory = holder.directory
            id = "\(holder.id)"
            after = what
            note = "grant"
        }
        reason = hold.message
    }

    init(_ row: LedgerRow, of target: String) {
        self.init(target: target, record: "seats", kind: row.pool.seatClass, scope: "\(row.pool.scope)")
        before = String(row.heldBefore)
        after = String(row.heldAfter)
        reason = "limit \(row.pool.limit), freed \(row.freed), given \(row.given), waiting \(row.waiting)"
        note = row.pool.price ?? ""
    }

    init(_ place: PlaceInLine, named label: String, of target: String) {
        self.init(target: target, record: "waiting", kind: place.forPace ? "pace" : "seat", person: label)
        directory = place.person.directory
        id = "\(place.person.id)"
        scope = "\(place.scope)"
        after = place.role
        reason = "since \(Timestamp.machine(place.since))"
        note = place.isFirst ? "first" : String(place.seatPriority)
    }

    init(_ directory: UnreadDirectory) {
        self.init(record: "unread", directory: directory.name, reason: directory.cause, note: directory.hint)
        before = "since \(directory.sinceText)"
    }
}
