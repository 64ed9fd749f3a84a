package import AccessModel
package import Reconciliation

/// How everything stands between two nights: made once, told as text, as JSON and in figures for a monitoring system.
package struct StatusReport: Sendable, Equatable {
    package static let format = "rollcall.status/1"

    /// One target of the configuration.
    package struct Target: Sendable, Equatable {
        package var name: String
        package var mode: TargetSettings.Mode
        /// The newest nightly run that looked at it and did not fail; nil before the first.
        package var run: RunRecord?
        /// The undo since which it pauses.
        package var pausedBy: Int64?
        /// What that run held, one sentence each, and which privileged grants it withheld.
        package var holds: [String] = []
        package var withheld: [String] = []
        /// What it would have held, and withheld, had the target been managed.
        package var wouldHold: [String] = []
        package var wouldWithhold: [String] = []
        package var users: [UserStatus: Int] = [:]
        package var seats: [LedgerRow] = []
        package var waiting = 0
        package var waitingForPace = 0
        package var oldestWaiting: Int64?
        /// Findings of that run without those acknowledged, the severe ones of them, and those acknowledged.
        package var findings = 0
        package var severe = 0
        package var acknowledged = 0
        /// Messages to its platform that tell of a suspension, waiting or given up.
        package var undeliveredSuspensions = 0
        /// What that run did, by kind of change.
        package var changes: [ChangeKind: Int] = [:]

        package init(name: String, mode: TargetSettings.Mode) {
            self.name = name
            self.mode = mode
        }
    }

    /// One directory of the configuration.
    package struct Directory: Sendable, Equatable {
        package var name: String
        /// The newest run whose reading of it the mirror has, and when that run started; nil before the first.
        package var run: Int64?
        package var read: Int64?
        /// Whether the newest run that wrote the mirror could not read it.
        package var isUnread = false

        package init(name: String) { self.name = name }
    }

    /// What comes next by the schedule of the configuration, or by the one that a daemon at work goes by without.
    package struct NextRun: Sendable, Equatable {
        /// Seconds since 1970; nil where no time ever comes.
        package var time: Int64?
        /// The slot that has come without a run, for longer than a run waits by chance.
        package var missed: Int64?
        /// Whether a daemon is at work that goes by the schedule; nil where whoever asks may not know.
        package var isDaemonAtWork: Bool?

        package init(time: Int64?, missed: Int64?, isDaemonAtWork: Bool?) {
            self.time = time
            self.missed = missed
            self.isDaemonAtWork = isDaemonAtWork
        }
    }

    /// What falls due on a target.
    package struct Due: Sendable, Equatable {
        package var target: String
        package var item: DueItem

        package init(target: String, item: DueItem) {
            self.target = target
            self.item = item
        }
    }

    /// Seconds since 1970.
    package var now: Int64
    package var version: String
    package var targets: [Target]
    package var directories: [Directory]
    /// The newest runs of any command, the newest first.
    package var runs: [RunRecord] = []
    /// The newest nightly run, whatever became of it.
    package var lastNight: RunRecord?
    /// Why no run would begin, one sentence each: the roster is open to others or not the one that the last run left, files have
    /// errors, or the clock is behind.
    package var refusals: [String] = []
    /// Nil where the configuration has no schedule and no daemon is at work: cron, a timer or somebody runs it.
    package var next: NextRun?
    /// What falls due within `dueWithin` seconds, in order of time; nil where nobody looked.
    package var due: [Due]?
    package var dueWithin: Int64 = 7 * 86_400
    /// Why it cannot be told what falls due.
    package var dueProblem = ""
    /// Whether somebody is to be told of changes.
    package var delivers = false
    package var undelivered = 0
    package var givenUp = 0
    /// Backlogs that a human has to know of.
    package var late: [OutboxBacklog] = []
    package var deadLetters: [OutboxBacklog] = []

    package init(now: Int64, version: String, targets: [Target], directories: [Directory]) {
        self.now = now
        self.version = version
        self.targets = targets
        self.directories = directories
    }
}

extension StatusReport {
    /// What needs somebody, one sentence each, the gravest first.
    package var attention: [String] {
        var sentences = failing
        if let lastNight, lastNight.outcome == .failed {
            sentences.append("run \(lastNight.number) failed: \(lastNight.summary)")
        }
        for directory in directories where directory.isUnread {
            sentences.append("directory `\(directory.name)` could not be read: its people are frozen")
        }
        for target in targets where !target.holds.isEmpty || !target.withheld.isEmpty {
            var what: [String] = []
            if !target.holds.isEmpty { what.append(Counted.text(target.holds.count, "hold")) }
            if !target.withheld.isEmpty {
                what.append("\(Counted.text(target.withheld.count, "privileged grant")) withheld")
            }
            sentences.append(
                "`\(target.name)`: \(what.joined(separator: ", ")); repair the cause, or "
                    + "`rollcall approve --last-hold --reason …`")
        }
        for target in targets {
            if let run = target.pausedBy {
                sentences.append("`\(target.name)` pauses since run \(run): `rollcall continue \(target.name)`")
            }
        }
        for target in targets where target.severe > 0 {
            sentences.append("`\(target.name)`: \(Counted.text(target.severe, "severe finding")); `rollcall findings`")
        }
        if let missed = next?.missed, next?.isDaemonAtWork == false {
            sentences.append("the run of \(Timestamp.text(missed)) is overdue, and no daemon is at work")
        }
        return sentences
    }

    /// What makes `status` end with 1 however old the data is, one sentence each.
    package var failing: [String] {
        refusals.map { "every run refuses to begin: \($0)" }
            + late.map { "\($0.sentence(at: now)): `rollcall outbox`" }
            + deadLetters.map { "\($0.sentence(at: now)), and given up: `rollcall outbox`" }
    }

    /// Why the data is older than so many seconds, one sentence each; empty where it is not.
    package func stale(_ most: Int64) -> [String] {
        let allowed = "more than \(Timestamp.length(most)) are too many"
        var sentences: [String] = []
        for directory in directories {
            guard let read = directory.read, let run = directory.run else {
                sentences.append("directory `\(directory.name)` was never read")
                continue
            }
            guard age(read) > most else { continue }
            sentences.append(
                "what is known of directory `\(directory.name)` is \(Timestamp.length(age(read))) old, of run \(run); \(allowed)"
            )
        }
        for target in targets {
            guard let run = target.run else {
                sentences.append("no run has looked at target `\(target.name)`")
                continue
            }
            guard age(run.started) > most else { continue }
            let length = Timestamp.length(age(run.started))
            sentences.append("the last run of target `\(target.name)`, run \(run.number), is \(length) ago; \(allowed)")
        }
        return sentences
    }

    /// Seconds since a time; 0 where the clock was set back.
    package func age(_ time: Int64) -> Int64 { max(0, now.subtractingReportingOverflow(time).partialValue) }
}
