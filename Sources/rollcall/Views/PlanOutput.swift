import Reconciliation
import Reports
import SyncAgent

/// A run on standard output, in the format asked for.
struct PlanOutput {
    private let report: PlanReport
    private let result: RunResult

    init(_ result: RunResult) {
        report = PlanReport(result)
        self.result = result
    }

    func write(_ options: PlanOptions) throws {
        if options.format == .text { try writeText(options.style) } else { try PlanOutput.write(report, options) }
    }

    /// A report in the format asked for.
    static func write(_ report: PlanReport, _ options: PlanOptions) throws {
        let seeRest = "`--all` shows them"
        switch options.format {
        case .text:
            var text = PlanText(report, style: options.style)
            try text.write { try Output.data($0) }
        case .json:
            var json = PlanJSON(report)
            try json.write { try Output.data($0) }
        case .markdown:
            let most = options.showsAll ? Int.max : PlanMarkdown.entriesAtMost
            var markdown = PlanMarkdown(report, entriesAtMost: most, seeRest: seeRest)
            try markdown.write { try Output.data($0) }
        case .csv:
            var sheet = PlanCSV(report)
            try sheet.write { try Output.data($0) }
        case .html:
            let most = options.showsAll ? Int.max : PlanReport.changesAtMost
            var page = PlanHTML(report, entriesAtMost: most, seeRest: seeRest)
            try page.write { try Output.data($0) }
        }
    }

    /// For people, with what there is to say about approvals.
    func writeText(_ style: TextStyle) throws {
        var text = PlanText(report, style: style)
        try text.write { try Output.data($0) }
        try Output.data(PlanOutput.approvalNotes(result, style))
    }

    /// A line about approvals out of date, and one for each that is not valid yet; nothing where there are none.
    static func approvalNotes(_ result: RunResult, _ style: TextStyle) -> [UInt8] {
        guard !result.idleApprovals.isEmpty else { return [] }
        var page = TextPage(style: style)
        page.blank()
        let expired = result.idleApprovals.filter { $0.validUntil <= result.record.started }
        if !expired.isEmpty {
            let names = expired.map { "`\($0.file)`" }.joined(separator: ", ")
            let (noun, verb) = expired.count == 1 ? ("approval", "is") : ("approvals", "are")
            page.line(Span("\(noun) \(names) \(verb) out of date: remove what no review needs", .faint))
        }
        for approval in result.idleApprovals where approval.validUntil > result.record.started {
            let day = Timestamp.text(approval.validFrom)
            page.line(Span("approval `\(approval.file)` lifts nothing before \(day)", .faint))
        }
        return page.bytes
    }
}
