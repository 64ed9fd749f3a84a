import Diagnostics
import DirectoryModel
import Reconciliation
import Reports
import SyncAgent

/// What an act by hand did.
struct ActOutput {
    private let result: ActResult
    /// Whether the people come first, as where a list was only tried.
    private let showsPeople: Bool

    init(_ result: ActResult, showsPeople: Bool = false) {
        self.result = result
        self.showsPeople = showsPeople
    }

    func write(_ options: ReportOptions) throws {
        if !result.warnings.isEmpty { Output.message(warnings) }
        switch options.format {
        case .text:
            var page = TextPage(style: options.style)
            if showsPeople { page.people(of: result) }
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

extension TextPage {
    /// Whom a list would suspend, target by target.
    mutating func people(of result: ActResult) {
        for plan in result.plans {
            line(Span(plan.target, .strong))
            let suspended = Set(plan.changes.filter { $0.kind == .suspend }.map { Int($0.subject) })
            for (place, subject) in plan.subjects.enumerated() {
                let note =
                    suspended.contains(place) ? "" : "  (is suspended already, and stays so until somebody resumes)"
                line("- \(plan.texts[subject.email])\(note)", indent: 2)
            }
        }
    }
}
