import Reconciliation

/// What cron mails: holds and findings that were not there the night before, and where the whole report is.
package struct NightMessage: Sendable {
    /// New findings told; the rest is in the report.
    private static let findingsAtMost = 20
    /// People named of those of whom the same is said.
    private static let peopleAtMost = 3

    private let report: PlanReport
    private let paths: [String]

    package init(_ report: PlanReport, reports paths: [String]) {
        self.report = report
        self.paths = paths
    }

    /// Whether there is anything to say.
    ///
    /// A directory that cannot be read is told every night, as a hold is.
    package var isNeeded: Bool {
        report.hasHolds || report.isPartlyRead || isPaused || report.newFindings.contains { !$0.value.isEmpty }
    }

    /// A target that pauses is told every time, as a hold is: nothing is written there, not even for disabled people.
    private var isPaused: Bool { report.plans.contains { $0.pausedBy != nil } }

    package func bytes(style: TextStyle) -> [UInt8] {
        var page = TextPage(style: style)
        var outcomes: [String] = []
        if report.hasHolds { outcomes.append("a guard held something back") }
        if report.isPartlyRead { outcomes.append("a directory could not be read") }
        if outcomes.isEmpty { outcomes.append(isPaused ? "a target pauses" : "there is something new") }
        let outcome = outcomes.joined(separator: ", and ")
        page.line(Span("rollcall: \(report.title): \(outcome)", .strong))
        PlanUnread(plans: report.plans).write(to: &page)
        for plan in report.plans {
            if plan.mode == .manage { PlanHolds(plan: plan, stage: report.stage).write(to: &page) }
            findings(of: plan, to: &page)
        }
        page.blank()
        for plan in report.plans { page.line("\(plan.target): \(report.headline(of: plan, PlanCounts(plan)))") }
        for path in paths { page.line("report: \(path)") }
        return page.bytes
    }

    private func findings(of plan: TargetPlan, to page: inout TextPage) {
        let new = plan.findings.filter { report.isNew($0, of: plan.target) }
        guard !new.isEmpty else { return }
        page.blank()
        page.line(Span("NEW", .strong), "   \(plan.target): \(Counted.text(new.count, "finding"))")
        let alike = NightMessage.alike(new)
        for findings in alike.prefix(NightMessage.findingsAtMost) { line(findings, of: plan.target, to: &page) }
        let rest = alike.dropFirst(NightMessage.findingsAtMost).reduce(0) { $0 + $1.count }
        if rest > 0 { page.line("… and \(Counted.text(rest, "more finding"))", indent: 6) }
    }

    /// Findings in their order, those of many people that say the same as one.
    private static func alike(_ findings: [Finding]) -> [[Finding]] {
        var groups: [[Finding]] = []
        var places: [String: Int] = [:]
        for finding in findings {
            let key = "\(finding.code) \(finding.message)"
            if !finding.label.isEmpty, let place = places[key] {
                groups[place].append(finding)
            } else {
                places[key] = groups.count
                groups.append([finding])
            }
        }
        return groups.flatMap { $0.count > peopleAtMost ? [$0] : $0.map { [$0] } }
    }

    private func line(_ findings: [Finding], of target: String, to page: inout TextPage) {
        guard let first = findings.first else { return }
        var about = first.label.isEmpty ? "" : "\(first.label): "
        var rest = ""
        if findings.count > 1 {
            about = "\(Counted.text(findings.count, "person", plural: "people")): "
            let named = findings.prefix(NightMessage.peopleAtMost)
            rest = ": \(named.map(\.label).joined(separator: ", ")) and \(findings.count - named.count) more"
        }
        let mark = findings.count > 1 ? first.code : first.id(on: target)
        page.line("\(first.weight.name) \(about)\(first.message)\(rest)", Span(" [\(mark)]", .faint), indent: 6)
    }
}
