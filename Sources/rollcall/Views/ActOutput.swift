import Diagnostics
import Reconciliation
import Reports
import SyncAgent

/// What an act by hand did.
struct ActOutput {
    private let result: ActResult

    init(_ result: ActResult) { self.result = result }

    func write(_ options: ReportOptions) throws {
        if !result.warnings.isEmpty { Output.message(warnings) }
        switch options.format {
        case .text:
            var page = TextPage(style: options.style)
            for sentence in result.sentences { page.line("\(sentence)") }
            if result.isWritten { page.line(Span("run \(result.record.number)", .faint)) }
            try Output.data(page.bytes)
        case .json:
            let record = result.record
            try Output.data(
                PlanJSON.bytes(
                    PlanReport(
                        stage: result.isWritten ? .applied : .planned,
                        run: result.isWritten ? record.number : nil, time: record.started, version: record.version,
                        plans: result.plans)))
        }
    }

    /// What the next run will be stopped by.
    private var warnings: [UInt8] {
        DiagnosticReport(result.warnings).text()
            + Array("note: this act needs none of it, but no run goes on before it is repaired\n".utf8)
    }
}
