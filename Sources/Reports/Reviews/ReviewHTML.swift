import AccessModel
import Reconciliation

/// An access review as one page: to be read, searched, printed and signed; decisions that Rollcall is to carry out go into the sheet.
package struct ReviewHTML {
    private let review: AccessReview
    private var page = HTMLWriter()

    package init(_ review: AccessReview) { self.review = review }

    package static func bytes(_ review: AccessReview) -> [UInt8] {
        var bytes: [UInt8] = []
        var page = ReviewHTML(review)
        page.write { bytes.append(contentsOf: $0) }
        return bytes
    }

    /// Hands the page over piece by piece.
    package mutating func write(to sink: ([UInt8]) throws -> Void) rethrows {
        PageShell.begin("Access review, \(Timestamp.day(review.time))", in: &page)
        head()
        tools()
        let privileged = review.rows.filter(\.item.isPrivileged)
        let others = review.rows.filter { !$0.item.isPrivileged }
        try section("Privileged access", privileged, sink)
        try section("Everything else", others, sink)
        if review.rows.isEmpty { page.markup("<p>Nobody has anything.</p>\n") }
        signature()
        PageShell.end(version: review.version, head: nil, in: &page)
        try sink(page.drain())
    }

    private mutating func head() {
        let people = Set(review.rows.map { "\($0.item.target) \($0.item.user)" }).count
        page.markup("<p>Who has what, and why")
        if let run = review.run { page.element("", ", as run \(run) left it", "") }
        page.element("", ". Times are UTC. Stale is who has not signed in for \(review.staleAfter).", "</p>\n")
        page.markup("<ul class=\"tiles\">")
        tile(people, "users")
        tile(review.rows.count, "things they have")
        tile(review.rows.count { $0.item.isPrivileged }, "privileged")
        tile(review.rows.count { $0.item.use == .stale }, "stale")
        let strangers = review.rows.count { $0.item.use == .neverAccepted }
        if strangers > 0 { tile(strangers, "never accepted") }
        page.markup("</ul>\n")
    }

    private mutating func tile(_ count: Int, _ what: String) {
        page.markup("<li><b>")
        page.number(count)
        page.element("</b> ", what, "</li>")
    }

    /// Search and filters; the script shows them, since they do nothing without it.
    private mutating func tools() {
        if review.rows.isEmpty { return }
        page.markup("<div id=\"tools\" role=\"search\" hidden>\n<label for=\"search\">Search</label> ")
        page.markup("<input type=\"search\" id=\"search\" autocomplete=\"off\" spellcheck=\"false\" ")
        page.markup("placeholder=\"person, role, group, rule, stale …\">\n")
        page.markup("<output id=\"shown\" for=\"search\"></output>\n</div>\n")
    }

    private mutating func section(
        _ title: String, _ rows: [AccessReview.Row], _ sink: ([UInt8]) throws -> Void
    ) rethrows {
        if rows.isEmpty { return }
        page.element("<section>\n<h2>", title, "</h2>\n")
        var start = 0
        let groups = rows.enumerated().sorted { left, right in
            let (one, other) = (ReviewHTML.heading(left.element), ReviewHTML.heading(right.element))
            return one == other ? left.offset < right.offset : precedes(one, other)
        }.map(\.element)
        while start < groups.count {
            let heading = ReviewHTML.heading(groups[start])
            var end = start + 1
            while end < groups.count, ReviewHTML.heading(groups[end]) == heading { end += 1 }
            group(heading, groups[start..<end])
            try sink(page.drain())
            start = end
        }
        page.markup("</section>\n")
    }

    /// `acme-desk: support: chat-user`.
    private static func heading(_ row: AccessReview.Row) -> String { "\(row.item.target): \(row.item.part.words)" }

    private mutating func group(_ heading: String, _ rows: ArraySlice<AccessReview.Row>) {
        page.markup(rows.count > 200 ? "<details class=\"cause long\"" : "<details class=\"cause\"")
        if rows.first?.item.isPrivileged == true { page.markup(" open") }
        page.element("><summary><b>", heading, "</b> · ")
        page.number(rows.count)
        badge(rows.count { $0.item.use == .stale }, " stale")
        badge(rows.count { $0.item.use == .neverAccepted }, " never accepted")
        page.markup("</summary>\n<ul>\n")
        for row in rows { self.row(row) }
        page.markup("</ul></details>\n")
    }

    private mutating func badge(_ count: Int, _ what: StaticString) {
        if count == 0 { return }
        page.markup(" <span class=\"badge drop\">")
        page.number(count)
        page.markup(what)
        page.markup("</span>")
    }

    /// On paper it is unfolded: whoever signs has to see why.
    private mutating func row(_ row: AccessReview.Row) {
        let item = row.item
        page.markup("<li><details class=\"row all\"><summary><span class=\"who\">")
        page.element("<b>", item.email, "</b></span> ")
        page.element("<span class=\"name\">", item.name, "</span>")
        if item.status != .active { page.element(" <span class=\"badge change\">", item.status.rawValue, "</span>") }
        switch item.use {
        case .used, .unknown: break
        case .stale: page.markup(" <span class=\"badge drop\">stale</span>")
        case .neverAccepted: page.markup(" <span class=\"badge drop\">never accepted</span>")
        }
        page.markup("</summary><div><dl>")
        fact("<dt>why</dt>", row.why)
        fact("<dt>since</dt>", Timestamp.text(row.since))
        fact("<dt>last sign-in</dt>", item.lastSignIn.map(Timestamp.text) ?? "unknown")
        fact("<dt>id</dt>", "\(item.key.directory) \(item.key.id)")
        page.markup("</dl></div></details></li>\n")
    }

    private mutating func fact(_ title: StaticString, _ text: String) {
        page.markup(title)
        page.markup("<dd>")
        page.sentence(text)
        page.markup("</dd>")
    }

    private mutating func signature() {
        page.markup(
            "<section>\n<h2>Signed</h2>\n<dl class=\"signed\"><dt>reviewer</dt><dd>&#160;</dd><dt>date</dt><dd>&#160;</dd></dl>\n"
        )
        page.markup("<p class=\"faint\">What is to be taken back goes into the sheet: ")
        page.markup(
            "<code>rollcall review --format csv</code>, then <code>rollcall review --import FILE</code>.</p>\n</section>\n"
        )
    }
}
