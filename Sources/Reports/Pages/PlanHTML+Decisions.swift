import Reconciliation

extension PlanHTML {
    /// What waits for a human, before everything else.
    mutating func decisions() {
        if report.plans.isEmpty || report.comparison != nil && report.plans.allSatisfy(\.holds.isEmpty) { return }
        page.markup("<section>\n<h2>Needs a decision</h2>\n")
        let before = page.bytes.count
        for directory in report.plans.first?.unread ?? [] { unread(directory) }
        for plan in report.plans {
            for notice in PlanHolds(plan: plan, stage: report.stage).notices { self.notice(notice) }
            if let run = plan.pausedBy { paused(plan, by: run) }
            severe(plan)
        }
        if page.bytes.count == before { page.markup("<p>Nothing: no guard held anything back.</p>\n") }
        page.markup("</section>\n")
    }

    private mutating func notice(_ notice: HoldNotice) {
        begin(notice.mark.rawValue, notice.target)
        page.sentence(notice.sentence)
        page.markup("</p>\n")
        if !notice.items.isEmpty {
            page.markup("<ul>\n")
            for item in notice.items.prefix(most) {
                page.markup("<li>")
                page.sentence(item)
                page.markup("</li>\n")
            }
            rest(notice.items.count, "grants")
            page.markup("</ul>\n")
        }
        page.markup("<dl>\n")
        for (place, line) in notice.lines.enumerated() {
            if line.lead.isEmpty, place > 0 { page.markup("<dd class=\"more\">") } else { term(line.lead) }
            page.sentence(line.quoted)
            page.markup("</dd>\n")
        }
        page.markup("</dl>\n</div>\n")
    }

    private mutating func term(_ lead: String) {
        page.element("<dt>", lead, "</dt><dd>")
    }

    private mutating func begin(_ badge: String, _ about: String) {
        page.element("<div class=\"decision\">\n<p><span class=\"badge drop\">", badge, "</span> ")
        page.element("<strong>", about, "</strong>: ")
    }

    private mutating func unread(_ directory: UnreadDirectory) {
        begin("FROZEN", "directory \(directory.name)")
        page.text("could not be read since \(directory.sinceText): ")
        page.sentence(directory.cause)
        page.element("</p>\n<p>", UnreadDirectory.standing, "</p>\n<dl>\n")
        term("frozen:")
        page.element("", directory.frozenUsers(report.plans), "</dd>\n")
        if !directory.hint.isEmpty {
            term("hint:")
            page.sentence(directory.hint)
            page.markup("</dd>\n")
        }
        page.markup("</dl>\n</div>\n")
    }

    private mutating func paused(_ plan: TargetPlan, by run: Int64) {
        begin("PAUSED", plan.target)
        page.sentence("since run \(run); nothing is written until `rollcall continue \(plan.target)`")
        page.markup("</p>\n</div>\n")
    }

    private mutating func severe(_ plan: TargetPlan) {
        let count = plan.findings.count {
            $0.weight == .severe && report.acknowledgement($0, of: plan.target) == nil
        }
        guard count > 0, let place = report.plans.firstIndex(where: { $0.target == plan.target }) else { return }
        begin("SEVERE", plan.target)
        page.markup("<a href=\"#findings-")
        page.digits(place)
        page.element("\">", Counted.text(count, "severe finding"), "</a></p>\n</div>\n")
    }
}
