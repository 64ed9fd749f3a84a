import AccessModel
import Diagnostics
package import Reconciliation

/// A comparison of seats as text for people or JSON for programs.
package struct WhatIfReport {
    private let answer: WhatIf

    package init(_ answer: WhatIf) { self.answer = answer }

    package func text(style: TextStyle) -> [UInt8] {
        var page = TextPage(style: style)
        page.line(Span(answer.target, .strong), " if \(answer.assumptions.joined(separator: ", "))")
        page.blank()
        pools(to: &page)
        moves(to: &page, true, "Would happen then, and not tonight")
        moves(to: &page, false, "Would happen tonight, and not then")
        if answer.moves.isEmpty {
            page.blank()
            page.line("Nobody would move in or out.")
        }
        return page.bytes
    }

    private func pools(to page: inout TextPage) {
        if answer.pools.isEmpty { return page.line("The target has no limited seats.", indent: 2) }
        var rows: [[Span]] = [["pool", "limit", "held", "waiting", "on leave", "price"].map { Span($0, .faint) }]
        for pool in answer.pools {
            rows.append([
                Span(pool.then.pool.name), Span(step(pool.now.pool.limit, pool.then.pool.limit)),
                Span(step(pool.now.heldAfter, pool.then.heldAfter)), Span(step(pool.now.waiting, pool.then.waiting)),
                Span(step(pool.now.onLeave, pool.then.onLeave)), Span(pool.then.pool.price ?? "–"),
            ])
        }
        page.columns(rows, indent: 2)
    }

    /// `40 → 45`, or the one number where nothing changes.
    private func step(_ now: Int, _ then: Int) -> String {
        now == then ? Counted.number(now) : "\(Counted.number(now)) → \(Counted.number(then))"
    }

    private func moves(to page: inout TextPage, _ isThen: Bool, _ title: String) {
        let moves = answer.moves.filter { $0.isThen == isThen }
        if moves.isEmpty { return }
        page.blank()
        page.line(Span(title))
        let rows = moves.map { move -> [Span] in
            [
                Span(move.change.kind.mark, move.change.kind.tone), Span(move.label),
                Span(what(move)),
                Span(move.reason.summary, .faint),
            ]
        }
        page.columns(rows, indent: 2)
    }

    private func what(_ move: WhatIf.Move) -> String {
        guard move.change.kind == .invite, move.change.after == "invited" else {
            return move.change.phrase(for: move.reason)
        }
        return "invited" + (move.access.map { ": \($0.sentence)" } ?? "")
    }

    package func json() -> [UInt8] {
        var json = JSONWriter(layout: .pretty)
        json.beginObject()
        json.field("format", "rollcall.what-if/1")
        json.field("target", answer.target)
        json.field("if", answer.assumptions)
        json.poolsAndMoves(answer)
        json.endObject()
        json.newline()
        return json.bytes
    }

}

extension JSONWriter {
    /// Seat pools now and then, and who moves in or out.
    mutating func poolsAndMoves(_ answer: WhatIf) {
        key("pools")
        beginArray()
        for pool in answer.pools {
            beginObject()
            key("now")
            ledgerRow(pool.now)
            key("then")
            ledgerRow(pool.then)
            endObject()
        }
        endArray()
        key("moves")
        beginArray()
        for move in answer.moves { self.move(move) }
        endArray()
    }

    mutating func move(_ move: WhatIf.Move) {
        beginObject()
        field("in", move.isThen ? "then" : "now")
        field("kind", move.change.kind.name)
        field("email", move.label)
        field("directory", move.person.directory)
        field("id", "\(move.person.id)")
        field("scope", "\(move.change.scope)")
        field("before", move.change.before)
        field("after", move.change.after)
        field("access", move.access?.sentence)
        field("reason", move.reason.summary)
        endObject()
    }
}
