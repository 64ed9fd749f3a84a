import Reconciliation

/// What waits for a human, in the order in which every rendering tells it.
struct PlanDecisions {
    enum Decision {
        /// A directory that could not be read.
        case unread(UnreadDirectory)
        /// What a guard did not let through.
        case hold(HoldNotice)
        /// A target that an undo stopped.
        case paused(target: String, sentence: String)
        case severe(SevereFindings)
    }

    let all: [Decision]

    init(_ report: PlanReport) {
        var all = (report.plans.first?.unread ?? []).map(Decision.unread)
        for (place, plan) in report.plans.enumerated() {
            all += PlanHolds(plan: plan, stage: report.stage).notices.map(Decision.hold)
            if let run = plan.pausedBy {
                let sentence = "since run \(run); nothing is written until `rollcall continue \(plan.target)`"
                all.append(.paused(target: plan.target, sentence: sentence))
            }
            if let severe = SevereFindings(of: plan, place, in: report) { all.append(.severe(severe)) }
        }
        self.all = all
    }
}

/// The severe findings of one target that nobody acknowledged, told by the first of them.
struct SevereFindings {
    let target: String
    /// Place of the target among the plans.
    let place: Int
    let count: Int
    private let first: Finding

    /// Nil where there are none.
    init?(of plan: TargetPlan, _ place: Int, in report: PlanReport) {
        let findings = report.findings(of: plan).filter {
            $0.weight == .severe && report.acknowledgement($0, of: plan.target) == nil
        }
        guard let first = findings.first else { return nil }
        self.first = first
        self.place = place
        target = plan.target
        count = findings.count
    }

    /// `2 severe findings`.
    var counted: String { Counted.text(count, "severe finding") }

    /// What stands behind the count.
    var lead: StaticString { count == 1 ? ": " : ", the first of them: " }

    /// Whom the first one is about; empty for nobody.
    var label: String { first.label }

    var message: String { first.message }
}
