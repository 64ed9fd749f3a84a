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
    /// Whether anybody may acknowledge it: what a comparison finds did not happen.
    private let isReal: Bool

    /// Nil where there are none.
    init?(of plan: TargetPlan, _ place: Int, in report: PlanReport) {
        let findings = report.findings(of: plan).filter {
            // That the target pauses is a decision of its own.
            $0.weight == .severe && $0.code != "target.paused" && report.acknowledgement($0, of: plan.target) == nil
        }
        guard let first = findings.first else { return nil }
        self.first = first
        self.place = place
        target = plan.target
        count = findings.count
        isReal = report.comparison == nil
    }

    /// `2 severe findings`.
    var counted: String { Counted.text(count, "severe finding") }

    /// What stands behind the count.
    var lead: StaticString { count == 1 ? ": " : ", the first of them: " }

    /// Whom the first one is about; empty for nobody.
    var label: String { first.label }

    var message: String { first.message }

    /// What can be done about the first one.
    var lines: [HoldNotice.Line] {
        var lines: [HoldNotice.Line] = []
        if !first.hint.isEmpty { lines.append(HoldNotice.Line("hint:", first.hint)) }
        if isReal {
            let command = "rollcall ack \(first.id(on: target)) --until DAY --reason \"…\""
            lines.append(HoldNotice.Line("known?", command: command))
        }
        return lines
    }
}
