import Glibc
import Reconciliation
import Reports

/// What a command that writes works with: the lock, the state directory and the roster.
struct WritingDesk {
    let state: OpenDirectory
    let lock: RunLock
    let roster: OpenRoster
    let configuration: AgentConfiguration
    /// What others read who find the lock held.
    let holder: String

    /// Asks a human; who finds the lock held is told that an answer is waited for.
    func asking(_ confirm: () -> Bool) -> Bool {
        lock.note("\(holder), waiting for an answer")
        defer { lock.note(holder) }
        return confirm()
    }

    /// The roster, unless it was begun anew although there were runs; a report that its last run still lacks is made.
    ///
    /// With `people` only their users are loaded.
    func load(_ targets: [String], people: [PersonKey]? = nil) throws -> Roster {
        let store = roster.store
        let roster =
            if let people { try store.load(targets: targets, people: people) } else {
                try store.load(targets: targets)
            }
        try RunTraces(configuration).check(roster)
        completeReports()
        return roster
    }

    /// Remembers what was held, for `approve --last-hold`; forgets what was held on a target once a run holds nothing there.
    func remember(_ result: RunResult) throws(AgentFailure) {
        do throws(FileError) {
            if let hold = LastHold(result, after: LastHold.read(configuration.state)) {
                try hold.write(to: state)
            } else {
                try state.remove(LastHold.name)
            }
        } catch {
            throw AgentFailure(writing: error)
        }
    }

    /// Commands whose runs have reports.
    private static let reporting: Set = [
        RunRecord.regular, RunRecord.acceptingClock, RunRecord.acceptingDirectory, RunRecord.incremental,
        RunRecord.following, "apply", "undo", UndoAct.ofImport,
    ]

    /// Writes the report of the newest run where that was ended before it came to it, from what the roster knows, and forgets
    /// a hold of an earlier run that it did not come to forget.
    ///
    /// Nothing is held up by it: what cannot be written now is tried again by the next command.
    private func completeReports() {
        guard let last = try? roster.recentRuns(1).first, WritingDesk.reporting.contains(last.command),
            let shelf = try? ReportShelf(state: state), (try? shelf.holds(run: last.number)) == false
        else { return }
        if last.outcome != .failed { forget(LastHold.read(configuration.state), after: last) }
        let formats = configuration.reportFormats
        guard let reports = try? formats.map({ try roster.recordedReport(last, $0) }) else { return }
        let index = formats.contains(.html) ? try? self.index(of: shelf, with: last.number, earlierRuns) : nil
        _ = try? shelf.put(run: last.number, formats: formats, index: index) { format, sink in
            for (one, bytes) in zip(formats, reports) where one == format { sink(bytes) }
        }
    }

    private func forget(_ hold: LastHold?, after run: RunRecord) {
        guard let hold else { return }
        guard let left = hold.left(by: run) else {
            try? state.remove(LastHold.name)
            return
        }
        if left != hold { try? left.write(to: state) }
    }

    /// Writes a run's report and removes those that are too old; the paths.
    func put(_ report: RunReport, run: Int64, through ports: AgentPorts) throws(AgentFailure) -> [String] {
        var report = report
        report.head = try? roster.chain.head()
        let hasIndex = configuration.reportFormats.contains(.html)
        if hasIndex { report.earlier = earlierRuns }
        do throws(FileError) {
            let shelf = try ReportShelf(state: state)
            try AtomicFile.cleanUp(shelf.directory)
            let index = hasIndex ? try self.index(of: shelf, with: run, report.earlier) : nil
            let paths = try shelf.put(run: run, formats: configuration.reportFormats, index: index) {
                [report] format, sink in ports.renderReport(report, format, sink)
            }
            try shelf.keep(configuration.reportsKept, hasIndex: hasIndex)
            return paths
        } catch {
            throw AgentFailure(writing: error)
        }
    }
}

