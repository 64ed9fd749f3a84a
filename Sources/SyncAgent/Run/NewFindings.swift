import DirectoryModel
import Reconciliation

extension FindingKey {
    /// Findings that the newest nightly run that looked at the target and did not fail does not have, and that nobody acknowledged.
    ///
    /// Where that run was held, nor the newest one that was not: what a damaged directory hid for a night is no news after it.
    /// Acts by hand and imports look for no findings, so they make none new.  Runs do not remember what was acknowledged: once
    /// an acknowledgement is over, its finding is news again.
    static func new(
        _ plans: [TargetPlan], since runs: [RunRecord], acknowledged: Acknowledgements = .none
    ) -> [TargetFinding] {
        plans.flatMap { plan -> [TargetFinding] in
            let nights = runs.lazy.filter { isNightly($0) && $0.outcome != .failed }.compactMap { run in
                run.targets.first { $0.target == plan.target }
            }
            let whole = nights.filter { !$0.isPart }
            let since = nights.prefix { $0.isPart }
            // Of the keys of nights, of which there may be very many, those of this plan are looked for.
            var news = Set(plan.findings.map(of))
            let lists = [whole.first, whole.first { !$0.held }].map { $0?.findingKeys ?? [] }
            for list in lists + since.map(\.findingKeys) where !news.isEmpty {
                for key in list { news.remove(key) }
            }
            return plan.findings.filter { news.contains(of($0)) && acknowledged.of($0, on: plan.target) == nil }
                .map { TargetFinding(target: plan.target, finding: $0) }
        }
    }

    static func isNightly(_ run: RunRecord) -> Bool { run.isRegular }
}
