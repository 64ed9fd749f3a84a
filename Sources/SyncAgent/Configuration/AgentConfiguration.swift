package import Reconciliation

/// `rollcall.yaml`, resolved: complete, with every default filled in, paths absolute, valid by construction.
package struct AgentConfiguration: Sendable {
    /// Path of the file as given.
    package var file: String
    /// Absolute path of the state directory.
    package var state: String
    /// System group that may read the roster.
    package var readers: String?
    package var directories: [DirectorySettings]
    /// How one person in several directories is recognized; nil where each identity is a person.
    package var samePerson: SamePerson?
    package var targets: [ConfiguredTarget]
    /// Absolute path of the directory of approval files.
    package var approvals: String
    package var schedule: Schedule?
    /// How many reports are kept.
    package var reportsKept: Int
    package var reportFormats: [ReportFormat]
    /// The program that takes messages about applied changes, its path absolute, with its arguments; nil for none.
    package var deliver: [String]?
    /// Absolute path of the file of figures for a monitoring system; nil for none.
    package var metricsFile: String?
    /// Who is told of nights that need somebody; nil for nobody.
    package var notify: NotifySettings?
    /// Whether number and hash of each recorded run go to the system's log.
    package var tellsSystemLog: Bool

    package init(
        file: String, state: String, readers: String?, directories: [DirectorySettings], targets: [ConfiguredTarget],
        approvals: String, schedule: Schedule?, reportsKept: Int, reportFormats: [ReportFormat],
        deliver: [String]? = nil, tellsSystemLog: Bool = false
    ) {
        self.file = file
        self.state = state
        self.readers = readers
        self.directories = directories
        self.targets = targets
        self.approvals = approvals
        self.schedule = schedule
        self.reportsKept = reportsKept
        self.reportFormats = reportFormats
        self.deliver = deliver
        self.tellsSystemLog = tellsSystemLog
    }

    /// Absolute path of the roster.
    package var rosterPath: String { FilePath.joined(state, "roster.sqlite") }
}

/// How a report is written.
package enum ReportFormat: String, Sendable, CaseIterable {
    case text, json, html, markdown, csv

    /// What is kept where the configuration does not say.
    package static let usual: [ReportFormat] = [.html, .json]

    /// How the names of files end.
    var ending: String {
        switch self {
        case .text: "txt"
        case .json: "json"
        case .html: "html"
        case .markdown: "md"
        case .csv: "csv"
        }
    }
}

/// The program that is told of nights that need somebody.
package struct NotifySettings: Sendable, Equatable {
    /// What a night may be told for.
    package enum Occasion: String, Sendable, CaseIterable {
        /// The run failed, and nothing was written.
        case failed
        /// A guard held something back.
        case held
        /// One of several directories could not be read.
        case unread
        /// There are findings that the night before did not have.
        case findings

        /// What is told where the configuration does not say.
        package static let usual: [Occasion] = [.failed, .held, .unread]
    }
    /// The program, its path absolute, with its arguments.
    package var command: [String]
    package var occasions: [Occasion]
    /// How the report on its standard input is written.
    package var format: ReportFormat
    /// Seconds until it is ended.
    package var timeout: Int64

    package init(command: [String], occasions: [Occasion], format: ReportFormat, timeout: Int64) {
        self.command = command
        self.occasions = occasions
        self.format = format
        self.timeout = timeout
    }
}

/// A target as the configuration alone describes it, before its platform and mapping are read.
package struct ConfiguredTarget: Sendable {
    package var name: String
    /// Absolute paths, and as shown in messages.
    package var platformFile: String
    package var mappingFile: String
    package var mode: TargetSettings.Mode
    package var policy: Policy
    package var limits: Limits
    package var protect: [ProtectedReference]

    package init(
        name: String, platformFile: String, mappingFile: String, mode: TargetSettings.Mode, policy: Policy,
        limits: Limits, protect: [ProtectedReference]
    ) {
        self.name = name
        self.platformFile = platformFile
        self.mappingFile = mappingFile
        self.mode = mode
        self.policy = policy
        self.limits = limits
        self.protect = protect
    }
}

/// When the daemon runs; from cron or a timer it is not looked at.
package struct Schedule: Sendable, Equatable {
    /// Five fields.
    package var cron: String
    package var timezone: String
    package var jitter: Duration
    package var retryEvery: Duration
    package var retryFor: Duration
    /// How often a run reads what changed between the runs of the schedule; nil for never.
    package var incrementalEvery: Duration?

    package init(
        cron: String, timezone: String, jitter: Duration, retryEvery: Duration, retryFor: Duration,
        incrementalEvery: Duration? = nil
    ) {
        self.cron = cron
        self.timezone = timezone
        self.jitter = jitter
        self.retryEvery = retryEvery
        self.retryFor = retryFor
        self.incrementalEvery = incrementalEvery
    }
}
