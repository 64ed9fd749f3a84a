package import Reconciliation

/// The plans of one run with what stands above them: what all renderings of a plan are made from.
package struct PlanReport: Sendable {
    /// Whether the plans were written, only made, or not even finished.
    package enum Stage: String, Sendable { case planned, declined, applied, failed }

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

    /// Whether a guard held anything back.
    package var hasHolds: Bool { plans.contains { !$0.holds.isEmpty } }

    /// `Run 812, 2026-11-21 02:15 UTC`, or `Plan of …` with the assurance that nothing was written.
    package var title: String {
        switch stage {
        case .planned, .declined: "Plan of \(Timestamp.text(time)): nothing has been written"
        case .applied: "\(runText) of \(Timestamp.text(time))"
        case .failed: "\(runText) of \(Timestamp.text(time)) failed: nothing has been written"
        }
    }

    private var runText: String { run.map { "Run \($0)" } ?? "A run" }

    func isNew(_ finding: Finding, of target: String) -> Bool { newFindings[target]?.contains(finding) ?? false }
}

extension TargetPlan {
    /// The sentence of counts with what a reader must not miss: held, observed.
    func headline(_ counts: PlanCounts) -> String {
        var text = counts.sentence(of: self)
        let severe = findings.count { $0.weight == .severe }
        if !findings.isEmpty {
            text += "; \(Counted.text(findings.count, "finding"))"
            if severe > 0 { text += " (\(severe) severe)" }
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
