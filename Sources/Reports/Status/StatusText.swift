import AccessModel
import Diagnostics
import Reconciliation

/// The status for people: what needs somebody first, then target by target, then what comes.
package struct StatusText {
    /// Things due that are shown.
    private static let dueAtMost = 5

    private let report: StatusReport
    private var page: TextPage

    package static func bytes(_ report: StatusReport, style: TextStyle = .plain) -> [UInt8] {
        var text = StatusText(report: report, page: TextPage(style: style))
        text.write()
        return text.page.bytes
    }

    /// One line for a monitor: `ok: …`, or what fails and what is too old.
    package static func line(_ report: StatusReport, maxAge: Int64) -> [UInt8] {
        var page = TextPage(style: .plain)
        let parts = [("failing", report.failing), ("too old", report.stale(maxAge))].filter { !$0.1.isEmpty }
        if parts.isEmpty {
            let oldest = report.directories.compactMap(\.read).min() ?? report.now
            page.line("ok: what is known of the oldest directory is \(Timestamp.length(report.age(oldest))) old")
        } else {
            let words = parts.map { "\($0.0): \($0.1.joined(separator: "; "))" }
            page.line("\(words.joined(separator: "; "))")
        }
        return page.bytes
    }

    private mutating func write() {
        page.line(Span("Status of \(Timestamp.text(report.now))", .strong))
        let attention = report.attention
        if attention.isEmpty {
            page.line("Nothing needs anybody.")
        } else {
            for sentence in attention { page.line(Span("! ", .alarm), Span(sentence)) }
        }
        for target in report.targets { self.target(target) }
        page.blank()
        page.line(Span("Directories", .strong))
        page.columns(report.directories.map(row), indent: 2)
        next()
        due()
        delivery()
        runs()
    }

    private mutating func target(_ target: StatusReport.Target) {
        page.blank()
        page.line(Span(target.name, .strong), target.mode == .observe ? "  (mode observe)" : "")
        if let run = target.run {
            let ago = Timestamp.length(report.age(run.started))
            page.line("last run:  \(run.number), \(ago) ago: \(StatusText.changes(of: target))", indent: 2)
        } else {
            page.line("last run:  none yet", indent: 2)
        }
        holds(.held, target.holds)
        holds(.withheld, target.withheld)
        holds(.wouldHold, target.wouldHold)
        holds(.wouldWithhold, target.wouldWithhold)
        if let run = target.pausedBy {
            page.line("           ", Span("PAUSED  ", .alarm), "since run \(run)", indent: 2)
        }
        let users = UserStatus.allCases.compactMap { status in
            target.users[status].map { "\(Counted.number($0)) \(status.rawValue)" }
        }
        if !users.isEmpty { page.line("users:     \(users.joined(separator: ", "))", indent: 2) }
        line(of: target)
        if target.findings + target.acknowledged > 0 {
            page.line("findings:  \(StatusText.findings(of: target))", indent: 2)
        }
    }

    private mutating func holds(_ mark: HoldNotice.Mark, _ holds: [String]) {
        for hold in holds { page.line("           ", Span("\(mark.rawValue)  ", .alarm), Span(hold), indent: 2) }
    }

    private mutating func line(of target: StatusReport.Target) {
        for row in target.seats where row.waiting > 0 {
            var text =
                "seats:     \(row.pool.name): \(Counted.number(row.heldAfter)) of \(Counted.number(row.pool.limit)) held"
            text += ", \(Counted.number(row.waiting)) waiting"
            if let oldest = row.oldestWaiting { text += " since \(Timestamp.day(oldest))" }
            page.line(Span(text), indent: 2)
        }
        if target.waitingForPace > 0 {
            let people = Counted.text(target.waitingForPace, "person", plural: "people")
            page.line("pace:      \(people) waiting for their turn to be invited", indent: 2)
        }
    }

    private static func changes(of target: StatusReport.Target) -> String {
        let words = ChangeKind.allCases.compactMap { kind in
            target.changes[kind].map { "\(kind.participle) \(Counted.number($0))" }
        }
        return words.isEmpty ? "nothing changed" : words.joined(separator: ", ")
    }

    private static func findings(of target: StatusReport.Target) -> String {
        var parts: [String] = []
        if target.findings > 0 {
            parts.append(Counted.number(target.findings) + (target.severe > 0 ? " (\(target.severe) severe)" : ""))
        }
        if target.acknowledged > 0 { parts.append("\(Counted.number(target.acknowledged)) acknowledged") }
        return parts.joined(separator: ", ")
    }

    private func row(_ directory: StatusReport.Directory) -> [Span] {
        guard let read = directory.read, let run = directory.run else { return [Span(directory.name), "never read"] }
        let words = "read \(Timestamp.length(report.age(read))) ago, run \(run)"
        let row = [Span(directory.name), Span(words)]
        return directory.isUnread ? row + [Span("the last run could not read it", .alarm)] : row
    }

    private mutating func next() {
        page.blank()
        guard let next = report.next else {
            return page.line(
                Span("Next run", .strong), "  not by a schedule of the configuration: cron, a timer or by hand")
        }
        let time = next.time.map(Timestamp.text) ?? "never"
        let who = next.isDaemonAtWork == false ? ", if the daemon is started: none is at work" : ""
        page.line(Span("Next run", .strong), "  \(time)\(who)")
    }

    private mutating func due() {
        page.blank()
        let days = report.dueWithin / 86_400
        guard let due = report.due else {
            let why = report.dueProblem.isEmpty ? "" : ": \(report.dueProblem)"
            return page.line(Span("Due", .strong), "  cannot be told\(why)")
        }
        page.line(
            Span("Due within \(days) days", .strong), due.isEmpty ? "  nothing" : "  \(Counted.number(due.count))")
        let rows = due.prefix(StatusText.dueAtMost).map { one in
            [
                Span(one.item.kind.isEnd ? Timestamp.end(one.item.time) : Timestamp.text(one.item.time)),
                Span(one.target), Span(one.item.kind.rawValue),
                Span(page.shown(one.item.label)), Span(one.item.reason, .faint),
            ]
        }
        page.columns(rows, indent: 2)
        if due.count > StatusText.dueAtMost {
            page.line(
                "… and \(Counted.number(due.count - StatusText.dueAtMost)) more; `rollcall due` has them all", indent: 2
            )
        }
    }

    private mutating func delivery() {
        guard report.delivers || report.undelivered + report.givenUp > 0 else { return }
        page.blank()
        var parts = [
            report.undelivered == 0 ? "nothing waits" : "\(Counted.text(report.undelivered, "message")) waiting"
        ]
        if report.givenUp > 0 { parts.append("\(Counted.number(report.givenUp)) given up") }
        page.line(Span("Delivery", .strong), "  \(parts.joined(separator: ", "))")
    }

    private mutating func runs() {
        guard !report.runs.isEmpty else { return }
        page.blank()
        page.line(Span("Last runs", .strong))
        page.columns(
            report.runs.map { run in
                [
                    Span("\(run.number)"), Span(Timestamp.text(run.started)), Span(run.command),
                    Span(run.outcome.words, run.outcome == .applied ? .plain : .alarm), Span(run.summary, .faint),
                ]
            }, rightAligned: [0], indent: 2)
    }
}
