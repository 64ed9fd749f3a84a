import Reconciliation
import Reports
import SyncAgent

/// Runs as reports show them.
enum RunRendering {
    /// What goes into `state/reports/`: everything, without colors.
    static func render(_ run: RunReport) -> RenderedReport {
        let report = PlanReport(run)
        return RenderedReport(text: PlanText.bytes(report), json: PlanJSON.bytes(report))
    }
}

extension PlanReport {
    init(_ run: RunReport) {
        self.init(
            stage: run.record.outcome == .failed ? .failed : .applied, run: run.record.number, time: run.record.started,
            version: run.record.version, plans: run.plans, newFindings: PlanReport.byTarget(run.newFindings),
            failure: run.failure.map { FailureReport($0) })
    }

    init(_ result: RunResult) {
        let stage: Stage =
            switch result.ending {
            case .planned: .planned
            case .applied: .applied
            case .declined: .declined
            }
        self.init(
            stage: stage, run: stage == .applied ? result.record.number : nil, time: result.record.started,
            version: result.record.version, plans: result.plans, newFindings: PlanReport.byTarget(result.newFindings))
    }

    private static func byTarget(_ findings: [TargetFinding]) -> [String: Set<Finding>] {
        var sets: [String: Set<Finding>] = [:]
        for finding in findings { sets[finding.target, default: []].insert(finding.finding) }
        return sets
    }
}
