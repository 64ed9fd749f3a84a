package import Reconciliation

/// The page that lists the reports that are kept, the newest run first.
package struct ReportIndex {
    /// A run with the files of its reports.
    package struct Entry: Sendable, Equatable {
        package var run: Int64
        /// What the roster knows of it; nil for one that it does not know.
        package var record: RunRecord?
        /// Endings of the files `run-812.html`, in the order in which they are listed.
        package var endings: [String]

        package init(run: Int64, record: RunRecord?, endings: [String]) {
            self.run = run
            self.record = record
            self.endings = endings
        }
    }
    private let entries: [Entry]
    private let version: String
    private let history: [NightFigures]

    package init(_ entries: [Entry], version: String, history: [NightFigures] = []) {
        self.entries = entries
        self.version = version
        self.history = history
    }

    package func bytes() -> [UInt8] {
        var page = HTMLWriter()
        PageShell.begin("Reports of runs", in: &page)
        page.element("<p>", "\(Counted.text(entries.count, "run")), the newest first. Times are UTC.", "</p>\n")
        page.beginTable("Reports")
        page.markup("<thead><tr><th scope=\"col\">Run</th><th scope=\"col\">Started</th>")
        page.markup("<th scope=\"col\">Ended</th><th scope=\"col\">What happened</th><th scope=\"col\">Command</th>")
        page.markup("<th scope=\"col\">Reports</th></tr></thead>\n<tbody>\n")
        for entry in entries { row(entry, to: &page) }
        page.markup("</tbody></table></div>\n")
        PageHistory(nights: history).write(to: &page)
        PageShell.end(version: version, head: nil, in: &page)
        return page.bytes
    }

    private func row(_ entry: Entry, to page: inout HTMLWriter) {
        page.markup("<tr><th scope=\"row\">")
        page.digits(Int(entry.run))
        page.markup("</th>")
        if let record = entry.record {
            page.element("<td class=\"when\">", Timestamp.text(record.started), "</td>")
            page.markup("<td>")
            page.markup(record.outcome == .applied ? "<span class=\"badge plain\">" : "<span class=\"badge drop\">")
            page.element("", record.outcome.words, "</span></td>")
            page.element("<td>", record.summary, "</td>")
            page.element("<td>", "\(record.command) by \(record.actor)", "</td><td>")
        } else {
            page.markup("<td></td><td></td><td>the roster does not know this run</td><td></td><td>")
        }
        for ending in entry.endings {
            page.markup("<a href=\"run-")
            page.digits(Int(entry.run))
            page.element(".", ending, "\">")
            page.element("", ending, "</a> ")
        }
        page.markup("</td></tr>\n")
    }
}
