import Diagnostics
import DirectoryModel
import Glibc
import MappingLanguage
import Reconciliation
package import Reports

/// What of the status has to be asked for, since it takes longer or only the caller knows it.
package struct StatusRequest: Sendable {
    /// What this machine's waits by chance come from.
    package var seed: UInt64
    /// How far ahead to look for what falls due, seconds.
    package var dueWithin: Int64
    /// Whether to look at all: it takes a look at every user.
    package var looksForDue: Bool

    package init(seed: UInt64, dueWithin: Int64 = 7 * 86_400, looksForDue: Bool = true) {
        self.seed = seed
        self.dueWithin = dueWithin
        self.looksForDue = looksForDue
    }
}

extension Agent {
    /// How everything stands: what the roster has, what the schedule says, what falls due.
    package func status(_ request: StatusRequest) throws(AgentFailure) -> StatusReport {
        let configuration = try configuration()
        return try translating { () throws -> StatusReport in
            try RunTraces(configuration).checkRosterFile()
            let open = try ports.openRoster(
                RosterLocation(path: configuration.rosterPath, access: .reading, readers: configuration.readers))
            defer { open.close() }
            let heads = try open.runHeads(StatusWork.runsLookedAt)
            try RunTraces(configuration).check(lastRun: heads.first?.number ?? 0)
            let now = context.clock()
            var report = StatusWork(
                configuration: configuration, version: context.version, now: now, heads: heads,
                standing: try open.standing()
            ).report
            report.refusals = refusals(configuration, open, heads, now)
            let nights = try heads + open.nightHeads(StatusWork.nightsLookedAt)
            report.next = next(configuration, nights, seed: request.seed, now: now)
            report.dueWithin = request.dueWithin
            guard request.looksForDue else { return report }
            do {
                report.due = try due(open, until: now.addingReportingOverflow(request.dueWithin).partialValue, now)
            } catch {
                report.dueProblem = failure(of: error).message
            }
            return report
        }
    }

    /// Why a run would not begin, one sentence each, by what a run looks at first.
    ///
    /// Of the witness and the other files nothing where whoever asks may not look at the witness: they are for the user who runs Rollcall.
    private func refusals(
        _ configuration: AgentConfiguration, _ open: OpenRoster, _ heads: [RunRecord], _ now: Int64
    ) -> [String] {
        var refusals: [String] = []
        func note(_ check: () throws -> Void) {
            do {
                try check()
            } catch {
                refusals.append(failure(of: error).sentence)
            }
        }
        note {
            let owner = try StateDirectory.owner(configuration.state)
            try ports.checkRoster(
                RosterLocation(path: configuration.rosterPath, access: .writing, readers: configuration.readers), owner)
        }
        if Witness.mayBeLookedAt(in: configuration.state) {
            note {
                let files = try decidingFiles()
                try OrphanTargets(open, configured: files.configuration.targets.map(\.name))
                    .check(files.targets, askedByName: false)
            }
            note { try checkWitness(configuration, open.chain) }
        }
        note { try RunClock.check(now, against: heads) }
        return refusals
    }

    /// Writes the figures for a monitoring system, where somebody wants them; what goes wrong is told and changes nothing.
    func writeMetrics(_ configuration: AgentConfiguration, _ open: OpenRoster) {
        guard let path = configuration.metricsFile else { return }
        do {
            let report = StatusWork(
                configuration: configuration, version: context.version, now: context.clock(),
                heads: try open.runHeads(StatusWork.runsLookedAt), standing: try open.standing()
            ).report
            let folder = try OpenDirectory.open(FilePath.directory(of: path), links: .follow)
            try AtomicFile.write(ports.renderMetrics(report), to: FilePath.name(of: path), in: folder, for: .everybody)
        } catch let error as FileError {
            ports.warn(
                "the figures could not be written to `\(path)`: \(error.words)",
                "the folder must be there, and this user must be able to write in it")
        } catch {
            ports.warn("the figures could not be written to `\(path)`: \(failure(of: error).message)", "")
        }
    }

    private func next(
        _ configuration: AgentConfiguration, _ heads: [RunRecord], seed: UInt64, now: Int64
    ) -> StatusReport.NextRun? {
        let isDaemonAtWork = RunLock.isDaemonAtWork(in: configuration.state)
        guard let wanted = configuration.schedule ?? (isDaemonAtWork == true ? .standard : nil),
            let schedule = try? RunSchedule(wanted, seed: seed)
        else { return nil }
        let names = Set(configuration.targets.map(\.name))
        let last = heads.first { $0.settlesSlot(of: names) }?.started
        var state = DaemonState(schedule, last: last, now: now)
        var missed: Int64?
        if case .run(.missed(let slot)) = state.next(now: now) { missed = slot }
        return StatusReport.NextRun(
            time: state.nextDue(after: now), missed: missed, isDaemonAtWork: isDaemonAtWork)
    }

    /// Of all targets together, in order of time.
    private func due(_ open: OpenRoster, until: Int64, _ now: Int64) throws -> [StatusReport.Due] {
        let found = try due(open, target: nil, until: until, now).flatMap { one in
            one.items.map { StatusReport.Due(target: one.target, item: $0) }
        }
        return found.enumerated().sorted { ($0.element.item.time, $0.offset) < ($1.element.item.time, $1.offset) }
            .map(\.element)
    }
}

/// The status as far as it follows from the roster and the configuration alone.
private struct StatusWork {
    let configuration: AgentConfiguration
    let version: String
    let now: Int64
    /// Recorded runs, the newest first.
    let heads: [RunRecord]
    let standing: RosterStanding

