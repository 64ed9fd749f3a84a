import Glibc
import Reconciliation
import Reports
import SyncAgent

/// What `sync` prints after a run: everything to a person or a program, news alone to cron.
struct NightOutput {
    private let result: RunResult
    private let wasShown: Bool

    init(_ result: RunResult, wasShown: Bool) {
        self.result = result
        self.wasShown = wasShown
    }

    func write(_ options: PlanOptions) throws {
        if options.format != .text { return try PlanOutput(result).write(options) }
        if !wasShown, Terminal.isPerson(at: STDOUT_FILENO) { try PlanOutput(result).write(options) }
        if Terminal.isPerson(at: STDOUT_FILENO) { return try closing(style: options.style) }
        message()
        if Journal.isRead, result.ending == .applied {
            var page = TextPage(style: .plain)
            page.line("run \(result.record.number): \(result.record.summary)")
            Output.message(page.bytes, .notice)
        }
    }

    /// The last line on a terminal: what was done, and where it is written down.
    private func closing(style: TextStyle) throws {
        var page = TextPage(style: style)
        page.blank()
        switch result.ending {
        case .declined: page.line(Span("Nothing has been written.", .strong))
        case .planned, .applied: page.line(Span("Run \(result.record.number): \(result.record.summary)", .strong))
        }
        for path in result.reports { page.line(Span("report: \(path)", .faint)) }
        try Output.data(page.bytes)
    }

    /// One message for cron; nothing on a night without news.
    func message() {
        let news = NightMessage(PlanReport(result), reports: result.reports)
        guard news.isNeeded else { return }
        let style = Terminal.style(of: STDERR_FILENO)
        Output.message(
            news.bytes(style: style) + PlanOutput.approvalNotes(result, style),
            result.status == .done ? .notice : .warning)
    }
}
