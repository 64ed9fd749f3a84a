import AccessModel
import Diagnostics
import MappingLanguage
import Reconciliation

/// An explanation for people.
package struct PersonText {
    private let report: PersonReport
    private var page: TextPage

    package init(_ report: PersonReport, style: TextStyle) {
        self.report = report
        page = TextPage(style: style)
    }

    package static func bytes(_ report: PersonReport, style: TextStyle = .plain) -> [UInt8] {
        var text = PersonText(report, style: style)
        text.write()
        return text.page.bytes
    }

    private mutating func write() {
        let head = report.head
        page.line(Span(head.name.isEmpty ? head.email : head.name, .strong), head.name.isEmpty ? "" : "  \(head.email)")
        if !head.dn.isEmpty { page.line("\(head.dn)", indent: 2) }
        page.line("\(head.person.directory), id \(head.person.id), \(head.standing)", indent: 2)
        for target in report.targets {
            page.blank()
            write(target)
        }
    }

    private mutating func write(_ target: PersonReport.Target) {
        guard let user = target.user else {
            page.line(Span(target.name, .strong), ": no user")
            pause(of: target)
            rest(of: target)
            return
        }
        let unmanaged = user.managed ? "" : ", not managed by Rollcall"
        let since = user.details.statusSince ?? user.since
        page.line(Span(target.name, .strong), ": \(user.status.rawValue) since \(Timestamp.day(since))\(unmanaged)")
        pause(of: target)
        if user.email != report.head.email { page.line("email    \(user.email)", indent: 2) }
        let isOff = user.status == .suspended || user.status == .removed
        page.line(
            "has      \(isOff ? "nothing while \(user.status.rawValue); on record: " : "")\(user.access.sentence)",
            indent: 2)
        if !user.reason.isEmpty { page.line("because  \(user.reason)", indent: 2) }
        for grant in user.details.manual {
            let until = grant.until.map { " until \(Timestamp.text($0))" } ?? ""
            page.line(
                "by hand  \(grant.part.words), by \(grant.by) since \(Timestamp.text(grant.since))\(until): \(grant.reason)",
                indent: 2)
        }
        page.line("sign-in  \(user.lastSignIn.map(Timestamp.text) ?? "unknown")", indent: 2)
        for cause in user.details.causes {
            let reason = cause.reason.isEmpty ? "" : ": \(cause.reason)"
            page.line(
                "cause    \(cause.kind.title), since \(Timestamp.text(cause.since)), by \(cause.by)\(reason)", indent: 2
            )
        }
        for pending in user.details.pending {
            let runs = Counted.text(pending.runs, "run")
            page.line(
                "not yet  \(pending.kind.title), first seen \(Timestamp.text(pending.firstSeen)), in \(runs)", indent: 2
            )
        }
        for cause in user.details.lifted { page.line("lifted   \(cause.title), by hand", indent: 2) }
        rest(of: target)
    }

    private mutating func pause(of target: PersonReport.Target) {
        for message in target.held?.messages ?? [] {
            page.line(
                "held     nothing is written to the target, as of run \(target.held?.run ?? 0): \(message)", indent: 2)
        }
        if let run = target.pausedBy {
            page.line(
                "pauses   since the undo in run \(run): nothing is written until `rollcall continue \(target.name)`",
                indent: 2)
        }
        if let pilot = target.pilot, !pilot.takesPart {
            let group =
                pilot.group.isEmpty
                ? "the group of `only`, which is not locked or not known yet" : "group `\(pilot.group)`"
            page.line("pilot    not in \(group), so left as they are", indent: 2)
        }
        if target.isProtected { page.line("protect  nothing is taken from them but by hand", indent: 2) }
    }

    private mutating func rest(of target: PersonReport.Target) {
        for place in target.waiting {
            let what = AccessText.placed(place.role, in: place.scope)
            let why = place.forPace ? "its turn among joiners" : "a seat"
            page.line("waits    for \(why): \(what), since \(Timestamp.text(place.since))", indent: 2)
        }
        for finding in target.findings { page.line("\(finding.weight.name)  \(finding.message)", indent: 2) }
        rules(of: target)
    }

    private mutating func rules(of target: PersonReport.Target) {
        let rules = report.rules(of: target)
        if let role = report.whyNot {
            if rules.isEmpty { page.line("no rule gives \(role) here", indent: 2) }
        } else if !rules.contains(where: \.isMatched), target.explanation != nil {
            page.line("no rule gives anything here", indent: 2)
        }
        for rule in rules { write(rule) }
        if report.whyNot == nil { for cause in target.explanation?.causes ?? [] { write(cause) } }
    }

    /// A cause of the policy's own: what it asks for where it holds, what stands in its way where not.
    private mutating func write(_ cause: CauseExplanation) {
        page.line(
            Span(cause.holds ? "holds  " : "no cause", cause.holds ? .removed : .faint),
            "  `\(cause.name)` of `suspend_when`\(cause.holds ? "" : " does not hold")", indent: 2)
        if cause.holds { return trace(cause.condition, indent: 6) }
        for failure in cause.condition.failures { page.line("\(failure.unmet)", indent: 6) }
    }

    private mutating func write(_ rule: RuleExplanation) {
        let word = rule.captured.map { " for \($0)" } ?? ""
        let position = rule.rule.position
        page.line(
            Span(rule.isMatched ? "matches" : "no match", rule.isMatched ? .added : .removed),
            "  rule `\(rule.rule.name)`\(word) (\(position.file):\(position.line))", indent: 2)
        if rule.isMatched {
            trace(rule.condition, indent: 6)
            for outcome in rule.outcomes { page.line("\(outcome)", indent: 6) }
        } else {
            for failure in rule.condition.failures {
                page.line("\(failure.unmet)", indent: 6)
            }
        }
    }

    private mutating func trace(_ condition: ConditionTrace, indent: Int) {
        let chain = condition.chain.count > 1 ? ", through \(condition.chain.joined(separator: " → "))" : ""
        let note = condition.note.map { " (\($0))" } ?? ""
        page.line(Span("\(condition.statement)\(chain)\(note)", .faint), indent: indent)
        for part in condition.parts { trace(part, indent: indent + 2) }
    }
}

extension ConditionTrace {
    /// A condition that is not met, as a line: ``not in group `support`: the group is not locked``.
    fileprivate var unmet: String { "\(statement)\(note.map { ": \($0)" } ?? "")" }

    /// What is so: ``in group `support```, ``not in group `support```, and ``but in group `support``` where a rule asks for the contrary.
    fileprivate var statement: String {
        if isMet { return text }
        let word = "not "
        return text.utf8.starts(with: word.utf8) ? "but \(text.dropFirst(word.count))" : word + text
    }
}
