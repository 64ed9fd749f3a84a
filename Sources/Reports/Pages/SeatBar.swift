import AccessModel
import Reconciliation

/// A seat pool as a bar: what was held and stays, what is given anew, what is free, what is too many.
struct SeatBar {
    private static let width = 1_000
    private let row: LedgerRow

    init(_ row: LedgerRow) { self.row = row }

    func write(to page: inout HTMLWriter) {
        let whole = max(row.pool.limit, row.heldAfter, 1)
        page.markup(
            "<svg viewBox=\"0 0 1000 40\" height=\"14\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"")
        page.text("\(row.heldAfter) of \(row.pool.limit) seats held")
        page.markup("\">")
        part("track", 0, whole, of: whole, to: &page)
        let inLimit = min(row.heldAfter, row.pool.limit)
        let given = min(row.given, inLimit)
        part("held", 0, inLimit - given, of: whole, to: &page)
        part("given", inLimit - given, given, of: whole, to: &page)
        part("over", inLimit, row.heldAfter - inLimit, of: whole, to: &page)
        page.markup("</svg>")
    }

    private func part(_ name: StaticString, _ start: Int, _ length: Int, of whole: Int, to page: inout HTMLWriter) {
        guard length > 0 else { return }
        page.markup("<rect class=\"")
        page.markup(name)
        page.markup("\" x=\"")
        page.digits(SeatBar.scaled(start, whole))
        page.markup("\" y=\"0\" height=\"40\" width=\"")
        page.digits(max(1, SeatBar.scaled(start + length, whole) - SeatBar.scaled(start, whole)))
        page.markup("\"/>")
    }

    /// The place of a count along the bar; counts are far from where the product could overflow, and are held to that.
    private static func scaled(_ count: Int, _ whole: Int) -> Int {
        min(count, 1 << 40) * width / max(1, min(whole, 1 << 40))
    }
}
