import Reconciliation

extension PlanHTML {
    /// What waits for a human, before everything else.
    mutating func decisions() {
        let decisions = PlanDecisions(report).all
        // A comparison is no night: that nothing was held is nothing to say of it.
        if report.plans.isEmpty || report.comparison != nil && decisions.isEmpty { return }
        page.markup("<section>\n<h2>Needs a decision</h2>\n")
        for decision in decisions {
            switch decision {
            case .unread(let directory): unread(directory)
            case .hold(let notice): self.notice(notice)
            case .paused(let target, let sentence): paused(target, sentence)
            case .severe(let severe): self.severe(severe)
            }
        }
        if decisions.isEmpty {
            page.markup("<p>Nothing: no guard held anything back, and no severe finding waits for anybody.</p>\n")
        }
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

    private mutating func paused(_ target: String, _ sentence: String) {
        begin("PAUSED", target)
        page.sentence(sentence)
        page.markup("</p>\n</div>\n")
    }

    private mutating func severe(_ severe: SevereFindings) {
        begin("SEVERE", severe.target)
        page.markup("<a href=\"#findings-")
        page.digits(severe.place)
        page.element("\">", severe.counted, "</a>")
        page.markup(severe.lead)
        if !severe.label.isEmpty { page.element("<span class=\"who\">", severe.label, "</span>: ") }
        page.sentence(severe.message)
        page.markup("</p>\n")
        if !severe.lines.isEmpty {
            page.markup("<dl>\n")
            for line in severe.lines {
                term(line.lead)
                page.sentence(line.quoted)
                page.markup("</dd>\n")
            }
            page.markup("</dl>\n")
        }
        page.markup("</div>\n")
    }
}
