import AccessModel
import Reconciliation

/// The seat ledger and the tally of the guards under a plan.
struct PlanTables {
    let plan: TargetPlan

    func write(to page: inout TextPage) {
        ledger(to: &page)
        tally(to: &page)
    }

    private func ledger(to page: inout TextPage) {
        guard !plan.ledger.isEmpty else { return }
        page.blank()
        page.line("Seats", indent: 2)
        let titles = ["pool", "limit", "held", "freed", "given", "held after", "waiting", "first in line since"]
        var rows: [[Span]] = [titles.map { Span($0, .faint) }]
        for row in plan.ledger {
            let over: Tone = row.heldAfter > row.pool.limit ? .alarm : .plain
            rows.append([
                Span(row.pool.name), Span(Counted.number(row.pool.limit)), Span(Counted.number(row.heldBefore)),
                Span(Counted.number(row.freed)), Span(Counted.number(row.given)),
                Span(Counted.number(row.heldAfter), over), Span(Counted.number(row.waiting)),
                Span(row.oldestWaiting.map(Timestamp.day) ?? "–"),
            ])
        }
        page.columns(rows, rightAligned: [1, 2, 3, 4, 5, 6], indent: 4)
    }

    private func tally(to page: inout TextPage) {
        let rows = TallyRow.all(of: plan)
        guard !rows.isEmpty else { return }
        page.blank()
        page.line("Guards", indent: 2)
        let cells = rows.map { [Span($0.kind), Span($0.text, $0.isExceeded ? .alarm : .plain)] }
        page.columns(cells, indent: 4)
    }
}

/// What one guard counted, in words.
struct TallyRow {
    let kind: String
    let text: String
    let isExceeded: Bool

    /// Those that counted anything; a week only where it has other nights in it.
    static func all(of plan: TargetPlan) -> [TallyRow] {
        plan.tally.filter { $0.count > 0 && ($0.window != GuardTally.week || $0.earlier > 0) }.map { tally in
            let limit = tally.limitText.isEmpty ? String(tally.limit) : tally.limitText
            // A group is frozen for what it lost, and how many groups are has no limit.
            var text =
                tally.kind == .groupShrink
                ? "\(Counted.text(tally.count, "group")) frozen (limit \(limit))"
                : "\(Counted.number(tally.count)) of at most \(limit)"
            if tally.earlier > 0 { text += ", \(Counted.number(tally.earlier)) before it in \(tally.window)" }
            if tally.approved > 0 { text += ", \(Counted.number(tally.approved)) approved" }
            return TallyRow(kind: tally.kind.rawValue, text: text, isExceeded: tally.isExceeded)
        }
    }
}
