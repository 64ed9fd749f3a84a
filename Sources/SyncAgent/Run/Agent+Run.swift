import Diagnostics
import DirectoryModel
import Glibc
import Reconciliation

extension Agent {
    /// How many recorded runs are looked through for what is known already.
    private static let runsLookedAt = 100

    /// Pulls, maps, reconciles and guards; writes nothing.
    package func plan(_ request: RunRequest) throws(AgentFailure) -> RunResult {
        let files = try files(connects: true)
        let selection = try selection(request, files)
        return try translating { () throws -> RunResult in
            let location = RosterLocation(
                path: files.configuration.rosterPath, access: .reading, readers: files.configuration.readers)
            let traces = RunTraces(files.configuration)
            try traces.checkRosterFile()
            guard !traces.isNew else {
                let run = try run(files, selection, request, Roster.empty(targets: files.names(selection)), nil)
                return run.result(try run.decide(), .planned)
            }
            let open = try ports.openRoster(location)
            defer { open.close() }
            let roster = try open.store.load(targets: files.names(selection))
            try traces.check(roster)
            let run = try run(files, selection, request, roster, open)
            return run.result(try run.decide(), .planned)
        }
    }

    /// The same, then asks, applies and reports.
    ///
    /// `confirm` sees the plan; from cron it is always true.
    package func sync(_ request: RunRequest, confirm: (RunResult) -> Bool) throws(AgentFailure) -> RunResult {
        let files = try decidingFiles(connects: true)
        let selection = try selection(request, files)
        return try writing(files.configuration, command: request.command) { desk throws in
            let roster = try desk.load(files.names(selection))
            let run = try run(files, selection, request, roster, desk.roster)
            let decision: AgentRun.Decision
            do {
                decision = try run.decide()
            } catch {
                throw record(failure(of: error), of: run, at: desk)
            }
            let planned = run.result(decision, .planned)
            guard confirm(planned) else { return run.result(decision, .declined) }
            var result = run.result(decision, .applied)
            do {
                try run.write(result, decision, to: desk.roster.store)
            } catch {
                throw record(failure(of: error), of: run, at: desk)
            }
            ports.progress(.reporting)
            do throws(AgentFailure) {
                try desk.remember(result)
                let report = RunReport(record: result.record, plans: result.plans, newFindings: result.newFindings)
                result.reports = try desk.put(report, run: result.record.number, through: ports)
            } catch {
                var failure = error
                failure.message = "run \(result.record.number) is applied, but \(error.message)"
                throw failure
            }
            return result
        }
    }

    /// Records a run that failed and writes its report; the failure that led to it is what counts, so nothing here replaces it.
    private func record(_ failure: AgentFailure, of run: AgentRun, at desk: WritingDesk) -> AgentFailure {
        var failure = failure
        let outcome = RunOutcome(
            failure, targets: run.targets.map { ($0.settings.name, $0.settings.mode) }, run.facts())
        do {
            try desk.roster.store.record(outcome.record)
            let report = RunReport(record: outcome.record, plans: [], newFindings: [], failure: failure)
            _ = try desk.put(report, run: outcome.record.number, through: ports)
        } catch {
            failure.causes.append("the failed run could not be recorded: \(self.failure(of: error).message)")
        }
        return failure
    }

    private func selection(_ request: RunRequest, _ files: AgentFiles) throws(AgentFailure) -> [TargetFiles] {
        let names = try selected(request.targets, of: files.targets.map(\.settings.name))
        return files.targets.filter { names.contains($0.settings.name) }
    }

    private func run(
        _ files: AgentFiles, _ targets: [TargetFiles], _ request: RunRequest, _ roster: Roster,
        _ open: OpenRoster?
    ) throws -> AgentRun {
        AgentRun(
            files: files, targets: targets, ports: ports, context: context, command: request.command,
            acceptsClock: request.acceptsClock,
            now: context.clock(), roster: roster, recentRuns: try open?.recentRuns(Agent.runsLookedAt) ?? [],
            lastMirror: open?.lastMirror ?? { Mirror() })
    }
}

extension AgentFiles {
    fileprivate func names(_ targets: [TargetFiles]) -> [String] { targets.map(\.settings.name) }
}

extension Roster {
    /// The state before the first run.
    static func empty(targets: [String]) -> Roster {
        Roster(
            generation: 0, lastRun: 0, lastRunTime: nil, stamps: [:], pins: [], approvalsUsed: [:],
            targets: targets.map { TargetRoster(target: $0) })
    }
}
