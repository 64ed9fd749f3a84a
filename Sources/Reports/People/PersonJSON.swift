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
        json.field("if", report.assumptions)
        json.key("groups")
        json.beginArray()
        for group in report.groups { self.group(group, &json) }
        json.endArray()
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
        json.field("other_emails", head.otherEmails)
        json.field("ends", head.ends.map(Timestamp.machine))
        json.field("last_sign_in", head.lastSignIn.map(Timestamp.machine))
        json.key("attributes")
        json.beginArray()
        for attribute in head.attributes {
            json.beginObject()
            json.field("name", attribute.name)
            json.field("values", attribute.values)
            json.endObject()
        }
        json.endArray()
        json.field("other_identities", head.otherIdentities)
        json.endObject()
    }

    private static func group(_ group: PersonReport.Group, _ json: inout JSONWriter) {
        json.beginObject()
        json.field("group", group.membership.name)
        json.field("directory", group.membership.key.directory)
        json.field("id", "\(group.membership.key.id)")
        json.field("dn", group.membership.dn)
        json.field("chain", group.membership.chain)
        json.field("targets", group.targets)
        json.key("since_run")
        if let since = group.since { json.value(Int(since.run)) } else { json.null() }
        json.field("since", group.since.map { Timestamp.machine($0.time) })
        json.endObject()
    }

    private static func target(_ target: PersonReport.Target, _ rules: [RuleExplanation], _ json: inout JSONWriter) {
        json.beginObject()
        json.field("target", target.name)
        json.key("paused_by")
        if let run = target.pausedBy { json.value(Int(run)) } else { json.null() }
        json.key("held")
        if let held = target.held, held.isWhole {
            json.beginObject()
            json.field("run", Int(held.run))
            json.field("messages", held.messages + held.withheld)
            json.endObject()
        } else {
            json.null()
        }
        json.field("protected", target.isProtected)
        json.field("assumed_gone", target.isAssumedGone)
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
        for place in target.places { self.place(place, &json) }
        json.endArray()
        findings("findings", target.findings, target, &json)
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
        answers(target, &json)
        json.endObject()
    }

    private static func place(_ place: PersonReport.Place, _ json: inout JSONWriter) {
        let line = place.place.line
        json.beginObject()
        json.field("scope", "\(line.scope)")
        json.field("role", line.role)
        json.field("since", Timestamp.machine(line.since))
        json.field("waits_for", line.forPace ? "pace" : "seat")
        json.field("position", place.place.position)
        json.field("of", place.place.of)
        json.field("first", line.isFirst)
        json.key("pools")
        json.beginArray()
        for pool in place.pools { json.ledgerRow(pool) }
        json.endArray()
        json.endObject()
    }

    /// What the next run would change, what was, why not and what if.
    private static func answers(_ target: PersonReport.Target, _ json: inout JSONWriter) {
        json.key("next")
        if let next = target.next {
            json.beginObject()
            json.field("observed", next.isObserved)
            changes("changes", next.changes, &json)
            changes("held", next.held, &json)
            holds("withheld", next.withheld, &json)
            json.endObject()
        } else {
            json.null()
        }
        json.key("answer")
        if let answer = target.whyNot { whyNot(answer, &json) } else { json.null() }
        json.key("what_if")
        if let answer = target.whatIf { whatIf(answer, target, &json) } else { json.null() }
        json.key("past")
        json.beginArray()
        for past in target.past {
            json.beginObject()
            json.field("run", Int(past.run))
            json.field("time", Timestamp.machine(past.time))
            json.field("actor", past.actor)
            change(past.change, &json)
            json.field("reason", past.reason)
            json.endObject()
        }
        json.endArray()
    }

    private static func changes(_ name: String, _ changes: [ReasonedChange], _ json: inout JSONWriter) {
        json.key(name)
        json.beginArray()
        for item in changes {
            json.beginObject()
            change(item.change, &json)
            json.field("reason", item.reason.sentence)
            json.endObject()
        }
        json.endArray()
    }

    private static func change(_ change: Change, _ json: inout JSONWriter) {
        json.field("kind", change.kind.name)
        json.field("scope", "\(change.scope)")
        json.field("before", change.before)
        json.field("after", change.after)
    }

    private static func whyNot(_ answer: WhyNot, _ json: inout JSONWriter) {
        json.beginObject()
        json.field("verdict", answer.verdict.rawValue)
        json.key("obstacles")
        json.beginArray()
        for obstacle in answer.obstacles {
            json.beginObject()
            json.field("kind", obstacle.kind.rawValue)
            json.field("message", obstacle.message)
            json.field("hint", obstacle.hint)
            json.field("since", obstacle.since.map(Timestamp.machine))
            json.endObject()
        }
        json.endArray()
        json.key("rules")
        json.beginArray()
        for rule in answer.rules {
            json.beginObject()
            json.field("rule", rule.rule.rule.name)
            json.field("place", rule.rule.place)
            json.field("captured", rule.rule.captured)
            json.field("matches", rule.rule.isMatched)
            json.key("failures")
            json.beginArray()
            for failure in rule.failures { condition(failure, &json) }
            json.endArray()
            json.field("outcomes", rule.rule.outcomes)
            json.endObject()
        }
        json.endArray()
        json.endObject()
    }

    private static func whatIf(_ answer: WhatIf, _ target: PersonReport.Target, _ json: inout JSONWriter) {
        json.beginObject()
        json.key("rules_gained")
        json.beginArray()
        for rule in target.rulesGained { self.rule(rule, &json) }
        json.endArray()
        json.key("rules_lost")
        json.beginArray()
        for rule in target.rulesLost { self.rule(rule, &json) }
        json.endArray()
        findings("findings_gained", answer.findingsGained, target, &json)
        findings("findings_lost", answer.findingsLost, target, &json)
        holds("grants_withheld", answer.grantsWithheld, &json)
        holds("grants_released", answer.grantsReleased, &json)
        json.poolsAndMoves(answer)
        json.endObject()
    }

    private static func findings(
        _ name: String, _ findings: [Finding], _ target: PersonReport.Target, _ json: inout JSONWriter
    ) {
        json.key(name)
        json.beginArray()
        for finding in findings { json.finding(finding, of: target.name, isNew: false) }
        json.endArray()
    }

    private static func holds(_ name: String, _ holds: [Hold], _ json: inout JSONWriter) {
        json.key(name)
        json.beginArray()
        for hold in holds { json.hold(hold) }
        json.endArray()
    }

    private static func user(_ user: PersonReport.User, _ json: inout JSONWriter) {
        json.beginObject()
        json.field("email", user.email)
        json.field("status", user.status.rawValue)
        json.field("managed", user.managed)
        json.field("access", user.access.sentence)
        json.field("reason", user.isByRules ? user.reason : "")
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
        json.field("place", rule.place)
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
