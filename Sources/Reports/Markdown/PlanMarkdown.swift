import AccessModel
import DirectoryModel
import Reconciliation

/// A plan for a merge request or a wiki: GitHub and GitLab show it as it is.
package struct PlanMarkdown {
    /// People and findings shown of each target where it is to be pasted somewhere; the rest is counted.
    package static let entriesAtMost = 200

    private let report: PlanReport
    private let most: Int
    private let seeRest: String
    private var page = MarkdownWriter()

    package init(
        _ report: PlanReport, entriesAtMost: Int = PlanMarkdown.entriesAtMost, seeRest: String = "`--all` shows them"
    ) {
        self.report = report
        self.seeRest = seeRest
        most = entriesAtMost
    }

    /// Hands the report over piece by piece.
    package mutating func write(to sink: ([UInt8]) throws -> Void) rethrows {
        page.line("# ", .sentence(report.title))
        page.blank()
        if let failure = report.failure { self.failure(failure) }
        comparison()
        overview()
        decisions()
        readings()
        for plan in report.plans where plan.hasMore { try target(plan, sink: sink) }
        if let head = report.head {
            page.blank()
            page.line("Audit head: run ", .number(Int(head.run)), " ", .code(head.hash))
        }
        try sink(page.drain())
    }

    /// The whole report; for tests and small reports.
    package static func bytes(_ report: PlanReport, entriesAtMost: Int = PlanMarkdown.entriesAtMost) -> [UInt8] {
        var bytes: [UInt8] = []
        var writer = PlanMarkdown(report, entriesAtMost: entriesAtMost)
        writer.write { bytes.append(contentsOf: $0) }
        return bytes
    }

    private mutating func failure(_ failure: FailureReport) {
        page.line("**Error:** ", .sentence(failure.message))
        page.blank()
        for cause in failure.causes { page.line("- caused by: ", .sentence(cause)) }
        for detail in failure.details { page.line("- note: ", .sentence(detail)) }
        if !failure.hint.isEmpty { page.line("- hint: ", .sentence(failure.hint)) }
    }

    private mutating func comparison() {
        guard let head = report.comparison else { return }
        for line in report.comparisonLines { page.line("- ", .sentence(line)) }
        for failure in head.failures { page.line("- **FAILS** ", .sentence(failure)) }
        page.blank()
    }

    private mutating func overview() {
        if report.plans.isEmpty { return }
        let rows = report.plans.map { plan -> [MarkdownWriter.Piece] in
            return [
                .code(plan.target), .sentence(report.headline(of: plan, PlanCounts(plan))),
                .sentence(PlanCause.main(of: PlanCause.all(of: plan), in: plan)?.sentence ?? ""),
                plan.standing.map(PlanMarkdown.mark) ?? "",
            ]
        }
        page.table([" target", " what happens", " mostly because", " "], rows)
    }

    private mutating func decisions() {
        let decisions = PlanDecisions(report).all
        if decisions.isEmpty { return }
        page.heading("##", "Needs a decision")
        for decision in decisions {
            switch decision {
            case .unread(let directory): unread(directory)
            case .hold(let notice): self.notice(notice)
            case .paused(let target, let sentence):
                page.line("- **PAUSED** ", .code(target), ": ", .sentence(sentence))
            case .severe(let severe):
                var pieces: [MarkdownWriter.Piece] = ["- **SEVERE** ", .code(severe.target), ": "]
                pieces += [.sentence(severe.counted), .markup(severe.lead)]
                if !severe.label.isEmpty { pieces += [.code(severe.label), ": "] }
                page.line(pieces + [.sentence(severe.message)])
                for line in severe.lines { page.line("  - ", .sentence(line.lead), " ", .sentence(line.quoted)) }
            }
        }
    }

    private mutating func unread(_ directory: UnreadDirectory) {
        page.line(
            "- **FROZEN** directory ", .code(directory.name), " could not be read since ",
            .sentence(directory.sinceText), ": ", .sentence(directory.cause))
        page.line("  - ", .sentence(UnreadDirectory.standing))
        page.line("  - frozen: ", .sentence(directory.frozenUsers(report.plans)))
        if !directory.hint.isEmpty { page.line("  - hint: ", .sentence(directory.hint)) }
    }

    private static func mark(_ mark: HoldNotice.Mark) -> MarkdownWriter.Piece {
        switch mark {
        case .held: "**HELD**"
        case .partlyHeld: "**PARTLY HELD**"
        case .withheld: "**WITHHELD**"
        case .wouldHold: "**WOULD HOLD**"
        case .wouldWithhold: "**WOULD WITHHOLD**"
        }
    }

    private mutating func notice(_ notice: HoldNotice) {
        page.line(
            "- ", PlanMarkdown.mark(notice.mark), " ", .code(notice.target), ": ", .sentence(notice.sentence))
        for item in notice.items.prefix(most) { page.line("  - grant: ", .sentence(item)) }
        rest(notice.items.count, "  - ", "grants")
        for line in notice.lines {
            page.line(
                "  - ", .sentence(line.lead.isEmpty ? "and because:" : line.lead), " ", .sentence(line.quoted))
        }
    }

    private mutating func readings() {
        let lines = PlanReadings(readings: report.readings, scope: report.scope).lines
        if lines.isEmpty && report.setAside.isEmpty { return }
        page.heading("##", "How directories were read")
        for line in lines { page.line("- reading: ", .sentence(line)) }
        for directory in report.setAside {
            page.line(
                "- set aside of ", .code(directory.directory), ": ",
                .sentence(Counted.text(directory.entries.count, "entry", plural: "entries")))
            for entry in directory.entries.prefix(most) {
                page.line("  - ", .code(entry.dn), ": ", .sentence(entry.reason.sentence))
            }
            rest(directory.entries.count, "  - ", "entries")
        }
    }

    /// Says how many of a list were left out.
    private mutating func rest(_ count: Int, _ mark: StaticString, _ nouns: StaticString) {
        guard count > most else { return }
        page.line(.markup(mark), "… and ", .number(count - most), " more ", .markup(nouns), "; ", .sentence(seeRest))
    }
}

