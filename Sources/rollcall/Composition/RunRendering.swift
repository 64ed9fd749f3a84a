import Reconciliation
import Reports
import SyncAgent

/// Runs as reports show them.
enum RunRendering {
    /// What goes into `state/reports/`, without colors: everything but what no one reads, the last of very many entries.
    static func render(_ run: RunReport, _ format: ReportFormat, _ sink: @escaping ([UInt8]) -> Void) {
        let report = PlanReport(run)
        let most = PlanReport.changesAtMost
        let seeRest = "`rollcall show \(run.record.number)` shows every change"
        switch format {
        case .text:
            var style = TextStyle(entriesAtMost: most)
            style.seeRest = seeRest
            var text = PlanText(report, style: style)
            text.write(to: sink)
        case .json:
            var json = PlanJSON(report)
            json.write(to: sink)
        case .html:
            var page = PlanHTML(report, entriesAtMost: most, seeRest: seeRest)
            page.write(to: sink)
        case .markdown:
            var markdown = PlanMarkdown(report, entriesAtMost: most, seeRest: seeRest)
            markdown.write(to: sink)
        case .csv:
            var sheet = PlanCSV(report, rowsAtMost: most)
            sheet.write(to: sink)
        }
    }
}

extension PlanReport {
    init(_ run: RunReport) {
        self.init(
            stage: run.record.outcome == .failed ? .failed : .applied,
            run: run.record.number > 0 ? run.record.number : nil, time: run.record.started,
            version: run.record.version, plans: run.plans, newFindings: PlanReport.byTarget(run.newFindings),
            failure: run.failure.map { FailureReport($0) })
        head = run.head
        acknowledged = run.acknowledged
        setAside = SetAsideEntries.sorted(run.setAside)
        readings = run.readings
        scope = run.scope
        names = run.names
        history = NightFigures.nights(of: run.earlier)
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
        acknowledged = result.acknowledged
        setAside = SetAsideEntries.sorted(result.setAside)
        readings = result.readings
        scope = result.scope
        names = result.namesInLine
        history = NightFigures.nights(of: (stage == .applied ? [result.record] : []) + result.earlier)
    }

    init(_ result: ComparisonResult, _ thresholds: [Threshold]) {
        self.init(
            stage: .compared, run: nil, time: result.time, version: result.version, plans: result.plans,
            newFindings: PlanReport.byTarget(result.newFindings))
        names = result.namesInLine
        let counts = ComparisonCounts(result.plans)
        comparison = ComparisonHead(
            old: result.old, new: result.new, run: result.run, people: result.people, groups: result.groups,
            isPseudonymous: result.isPseudonymous, notes: result.notes,
            verdicts: thresholds.map { threshold in
                let count = counts[threshold.name]
                return ComparisonHead.Verdict(
                    name: threshold.name, count: count, sentence: threshold.sentence(count),
                    isExceeded: threshold.isExceeded(by: count))
            })
    }

    private static func byTarget(_ findings: [TargetFinding]) -> [String: Set<Finding>] {
        var sets: [String: Set<Finding>] = [:]
        for finding in findings { sets[finding.target, default: []].insert(finding.finding) }
        return sets
    }
}
