extension TargetPlan {
    /// Says that the target pauses, where it does: the plan is shown, and not written.
    package mutating func pause(by run: Int64?) {
        guard let run else { return }
        pausedBy = run
        findings.insert(
            Finding(
                code: "target.paused", weight: .severe,
                message: "paused since the undo in run \(run): nothing is written, not even for disabled people",
                hint: "`rollcall continue \(target)` lets the next run write again"), at: 0)
    }
}
