import DirectoryModel
import Reconciliation

/// A plan as one page that needs nothing but a browser: everything stands in it, and its script only filters and unfolds.
package struct PlanHTML {
    let report: PlanReport
    /// Rows of each list, per target; the rest is counted.
    let most: Int
    /// How to see what was left out.
    let seeRest: String
    var page = HTMLWriter()

    package init(
        _ report: PlanReport, entriesAtMost: Int = PlanReport.changesAtMost,
        seeRest: String = "CSV and text have them all"
    ) {
        self.report = report
        self.seeRest = seeRest
        most = entriesAtMost
    }

    /// Hands the report over piece by piece.
    package mutating func write(to sink: ([UInt8]) throws -> Void) rethrows {
        PageShell.begin(report.title, in: &page)
        if let failure = report.failure { self.failure(failure) }
        comparison()
        overview()
        decisions()
        tools()
        for (place, plan) in report.plans.enumerated() { try target(plan, place, sink: sink) }
        PageHistory(nights: report.history).write(to: &page)
        readings()
        PageShell.end(
            version: report.version, head: report.head.map { "run \($0.run) \($0.hash)" }, in: &page)
        try sink(page.drain())
    }

    /// The whole page; for tests and small reports.
    package static func bytes(_ report: PlanReport, entriesAtMost: Int = PlanReport.changesAtMost) -> [UInt8] {
        var bytes: [UInt8] = []
        var writer = PlanHTML(report, entriesAtMost: entriesAtMost)
        writer.write { bytes.append(contentsOf: $0) }
        return bytes
    }

    private mutating func failure(_ failure: FailureReport) {
        page.markup("<section class=\"decision\">\n<h2>What went wrong</h2>\n<p><strong>error:</strong> ")
        page.sentence(failure.message)
        page.markup("</p>\n")
        for cause in failure.causes { paragraph("<p>caused by: ", cause) }
        for detail in failure.details { paragraph("<p>", detail) }
        if !failure.hint.isEmpty { paragraph("<p><strong>hint:</strong> ", failure.hint) }
        page.markup("</section>\n")
    }

    /// What was compared, and which conditions are not met.
    private mutating func comparison() {
        guard let head = report.comparison else { return }
        if !head.failures.isEmpty {
            page.markup("<section class=\"decision\">\n<h2>Fails</h2>\n")
            for failure in head.failures { paragraph("<p><strong>FAILS</strong> ", failure) }
            page.markup("</section>\n")
        }
        page.markup("<section>\n<h2>What was compared</h2>\n")
        for line in report.comparisonLines { paragraph("<p>", line) }
        page.markup("</section>\n")
    }

    private mutating func overview() {
        if report.plans.isEmpty { return }
        page.markup("<section>\n<h2>What happens</h2>\n")
        page.beginTable("What happens")
        page.markup("<thead><tr><th scope=\"col\">Target</th>")
        page.markup(
            "<th scope=\"col\">What happens to how many</th><th scope=\"col\">Because</th></tr></thead>\n<tbody>\n"
        )
        for (place, plan) in report.plans.enumerated() {
            page.markup("<tr><th scope=\"row\"><a href=\"#target-")
            page.digits(place)
            page.element("\">", plan.target, "</a> ")
            standing(of: plan)
            page.markup("</th><td>")
            page.sentence(report.headline(of: plan, PlanCounts(plan)))
            page.markup("</td><td>")
            mostly(because: plan)
            page.markup("</td></tr>\n")
        }
        page.markup("</tbody></table></div>\n</section>\n")
    }

    mutating func standing(of plan: TargetPlan) {
        if let standing = plan.standing { page.element("<span class=\"badge drop\">", standing.rawValue, "</span>") }
    }

    /// The three causes that move the most people.
    private mutating func mostly(because plan: TargetPlan) {
        let causes = PlanCause.commonest(of: PlanCause.all(of: plan), in: plan)
        for (place, cause) in causes.prefix(3).enumerated() {
            if place > 0 { page.markup("<br>") }
            page.sentence(cause.sentence)
        }
        if causes.count > 3 { page.element("<br><span class=\"faint\">", "and \(causes.count - 3) more", "</span>") }
    }

    /// Search and kinds; the script shows them, since they do nothing without it.
    private mutating func tools() {
        let done = report.plans.map { PlanCounts($0) }
        let held = report.plans.compactMap(\.notDone).map { PlanCounts($0) }
        let hasRows = !(done + held).allSatisfy(\.isEmpty) || report.plans.contains { !$0.findings.isEmpty }
        guard hasRows else { return }
        page.markup("<div id=\"tools\" role=\"search\" hidden>\n<label for=\"search\">Search</label> ")
        page.markup("<input type=\"search\" id=\"search\" autocomplete=\"off\" spellcheck=\"false\" ")
        page.markup("placeholder=\"person, role, group, rule …\">\n<fieldset id=\"kinds\"><legend>Only</legend>\n")
        boxes(done, lead: "", words: "")
        boxes(held, lead: PlanHTML.held, words: "held: ")
        page.markup("</fieldset>\n<output id=\"shown\" for=\"search\"></output>\n</div>\n")
    }

    /// What stands before the kind of a change that is held, so that it has a box of its own.
    static let held = "held_"

    private mutating func boxes(_ counts: [PlanCounts], lead: String, words: String) {
        for kind in ChangeKind.allCases {
            let count = counts.reduce(0) { $0 + $1.count(kind) }
            if count == 0 { continue }
            page.markup("<label class=\"chip\"><input type=\"checkbox\" value=\"")
            page.text("\(lead)\(kind.name)")
            page.element("\">", "\(words)\(kind.participle)", " <span class=\"faint\">")
            page.number(count)
            page.markup("</span></label>\n")
        }
    }

    private mutating func readings() {
        let lines = PlanReadings(readings: report.readings, scope: report.scope).lines
        if lines.isEmpty && report.setAside.isEmpty { return }
        page.markup("<section>\n<h2>How directories were read</h2>\n")
        for line in lines { paragraph("<p>", line) }
        for directory in report.setAside {
            let count = Counted.text(directory.entries.count, "entry", plural: "entries")
            page.markup("<details class=\"cause all\"><summary>")
            let what = directory.entries.count == 1 ? "it" : "them"
            page.text("\(count) of directory \(directory.directory) cannot be used; nothing is done about \(what)")
            page.markup("</summary><ul>\n")
            for entry in directory.entries.prefix(most) {
                page.element("<li class=\"rest\"><span class=\"who\">", entry.dn, "</span>: ")
                page.element("", entry.reason.sentence, "</li>\n")
            }
            rest(directory.entries.count, "entries")
            page.markup("</ul></details>\n")
        }
        page.markup("</section>\n")
    }

    mutating func paragraph(_ start: StaticString, _ sentence: String) {
        page.markup(start)
        page.sentence(sentence)
        page.markup("</p>\n")
    }

    /// The last entry of a list, where more were left out.
    mutating func rest(_ count: Int, _ nouns: String) {
        guard count > most else { return }
        page.element(
            "<li class=\"rest more\">", "… and \(Counted.number(count - most)) more \(nouns); \(seeRest)", "</li>\n")
    }
}
