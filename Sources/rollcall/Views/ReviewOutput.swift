import Diagnostics
import Reconciliation
import Reports
import SyncAgent

/// What a signed review did, or would do.
struct ReviewOutput {
    private let result: ReviewResult
    private let isDryRun: Bool
    /// Whether a human saw the lines already when asked.
    private let wasShown: Bool

    init(_ result: ReviewResult, isDryRun: Bool, wasShown: Bool = false) {
        self.result = result
        self.isDryRun = isDryRun
        self.wasShown = wasShown
    }

    func write(_ options: ReportOptions) throws {
        try Output.data(options.format == .json ? json() : text(style: options.style))
    }

    func text(style: TextStyle) -> [UInt8] {
        var page = TextPage(style: style)
        if !wasShown { lines(to: &page) }
        if result.isWritten {
            page.line(Span("run \(result.record.number)", .faint))
        } else if result.isDeclined {
            page.line("stopped: nothing has been written")
        } else if isDryRun {
            page.line("nothing was written: this was a dry run")
        } else if !wasShown {
            page.line("nothing was written: no line asks for something that Rollcall does")
        }
        return page.bytes
    }

    /// What is done, then what is not, with why; what is kept is only counted.
    func lines(to page: inout TextPage) {
        section(.revoked, "taken back", .removed, &page)
        section(.suspended, "suspended", .removed, &page)
        section(.toDo, "for you to do: Rollcall cannot take what rules give", .changed, &page)
        section(.changed, "not done: not as the reviewer saw it", .alarm, &page)
        section(.refused, "not done: refused", .alarm, &page)
        section(.gone, "nothing to do any more", .faint, &page)
        page.line(
            "\(Counted.number(result.count(.kept))) kept, \(Counted.number(result.undecided)) without a decision")
    }

    private func section(
        _ outcome: ReviewResult.Line.Outcome, _ title: String, _ tone: Tone, _ page: inout TextPage
    ) {
        let lines = result.lines.filter { $0.outcome == outcome }
        if lines.isEmpty { return }
        page.line(Span("\(Counted.number(lines.count)) \(title)", tone))
        let shown = page.style.shown(of: lines.count)
        for line in lines.prefix(shown) {
            page.line(
                "line \(line.line)  \(line.target)  \(line.email)  \(line.what)  (\(line.reviewer), \(line.date))",
                indent: 2)
            if !line.note.isEmpty { page.line(Span(line.note, .faint), indent: 6) }
        }
        if lines.count > shown {
            page.line("… and \(Counted.number(lines.count - shown)) more; \(page.style.seeRest)", indent: 2)
        }
    }

    private func json() -> [UInt8] {
        var json = JSONWriter(layout: .pretty)
        json.beginObject()
        json.field("format", "rollcall.review-import/1")
        json.key("run")
        if result.isWritten { json.value(Int(result.record.number)) } else { json.null() }
        json.field("stage", result.isWritten ? "applied" : result.isDeclined ? "declined" : "planned")
        json.key("counts")
        json.beginObject()
        for outcome in ReviewResult.Line.Outcome.allCases { json.field(outcome.rawValue, result.count(outcome)) }
        json.field("undecided", result.undecided)
        json.endObject()
        json.key("lines")
        json.beginArray()
        for line in result.lines {
            json.beginObject()
            json.field("line", line.line)
            json.field("target", line.target)
            json.field("directory", line.person.directory)
            json.field("id", "\(line.person.id)")
            json.field("email", line.email)
            json.field("access", line.what)
            json.field("outcome", line.outcome.rawValue)
            json.field("note", line.note)
            json.field("reviewer", line.reviewer)
            json.field("date", line.date)
            json.endObject()
        }
        json.endArray()
        json.endObject()
        json.newline()
        return json.bytes
    }
}
