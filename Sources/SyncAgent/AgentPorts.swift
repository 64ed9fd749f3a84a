package import DirectoryModel
package import Reconciliation
package import Reports

/// The adapters that the executable hands in: the agent itself knows neither LDAP nor SQLite.
package struct AgentPorts {
    /// Makes the source of one directory; the network is not touched before its first call.
    ///
    /// Throws `PullFailure` or `AgentFailure`.
    package var openDirectory: (DirectorySettings, SecretReader) throws -> any DirectorySource
    /// Opens the roster.
    ///
    /// With `.reading` the file is there already.
    package var openRoster: (RosterLocation) throws -> OpenRoster
    /// Throws where the file of the roster is not one that this user of the machine could open to write; opens nothing.
    package var checkRoster: (RosterLocation, _ writer: UInt32) throws -> Void = { _, _ in }
    /// Renders what goes into `state/reports/`, piece by piece.
    package var renderReport: ReportRendering
    /// Told how far things have come; called from the thread that called the agent.
    package var progress: (AgentProgress) -> Void
    /// Handed how much the last applied run read of each directory, for whoever shows how far a reading has come; asking costs time.
    package var expecting: (_ counts: () throws -> [String: ReadCounts]) -> Void = { _ in }
    /// What an error that an adapter threw means for the command; never asked about `AgentFailure`, `PullFailure` and `RosterMoved`.
    package var failure: (any Error) -> AgentFailure
    /// Told what the delivery after a command that wrote came to.
    package var delivered: (DeliveryReport) -> Void
    /// Renders figures for a monitoring system.
    package var renderMetrics: (StatusReport) -> [UInt8] = { Metrics($0).bytes }
    /// Told what went wrong beside the work of a command, which it does not change: one sentence, a hint that may be empty.
    package var warn: (_ message: String, _ hint: String) -> Void
    /// Writes a line to the system's log; whether that keeps it is its own affair.
    package var logLine: (String) -> Void
    /// Called again and again while a program is waited for that is not ours.
    package var alive: () -> Void = {}

    package init(
        openDirectory: @escaping (DirectorySettings, SecretReader) throws -> any DirectorySource,
        openRoster: @escaping (RosterLocation) throws -> OpenRoster,
        renderReport: @escaping ReportRendering,
        progress: @escaping (AgentProgress) -> Void = { _ in },
        failure: @escaping (any Error) -> AgentFailure = { AgentFailure(.failed, "\($0)", hint: "run it again") },
        delivered: @escaping (DeliveryReport) -> Void = { _ in },
        warn: @escaping (_ message: String, _ hint: String) -> Void = { _, _ in },
        logLine: @escaping (String) -> Void = { _ in }
    ) {
        self.openDirectory = openDirectory
        self.openRoster = openRoster
        self.renderReport = renderReport
        self.progress = progress
        self.failure = failure
        self.delivered = delivered
        self.warn = warn
        self.logLine = logLine
    }
}

/// Renders a run in one format and hands the bytes over piece by piece; a report may be larger than memory should hold.
package typealias ReportRendering = (RunReport, ReportFormat, _ sink: @escaping ([UInt8]) -> Void) -> Void

/// Where the roster is and what is wanted of it.
package struct RosterLocation: Sendable, Equatable {
    package enum Access: Sendable, Equatable {
        /// Changes nothing; only what a killed run had begun is taken back, as SQLite cannot read past an open journal.
        case reading
        /// Creates the file where there is none, brings the schema up to date.
        case writing
    }
    /// Absolute path of `roster.sqlite`.
    package var path: String
    package var access: Access
    /// Name of the system group that may read the file; nil for nobody else.
    package var readers: String?
    /// Whether applied changes go into the outbox.
    package var queuesMessages: Bool

    package init(path: String, access: Access, readers: String?, queuesMessages: Bool = false) {
        self.path = path
        self.access = access
        self.readers = readers
        self.queuesMessages = queuesMessages
    }
}

