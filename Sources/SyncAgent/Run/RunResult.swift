package import DirectoryModel
package import Reconciliation

/// What a run is asked to do.
package struct RunRequest: Sendable {
    /// Names of the only targets to look at; nil is all.
    package var targets: [String]?
    /// What the record says ran: `sync`.
    package var command: String

    /// What is read of the directories.
    package enum Reading: Sendable, Equatable {
        /// Everybody: what a night does.
        case everything
        /// What changed since the last applied run; of a directory that cannot tell it with certainty everybody.
        case changes
    }
    package var reading: Reading

    /// Whether a human says that the clock is right, although a recorded run started later.
    package var acceptsClock: Bool
    /// Directories of which a human says that what they have is right, although it is older, or shows less, than at the last run.
    package var acceptedDirectories: [String]
    /// Whether nobody said yes, and nobody is there to be asked: a first run is then refused.
    package var isUnattended: Bool

    package init(
        targets: [String]? = nil, command: String = RunRecord.regular, acceptsClock: Bool = false,
        acceptedDirectories: [String] = [], isUnattended: Bool = false, reading: Reading = .everything
    ) {
        self.targets = targets
        self.reading = reading
        self.command =
            command != RunRecord.regular
            ? command
            : acceptsClock
                ? RunRecord.acceptingClock
                : !acceptedDirectories.isEmpty
                    ? RunRecord.acceptingDirectory : reading == .changes ? RunRecord.incremental : command
        self.acceptsClock = acceptsClock
        self.acceptedDirectories = acceptedDirectories
        self.isUnattended = isUnattended
    }
}

/// What one run found, decided and did.
package struct RunResult: Sendable {
    package enum Ending: Sendable, Equatable {
        /// Nothing was written: only a plan was wanted.
        case planned
        case applied
        /// The human said no.
        case declined
    }
    package var ending: Ending
    package var status: ExitStatus
    /// As recorded; for a plan as it would be.
    package var record: RunRecord
    /// One for each target, in the order of the configuration, guards included.
    package var plans: [TargetPlan]
    /// Findings that the newest nightly run that looked at the target and did not fail did not have.
    package var newFindings: [TargetFinding]
    /// What humans acknowledged, and what stands at the time of the run.
    package var acknowledged = Acknowledgements.none
    /// The mirror as just read.
    package var mirror: Mirror
    /// What was set aside, by directory.
    package var setAside: [String: [SetAsideEntry]]
    /// Approvals that lift nothing in this run: out of date, or not valid yet.
    package var idleApprovals: [Approval]
    /// Paths of the reports written.
    package var reports: [String]
    /// Whether the roster knows nobody of the directory but its users: a saved plan brings no mirror.
    package var lacksMirror = false
    /// What the plans were made from; nil where they are not made from the directory.
    package var basis: PlanBasis?
    /// How each directory was read, in the order of the configuration; empty for a run that was to read everything.
    package var readings: [DirectoryReading] = []
    /// How the reading of directories ended that could not be read, by name.
    package var unread: [String: ExitStatus] = [:]
    /// About whom was decided; nil for a run that was to read everything.
    package var scope: DecisionScope?
    /// Runs recorded before this one, the newest first: what charts look back on.
    package var earlier: [RunRecord] = []

    package init(
        ending: Ending, status: ExitStatus, record: RunRecord, plans: [TargetPlan], newFindings: [TargetFinding],
        mirror: Mirror, setAside: [String: [SetAsideEntry]], idleApprovals: [Approval] = [],
        reports: [String] = []
    ) {
        self.ending = ending
        self.status = status
        self.record = record
        self.plans = plans
        self.newFindings = newFindings
        self.mirror = mirror
        self.setAside = setAside
        self.idleApprovals = idleApprovals
        self.reports = reports
    }

    /// Emails of people who waited before this run, as the roster has them.
    package var knownInLine: [PersonKey: String] = [:]

    /// Emails of people who wait for a seat, as the directory has them, else the roster; of very many the first.
    package var namesInLine: [PersonKey: String] {
        knownInLine.merging(mirror.namesInLine(of: plans)) { _, now in now }
    }

    /// Places in line of each target whose holders are named.
    static let namedInLine = 1_000

    /// Whether any target has a change to make.
    package var hasChanges: Bool { plans.contains { !$0.changes.isEmpty } }
}

extension Mirror {
    /// Emails of people who wait for a seat in these plans; of very many the first.
    func namesInLine(of plans: [TargetPlan]) -> [PersonKey: String] {
        emails(of: plans.flatMap { $0.waiting.prefix(RunResult.namedInLine).map(\.person) })
    }

    /// Emails of people, of those who are in the mirror and have one.
    func emails(of people: [PersonKey]) -> [PersonKey: String] {
        var emails: [PersonKey: String] = [:]
        for key in people {
            guard let directory = directories.firstIndex(of: key.directory),
                let person = place(ofPerson: key.id, UInt8(truncatingIfNeeded: directory)),
                let email = record(PersonIndex(person)).text(.email)
            else { continue }
            emails[key] = email
        }
        return emails
    }
}

/// A finding with the target it is about.
package struct TargetFinding: Sendable, Equatable {
    package var target: String
    package var finding: Finding

    package init(target: String, finding: Finding) {
        self.target = target
        self.finding = finding
    }
}

/// What a report tells: the run, its plans, and why it failed if it did.
package struct RunReport: Sendable {
    package var record: RunRecord
    package var plans: [TargetPlan]
    package var newFindings: [TargetFinding]
    package var acknowledged = Acknowledgements.none
    /// For a failed run: what happened and the remedy.
    package var failure: AgentFailure?
    /// What was set aside, by directory.
    package var setAside: [String: [SetAsideEntry]] = [:]
    /// The end of the chain of runs after it.
    package var head: AuditHead?
    /// How each directory was read, in the order of the configuration; empty for a run that was to read everything.
    package var readings: [DirectoryReading] = []
    /// About whom was decided; nil for a run that was to read everything.
    package var scope: DecisionScope?
    /// Recorded runs, the newest first: what charts look back on; empty where no format draws any.
    package var earlier: [RunRecord] = []
    /// Emails of people who wait for a seat.
    package var names: [PersonKey: String] = [:]

    package init(
        record: RunRecord, plans: [TargetPlan], newFindings: [TargetFinding], failure: AgentFailure? = nil
    ) {
        self.record = record
        self.plans = plans
        self.newFindings = newFindings
        self.failure = failure
    }

    /// What a run that was applied is told by.
    package init(_ result: RunResult) {
        self.init(record: result.record, plans: result.plans, newFindings: result.newFindings)
        acknowledged = result.acknowledged
        setAside = result.setAside
        readings = result.readings
        scope = result.scope
        names = result.namesInLine
    }
}

extension OpenRoster {
    /// Emails of people who wait on the targets of these plans, as the roster has them.
    func labelsInLine(of plans: [TargetPlan]) -> [PersonKey: String] {
        var names: [PersonKey: String] = [:]
        for plan in plans where !plan.waiting.isEmpty {
            // A name is for the eye: without it the report has the id.
            let known = (try? namesInLine(plan.target, RunResult.namedInLine)) ?? [:]
            names.merge(known) { first, _ in first }
        }
        return names
    }
}
