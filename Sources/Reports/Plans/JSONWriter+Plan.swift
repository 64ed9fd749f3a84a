import AccessModel
import Diagnostics
import DirectoryModel
import MappingLanguage
import Reconciliation

/// The reasons of changes as they were first written, by number: many people share one.
struct WrittenReasons {
    var bytes: [UInt32: [UInt8]] = [:]
}

/// The parts of a plan as JSON objects.
extension JSONWriter {
    mutating func person(_ key: PersonKey) {
        beginObject()
        field("directory", key.directory)
        field("id", "\(key.id)")
        endObject()
    }

    mutating func change(_ change: Change, of plan: TargetPlan, _ known: inout WrittenReasons) {
        beginObject()
        field("kind", change.kind.name)
        field("evidence", change.evidence == .positive ? "positive" : "absence")
        if plan.subjects.indices.contains(Int(change.subject)) { subject(plan.subjects[Int(change.subject)], of: plan) }
        field("scope", "\(change.scope)")
        field("before", change.before)
        field("after", change.after)
        field("access", plan.invitedAccess(of: change))
        key("permissions")
        permissions(of: change)
        key("reason")
        if let written = known.bytes[change.reason] {
            value(written: written)
        } else {
            let start = bytes.count
            reason(plan.reason(change.reason))
            known.bytes[change.reason] = Array(bytes[start...])
        }
        let chains = plan.chains(of: change.subject, for: change.reason)
        if !chains.isEmpty {
            key("chains")
            beginArray()
            for chain in chains {
                beginArray()
                for group in chain { value(group) }
                endArray()
            }
            endArray()
        }
        endObject()
    }

    /// The areas that differ, before and after; null for other kinds of change.
    private mutating func permissions(of change: Change) {
        guard let difference = PermissionDifference(change) else { return null() }
        beginArray()
        for area in difference.areas {
            beginObject()
            field("scope", area.scope)
            field("area", area.area)
            field("before", area.before)
            field("after", area.after)
            endObject()
        }
        endArray()
    }

    private mutating func subject(_ subject: Subject, of plan: TargetPlan) {
        key("person")
        beginObject()
        field("directory", plan.directory(of: subject))
        field("id", "\(subject.id)")
        field("email", plan.texts[subject.email])
        field("name", plan.texts[subject.name])
        endObject()
    }

    mutating func reason(_ reason: Reason) {
        beginObject()
        field("kind", reason.name)
        field("text", reason.sentence)
        if case .rules(let rules) = reason {
            key("rules")
            beginArray()
            for rule in rules {
                beginObject()
                field("rule", rule.rule)
                field("place", rule.place)
                field("captured", rule.captured)
                field("groups", rule.groups)
                endObject()
            }
            endArray()
        }
        endObject()
    }

    mutating func finding(
        _ finding: Finding, of target: String, isNew: Bool, _ acknowledgement: Acknowledgement? = nil
    ) {
        beginObject()
        field("id", finding.id(on: target))
        field("code", finding.code)
        field("weight", finding.weight.name)
        key("person")
        if let person = finding.person { self.person(person) } else { null() }
        field("label", finding.label)
        field("message", finding.message)
        field("hint", finding.hint)
        field("new", isNew)
        key("acknowledged")
        if let acknowledgement { self.acknowledgement(acknowledgement) } else { null() }
        endObject()
    }

    private mutating func acknowledgement(_ one: Acknowledgement) {
        beginObject()
        field("until", Timestamp.machine(one.until))
        field("by", one.actor)
        field("reason", one.reason)
        field("since", Timestamp.machine(one.since))
        endObject()
    }

    mutating func hold(_ hold: Hold) {
        beginObject()
        field("kind", hold.kind.rawValue)
        switch hold.extent {
        case .target(let evenDisabled):
            field("extent", "target")
            field("even_disabled", evenDisabled)
        case .group(let group, let name):
            field("extent", "group")
            key("group")
            beginObject()
            field("directory", group.directory)
            field("id", "\(group.id)")
            field("name", name)
            endObject()
            field("doubt", hold.doubt?.rawValue)
        case .grant(let holder, let what):
            field("extent", "grant")
            key("person")
            person(holder)
            field("grant", what)
        }
        field("message", hold.message)
        field("count", hold.count)
        field("limit", hold.limit)
        field("would_have", hold.wouldHave)
        field("note", hold.note)
        key("causes")
        beginArray()
        for cause in hold.causes {
            beginObject()
            field("people", cause.people)
            field("text", cause.text)
            endObject()
        }
        endArray()
        key("people")
        beginArray()
        for key in hold.people { person(key) }
        endArray()
        endObject()
    }

    mutating func ledgerRow(_ row: LedgerRow) {
        beginObject()
        field("pool", row.pool.name)
        field("scope", "\(row.pool.scope)")
        field("class", row.pool.seatClass)
        field("limit", row.pool.limit)
        field("price", row.pool.price)
        field("held_before", row.heldBefore)
        field("freed", row.freed)
        field("given", row.given)
        field("held_after", row.heldAfter)
        field("waiting", row.waiting)
        field("oldest_waiting", row.oldestWaiting.map(Timestamp.machine))
        field("on_leave", row.onLeave)
        field("reclaimable", row.reclaimable)
        endObject()
    }
}
