package import DirectoryModel

/// What the daemon needs beside an agent: who follows directories, the service manager, the log, and who may ask it for something.
package struct DaemonPorts {
    /// What was asked of the daemon since it last looked.
    package struct Requests: Sendable, Equatable {
        package var reload: Bool
        package var stop: Bool

        package init(reload: Bool = false, stop: Bool = false) {
            self.reload = reload
            self.stop = stop
        }
    }

    /// Makes the follower of one directory; the network is not touched before its first call.
    package var openFollower: (DirectorySettings, SecretReader) throws -> any DirectoryFollower
    /// Whether what would be sent to bind to a directory was refused before, so that nobody is asked.
    package var isRefused: (DirectorySettings, SecretReader) -> Bool
    /// Lets what was refused be sent once more.
    package var forgetRefusals: () -> Void
    /// Tells the service manager.
    package var notify: (ServiceState) -> Void
    package var log: (DaemonLine) -> Void
    /// What was asked; a reload is asked for once, a stop for good.
    package var requests: () -> Requests
    /// Waits, and returns early when something is asked.
    package var wait: (Duration) -> Void
    /// Prints what `sync` prints after a run.
    package var finished: (RunResult) -> Void
    /// Prints what a command prints that failed.
    package var failed: (AgentFailure) -> Void
    /// Milliseconds of a clock that only goes forward.
    package var milliseconds: () -> Int64
    /// What this machine's waits by chance come from.
    package var seed: UInt64
    /// The longest time without a sign of life that the service manager bears; nil where it does not look.
    package var watchdog: Duration?

    package init(
        openFollower: @escaping (DirectorySettings, SecretReader) throws -> any DirectoryFollower,
        isRefused: @escaping (DirectorySettings, SecretReader) -> Bool, forgetRefusals: @escaping () -> Void,
        notify: @escaping (ServiceState) -> Void, log: @escaping (DaemonLine) -> Void,
        requests: @escaping () -> Requests, wait: @escaping (Duration) -> Void,
        finished: @escaping (RunResult) -> Void, failed: @escaping (AgentFailure) -> Void,
        milliseconds: @escaping () -> Int64, seed: UInt64, watchdog: Duration? = nil
    ) {
        self.openFollower = openFollower
        self.isRefused = isRefused
        self.forgetRefusals = forgetRefusals
        self.notify = notify
        self.log = log
        self.requests = requests
        self.wait = wait
        self.finished = finished
        self.failed = failed
        self.milliseconds = milliseconds
        self.seed = seed
        self.watchdog = watchdog
    }
}

/// A line of the daemon's log.
package struct DaemonLine: Sendable, Equatable {
    /// As syslog counts; the numbers are those of `<sys/syslog.h>`.
    package enum Weight: Int, Sendable { case error = 3, warning = 4, notice = 5, note = 6 }

    package var weight: Weight
    /// One sentence without its period, made of this program's own words and names from the configuration.
    package var text: String

    package init(_ weight: Weight, _ text: String) {
        self.weight = weight
        self.text = text
    }
}

/// What a service manager is told (sd_notify(3)).
package enum ServiceState: Sendable, Equatable {
    case ready
    case reloading
    case stopping
    /// A sign of life.
    case alive
    case status(String)
}
