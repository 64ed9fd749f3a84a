/// One figure for a monitoring system: its name, what it means, and which labels tell its values apart.
package struct Metric: Sendable, Equatable {
    package var name: String
    /// One sentence, as it stands in the file and in `docs/reference/metrics.md`.
    package var help: String
    package var labels: [String]

    init(_ name: String, _ help: String) { self.init(name, [], help) }

    init(_ name: String, _ labels: [String], _ help: String) {
        self.name = "rollcall_\(name)"
        self.help = help
        self.labels = labels
    }
}

extension Metric {
    static let version = Metric("info", ["version"], "Always 1; the label tells the version of Rollcall.")
    static let written = Metric("metrics_timestamp_seconds", "When this file was written.")
    static let lastRun = Metric(
        "last_run_timestamp_seconds", "When the newest nightly run started, whatever became of it.")
    static let lastRunNumber = Metric("last_run_number", "Number of the newest nightly run.")
    static let lastRunStatus = Metric("last_run_exit_status", "Exit code of the newest nightly run.")
    static let lastRunSeconds = Metric("last_run_duration_seconds", "How long the newest nightly run took.")
    static let directoryRead = Metric(
        "directory_read_timestamp_seconds", ["directory"],
        "When the run started that read what is known of the directory.")
    static let directoryUnread = Metric(
        "directory_unread", ["directory"], "1 where the newest run that wrote could not read the directory.")
    static let targetRun = Metric(
        "target_run_timestamp_seconds", ["target"],
        "When the newest nightly run started that looked at the target and did not fail.")
    static let managed = Metric(
        "target_managed", ["target"], "1 for a target in `mode: manage`, 0 for one that is only observed.")
    static let held = Metric(
        "target_held", ["target"],
        "How many guards held something back in that run; 0 for a target that is only observed.")
    static let paused = Metric("target_paused", ["target"], "1 where the target pauses since an undo.")
    static let changes = Metric("target_changes", ["target", "kind"], "Changes that run wrote, by kind.")
    static let findings = Metric("target_findings", ["target"], "Findings of that run that nobody acknowledged.")
    static let severe = Metric("target_findings_severe", ["target"], "The severe ones of these findings.")
    static let acknowledged = Metric(
        "target_findings_acknowledged", ["target"], "Findings of that run that somebody acknowledged.")
    static let users = Metric("users", ["target", "status"], "Accounts that the roster has, those of nobody included.")
    static let seatLimit = Metric("seats_limit", ["target", "scope", "class"], "How many seats the pool has.")
    static let seatsHeld = Metric("seats_held", ["target", "scope", "class"], "How many seats of the pool are held.")
    static let seatsWaiting = Metric(
        "seats_waiting", ["target", "scope", "class"], "How many people wait for a seat of the pool.")
    static let pace = Metric("waiting_for_pace", ["target"], "How many people wait only for their turn to be invited.")
    static let undelivered = Metric("outbox_waiting", "Messages that wait to be delivered.")
    static let givenUp = Metric("outbox_given_up", "Messages that were given up.")
    static let suspensions = Metric(
        "outbox_suspensions", ["target"],
        "Suspensions that the platform was not told of yet, those given up included: these people can still sign in there."
    )

    /// Every metric, in the order of the file.
    package static let all = [
        version, written, lastRun, lastRunNumber, lastRunStatus, lastRunSeconds, directoryRead, directoryUnread,
        targetRun,
        managed, held, paused, changes, findings, severe, acknowledged, users, seatLimit, seatsHeld, seatsWaiting, pace,
        undelivered, givenUp, suspensions,
    ]
}
