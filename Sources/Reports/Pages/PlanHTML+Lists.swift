import AccessModel
import DirectoryModel
import Reconciliation

/// Findings, and seats with who waits for them.
extension PlanHTML {
    mutating func findings(of plan: TargetPlan, _ place: Int) {
        if plan.findings.isEmpty { return }
        page.markup("<h3 id=\"findings-")
        page.digits(place)
        page.markup("\">Findings</h3>\n")
        var left = most
        for group in FindingGroup.all(report.findings(of: plan)) {
            let isShort = group.findings.count <= 10
            page.markup(isShort ? "<details class=\"cause\" open" : "<details class=\"cause long\"")
            page.markup("><summary><b class=\"")
            page.markup(group.weight == .note ? "plain" : "drop")
            page.markup("\">")
            page.text("\(Counted.text(group.findings.count, group.weight.name, plural: group.weight.plural))")
            page.element("</b>: <code>", group.code, "</code>")
            if !group.hint.isEmpty {
                page.markup(" <span class=\"faint\">hint: ")
                page.sentence(group.hint)
                page.markup("</span>")
            }
            page.markup("</summary><ul>\n")
            for finding in group.findings.prefix(left) { row(finding, of: plan) }
            if group.findings.count > left { rest(group.findings.count - left + most, "findings") }
            left = max(0, left - group.findings.count)
            page.markup("</ul></details>\n")
        }
    }

    private mutating func row(_ finding: Finding, of plan: TargetPlan) {
        page.markup("<li class=\"rest\">")
        if !finding.label.isEmpty { page.element("<b class=\"who\">", finding.label, "</b>: ") }
        page.sentence(finding.message)
        if let known = report.acknowledgement(finding, of: plan.target) {
            page.markup(" <span class=\"badge\">acknowledged</span> <span class=\"faint\">until ")
            page.text(Timestamp.end(known.until))
            page.element(" by ", known.actor, ": ")
            page.sentence(known.reason)
            page.markup("</span>")
        } else if report.isNew(finding, of: plan.target) {
            page.markup(" <span class=\"badge change\">new</span>")
        }
        page.element(" <code class=\"faint\">", finding.id(on: plan.target), "</code>")
        page.markup("</li>\n")
    }

    mutating func seats(of plan: TargetPlan) {
        if plan.ledger.isEmpty { return }
        page.markup("<h3>Seats</h3>\n<ul class=\"seats\">\n")
        let names = NamesInLine(plan, report.names)
        for row in plan.ledger { pool(row, of: plan, names) }
        page.markup("</ul>\n")
    }

    private mutating func pool(_ row: LedgerRow, of plan: TargetPlan, _ names: NamesInLine) {
        page.element("<li class=\"pool\"><span><b>", row.pool.name, "</b>")
        if let price = row.pool.price { page.element(" <span class=\"faint\">", price, "</span>") }
        page.markup("</span>")
        SeatBar(row).write(to: &page)
        page.markup("<span>")
        page.number(row.heldAfter)
        page.markup(" of ")
        page.number(row.pool.limit)
        page.text(" held (\(Counted.number(row.heldBefore)) before, \(Counted.number(row.freed)) freed, ")
        page.text("\(Counted.number(row.given)) given)")
        if row.onLeave > 0 { page.text(", \(Counted.number(row.onLeave)) on leave") }
        if row.reclaimable > 0 { page.text(", \(Counted.number(row.reclaimable)) reclaimable") }
        if row.heldAfter > row.pool.limit {
            page.markup(" <span class=\"badge drop\">")
            page.number(row.heldAfter - row.pool.limit)
            page.markup(" beyond the limit</span>")
        }
        page.markup("</span>")
        line(row, of: plan, names)
        page.markup("</li>\n")
    }

    /// Who waits for a seat of the pool's scope, in the order in which seats are given.
    private mutating func line(_ row: LedgerRow, of plan: TargetPlan, _ names: NamesInLine) {
        guard row.waiting > 0 else { return }
        let places = plan.waiting.filter { $0.scope == row.pool.scope && !$0.forPace }
        page.markup("<details class=\"all\"><summary>")
        page.text("\(Counted.number(row.waiting)) waiting")
        if let oldest = row.oldestWaiting { page.text(", the first since \(Timestamp.day(oldest))") }
        page.markup("</summary>")
        if places.isEmpty { page.markup("<p class=\"faint\">The plan does not name them.</p>") }
        page.markup("<ol>\n")
        for place in places.prefix(most) {
            page.element("<li><b class=\"who\">", names.label(of: place), "</b> ")
            page.text("as \(place.role), since \(Timestamp.day(place.since))")
            if place.isFirst { page.markup(", returns first") }
            page.markup("</li>\n")
        }
        rest(places.count, "people")
        page.markup("</ol></details>")
    }
}

/// Findings of one code, weight and hint.
struct FindingGroup {
    let code: String
    let weight: Finding.Weight
    let hint: String
    var findings: [Finding]

    /// In the order of each group's first.
    static func all(_ findings: [Finding]) -> [FindingGroup] {
        var places: [Finding: Int] = [:]
        var groups: [FindingGroup] = []
        for finding in findings {
            let key = Finding(code: finding.code, weight: finding.weight, message: "", hint: finding.hint)
            if let place = places[key] {
                groups[place].findings.append(finding)
            } else {
                places[key] = groups.count
                groups.append(
                    FindingGroup(code: finding.code, weight: finding.weight, hint: finding.hint, findings: [finding]))
            }
        }
        return groups
    }
}

extension Finding.Weight {
    var plural: String { self == .severe ? "severe" : "\(name)s" }
}
