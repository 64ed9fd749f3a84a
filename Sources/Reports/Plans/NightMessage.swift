import Reconciliation

/// What cron mails: holds and findings that were not there the night before, and where the whole report is.
package struct NightMessage: Sendable {
    /// New findings told; the rest is in the report.
    private static let findingsAtMost = 20

    private let report: PlanReport
    private let paths: [String]

    package init(_ report: PlanReport, reports paths: [String]) {
        self.report = report
        self.paths = paths
    }

    /// Whether there is anything to say.
    package var isNeeded: Bool { report.hasHolds || report.newFindings.contains { !$0.value.isEmpty } }

    package func bytes(style: TextStyle) -> [UInt8] {
        var page = TextPage(style: style)
        let outcome = report.hasHolds ? "a guard held something back" : "there is something new"
        page.line(Span("rollcall: \(report.title): \(outcome)", .strong))
        for plan in report.plans {
            PlanHolds(plan: plan, stage: report.stage).write(to: &page)
            findings(of: plan, to: &page)
        }
        page.blank()
        for plan in report.plans { page.line("\(plan.target): \(plan.headline(PlanCounts(plan)))") }
        for path in paths { page.line("report: \(path)") }
        return page.bytes
    }

    private func findings(of plan: TargetPlan, to page: inout TextPage) {
        let new = plan.findings.filter { report.isNew($0, of: plan.target) }
        guard !new.isEmpty else { return }
        page.blank()
        page.line(Span("NEW", .strong), "   \(plan.target): \(Counted.text(new.count, "finding"))")
        for finding in new.prefix(NightMessage.findingsAtMost) {
            let about = finding.label.isEmpty ? "" : "\(finding.label): "
            page.line("\(finding.weight.name) \(about)\(finding.message)", indent: 6)
        }
        if new.count > NightMessage.findingsAtMost {
            page.line("… and \(Counted.text(new.count - NightMessage.findingsAtMost, "more finding"))", indent: 6)
        }
    }
}
