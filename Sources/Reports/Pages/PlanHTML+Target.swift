import DirectoryModel
import Reconciliation

extension PlanHTML {
    /// Everything about one target: what becomes of how many, each cause with its people, findings, seats, guards.
    mutating func target(_ plan: TargetPlan, _ place: Int, sink: ([UInt8]) throws -> Void) rethrows {
        page.markup("<section>\n<h2 id=\"target-")
        page.digits(place)
        page.element("\">", plan.target, " ")
        standing(of: plan)
        page.markup("</h2>\n")
        let counts = PlanCounts(plan)
        paragraph("<p>", report.headline(of: plan, counts))
        tiles(counts)
        if !counts.isEmpty {
            page.element("<h3>Changes, by cause", "\(plan.condition)", "</h3>\n")
            try causes(of: plan, sink: sink)
        }
        if let held = plan.notDone, !held.changes.isEmpty {
            page.markup("<h3>Held: what is not done</h3>\n")
            try causes(of: held, lead: PlanHTML.held, sink: sink)
        }
        findings(of: plan, place)
        seats(of: plan)
        guards(of: plan)
        page.markup("</section>\n")
        try sink(page.drain())
    }

    private mutating func tiles(_ counts: PlanCounts) {
        if counts.parts.isEmpty { return }
        page.markup("<ul class=\"tiles\">\n")
        for part in counts.parts {
            page.markup("<li class=\"")
            page.markup(part.tone.markup)
            page.markup("\"><b>")
            page.number(part.count)
            page.element("</b> ", part.words, "</li>\n")
        }
        page.markup("</ul>\n")
    }

    /// `lead` stands before the kinds by which they are filtered.
    private mutating func causes(
        of plan: TargetPlan, lead: String = "", sink: ([UInt8]) throws -> Void
    ) rethrows {
        let causes = PlanCauses(plan)
        let people = ChangesByPerson(plan)
        var left = most
        for (cause, changes) in zip(causes.causes, causes.changes()) {
            let isShort = cause.people <= PlanHTML.unfoldedAtMost
            page.markup(isShort ? "<details class=\"cause\" open" : "<details class=\"cause long\"")
            page.element(" data-kind=\"", "\(lead)\(cause.kind.name)", "\"><summary><span class=\"sign ")
            page.markup(cause.kind.tone.markup)
            page.markup("\">")
            page.markup(cause.kind.sign)
            page.markup("</span> <b class=\"")
            page.markup(cause.kind.tone.markup)
            page.markup("\">")
            page.number(cause.people)
            page.element(" ", cause.participle, "</b>: ")
            page.sentence(cause.reason)
            page.markup("</summary><ul>\n")
            let shown = try rows(changes, of: plan, people, atMost: left, sink: sink)
            left -= shown.rows
            if shown.changes < changes.count {
                let rest = Counted.text(changes.count - shown.changes, "more change", plural: "more changes")
                page.element("<li class=\"rest more\">", "… and \(rest); \(seeRest)", "</li>\n")
            }
            page.markup("</ul></details>\n")
        }
    }

    /// A row for each person with changes of one cause; how many rows were written, and of how many changes.
    private mutating func rows(
        _ changes: [Int], of plan: TargetPlan, _ people: ChangesByPerson, atMost most: Int,
        sink: ([UInt8]) throws -> Void
    ) rethrows -> (rows: Int, changes: Int) {
        var start = 0
        var written = 0
        while start < changes.count, written < most {
            let subject = plan.changes[changes[start]].subject
            var end = start + 1
            while end < changes.count, plan.changes[changes[end]].subject == subject { end += 1 }
            row(changes[start..<end], of: plan, people.changes(of: subject))
            if page.bytes.count > 1 << 16 { try sink(page.drain()) }
            start = end
            written += 1
        }
        return (written, start)
    }

    /// Somebody, what changes, and unfolded where it comes from; `all` are all changes of the person.
    private mutating func row(_ places: ArraySlice<Int>, of plan: TargetPlan, _ all: ArraySlice<Int>) {
        let changes = places.map { plan.changes[$0] }
        guard let first = changes.first else { return }
        let subject = plan.subjects.indices.contains(Int(first.subject)) ? plan.subjects[Int(first.subject)] : nil
        page.markup("<li><details class=\"row\"><summary><span class=\"sign ")
        page.markup(first.kind.tone.markup)
        page.markup("\">")
        page.markup(first.kind.sign)
        page.element("</span> <b>", subject.map { plan.label(of: $0) } ?? "unknown", "</b> ")
        if let subject, subject.name.length > 0 {
            page.element("<span class=\"name\">", plan.texts[subject.name], "</span> ")
        }
        page.text(changes.map { plan.phrase(of: $0) }.joined(separator: "; "))
        page.markup("</summary><div><dl>\n")
        for sentence in plan.reason(first.reason).sentences { pair("<dt>because</dt><dd>", sentence) }
        for chain in plan.chains(of: first.subject, for: first.reason) {
            pair("<dt>in the group through</dt><dd>", chain.joined(separator: " → "))
        }
        pair(
            "<dt>rests on</dt><dd>",
            first.evidence == .positive ? "what the directory or a file says" : "what is no longer found")
        let others = all.filter { !places.contains($0) }.map { plan.phrase(of: plan.changes[$0]) }
        if !others.isEmpty { pair("<dt>besides</dt><dd>", others.joined(separator: "; ")) }
        if let subject {
            page.element("<dt>identity</dt><dd><span class=\"id\">", plan.directory(of: subject), ":")
            page.element("", "\(subject.id)", "</span></dd>\n")
        }
        page.markup("</dl></div></details></li>\n")
    }

    mutating func pair(_ term: StaticString, _ sentence: String) {
        page.markup(term)
        page.sentence(sentence)
        page.markup("</dd>\n")
    }

    private mutating func guards(of plan: TargetPlan) {
        let rows = TallyRow.all(of: plan)
        if rows.isEmpty { return }
        page.markup("<h3>Guards</h3>\n")
        page.beginTable("Guards of \(plan.target)")
        page.markup("<thead><tr><th scope=\"col\">Guard</th>")
        page.markup("<th scope=\"col\">Counted</th></tr></thead>\n<tbody>\n")
        for row in rows {
            page.element("<tr><th scope=\"row\"><code>", row.kind, "</code></th><td>")
            page.text(row.text)
            if row.isExceeded { page.markup(" <span class=\"badge drop\">exceeded</span>") }
            page.markup("</td></tr>\n")
        }
        page.markup("</tbody></table></div>\n")
    }

    /// Causes of so many people are unfolded from the beginning.
    private static let unfoldedAtMost = 50
}

extension Tone {
    /// The class of the page's style.
    var markup: StaticString {
        switch self {
        case .added: "add"
        case .removed, .alarm: "drop"
        case .changed: "change"
        case .plain, .strong, .faint: "plain"
        }
    }
}

extension ChangeKind {
    /// The mark as a page shows it.
    var sign: StaticString {
        switch mark {
        case "+": "+"
        case "-": "−"
        default: "~"
        }
    }
}
