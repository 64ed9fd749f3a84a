import Reports
import SyncAgent

/// A run on standard output, in the format asked for.
struct PlanOutput {
    private let report: PlanReport
    private let expired: [String]

    init(_ result: RunResult) {
        report = PlanReport(result)
        expired = result.expiredApprovals
    }

    func write(_ options: ReportOptions) throws {
        switch options.format {
        case .text:
            var text = PlanText(report, style: options.style)
            try text.write { try Output.data($0) }
            try Output.data(PlanOutput.approvalNote(expired, style: options.style))
        case .json:
            var json = PlanJSON(report)
            try json.write { try Output.data($0) }
        }
    }

    /// One line about approvals out of date; nothing where there are none.
    static func approvalNote(_ files: [String], style: TextStyle) -> [UInt8] {
        guard !files.isEmpty else { return [] }
        var page = TextPage(style: style)
        let names = files.map { "`\($0)`" }.joined(separator: ", ")
        let (noun, verb) = files.count == 1 ? ("approval", "is") : ("approvals", "are")
        page.blank()
        page.line(
            Span("\(noun) \(names) \(verb) out of date: remove what no review needs", .faint))
        return page.bytes
    }
}