extension PlanMarkdown {
    private mutating func target(_ plan: TargetPlan, sink: ([UInt8]) throws -> Void) rethrows {
        page.heading("##", .code(plan.target))
        page.line("**", .sentence(report.headline(of: plan, PlanCounts(plan))), "**")
        kinds(of: plan)
        causes(of: plan)
        try people(of: plan, "### By person", sink: sink)
        if let held = plan.heldBack?.plan {
            try people(of: held, "### Held, by person: what the plan would be if nothing held it", sink: sink)
        }
        findings(of: plan)
        seats(of: plan)
        guards(of: plan)
        try sink(page.drain())
    }

    private mutating func kinds(of plan: TargetPlan) {
        let counts = PlanCounts(plan)
        if counts.isEmpty { return }
        page.heading("###", "Changes by kind", .markup(plan.condition))
        let kinds = ChangeKind.allCases.filter { counts.count($0) > 0 }
        page.table(
            [" kind", "  changes"],
            kinds.map { [.sentence($0.participle), .number(counts.count($0))] }
                + [["**all**", .number(counts.total)], ["people", .number(counts.people)]])
    }

    private mutating func causes(of plan: TargetPlan) {
        let causes = PlanCause.all(of: plan)
        if causes.isEmpty { return }
        page.heading("###", "By cause", .markup(plan.condition))
        for cause in causes.prefix(most) {
            page.line(
                "- **", .number(cause.people), "** ", .sentence("\(cause.participle):"), " ", .sentence(cause.reason))
        }
        rest(causes.count, "- ", "causes")
    }

    private mutating func people(
        of plan: TargetPlan, _ heading: StaticString, sink: ([UInt8]) throws -> Void
    ) rethrows {
        let people = ChangesByPerson(plan)
        guard people.count > 0 else { return }
        page.blank()
        page.line(.markup(heading), .markup(plan.condition))
        page.blank()
        page.line("<details><summary>", .number(people.count), people.count == 1 ? " person" : " people", "</summary>")
        page.blank()
        for person in 0..<min(most, people.count) {
            self.person(people[person].map { plan.changes[$0] }, of: plan)
            if page.bytes.count > 1 << 16 { try sink(page.drain()) }
        }
        rest(people.count, "- ", "people")
        page.blank()
        page.line("</details>")
    }

    private mutating func person(_ changes: [Change], of plan: TargetPlan) {
        guard let lead = ChangesByPerson.lead(of: changes), plan.subjects.indices.contains(Int(lead.subject))
        else { return }
        let mark: MarkdownWriter.Piece = lead.kind.mark == "-" ? "- `-` " : lead.kind.mark == "+" ? "- `+` " : "- `~` "
        var pieces: [MarkdownWriter.Piece] = [mark, .code(plan.label(of: plan.subjects[Int(lead.subject)])), " "]
        for (place, change) in changes.enumerated() {
            if place > 0 { pieces.append("; ") }
            pieces.append(.sentence(plan.phrase(of: change)))
        }
        page.line(pieces)
        var said: Set<UInt32> = []
        for change in changes where said.insert(change.reason).inserted {
            for sentence in plan.reason(change.reason).sentences { page.line("  - why: ", .sentence(sentence)) }
            for chain in plan.chains(of: change.subject, for: change.reason) {
                page.line("    - through ", .sentence(chain.joined(separator: " → ")))
            }
        }
    }

    private mutating func findings(of plan: TargetPlan) {
        if plan.findings.isEmpty { return }
        page.heading("###", "Findings")
        for finding in report.findings(of: plan).prefix(most) {
            var pieces: [MarkdownWriter.Piece] = ["- **", .sentence(finding.weight.name), "** "]
            if !finding.label.isEmpty { pieces += [.code(finding.label), ": "] }
            pieces += [.sentence(finding.message), " ", .code(finding.code), " ", .code(finding.id(on: plan.target))]
            let standing = report.standing(of: finding, on: plan.target)
            if !standing.isEmpty { pieces += [" **", .sentence(standing), "**"] }
            page.line(pieces)
            if !finding.hint.isEmpty { page.line("  - hint: ", .sentence(finding.hint)) }
        }
        rest(plan.findings.count, "- ", "findings")
    }

    private mutating func seats(of plan: TargetPlan) {
        if plan.ledger.isEmpty { return }
        page.heading("###", "Seats")
        page.table(
            [" pool", "  limit", "  held", "  freed", "  given", "  held after", "  waiting", " first in line since"],
            plan.ledger.map { row in
                [
                    .code(row.pool.name), .number(row.pool.limit), .number(row.heldBefore), .number(row.freed),
                    .number(row.given), .number(row.heldAfter), .number(row.waiting),
                    .sentence(row.oldestWaiting.map(Timestamp.day) ?? "–"),
                ]
            })
    }

    private mutating func guards(of plan: TargetPlan) {
        let rows = TallyRow.all(of: plan)
        if rows.isEmpty { return }
        page.heading("###", "Guards")
        page.table(
            [" guard", " counted", " "],
            rows.map { [.code($0.kind), .sentence($0.text), $0.isExceeded ? "**exceeded**" : ""] })
    }
}
