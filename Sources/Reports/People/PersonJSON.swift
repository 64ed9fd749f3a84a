import AccessModel
import Diagnostics
import MappingLanguage
import Reconciliation

/// An explanation for programs: `rollcall.explain/1`.
package enum PersonJSON {
    package static func bytes(_ report: PersonReport) -> [UInt8] {
        var json = JSONWriter(layout: .pretty)
        json.beginObject()
        json.field("format", "rollcall.explain/1")
        head(report.head, &json)
        json.field("why_not", report.whyNot)
        json.key("targets")
        json.beginArray()
        for target in report.targets { self.target(target, report.rules(of: target), &json) }
        json.endArray()
        json.endObject()
        json.newline()
        return json.bytes
    }

    private static func head(_ head: PersonReport.Head, _ json: inout JSONWriter) {
        json.key("person")
        json.beginObject()
        json.field("directory", head.person.directory)
        json.field("id", "\(head.person.id)")
        json.field("email", head.email)
        json.field("name", head.name)
        json.field("login", head.login)
        json.field("dn", head.dn)
        json.field("standing", head.standing)
        json.endObject()
    }

    private static func target(_ target: PersonReport.Target, _ rules: [RuleExplanation], _ json: inout JSONWriter) {
        json.beginObject()
        json.field("target", target.name)
        json.key("paused_by")
        if let run = target.pausedBy { json.value(Int(run)) } else { json.null() }
        json.key("held")
        if let held = target.held {
            json.beginObject()
            json.field("run", Int(held.run))
            json.field("messages", held.messages)
            json.endObject()
        } else {
            json.null()
        }
        json.field("protected", target.isProtected)
        json.key("pilot")
        if let pilot = target.pilot {
            json.beginObject()
            json.field("group", pilot.group.isEmpty ? nil : pilot.group)
            json.field("takes_part", pilot.takesPart)
            json.endObject()
        } else {
            json.null()
        }
        json.key("user")
        if let user = target.user { self.user(user, &json) } else { json.null() }
        json.key("waiting")
        json.beginArray()
        for place in target.waiting {
            json.beginObject()
            json.field("scope", "\(place.scope)")
            json.field("role", place.role)
            json.field("since", Timestamp.machine(place.since))
            json.field("waits_for", place.forPace ? "pace" : "seat")
            json.endObject()
        }
        json.endArray()
        json.key("findings")
        json.beginArray()
        for finding in target.findings { json.finding(finding, isNew: false) }
        json.endArray()
        json.key("rules")
        json.beginArray()
        for rule in rules { self.rule(rule, &json) }
        json.endArray()
        json.key("own_causes")
        json.beginArray()
        for cause in target.explanation?.causes ?? [] {
            json.beginObject()
            json.field("cause", cause.name)
            json.field("holds", cause.holds)
            json.key("condition")
            condition(cause.condition, &json)
            json.endObject()
        }
        json.endArray()
        json.endObject()
    }

    private static func user(_ user: PersonReport.User, _ json: inout JSONWriter) {
        json.beginObject()
        json.field("email", user.email)
        json.field("status", user.status.rawValue)
        json.field("managed", user.managed)
        json.field("access", user.access.sentence)
        json.field("reason", user.reason)
        json.field("since", Timestamp.machine(user.since))
        json.field("status_since", user.details.statusSince.map(Timestamp.machine))
        json.field("last_sign_in", user.lastSignIn.map(Timestamp.machine))
        json.key("causes")
        json.beginArray()
        for cause in user.details.causes {
            json.beginObject()
            json.field("cause", cause.kind.rawValue)
            json.field("since", Timestamp.machine(cause.since))
            json.field("by", cause.by)
            json.field("reason", cause.reason)
            json.endObject()
        }
        json.endArray()
        json.key("pending")
        json.beginArray()
        for pending in user.details.pending {
            json.beginObject()
            json.field("cause", pending.kind.rawValue)
            json.field("first_seen", Timestamp.machine(pending.firstSeen))
            json.field("runs", pending.runs)
            json.endObject()
        }
        json.endArray()
        json.field("lifted", user.details.lifted.map(\.rawValue))
        json.key("by_hand")
        json.beginArray()
        for grant in user.details.manual {
            json.beginObject()
            json.field("part", grant.part.words)
            json.field("by", grant.by)
            json.field("reason", grant.reason)
            json.field("since", Timestamp.machine(grant.since))
            json.field("until", grant.until.map(Timestamp.machine))
            json.endObject()
        }
        json.endArray()
        json.endObject()
    }

    private static func rule(_ rule: RuleExplanation, _ json: inout JSONWriter) {
        json.beginObject()
        json.field("rule", rule.rule.name)
        json.field("place", "\(rule.rule.position.file):\(rule.rule.position.line)")
        json.field("captured", rule.captured)
        json.field("matches", rule.isMatched)
        json.key("condition")
        condition(rule.condition, &json)
        json.field("outcomes", rule.outcomes)
        json.endObject()
    }

    private static func condition(_ trace: ConditionTrace, _ json: inout JSONWriter) {
        json.beginObject()
        json.field("text", trace.text)
        json.field("met", trace.isMet)
        json.field("chain", trace.chain)
        json.field("note", trace.note)
        json.key("parts")
        json.beginArray()
        for part in trace.parts { condition(part, &json) }
        json.endArray()
        json.endObject()
    }
}
