import DirectoryModel
import Reconciliation

/// What a finding is about, so that the next night knows it again: code and subject, not the words.
enum FindingKey {
    static func of(_ finding: Finding) -> String {
        if let person = finding.person { return "\(finding.code) \(person.directory) \(person.id)" }
        return "\(finding.code) \(finding.label.isEmpty ? finding.message : finding.label)"
    }

    /// Findings that the newest run that looked at the target and did not fail does not have.
    static func new(_ plans: [TargetPlan], since runs: [RunRecord]) -> [TargetFinding] {
        plans.flatMap { plan -> [TargetFinding] in
            let last = runs.lazy.filter { $0.outcome != .failed }.compactMap { run in
                run.targets.first { $0.target == plan.target }
            }.first
            let known = Set(last?.findingKeys ?? [])
            return plan.findings.filter { !known.contains(of($0)) }.map {
                TargetFinding(target: plan.target, finding: $0)
            }
        }
    }
}