    /// Runs that are looked through for the last one of each target and directory.
    static let runsLookedAt = 200
    /// Nights that are looked through where so many runs between them hide them.
    static let nightsLookedAt = 10
    /// Seconds within which a round of deliveries is through: for so long nothing is late for somebody who looks on.
    private static let sending: Int64 = 15 * 60
    /// Runs that are listed.
    private static let listed = 5

    var report: StatusReport {
        var report = StatusReport(
            now: now, version: version, targets: configuration.targets.map(target),
            directories: configuration.directories.map { directory($0.name) })
        report.runs = Array(heads.prefix(StatusWork.listed))
        report.lastNight = heads.first(where: \.isRegular)
        report.delivers = configuration.deliver != nil
        report.undelivered = standing.undelivered
        report.givenUp = standing.givenUp
        report.deadLetters = standing.deadLetters
        // What is sent right now is not late yet.
        report.late = standing.backlog.filter { $0.isLate(at: now) && $0.age(at: now) >= StatusWork.sending }
        return report
    }

    private func target(_ configured: ConfiguredTarget) -> StatusReport.Target {
        var target = StatusReport.Target(name: configured.name, mode: configured.mode)
        target.undeliveredSuspensions = (standing.backlog + standing.deadLetters).reduce(0) {
            $1.target == configured.name ? $0 + $1.suspensions : $0
        }
        let nights = heads.lazy.filter { $0.isRegular && $0.outcome != .failed }
        if let run = nights.first(where: { $0.target(configured.name) != nil }),
            let record = run.target(configured.name)
        {
            target.run = run
            let (holds, withheld) = record.holdsApart
            if record.mode == .manage {
                (target.holds, target.withheld) = (Array(holds), Array(withheld))
            } else {
                (target.wouldHold, target.wouldWithhold) = (Array(holds), Array(withheld))
            }
            for kind in ChangeKind.allCases {
                if let count = record.counts[kind.name], count > 0 { target.changes[kind] = count }
            }
            target.acknowledged = record.counts[TargetRunRecord.findingsAcknowledged] ?? 0
            target.findings = max(0, (record.counts["findings"] ?? 0) &- target.acknowledged)
            target.severe = record.counts[TargetRunRecord.findingsSevere] ?? 0
        }
        guard let stands = standing.target(configured.name) else { return target }
        target.pausedBy = stands.pausedBy
        target.users = stands.users
        target.seats = stands.seats
        target.waiting = stands.waiting
        target.waitingForPace = stands.waitingForPace
        target.oldestWaiting = stands.oldestWaiting
        count(stands.findings, of: &target)
        return target
    }

    /// Of a target that runs write what was found is in the roster, and what was acknowledged since counts.
    private func count(_ findings: [Finding], of target: inout StatusReport.Target) {
        guard target.mode == .manage else { return }
        let acknowledged = Acknowledgements(standing.acknowledgements, at: now)
        let open = findings.filter { acknowledged.of($0, on: target.name) == nil }
        target.findings = open.count
        target.severe = open.count { $0.weight == .severe }
        target.acknowledged = findings.count - open.count
    }

    /// A run writes what it read unless it failed, or everything was held.
    private func directory(_ name: String) -> StatusReport.Directory {
        var directory = StatusReport.Directory(name: name)
        let written = heads.lazy.filter { $0.isRegular && ($0.outcome == .applied || $0.outcome == .partlyHeld) }
        directory.isUnread = written.first.map { $0.unreadDirectories.contains(name) } ?? false
        if let run = written.first(where: { !$0.unreadDirectories.contains(name) }) {
            directory.run = run.number
            directory.read = run.started
        }
        return directory
    }
}

extension AgentFailure {
    /// In one line: files with errors are many lines, and `check` has them.
    fileprivate var sentence: String {
        if diagnostics.hasErrors { return "\(message): `rollcall check`" }
        return hint.isEmpty ? message : "\(message); \(hint)"
    }
}

extension RunRecord {
    fileprivate func target(_ name: String) -> TargetRunRecord? { targets.first { $0.target == name } }

    /// Whether the daemon owes no run for a slot before this one: a whole reading of everything that went well.
    func settlesSlot(of names: Set<String>) -> Bool {
        RunRecord.nightly.contains(command) && outcome != .failed
            && exitStatus != ExitStatus.partlyRead.rawValue && names.isSubset(of: targets.map(\.target))
    }

    /// What stands in a run's summary before the names of directories that it could not read.
    static let unreadMark = "not read: "

    /// Directories that the run could not read, as its summary tells.
    var unreadDirectories: [String] {
        guard let part = summary.components(of: "; ").first(where: { $0.hasPrefix(RunRecord.unreadMark) }) else {
            return []
        }
        return String(part.dropFirst(RunRecord.unreadMark.count)).components(of: ", ")
    }
}

extension String {
    /// The pieces between two separators, by bytes.
    fileprivate func components(of separator: String) -> [String] {
        let (bytes, mark) = (Array(utf8), Array(separator.utf8))
        var pieces: [String] = []
        var start = 0
        var place = 0
        while place < bytes.count {
            if bytes[place...].starts(with: mark) {
                pieces.append(String(decoding: bytes[start..<place], as: UTF8.self))
                place += mark.count
                start = place
            } else {
                place += 1
            }
        }
        pieces.append(String(decoding: bytes[start...], as: UTF8.self))
        return pieces
    }
}
