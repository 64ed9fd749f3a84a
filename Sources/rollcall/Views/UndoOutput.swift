import Reconciliation
import Reports
import SyncAgent

/// What an undo did: the plan as applied, and how it goes on.
struct UndoOutput {
    private let result: RunResult
    private let wasShown: Bool

    init(_ result: RunResult, wasShown: Bool) {
        self.result = result
        self.wasShown = wasShown
    }

    func write(_ options: PlanOptions) throws {
        if options.format != .text || !wasShown { try PlanOutput(result).write(options) }
        guard options.format == .text else { return }
        var page = TextPage(style: options.style)
        page.blank()
        guard result.ending == .applied else {
            page.line(Span("Nothing has been written.", .strong))
            return try Output.data(page.bytes)
        }
        page.line(Span("Run \(result.record.number): \(result.record.summary)", .strong))
        for plan in result.plans where !plan.subjects.isEmpty {
            page.line("\(plan.target) pauses: nothing is written until `rollcall continue \(plan.target)`")
        }
        try Output.data(page.bytes)
    }
}
