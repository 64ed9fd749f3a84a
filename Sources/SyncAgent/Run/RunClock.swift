import Reconciliation

/// The clock as compared with recorded runs: nothing is decided by one that goes backwards.
enum RunClock {
    /// Seconds that a clock may be behind the latest run.
    static let slack: Int64 = 300

    static func check(_ now: Int64, against roster: Roster) throws(AgentFailure) {
        guard let latest = roster.lastRunTime else { return }
        try check(now, run: roster.latestRun ?? roster.lastRun, startedAt: latest)
    }

    /// The same by the newest runs, the newest first; those before somebody accepted the clock say nothing.
    static func check(_ now: Int64, against heads: [RunRecord]) throws(AgentFailure) {
        let accepted = heads.firstIndex { $0.command == RunRecord.acceptingClock } ?? heads.endIndex
        let counted = heads.prefix(accepted + 1)
        guard let latest = counted.max(by: { ($0.started, $0.number) < ($1.started, $1.number) }) else { return }
        try check(now, run: latest.number, startedAt: latest.started)
    }

    private static func check(_ now: Int64, run: Int64, startedAt latest: Int64) throws(AgentFailure) {
        guard now < latest - slack else { return }
        throw AgentFailure(
            .failed, "the clock says \(TimeText.text(now)), but run \(run) started at \(TimeText.text(latest))",
            hint: "set the clock; if it is right now and was wrong then, run `rollcall sync --accept-clock` once")
    }
}
