import Reconciliation

/// The last nights as small charts, with their figures beneath.
struct PageHistory {
    let nights: [NightFigures]

    private static let width = 600
    private static let height = 120

    func write(to page: inout HTMLWriter) {
        guard nights.count > 1, let last = nights.last else { return }
        page.element("<section>\n<h2>", "The last \(nights.count) nights", "</h2>\n<div class=\"charts\">\n")
        bars("Changes", nights.map(\.changes), last.changes, to: &page)
        bars("Seconds", nights.map { Int($0.duration) }, Int(last.duration), to: &page)
        curve("People", nights.map(\.people), to: &page)
        curve("Seats held", nights.map(\.seats), to: &page)
        page.markup("</div>\n")
        table(to: &page)
        page.markup("</section>\n")
    }

    private func begin(_ title: StaticString, _ last: Int, _ range: String, to page: inout HTMLWriter) {
        page.markup("<figure><figcaption><b>")
        page.markup(title)
        page.markup("</b><span>last ")
        page.number(last)
        page.element(", <span class=\"faint\">", range, "</span></span></figcaption>")
        page.markup(
            "<svg viewBox=\"0 0 600 120\" height=\"70\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"")
        page.markup(title)
        page.text(", last night \(last), \(range)")
        page.markup("\">")
    }

    private func bars(_ title: StaticString, _ values: [Int], _ last: Int, to page: inout HTMLWriter) {
        let most = max(1, values.max() ?? 1)
        begin(title, last, "most \(Counted.number(values.max() ?? 0))", to: &page)
        let step = PageHistory.width / max(1, values.count)
        for (place, value) in values.enumerated() {
            let tall = max(value > 0 ? 2 : 0, PageHistory.scaled(value, most))
            page.markup(nights[place].outcome == .failed ? "<rect class=\"failed\" x=\"" : "<rect class=\"bar\" x=\"")
            page.digits(place * step)
            page.markup("\" width=\"")
            page.digits(max(1, step - 3))
            page.markup("\" y=\"")
            // A night that failed leaves a mark of its own.
            let shown = nights[place].outcome == .failed ? max(tall, 12) : tall
            page.digits(PageHistory.height - shown)
            page.markup("\" height=\"")
            page.digits(shown)
            page.element(
                "\"><title>", "run \(nights[place].run), \(Timestamp.day(nights[place].started)): \(value)", "")
            page.markup("</title></rect>")
        }
        page.markup("</svg></figure>\n")
    }

    /// A line over the nights of which the figure is known.
    private func curve(_ title: StaticString, _ values: [Int?], to page: inout HTMLWriter) {
        let known = values.compactMap { $0 }
        guard known.count > 1, let last = known.last, let most = known.max(), let least = known.min() else { return }
        let range = least == most ? "unchanged" : "\(Counted.number(least)) to \(Counted.number(most))"
        begin(title, last, range, to: &page)
        page.markup("<polyline class=\"curve\" points=\"")
        let step = PageHistory.width / max(1, values.count - 1)
        for (place, value) in values.enumerated() {
            guard let value else { continue }
            let tall = least == most ? 55 : PageHistory.scaled(value - least, most - least) * 11 / 12
            page.digits(place * step)
            page.markup(",")
            page.digits(PageHistory.height - 5 - tall)
            page.markup(" ")
        }
        page.markup("\"/></svg></figure>\n")
    }

    private func table(to page: inout HTMLWriter) {
        page.markup("<details><summary>The figures</summary>")
        page.beginTable("The figures")
        page.markup("<thead><tr><th scope=\"col\">Run</th>")
        page.markup(
            "<th scope=\"col\">Started</th><th scope=\"col\">Ended</th><th scope=\"col\" class=\"num\">Changes</th>")
        page.markup("<th scope=\"col\" class=\"num\">People</th><th scope=\"col\" class=\"num\">Seats held</th>")
        page.markup("<th scope=\"col\" class=\"num\">Seconds</th></tr></thead>\n<tbody>\n")
        for night in nights.reversed() {
            page.markup("<tr><th scope=\"row\">")
            page.digits(Int(night.run))
            page.element("</th><td class=\"when\">", Timestamp.text(night.started), "</td><td>")
            page.text(night.outcome.words)
            for figure in [night.changes, night.people, night.seats, Int(night.duration)] {
                page.markup("</td><td class=\"num\">")
                if let figure { page.number(figure) } else { page.markup("–") }
            }
            page.markup("</td></tr>\n")
        }
        page.markup("</tbody></table></div></details>\n")
    }

    /// How tall a value is where the most is as tall as the chart.
    private static func scaled(_ value: Int, _ most: Int) -> Int {
        min(max(0, value), 1 << 40) * height / max(1, min(most, 1 << 40))
    }
}

extension RunRecord.Outcome {
    /// How a run ended, for people: `partly held`.
    package var words: String { rawValue.split(separator: "_").joined(separator: " ") }
}
