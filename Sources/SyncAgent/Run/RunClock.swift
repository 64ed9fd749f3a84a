import Reconciliation

/// The clock as compared with recorded runs: nothing is decided by one that goes backwards.
enum RunClock {
    /// Seconds that a clock may be behind the latest run.
    static let slack: Int64 = 300

    static func check(_ now: Int64, against roster: Roster) throws(AgentFailure) {
        guard let latest = roster.lastRunTime, now < latest - slack else { return }
        throw AgentFailure(
            .failed,
            "the clock says \(TimeText.text(now)), but run \(roster.latestRun ?? roster.lastRun) started at \(TimeText.text(latest))",
            hint: "set the clock; if it is right now and was wrong then, run `rollcall sync --accept-clock` once")
    }
}
