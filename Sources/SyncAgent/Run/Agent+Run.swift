import Diagnostics
import DirectoryModel
import Glibc
import MappingLanguage
import Reconciliation

extension Agent {
    /// How many recorded runs are looked through for what is known already.
    private static let runsLookedAt = 100

    /// Pulls, maps, reconciles and guards; writes nothing.
    package func plan(_ request: RunRequest) throws(AgentFailure) -> RunResult {
        let start = try start(request, try files(connects: true))
        let configuration = start.files.configuration
        return try translating { () throws -> RunResult in
            defer { start.stage.close() }
            let location = RosterLocation(
                path: configuration.rosterPath, access: .reading, readers: configuration.readers)
            let traces = RunTraces(configuration)
            try traces.checkRosterFile()
            guard !traces.isNew else {
                let roster = Roster.empty(targets: start.names)
                let run = try run(start, roster, nil)
                return run.result(try run.decideAndCheck(), .planned)
            }
            let open = try ports.openRoster(location)
            defer { open.close() }
            try Witness.check(open.chain, in: configuration.state)
            if request.reading == .everything { begin(start, open) }
            let roster = try open.store.load(targets: start.names)
            try traces.check(roster)
            let run = try run(start, roster, open)
            var decision = try run.decideAndCheck()
            try orphans(start, open).tell(&decision.plans)
            return run.result(decision, .planned)
        }
    }

    /// The same, then asks, applies and reports; whoever is to be told of such a night is told.
    ///
    /// `confirm` sees the plan; from cron it is always true. Without `files` they are read now. Nobody is told of a failure of a
    /// run that somebody broke off.
    package func sync(
        _ request: RunRequest, files: AgentFiles? = nil, isBrokenOff: () -> Bool = { false },
        confirm: (RunResult) -> Bool
    ) throws(AgentFailure) -> RunResult {
        var known = files
        do {
            let files = if let files { files } else { try decidingFiles(connects: true) }
            known = files
            let result = try night(request, files: files, confirm: confirm)
            tell(of: result, files.configuration)
            return result
        } catch {
            if !isBrokenOff() { tell(of: error, known?.configuration) }
            throw error
        }
    }

    private func night(
        _ request: RunRequest, files: AgentFiles, confirm: (RunResult) -> Bool
    ) throws(AgentFailure) -> RunResult {
        let start = try start(request, files)
        try start.checkFirstNight(RunTraces(start.files.configuration))
        return try writing(start.files.configuration, command: request.command) { desk throws in
            defer { start.stage.close() }
            start.stage.keys = try keys(desk.roster, start.files.configuration)
            start.stage.now = context.clock()
            if request.reading == .everything { begin(start, desk.roster) }
            let orphans = try orphans(start, desk.roster)
            let (run, decided) = try decide(start, desk, orphans)
            var decision = decided
            orphans.tell(&decision.plans)
            let planned = run.result(decision, .planned)
            guard desk.asking({ confirm(planned) }) else { return run.result(decision, .declined) }
            var result = run.result(decision, .applied)
            do {
                try run.write(result, decision, to: desk.roster.store)
            } catch {
                throw record(failure(of: error), of: run, at: desk)
            }
            ports.progress(.reporting)
            do throws(AgentFailure) {
                try desk.remember(result)
                result.reports = try desk.put(RunReport(result), run: result.record.number, through: ports)
                try trustFirst(desk)
            } catch {
                var failure = error
                failure.message = "run \(result.record.number) is applied, but \(error.message)"
                failure.isApplied = true
                throw failure
            }
            return result
        }
    }

    /// Decides about the people whom changes can affect where changes are to be read and that is enough, else about everybody.
    private func decide(
        _ start: RunStart, _ desk: WritingDesk, _ orphans: OrphanTargets
    ) throws -> (AgentRun, AgentRun.Decision) {
        var reason: EverybodyReason?
        if start.request.reading == .changes {
            var part = try run(start, desk, orphans, targets: [])
            do {
                let decision = try part.decidePart(desk.roster)
                return (part, decision)
            } catch let doubt as EverybodyReason {
                reason = doubt
            } catch {
                throw record(failure(of: error), of: part, at: desk)
            }
        }
        let whole = try run(start, desk, orphans, targets: start.names)
        do {
            var decision = try whole.decideAndCheck()
            if let reason { decision.scope = .everybody(reason.message) }
            return (whole, decision)
        } catch {
            throw record(failure(of: error), of: whole, at: desk)
        }
    }