extension WritingDesk {
    /// Runs that a list of reports names, and that charts look back on: the newest first.
    private var earlierRuns: [RunRecord] {
        let most = max(WritingDesk.listed, min(configuration.reportsKept, WritingDesk.listedAtMost))
        let runs = (try? roster.runHeads(most)) ?? []
        let nights = (try? roster.nightHeads(NightFigures.shown)) ?? []
        return runs + nights.filter { night in runs.last.map { night.number < $0.number } ?? true }
    }

    /// Runs that a list knows more of than their numbers.
    private static let listed = 100
    private static let listedAtMost = 1_000

    /// The page that lists the reports, as it is once the one of this run is there.
    private func index(
        of shelf: ReportShelf, with run: Int64, _ records: [RunRecord]
    ) throws(FileError) -> [UInt8] {
        let known = Dictionary(records.map { ($0.number, $0) }) { first, _ in first }
        let kept = try shelf.kept(with: run, in: configuration.reportFormats, most: configuration.reportsKept)
        let entries = kept.map { ReportIndex.Entry(run: $0.run, record: known[$0.run], endings: $0.endings) }
        return ReportIndex(entries, version: records.first?.version ?? "", history: NightFigures.nights(of: records))
            .bytes()
    }
}

extension Agent {
    /// Takes the lock and opens the roster for writing, for as long as `body` runs; then delivers what it left in the outbox.
    func writing<Result>(
        _ configuration: AgentConfiguration, command: String, delivers: Bool = true, checksWitness: Bool = true,
        _ body: (WritingDesk) throws -> Result
    ) throws(AgentFailure) -> Result {
        try writing(configuration, command: command, checksWitness: checksWitness, body) { result, desk in
            if delivers { deliver(after: desk) }
            return result
        }
    }

    /// The same, with what is to be done at the desk once others may take the lock.
    func writing<Result, End>(
        _ configuration: AgentConfiguration, command: String, checksWitness: Bool = true,
        _ body: (WritingDesk) throws -> Result, afterwards: (Result, WritingDesk) throws -> End
    ) throws(AgentFailure) -> End {
        let state = try StateDirectory.open(configuration.state)
        let holder = holder(command)
        let lock = try RunLock.acquire(in: state, holder: holder)
        return try translating { () throws -> End in
            try AtomicFile.cleanUp(state)
            RosterReplacement.cleanUp(configuration.rosterPath)
            try RunTraces(configuration).checkRosterFile()
            let location = RosterLocation(
                path: configuration.rosterPath, access: .writing, readers: configuration.readers,
                queuesMessages: configuration.deliver != nil)
            var roster = try ports.openRoster(location)
            let close = roster.close
            defer { close() }
            defer { writeMetrics(configuration, roster) }
            if checksWitness {
                try Witness.check(roster.chain, in: configuration.state)
                try Witness.mend(roster.chain, in: state)
            }
            roster.store = WitnessedStore(roster.store, chain: roster.chain, state: state)
            let before = try roster.chain.head()
            defer { tellSystemLog(configuration, of: try? roster.chain.head(), after: before) }
            let desk = WritingDesk(
                state: state, lock: lock, roster: roster, configuration: configuration, holder: holder)
            let result = try withExtendedLifetime(lock) { try body(desk) }
            lock.release()
            return try afterwards(result, desk)
        }
    }

    /// A witness that no user of this machine can take back, where the log goes to another one.
    private func tellSystemLog(_ configuration: AgentConfiguration, of head: AuditHead?, after before: AuditHead?) {
        guard configuration.tellsSystemLog, let head, head != before else { return }
        ports.logLine("run \(head.run) of \(configuration.rosterPath): hash \(head.hash)")
    }

    /// Who holds a lock, since when, doing what.
    func holder(_ doing: String) -> String {
        "\(doing) by \(context.actor), process \(getpid()), since \(TimeText.text(context.clock()))"
    }

    /// Turns whatever an adapter throws into how the command ends.
    func translating<Result>(_ body: () throws -> Result) throws(AgentFailure) -> Result {
        do {
            return try body()
        } catch {
            throw failure(of: error)
        }
    }
}
