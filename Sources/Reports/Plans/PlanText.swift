import Reconciliation

/// A plan for people: what happens to how many, why and what needs a decision first; causes before persons, the counts again at the end.
package struct PlanText {
    private let report: PlanReport
    private let counts: [PlanCounts]
    private let causes: [[PlanCause]]
    private var page: TextPage

    package init(_ report: PlanReport, style: TextStyle) {
        self.report = report
        counts = report.plans.map(PlanCounts.init)
        causes = report.plans.map(PlanCause.all)
        page = TextPage(style: style)
    }

    /// Hands the report over piece by piece.
    package mutating func write(to sink: ([UInt8]) throws -> Void) rethrows {
        page.line(Span(report.title, .strong))
        if let failure = report.failure { failure.write(to: &page) }
        for line in report.comparisonLines { page.line(Span(line, .faint), indent: 2) }
        for failure in report.comparison?.failures ?? [] { page.line(Span("FAILS", .alarm), "  \(failure)") }
        if !report.plans.isEmpty { page.blank() }
        headlines()
        commonestCauses()
        decisions()
        PlanSetAside(directories: report.setAside).write(to: &page)
        PlanReadings(readings: report.readings, scope: report.scope).write(to: &page)
        for (place, plan) in report.plans.enumerated() where plan.hasMore {
            page.blank()
            page.line(Span(plan.target, .strong))
            byCause(causes[place], plan.condition)
            try sink(page.drain())
            var people = PlanPeople(plan)
            try people.write(to: &page, sink: sink)
            if let held = plan.heldBack?.plan {
                var heldBack = PlanPeople(held, title: "Held, by person: what the plan would be if nothing held it")
                try heldBack.write(to: &page, sink: sink)
            }
            findings(of: plan)
            PlanTables(plan: plan).write(to: &page)
            page.blank()
            page.line("  ", Span("\(plan.target): \(report.headline(of: plan, counts[place]))", .strong))
        }
        if report.plans.count > 1 { closing() }
        if let head = report.head {
            page.blank()
            page.line(Span("audit head: run \(head.run)  \(head.hash)", .faint))
        }
        try sink(page.drain())
    }

    /// The whole report; for tests and small reports.
    package static func bytes(_ report: PlanReport, style: TextStyle = .plain) -> [UInt8] {
        var bytes: [UInt8] = []
        var text = PlanText(report, style: style)
        text.write { bytes.append(contentsOf: $0) }
        return bytes
    }

    private mutating func headlines() {
        let rows = zip(report.plans, counts).map { plan, counts -> [Span] in
            let tone: Tone = counts.isEmpty ? .faint : .plain
            var row: [Span] = [Span(plan.target, .strong), Span(report.headline(of: plan, counts), tone)]
            if let standing = plan.standing { row.append(Span(standing.rawValue, .alarm)) }
            return row
        }
        page.columns(rows)
    }

    /// What moves most of the people, one line for each target where one cause does.
    private mutating func commonestCauses() {
        let rows = zip(report.plans, causes).compactMap { plan, causes -> [Span]? in
            PlanCause.main(of: causes, in: plan).map { [Span(plan.target, .strong), Span($0.sentence)] }
        }
        guard !rows.isEmpty else { return }
        page.blank()
        page.line("Mostly because")
        page.columns(rows, indent: 2)
    }

    private mutating func decisions() {
        let decisions = PlanDecisions(report).all
        guard !decisions.isEmpty else { return }
        page.blank()
        page.line("Needs a decision")
        for (place, decision) in decisions.enumerated() {
            if place > 0 { page.blank() }
            switch decision {
            case .unread(let directory): PlanUnread(plans: report.plans).write(directory, to: &page)
            case .hold(let notice): notice.write(to: &page)
            case .paused(let target, let sentence):
                page.line(Span("PAUSED", .alarm), "  \(target): \(sentence)")
            case .severe(let severe):
                let about = severe.label.isEmpty ? "" : "\(page.shown(severe.label)): "
                page.line(
                    Span("SEVERE", .alarm),
                    "  \(severe.target): \(severe.counted)\(severe.lead)\(about)\(severe.message)")
                HoldNotice.write(severe.lines, to: &page)
            }
        }
    }

    private mutating func byCause(_ causes: [PlanCause], _ condition: StaticString) {
        guard !causes.isEmpty else { return }
        page.blank()
        page.line("By cause\(condition)", indent: 2)
        let shown = page.style.shown(of: causes.count)
        let rows = causes.prefix(shown).map { cause -> [Span] in
            [
                Span(Counted.number(cause.people)),
                Span("\(cause.participle): ", cause.kind.tone), Span(cause.reason),
            ]
        }
        let width = rows.map { $0[0].text.utf8.count }.max() ?? 0
        for row in rows {
            page.line(
                [Span(String(repeating: " ", count: width - row[0].text.utf8.count)), row[0], " "] + row[1...],
                indent: 4)
        }
        page.rest(causes.count - shown, "cause", indent: 4)
    }

    private mutating func findings(of plan: TargetPlan) {
        guard !plan.findings.isEmpty else { return }
        page.blank()
        page.line("Findings", indent: 2)
        let sorted = report.findings(of: plan)
        let shown = page.style.shown(of: sorted.count)
        var hint = ""
        for finding in sorted.prefix(shown) {
            if !hint.isEmpty, hint != finding.hint { page.line(Span("hint: \(hint)", .faint), indent: 6) }
            let about = finding.label.isEmpty ? "" : "\(page.shown(finding.label)): "
            let standing = report.standing(of: finding, on: plan.target)
            let isQuiet = finding.weight == .note || report.acknowledgement(finding, of: plan.target) != nil
            let mark = " [\(finding.code) \(finding.id(on: plan.target))]\(standing.isEmpty ? "" : " \(standing)")"
            page.line(
                Span("\(finding.weight.name) ", isQuiet ? .plain : .alarm), "\(about)\(finding.message)",
                Span(mark, .faint), indent: 4)
            hint = finding.hint
        }
        if !hint.isEmpty { page.line(Span("hint: \(hint)", .faint), indent: 6) }
        page.rest(sorted.count - shown, "finding", indent: 4)
        page.tellCut(indent: 4)
    }

    private mutating func closing() {
        page.blank()
        headlines()
    }
}

extension TargetPlan {
    /// Whether there is more to say of it than its headline.
    var hasMore: Bool { !changes.isEmpty || !findings.isEmpty || !holds.isEmpty }

    /// The severe ones first.
    var findingsByWeight: [Finding] {
        findings.enumerated().sorted { left, right in
            left.element.weight == right.element.weight
                ? left.offset < right.offset : left.element.weight > right.element.weight
        }.map(\.element)
    }
}

extension Finding.Weight {
    /// Stable name, the same for people and programs.
    package var name: String {
        switch self {
        case .note: "note"
        case .warning: "warning"
        case .severe: "severe"
        }
    }
}

extension TextPage {
    /// Says how many entries were left out, and how to see them.
    mutating func rest(_ count: Int, _ noun: String, plural: String? = nil, indent: Int) {
        guard count > 0 else { return }
        line(
            Span(
                "… and \(Counted.text(count, "more " + noun, plural: plural.map { "more " + $0 })); \(style.seeRest)",
                .faint), indent: indent)
    }
}