    /// A run over the users of these targets, once it is clear that there may be one.
    private func run(
        _ start: RunStart, _ desk: WritingDesk, _ orphans: OrphanTargets, targets: [String]
    ) throws -> AgentRun {
        let roster = try desk.load(targets)
        if roster.lastRun == 0 { try start.refuseFirstNight() }
        try orphans.check(start.targets, askedByName: start.request.targets != nil)
        return try run(start, roster, desk.roster)
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
            failure.details.append("the failed run could not be recorded: \(self.failure(of: error).message)")
        }
        return failure
    }

    private func start(_ request: RunRequest, _ files: AgentFiles) throws(AgentFailure) -> RunStart {
        let names = try selected(request.targets, of: files.targets.map(\.settings.name))
        let directories = files.configuration.directories.map(\.name)
        for name in request.acceptedDirectories where !directories.contains(name) {
            throw AgentFailure.noDirectory(name, of: directories)
        }
        return RunStart(
            files: files, targets: files.targets.filter { names.contains($0.settings.name) }, request: request,
            stage: PullStage(
                ports: ports, secrets: context.secrets(files.configuration), accepted: request.acceptedDirectories))
    }

    /// Begins to read, once whoever watches knows about how much there is.
    private func begin(_ start: RunStart, _ open: OpenRoster) {
        ports.expecting(open.readCounts)
        start.begin()
    }

    private func orphans(_ start: RunStart, _ open: OpenRoster) throws -> OrphanTargets {
        try OrphanTargets(open, configured: start.files.configuration.targets.map(\.name))
    }

    private func run(_ start: RunStart, _ roster: Roster, _ open: OpenRoster?) throws -> AgentRun {
        AgentRun(
            files: start.files, targets: start.targets, ports: ports, context: context, stage: start.stage,
            command: start.request.command, acceptsClock: start.request.acceptsClock, now: context.clock(),
            roster: roster, recentRuns: try open?.recentRuns(Agent.runsLookedAt) ?? [],
            lastMirror: open?.lastMirror ?? { Mirror() },
            following: start.request.reading == .changes ? open : nil)
    }

    /// The keys of names of the directories that this run writes so that they can be followed.
    private func keys(_ open: OpenRoster, _ configuration: AgentConfiguration) throws -> [String: DNHashKey] {
        let followed = try open.followed().followed
        return Dictionary(
            configuration.directories.map { ($0.name, followed[$0.name]?.key ?? context.newKey()) }
        ) { first, _ in first }
    }
}

extension AgentRun {
    /// What is decided, with what is odd about the approvals.
    fileprivate func decideAndCheck() throws -> Decision {
        var decision = try decide()
        decision.tellCoverage(files, roster, now: now)
        return decision
    }
}

/// What a run has before it looks at the roster.
private struct RunStart {
    let files: AgentFiles
    /// The targets that were asked for.
    let targets: [TargetFiles]
    let request: RunRequest
    let stage: PullStage

    var names: [String] { targets.map(\.settings.name) }

    /// Refuses a first night that nobody asked for, before anything is made in the state directory.
    func checkFirstNight(_ traces: RunTraces) throws(AgentFailure) {
        try traces.checkRosterFile()
        if traces.isNew { try refuseFirstNight() }
    }

    /// What is not mounted looks new: everybody would be invited again.
    func refuseFirstNight() throws(AgentFailure) {
        guard request.isUnattended, targets.contains(where: { $0.settings.mode == .manage }) else { return }
        let state = files.configuration.state
        throw AgentFailure(
            .cannotWrite, "there is no roster in `\(state)`, and a first run would invite everybody",
            hint:
                "a disk that is not mounted looks like this; for a first night run `rollcall sync` once on a terminal, "
                + "or with `--yes`")
    }

    /// Lets the server begin to answer while the roster is read.
    func begin() { stage.begin(files.configuration.directories, attributes: files.attributes) }
}

extension AgentFiles {
    /// The attributes that rules of any target test, and the one that tells who is one person, sorted.
    var attributes: [String] {
        let same = configuration.samePerson.map { [$0.attribute] } ?? []
        return Set(targets.flatMap(\.mapping.attributes) + same).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}

extension Roster {
    /// The state before the first run.
    static func empty(targets: [String]) -> Roster {
        Roster(
            generation: 0, lastRun: 0, lastRunTime: nil, stamps: [:], pins: [], approvalsUsed: [:],
            targets: targets.map { TargetRoster(target: $0) })
    }
}
