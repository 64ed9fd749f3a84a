package import Reconciliation

/// The plans of one run with what stands above them: what all renderings of a plan are made from.
package struct PlanReport: Sendable {
    /// Whether the plans were written, only made, or not even finished.
    package enum Stage: String, Sendable {
        case planned, declined, applied, failed
        /// What one set of files changes against another: no plan of a night.
        case compared
    }

    /// Changes in JSON, and entries of a list in a stored report, per target; the rest is counted.
    package static let changesAtMost = 10_000

    package var stage: Stage
    /// Number of the run; nil for a plan that is no run.
    package var run: Int64?
    /// When the run started, seconds since 1970.
    package var time: Int64
    /// Version of Rollcall.
    package var version: String
    package var plans: [TargetPlan]
    /// Findings that the last applied run did not have, by target.
    package var newFindings: [String: Set<Finding>]
    /// What humans acknowledged.
    package var acknowledged = Acknowledgements.none
    /// Why the run failed, if it did.
    package var failure: FailureReport?
    /// Entries of the directories that could not be used.
    package var setAside: [SetAsideEntries] = []
    /// The run at the end of the chain, in stored reports: what proves the roster later.
    package var head: AuditHead?
    /// How directories were read of which only the changes were wanted.
    package var readings: [DirectoryReading] = []
    /// About whom was decided, where only changes were wanted.
    package var scope: DecisionScope?
    /// Emails of people who wait for a seat, as far as they are known.
    package var names: [PersonKey: String] = [:]
    /// The nights before this one, the oldest first; empty where nobody looked.
    package var history: [NightFigures] = []
    /// What was compared, where the plans are a comparison.
    package var comparison: ComparisonHead?

    package init(
        stage: Stage, run: Int64?, time: Int64, version: String, plans: [TargetPlan],
        newFindings: [String: Set<Finding>] = [:], failure: FailureReport? = nil
    ) {
        self.stage = stage
        self.run = run
        self.time = time
        self.version = version
        self.plans = plans
        self.newFindings = newFindings
        self.failure = failure
    }

    /// Whether any target has a change, written or not.
    package var hasChanges: Bool { plans.contains { !$0.changes.isEmpty } }

    /// Whether a directory could not be read.
    package var isPartlyRead: Bool { plans.contains { !$0.unread.isEmpty } }

    /// Whether a guard held anything back; on a target that is only observed there is nothing to hold.
    package var hasHolds: Bool { plans.contains { $0.mode == .manage && !$0.holds.isEmpty } }

    /// What stands above a comparison, one sentence each; nothing above a plan.
    var comparisonLines: [String] { comparison?.lines(time: time, plans: plans) ?? [] }

    /// `Run 812, 2026-11-21 02:15 UTC`, or `Plan of …` with the assurance that nothing was written.
    package var title: String {
        switch stage {
        case .planned, .declined: "Plan of \(Timestamp.text(time)): nothing has been written"
        case .applied: "\(runText) of \(Timestamp.text(time))"
        case .compared: comparison?.title ?? "A comparison of \(Timestamp.text(time)): nothing has been written"
        case .failed: "\(runText) of \(Timestamp.text(time)) failed: nothing has been written"
        }
    }

    private var runText: String { run.map { "Run \($0)" } ?? "A run" }

    func acknowledgement(_ finding: Finding, of target: String) -> Acknowledgement? {
        acknowledged.of(finding, on: target)
    }

    /// Findings of a plan, the severe ones first, those acknowledged after all others.
    func findings(of plan: TargetPlan) -> [Finding] {
        let sorted = plan.findingsByWeight
        let (open, known) = (
            sorted.filter { acknowledgement($0, of: plan.target) == nil },
            sorted.filter { acknowledgement($0, of: plan.target) != nil }
        )
        return open + known
    }

    /// What stands behind a finding's code: `new`, `acknowledged until the end of 2026-12-01 UTC`; empty for one that is known.
    func standing(of finding: Finding, on target: String) -> String {
        if let one = acknowledgement(finding, of: target) { return "acknowledged until \(Timestamp.end(one.until))" }
        return isNew(finding, of: target) ? "new" : ""
    }

    /// The sentence of a plan's counts with what a reader must not miss.
    func headline(of plan: TargetPlan, _ counts: PlanCounts) -> String {
        let open = plan.findings.filter { acknowledgement($0, of: plan.target) == nil }
        return plan.headline(counts, open: open, acknowledged: plan.findings.count - open.count)
    }

    func isNew(_ finding: Finding, of target: String) -> Bool { newFindings[target]?.contains(finding) ?? false }
}

extension TargetPlan {
    /// What guards make of the target; nil where they let everything pass.
    var standing: HoldNotice.Mark? {
        if holds.isEmpty { return nil }
        return mode == .observe ? .wouldHold : isHeld ? .held : .partlyHeld
    }

    /// The sentence of counts with what a reader must not miss: held, observed.
    fileprivate func headline(_ counts: PlanCounts, open: [Finding], acknowledged: Int) -> String {
        var text = counts.sentence(of: self)
        let severe = open.count { $0.weight == .severe }
        if !open.isEmpty {
            text += "; \(Counted.text(open.count, "finding"))"
            if severe > 0 { text += " (\(severe) severe)" }
        }
        if acknowledged > 0 {
            text +=
                open.isEmpty
                ? "; \(Counted.text(acknowledged, "finding")) acknowledged" : ", \(acknowledged) acknowledged"
        }
        for directory in unread {
            text += "; \(Counted.text(directory.users, "user")) of \(directory.name) frozen: not read since run "
            text += "\(directory.sinceRun)"
        }
        if let pausedBy {
            text += "; paused since run \(pausedBy): nothing is written until `rollcall continue \(target)`"
        }
        if mode == .observe { text += "; mode observe: users are never written" }
        return text
    }
}