/// An open roster with the questions that only its adapter can answer.
package struct OpenRoster {
    package var store: any RosterStore
    /// Recorded runs, the newest first, at most so many: their finding keys tell what is new.
    package var recentRuns: (_ most: Int) throws -> [RunRecord]
    /// The same without what they found: for lists and charts.
    package var runHeads: (_ most: Int) throws -> [RunRecord] = { _ in [] }
    /// Of the nightly runs the newest, newest first.
    package var nightHeads: (_ most: Int) throws -> [RunRecord] = { _ in [] }
    /// The report of a recorded run, made from what the roster knows of it.
    package var recordedReport: (RunRecord, ReportFormat) throws -> [UInt8]
    /// People of the mirror with this login, in the order of their keys.
    package var people: (_ login: String) throws -> [PersonKey]
    /// The mirror of the last applied run.
    package var lastMirror: () throws -> Mirror
    /// Which directories are followed, and from where.
    package var followed: () throws -> FollowedMirror = { FollowedMirror() }
    /// The rows of a followed directory, to be asked one by one, with the attributes that a pull of it asks for; used up before `close`.
    package var lookup: (_ directory: String, _ attributes: [String]) throws -> (any MirrorLookup)? = { _, _ in nil }
    /// The people whom changes can affect, with what deciding about them takes.
    package var part: (PartQuestion) throws -> PartAnswer = { _ in
        .everybody(EverybodyReason(.store, "this roster cannot be asked about part of the people"))
    }
    /// How many people and groups the mirror has of each directory.
    package var readCounts: () throws -> [String: ReadCounts] = { [:] }
    /// How it stands, at a glance.
    package var standing: () throws -> RosterStanding = { RosterStanding(targets: []) }
    /// Emails of people who wait on a target, in the order of the line, at most so many.
    package var namesInLine: (_ target: String, _ most: Int) throws -> [PersonKey: String] = { _, _ in [:] }
    /// People who can have something falling due; nil where they are more than so many.
    package var peopleDue: (_ bounds: DueBounds, _ most: Int) throws -> [PersonKey]? = { _, _ in nil }
    /// Users of a target, invited or active, who are not in the directory as it was last read.
    package var usersNotRead: (_ target: String) throws -> [PersonKey] = { _ in [] }
    /// Templates that users of a target have who are not removed, and how many have each.
    package var templatesInUse: (_ target: String) throws -> [String: Int] = { _ in [:] }
    /// The first emails of those who have a template, in their order, at most so many.
    package var emails: (_ target: String, _ template: String, _ most: Int) throws -> [String] = { _, _, _ in [] }
    /// What the last applied run found on a target.
    package var findings: (_ target: String) throws -> [Finding] = { _ in [] }
    /// Gives and takes back acknowledgements of findings, and records the run that does.
    package var acknowledge: (_ act: AcknowledgementAct, _ recording: RunRecord) throws -> Void = { _, _ in }
    /// What waits to be delivered; nil where nothing can.
    package var outbox: (any Outbox)?
    /// What a run did to users and lines, by target.
    package var images: (_ run: Int64) throws -> [RunImages]
    /// The chain of runs, for telling whether the roster went backwards.
    package var chain: RosterChain
    /// Accounts of the platform that users of a target have.
    package var accounts: (_ target: String) throws -> [KnownAccount]
    /// Names of all targets that runs were applied to, and how many managed users one of them has.
    package var targetNames: () throws -> [String]
    package var managedUsers: (_ target: String) throws -> Int
    package var close: () -> Void

    package init(
        store: any RosterStore, recentRuns: @escaping (_ most: Int) throws -> [RunRecord],
        recordedReport: @escaping (RunRecord, ReportFormat) throws -> [UInt8] = { _, _ in [] },
        people: @escaping (_ login: String) throws -> [PersonKey] = { _ in [] },
        lastMirror: @escaping () throws -> Mirror = { Mirror() }, outbox: (any Outbox)? = nil,
        images: @escaping (_ run: Int64) throws -> [RunImages] = { _ in [] }, chain: RosterChain = .none,
        accounts: @escaping (_ target: String) throws -> [KnownAccount] = { _ in [] },
        targetNames: @escaping () throws -> [String] = { [] },
        managedUsers: @escaping (_ target: String) throws -> Int = { _ in 0 },
        close: @escaping () -> Void = {}
    ) {
        self.store = store
        self.recentRuns = recentRuns
        self.recordedReport = recordedReport
        self.people = people
        self.lastMirror = lastMirror
        self.outbox = outbox
        self.images = images
        self.chain = chain
        self.accounts = accounts
        self.targetNames = targetNames
        self.managedUsers = managedUsers
        self.close = close
    }
}

/// What the world tells the agent: it never asks by itself.
package struct AgentContext: Sendable {
    /// Seconds since 1970, read each time it is called; a run takes one reading for all decisions and another for its end.
    package var clock: @Sendable () -> Int64
    /// Name of the operating system's user who gave the command.
    package var actor: String
    /// Version of Rollcall.
    package var version: String
    /// `$CREDENTIALS_DIRECTORY`, where systemd puts credentials.
    package var credentialsDirectory: String?
    /// A key that nobody can guess, for the names of a directory that is followed from now on.
    package var newKey: @Sendable () -> DNHashKey = {
        DNHashKey(first: .random(in: 0 ... .max), second: .random(in: 0 ... .max))
    }

    package init(
        clock: @escaping @Sendable () -> Int64, actor: String, version: String, credentialsDirectory: String? = nil
    ) {
        self.clock = clock
        self.actor = actor
        self.version = version
        self.credentialsDirectory = credentialsDirectory
    }
}

/// How far a command has come.
package enum AgentProgress: Sendable, Equatable {
    case pulling(directory: String, PullProgress)
    case evaluating(target: String)
    case reconciling(target: String)
    /// The transaction is being written.
    case applying
    /// Everything is written; the transaction is being made durable.
    case committing
    /// The roster has the run; its report is being written.
    case reporting
}
