import Diagnostics
import DirectoryModel
package import Reconciliation

/// Which run to undo, and where.
package struct UndoRequest: Sendable {
    /// Number of the run; nil is the last one.
    package var run: Int64?
    /// Names of targets; nil is every target that the run changed.
    package var targets: [String]?
    /// What the human says; may be empty.
    package var reason: String

    package init(run: Int64?, targets: [String]? = nil, reason: String = "") {
        self.run = run
        self.targets = targets
        self.reason = reason
    }
}

extension Agent {
    /// What undoing a run would do; writes nothing.
    package func planUndo(_ request: UndoRequest) throws(AgentFailure) -> RunResult {
        let files = try files()
        let configuration = files.configuration
        return try translating { () throws -> RunResult in
            try RunTraces(configuration).checkRosterFile()
            let open = try ports.openRoster(
                RosterLocation(path: configuration.rosterPath, access: .reading, readers: configuration.readers))
            defer { open.close() }
            try Witness.check(open.chain, in: configuration.state)
            return try UndoWork(request, files: files, open: open, context: context).result(.planned)
        }
    }

    /// Takes back what a run did, where it is still as that run left it; the targets pause until they are continued.
    package func undo(_ request: UndoRequest, confirm: (RunResult) -> Bool) throws(AgentFailure) -> RunResult {
        let files = try decidingFiles()
        return try writing(files.configuration, command: "undo") { desk throws in
            let work = try UndoWork(request, files: files, open: desk.roster, context: context)
            let planned = work.result(.planned)
            guard desk.asking({ confirm(planned) }) else { return work.result(.declined) }
            var result = work.result(.applied)
            try desk.roster.store.apply(
                RunToApply(
                    record: result.record, generation: work.roster.generation, mirror: nil,
                    stamps: work.roster.stamps, pins: work.roster.pins, plans: result.plans,
                    pauses: Set(result.plans.filter { !$0.subjects.isEmpty }.map(\.target))))
            result.reports = try desk.put(RunReport(result), run: result.record.number, through: ports)
            return result
        }
    }

    /// Lets a target go on that pauses since an undo.
    package func goOn(target: String) throws(AgentFailure) -> RunRecord {
        let files = try decidingFiles()
        let names = try selected([target], of: files.targets.map(\.settings.name))
        return try writing(files.configuration, command: "continue") { desk throws in
            let roster = try desk.load(names)
            let now = context.clock()
            try RunClock.check(now, against: roster)
            guard let run = roster.targets.first?.pausedBy else {
                throw AgentFailure(
                    .failed, "target `\(target)` does not pause", hint: "only an undo makes a target pause")
            }
            let facts = RunOutcome.Facts(
                number: roster.lastRun + 1, command: "continue", actor: context.actor, started: now,
                ended: max(now, context.clock()), version: context.version)
            var record = RunOutcome([], facts).record
            record.summary = "\(target): goes on, after the pause since run \(run)"
            try desk.roster.store.apply(
                RunToApply(
                    record: record, generation: roster.generation, mirror: nil, stamps: roster.stamps,
                    pins: roster.pins, plans: [], continues: [target]))
            return record
        }
    }
}

/// An undo from the run's images to plans.
private struct UndoWork {
    let roster: Roster
    private let plans: [TargetPlan]
    private let names: [PersonKey: String]
    private let facts: RunOutcome.Facts
    /// Number of the run that is taken back.
    private let run: Int64

    init(_ request: UndoRequest, files: AgentFiles, open: OpenRoster, context: AgentContext) throws {
        let known = files.targets.map(\.settings.name)
        let roster = try open.store.load(targets: known)
        self.roster = roster
        try RunTraces(files.configuration).check(roster)
        let now = context.clock()
        try RunClock.check(now, against: roster)
        let run = request.run ?? roster.lastRun
        self.run = run
        guard run > 0, run <= roster.lastRun else {
            throw AgentFailure.noRun(request.run.map { "\($0)" } ?? "to take back", last: roster.lastRun)
        }
        let recent = Int(clamping: roster.lastRun - run) + 1
        let record = try open.recentRuns(recent).first { $0.number == run }
        if record?.command == UndoAct.ofImport {
            throw AgentFailure(
                .failed, "run \(run) took back an import or a link, and an undo takes no account over",
                hint: "give the list to `rollcall import` again, or the account to `rollcall link`")
        }
        if record?.command == "rekey" {
            throw AgentFailure(
                .failed, "run \(run) took over new ids, and an undo gives nobody an id back",
                hint: "turn the file of ids around and give it to `rollcall rekey --map`")
        }
        var images = try open.images(run)
        if let names = request.targets {
            for name in names where !images.contains(where: { $0.target == name }) {
                guard known.contains(name) else {
                    throw AgentFailure.noTarget(name, of: known + images.map(\.target).filter { !known.contains($0) })
                }
                throw AgentFailure(
                    .failed, "run \(run) changed nobody on `\(name)`",
                    hint: "`rollcall show \(run)` shows what it did")
            }
            images.removeAll { !names.contains($0.target) }
        }
        guard !images.isEmpty else {
            throw AgentFailure(
                .failed, "run \(run) changed nobody, so there is nothing to undo",
                hint: "`rollcall show \(run)` shows what it did")
        }
        if let gone = images.first(where: { !known.contains($0.target) }) {
            throw AgentFailure(
                .failed, "run \(run) changed target `\(gone.target)`, which is not configured any more",
                hint: "name the others with `--target`, or put it back into the configuration")
        }
        if let observed = images.first(where: { files.target(named: $0.target)?.settings.mode == .observe }) {
            throw AgentFailure(
                .failed, "run \(run) changed target `\(observed.target)`, which is only observed now",
                hint: "set `mode: manage` for it first, or name the others with `--target`")
        }
        let act = UndoAct(
            run: run, name: context.actor, reason: request.reason, command: record?.command ?? "sync")
        plans = try images.compactMap { one in
            guard let settings = files.target(named: one.target)?.settings,
                let users = roster.targets.first(where: { $0.target == one.target })
            else { return nil }
            return Reconciler(settings: settings).plan(
                undoing: one, act, roster: users, accounts: act.isOfImport ? try open.accounts(one.target) : [],
                now: now)
        }
        guard plans.contains(where: { !$0.subjects.isEmpty || !$0.changes.isEmpty }) else {
            throw AgentFailure(
                .failed, "nothing of run \(run) is left to take back",
                hint: "`rollcall runs` tells what ran since",
                details: plans.flatMap(\.findings).prefix(10).map { "\($0.label): \($0.message)" })
        }
        names = open.labelsInLine(of: plans)
        facts = RunOutcome.Facts(
            number: roster.lastRun + 1, command: act.isOfImport ? UndoAct.ofImport : "undo", actor: context.actor,
            started: now,
            ended: max(now, context.clock()), version: context.version)
    }

    func result(_ ending: RunResult.Ending) -> RunResult {
        var outcome = RunOutcome(plans, facts)
        outcome.record.summary = "undo of run \(run): \(outcome.record.summary)"
        var result = RunResult(
            ending: ending, status: .done, record: outcome.record, plans: plans, newFindings: [], mirror: Mirror(),
            setAside: [:])
        result.knownInLine = names
        return result
    }
}
