import AccessModel
import Diagnostics
package import MappingLanguage
import Reconciliation

/// An explanation for people.
package struct PersonText {
    let report: PersonReport
    var page: TextPage

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
        head()
        if !report.assumptions.isEmpty {
            page.line(Span("if \(report.assumptions.joined(separator: ", and "))", .strong), indent: 2)
        } else if report.whyNot == nil {
            groups()
        }
        for target in report.targets {
            page.blank()
            if report.whyNot != nil {
                whyNot(target)
            } else if target.whatIf == nil {
                write(target)
            }
            if let answer = target.whatIf { whatIf(answer, target) }
        }
    }

    private mutating func head() {
        let head = report.head
        page.line(Span(head.name.isEmpty ? head.email : head.name, .strong), head.name.isEmpty ? "" : "  \(head.email)")
        if !head.dn.isEmpty { page.line("\(head.dn)", indent: 2) }
        page.line("\(head.person.directory), id \(head.person.id), \(head.standing)", indent: 2)
        if report.whyNot != nil || !report.assumptions.isEmpty { return }
        if !head.login.isEmpty { page.line("login    \(head.login)", indent: 2) }
        if !head.otherEmails.isEmpty { page.line("also     \(head.otherEmails.joined(separator: ", "))", indent: 2) }
        for other in head.otherIdentities { page.line("is also  \(other)", indent: 2) }
        if let ends = head.ends { page.line("ends     \(Timestamp.text(ends))", indent: 2) }
        if let time = head.lastSignIn { page.line("sign-in  \(Timestamp.text(time)), by the directory", indent: 2) }
        for attribute in head.attributes {
            page.line("\(attribute.name): \(attribute.values.joined(separator: ", "))", indent: 2)
        }
    }

    /// Groups that rules name, each with the way to it; the others are only named.
    private mutating func groups() {
        let mapped = report.groups.filter { !$0.targets.isEmpty }
        let others = report.groups.filter { $0.targets.isEmpty }
        if mapped.isEmpty && others.isEmpty { return }
        page.line("groups", indent: 2)
        page.columns(
            mapped.map { group in
                let since = group.since.map { "since \(Timestamp.day($0.time)) (run \($0.run))" } ?? sinceUnknown(group)
                return [Span(group.membership.name), Span(way(group.membership), .faint), Span(since, .faint)]
            }, indent: 4)
        guard !others.isEmpty else { return }
        let shown = page.style.shown(of: others.count)
        let names = others.prefix(shown).map { group in
            group.membership.chain.count > 1
                ? "\(group.membership.name) (by \(group.membership.chain[0]))" : group.membership.name
        }
        let rest = others.count - shown
        let more = rest > 0 ? ", … and \(Counted.number(rest)) more; \(page.style.seeRest)" : ""
        page.line(Span("no rule names: \(names.joined(separator: ", "))\(more)", .faint), indent: 4)
    }

    /// Why it is not known since when somebody is in a group that rules name.
    private func sinceUnknown(_ group: PersonReport.Group) -> String {
        let isUser = report.targets.contains { group.targets.contains($0.name) && $0.user != nil }
        return
            "since when is not known: \(isUser ? "the roster has not recorded it yet" : "the roster keeps that of users only")"
    }

    private func way(_ membership: GroupMembership) -> String {
        membership.chain.count > 1 ? "through \(membership.chain.joined(separator: " → "))" : "directly"
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
        because(user)
        page.line("sign-in  \(user.lastSignIn.map(Timestamp.text) ?? "unknown")", indent: 2)
        causes(user.details)
        rest(of: target)
    }

    /// What gave what there is: a rule, or a human.
    ///
    /// What humans gave and something higher makes idle is told as well.
    private mutating func because(_ user: PersonReport.User) {
        if user.isByRules, !user.reason.isEmpty { page.line("because  \(user.reason)", indent: 2) }
        for grant in user.details.manual {
            let until = grant.until.map { " until \(Timestamp.end($0))" } ?? ""
            let lead = user.byHand.contains(grant) ? "because  given by hand: " : "by hand  "
            page.line(
                "\(lead)\(grant.part.words), by \(grant.by) since \(Timestamp.text(grant.since))\(until): \(grant.reason)",
                indent: 2)
        }
    }

    private mutating func causes(_ details: UserDetails) {
        for cause in details.causes {
            let reason = cause.reason.isEmpty ? "" : ": \(cause.reason)"
            page.line(
                "cause    \(cause.kind.title), since \(Timestamp.text(cause.since)), by \(cause.by)\(reason)", indent: 2
            )
        }
        for pending in details.pending {
            let runs = Counted.text(pending.runs, "run")
            page.line(
                "not yet  \(pending.kind.title), first seen \(Timestamp.text(pending.firstSeen)), in \(runs)", indent: 2
            )
        }
        for cause in details.lifted { page.line("lifted   \(cause.title), by hand", indent: 2) }
    }

    private mutating func pause(of target: PersonReport.Target) {
        if let held = target.held, held.isWhole { self.held(held, isPaused: target.pausedBy != nil) }
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
        if target.isAssumedGone {
            page.line(
                "missing  taken for gone: no run has told yet what became of them, and the next one asks by id",
                indent: 2)
        }
    }

    /// What the last run held of the target; grants of others that it withheld are none of this person's.
    private mutating func held(_ held: PersonReport.HeldRun, isPaused: Bool) {
        for (message, reach) in zip(held.messages, HoldReach.all(held.messages, isPaused: isPaused)) {
            page.line("held     by run \(held.run): \(message)", indent: 2)
            page.line("frozen: \(reach.words)", indent: 6)
        }
    }

    private mutating func rest(of target: PersonReport.Target) {
        for place in target.places { self.place(place) }
        for finding in target.findings {
            // It counts the runs that will have missed them.
            let when = finding.code == "user.missing-pending" ? "after the next run: " : ""
            page.line("\(finding.weight.name)  \(when)\(finding.message)", indent: 2)
        }
        let rules = report.rules(of: target)
        if !rules.contains(where: \.isMatched), target.explanation != nil {
            page.line("no rule gives anything here; `--why-not \(target.name)` says of each why not", indent: 2)
        }
        for rule in rules { write(rule, failures: rule.condition.firstFailures) }
        for cause in target.explanation?.causes ?? [] { write(cause) }
        if let next = target.next { self.next(next, of: target) }
        past(of: target)
    }

    private mutating func place(_ place: PersonReport.Place) {
        let line = place.place.line
        let what = AccessText.placed(line.role, in: line.scope)
        let why = line.forPace ? "its turn among joiners" : "a seat"
        let pools =
            line.forPace ? [] : place.pools.map { "\($0.heldAfter) of \($0.pool.limit) seats of \($0.pool.name) held" }
        let figures = pools.isEmpty ? "" : " (\(pools.joined(separator: ", ")))"
        let first = line.isFirst ? ", before everybody else on returning" : ""
        page.line(
            "waits    for \(why): \(what), place \(place.place.position) of \(place.place.of) since \(Timestamp.text(line.since))\(first)\(figures)",
            indent: 2)
    }

    /// A cause of the policy's own: what it asks for where it holds, what stands in its way where not.
    private mutating func write(_ cause: CauseExplanation) {
        page.line(
            Span(cause.holds ? "holds  " : "no cause", cause.holds ? .removed : .faint),
            "  `\(cause.name)` of `suspend_when`\(cause.holds ? "" : " does not hold")", indent: 2)
        if cause.holds { return trace(cause.condition, indent: 6) }
        for failure in cause.condition.firstFailures { page.line("\(failure.unmet)", indent: 6) }
    }

    mutating func write(_ rule: RuleExplanation, failures: [ConditionTrace]) {
        page.line(
            Span(rule.isMatched ? "matches" : "no match", rule.isMatched ? .added : .removed),
            "  \(rule.label)", indent: 2)
        if rule.isMatched {
            trace(rule.condition, indent: 6)
        } else if failures.count > 1 {
            page.line("none of these is so:", indent: 6)
            for failure in failures { page.line("\(failure.isMet ? failure.text : failure.asked)", indent: 8) }
        } else {
            for failure in failures { page.line("\(failure.unmet)", indent: 6) }
        }
        for outcome in rule.outcomes { page.line("\(outcome)", indent: 6) }
    }

    private mutating func trace(_ condition: ConditionTrace, indent: Int) {
        let chain = condition.chain.count > 1 ? ", through \(condition.chain.joined(separator: " → "))" : ""
        let note = condition.note.map { " (\($0))" } ?? ""
        page.line(Span("\(condition.statement)\(chain)\(note)", .faint), indent: indent)
        for part in condition.parts { trace(part, indent: indent + 2) }
    }
}

extension RuleExplanation {
    /// ``rule `Desk` for sales (mappings/vivi.yaml:14)``.
    package var label: String {
        let word = captured.map { " for \($0)" } ?? ""
        return "rule `\(rule.name)`\(word) (\(place))"
    }

    /// `mappings/vivi.yaml:14`.
    package var place: String { "\(rule.position.file):\(rule.position.line)" }
}

extension ConditionTrace {
    /// A condition that is not met, as a line: ``not in group `support`: the group is not locked``.
    package var unmet: String { "\(statement)\(note.map { ": \($0)" } ?? "")" }

    /// What would have to be so.
    fileprivate var asked: String { "\(text)\(note.map { ": \($0)" } ?? "")" }

    /// What is so: ``in group `support```, ``not in group `support```, and ``but in group `support``` where a rule asks for the contrary.
    fileprivate var statement: String {
        if isMet { return text }
        let word = "not "
        return text.utf8.starts(with: word.utf8) ? "but \(text.dropFirst(word.count))" : word + text
    }
}
