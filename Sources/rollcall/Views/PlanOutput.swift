import Reports
import SyncAgent

/// A run on standard output, in the format asked for.
struct PlanOutput {
    private let report: PlanReport

    init(_ result: RunResult) { report = PlanReport(result) }

    func write(_ options: ReportOptions) throws {
        switch options.format {
        case .text:
            var text = PlanText(report, style: options.style)
            try text.write { try Output.data($0) }
        case .json:
            var json = PlanJSON(report)
            try json.write { try Output.data($0) }
        }
    }
}
