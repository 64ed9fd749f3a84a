import AccessModel
import MappingLanguage
import Reconciliation

/// What is to come, what was, why not, and what if.
extension PersonText {
    /// Past changes that people see; JSON has them all.
    private static let pastAtMost = 20

    mutating func next(_ next: PersonReport.NextRun, of target: PersonReport.Target) {
        if next.changes.isEmpty && next.held.isEmpty && next.withheld.isEmpty {
            return page.line(
                "next     the next run would change nothing, if the directory stays as it was last read", indent: 2)
        }
        let why =
            next.isObserved
            ? " (only observed: it is not written)"
            : target.pausedBy == nil ? "" : ", if the target did not pause"
        if !next.changes.isEmpty { page.line("next     the next run would change\(why)", indent: 2) }
        changes(next.changes)
        if !next.held.isEmpty { page.line("held     the next run would change, but a guard holds it", indent: 2) }
        changes(next.held)
        for hold in next.withheld {
            guard case .grant(_, let what) = hold.extent else { continue }
            page.line(
                "withheld the next run would give \(what), but withholds it until somebody approves it", indent: 2)
            let line = HoldNotice.intended(
                on: target.name, isObserved: next.isObserved, isPaused: target.pausedBy != nil,
                isHeld: target.held?.withheld.contains(hold.message) ?? false)
            HoldNotice.write([line], to: &page)
        }
    }

    private mutating func changes(_ changes: [ReasonedChange]) {
        page.columns(
            changes.map { item in
                [
                    Span(item.change.kind.mark, item.change.kind.tone), Span(item.change.phrase(for: item.reason)),
                    Span(item.reason.sentence, .faint),
                ]
            }, indent: 6)
    }

    mutating func past(of target: PersonReport.Target) {
        if target.past.isEmpty { return }
        page.line("past", indent: 2)
        let shown = page.style.entriesAtMost == nil ? target.past.count : min(target.past.count, PersonText.pastAtMost)
        let rest = target.past.count - shown
        if rest > 0 {
            page.line(Span("… \(Counted.text(rest, "earlier change")); \(page.style.seeRest)", .faint), indent: 6)
        }
        page.columns(
            target.past.suffix(shown).map { past in
                [
                    Span(Timestamp.text(past.time)), Span("run \(past.run)"), Span("by \(past.actor)"),
                    Span(past.change.phrase), Span(past.reason, .faint),
                ]
            }, indent: 6)
    }

    // MARK: Why not

    mutating func whyNot(_ target: PersonReport.Target) {
        guard let answer = target.whyNot, let asked = report.whyNot else { return }
        let what = asked == target.name ? "access" : asked
        page.line(Span(target.name, .strong), ": \(sentence(answer.verdict, what))")
        if let user = target.user, answer.verdict != .has {
            page.line("has      \(user.access.sentence), \(user.status.rawValue)", indent: 2)
        }
        for obstacle in answer.obstacles {
            let since = obstacle.since.map { " (since \(Timestamp.text($0)))" } ?? ""
            page.line(Span("in the way", .removed), "  \(obstacle.message)\(since)", indent: 2)
            if !obstacle.hint.isEmpty { page.line("hint: \(obstacle.hint)", indent: 6) }
        }
        if answer.rules.isEmpty { page.line("no rule gives \(what) here", indent: 2) }
        for rule in answer.rules { write(rule.rule, failures: rule.failures) }
    }

    private func sentence(_ verdict: WhyNot.Verdict, _ what: String) -> String {
        switch verdict {
        case .has: "has \(what)"
        case .suspended: "has \(what) on record, and nothing while suspended"
        case .next: "has no \(what) yet; the next run would give it"
        case .held: "has no \(what); the next run would give it, but a guard holds the target"
        case .waits: "has no \(what), and waits for it in line"
        case .no: "has no \(what)"
        }
    }

    // MARK: What if

    mutating func whatIf(_ answer: WhatIf, _ target: PersonReport.Target) {
        page.line(Span(target.name, .strong), ":")
        let mine = report.head.person
        rules(target.rulesGained, "would match as well", .added)
        rules(target.rulesLost, "would no longer match", .removed)
        let moves = answer.moves.filter { $0.person == mine }
        let others = answer.moves.filter { $0.person != mine }
        move(moves.filter(\.isThen), "the next run would change for them")
        move(moves.filter { !$0.isThen }, "and would no longer change, as it would tonight")
        if moves.isEmpty {
            page.line(
                "\(answer.isSilent ? "nothing would change" : "the next run would change nothing") for them", indent: 2)
        }
        findings(answer.findingsGained, moves.isEmpty ? "but it would find" : "and would find")
        findings(answer.findingsLost, "and would no longer find")
        withheld(answer.grantsWithheld, "withheld until somebody approves it, after a run held it")
        withheld(answer.grantsReleased, "no longer withheld")
        move(others.filter(\.isThen), "and for others, whom it gives or costs a seat", names: true)
        move(others.filter { !$0.isThen }, "and no longer for others", names: true)
        for pool in answer.pools where pool.now != pool.then {
            page.line(
                "seats    \(pool.then.pool.name): \(pool.now.heldAfter) → \(pool.then.heldAfter) of \(pool.then.pool.limit) held, \(pool.now.waiting) → \(pool.then.waiting) waiting",
                indent: 2)
        }
    }

    private mutating func rules(_ rules: [RuleExplanation], _ title: String, _ tone: Tone) {
        for rule in rules {
            page.line(Span(title, tone), "  \(rule.label)", indent: 2)
            for outcome in rule.outcomes { page.line("\(outcome)", indent: 6) }
        }
    }

    private mutating func findings(_ findings: [Finding], _ title: String) {
        if findings.isEmpty { return }
        page.line("\(title)", indent: 2)
        for finding in findings { page.line("\(finding.weight.name)  \(finding.message)", indent: 6) }
    }

    private mutating func withheld(_ grants: [Hold], _ title: String) {
        if grants.isEmpty { return }
        page.line("\(title)", indent: 2)
        for hold in grants { page.line("\(hold.message)", indent: 6) }
    }

    private mutating func move(_ moves: [WhatIf.Move], _ title: String, names: Bool = false) {
        if moves.isEmpty { return }
        page.line("\(title)", indent: 2)
        page.columns(
            moves.map { move in
                let access = move.change.kind == .invite && move.access != nil ? ": \(move.access?.sentence ?? "")" : ""
                return [Span(move.change.kind.mark, move.change.kind.tone)] + (names ? [Span(move.label)] : [])
                    + [Span(move.change.phrase(for: move.reason) + access), Span(move.reason.summary, .faint)]
            }, indent: 6)
    }
}

extension WhatIf {
    /// Whether nothing that either plan says about who is asked about differs, changes aside.
    fileprivate var isSilent: Bool {
        findingsGained.isEmpty && findingsLost.isEmpty && grantsWithheld.isEmpty && grantsReleased.isEmpty
    }
}
