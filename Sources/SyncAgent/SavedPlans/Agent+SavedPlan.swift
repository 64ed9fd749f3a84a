import DirectoryModel
import Glibc
import Reconciliation
package import Reports

extension Agent {
    /// Writes planned changes to a file that `applyPlan` takes; never over another file.
    package func save(_ result: RunResult, _ report: PlanReport, to path: String) throws(AgentFailure) {
        guard let basis = result.basis else {
            throw AgentFailure(
                .bug, "a plan without what it was made from cannot be saved",
                hint: "this is a bug of Rollcall: please report it with the command you gave")
        }
        let bytes = SavedPlan(basis: basis, plans: result.plans).bytes(report)
        do throws(FileError) {
            let folder = try OpenDirectory.open(FilePath.directory(of: path), links: .follow)
            try AtomicFile.write(bytes, to: FilePath.name(of: path), in: folder, existing: .refuse)
        } catch {
            guard error.code != EEXIST else {
                throw AgentFailure(
                    .cannotWrite, "there is a file `\(path)` already", hint: "name another, or remove that one first")
            }
            throw AgentFailure(writing: error)
        }
    }

    /// Applies exactly the plans of a file, unless something that they rest on has moved; the directory is not asked.
    package func applyPlan(_ path: String, confirm: (RunResult) -> Bool) throws(AgentFailure) -> RunResult {
        let saved = try savedPlan(path)
        let files = try decidingFiles()
        return try writing(files.configuration, command: "apply") { desk throws in
            let roster = try desk.load(saved.plans.map(\.target))
            let now = context.clock()
            try RunClock.check(now, against: roster)
            let check = SavedPlanCheck(
                saved: saved, files: files, roster: roster, version: context.version, now: now)
            let moved = check.moved
            guard moved.isEmpty else {
                throw AgentFailure(
                    .stale, "the plan `\(path)` is stale: \(moved[0])", hint: "plan anew; nothing was done",
                    details: Array(moved.dropFirst()))
            }
            let facts = RunOutcome.Facts(
                number: roster.lastRun + 1, command: "apply", actor: context.actor, started: now,
                ended: max(now, context.clock()), version: context.version)
            let plans = saved.plans(asRun: facts.number, now: now)
            let outcome = RunOutcome(plans, facts)
            var result = RunResult(
                ending: .planned, status: outcome.status, record: outcome.record, plans: plans, newFindings: [],
                mirror: Mirror(), setAside: [:])
            result.acknowledged = Acknowledgements(roster.acknowledgements, at: now)
            result.knownInLine = desk.roster.labelsInLine(of: plans)
            guard desk.asking({ confirm(result) }) else {
                result.ending = .declined
                return result
            }
            result.ending = .applied
            result.lacksMirror = try roster.stamps.isEmpty && desk.roster.lastMirror().people.isEmpty
            ports.progress(.applying)
            if outcome.record.outcome == .held {
                try desk.roster.store.record(outcome.record)
            } else {
                var run = RunToApply(
                    record: outcome.record, generation: roster.generation, mirror: nil, stamps: roster.stamps,
                    pins: saved.pins(over: roster.pins), plans: plans.filter(\.isWritten))
                run.newIDs = saved.basis.moves.map(IDChange.init)
                try desk.roster.store.apply(run)
            }
            try desk.remember(result)
            result.reports = try desk.put(RunReport(result), run: result.record.number, through: ports)
            return result
        }
    }

    private func savedPlan(_ path: String) throws(AgentFailure) -> SavedPlan {
        let bytes: [UInt8]
        do throws(FileError) {
            bytes = try InputFile.bytes(path, atMost: 4 << 30)
        } catch {
            throw AgentFailure(
                reading: error, called: "the plan", wanted: "the file that `rollcall plan --out` wrote")
        }
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & 0o022 == 0,
            status.st_uid == geteuid() || status.st_uid == 0
        else {
            throw AgentFailure(
                .badData, "the plan `\(path)` may have been written by others",
                hint: "save it where only you can write, with mode 0600")
        }
        return try SavedPlan(bytes, path: path)
    }
}

/// Compares what a saved plan was made from with what is there now.
struct SavedPlanCheck {
    let saved: SavedPlan
    let files: AgentFiles
    let roster: Roster
    let version: String
    let now: Int64

    /// A plan is for the day or the night after it: what made it right may be over by then.
    static let oldest: Int64 = 86_400

    /// What moved, one sentence each.
    var moved: [String] {
        var moved: [String] = []
        let (age, overflow) = now.subtractingReportingOverflow(saved.basis.time)
        if overflow || age >= SavedPlanCheck.oldest {
            moved.append("it was made at \(Timestamp.text(saved.basis.time)), 24 hours ago or more")
        }
        if age < -RunClock.slack {
            moved.append("it was made at \(Timestamp.text(saved.basis.time)), and the clock is behind that")
        }
        if saved.basis.version != version {
            moved.append("it was made by Rollcall \(saved.basis.version), and this is \(version)")
        }
        for plan in saved.plans { moved += self.moved(plan) }
        return moved + spentApprovals
    }

    private func moved(_ plan: TargetPlan) -> [String] {
        guard let target = files.target(named: plan.target),
            let basis = saved.basis.targets.first(where: { $0.name == plan.target }),
            let users = roster.targets.first(where: { $0.target == plan.target })
        else { return ["there is no target `\(plan.target)` any more"] }
        let settings = target.settings
        var moved = changedFiles(basis.fingerprints, target.planFingerprints)
        if plan.mode != settings.mode { moved.append("the mode of `\(plan.target)` is another") }
        if users.pausedBy != plan.pausedBy {
            let what = users.pausedBy.map { "pauses since run \($0)" } ?? "goes on after a pause"
            moved.append("`\(plan.target)` \(what)")
        }
        // Of a roster restored meanwhile the generation alone may come round again.
        if roster.generation == saved.basis.generation, roster.lastRun < saved.basis.run { return moved }
        if users.baseline?.run != basis.baselineRun {
            let run = users.baseline.map { "run \($0.run)" } ?? "nothing"
            moved.append("guards of `\(plan.target)` compare with \(run) meanwhile")
        }
        if PlanBasis.line(users.waiting) != basis.line {
            moved.append("the line for seats of `\(plan.target)` is another")
        }
        return moved + Reconciler(settings: settings).moved(plan, in: users.moving(saved.basis.moves))
    }

    /// Approvals that the plans use must still be there, in date and not used up; targets share them.
    private var spentApprovals: [String] {
        let uses = [ApprovalUse].together(saved.plans.filter(\.isWritten).map(\.approvalsSpent))
        let approvals = files.approvals(notUsedIn: roster)
        return uses.compactMap { use in
            guard let approval = approvals.first(where: { $0.digest == use.digest }) else {
                return "approval `\(use.file)` is gone, or another"
            }
            if approval.validUntil <= now { return "approval `\(use.file)` is out of date" }
            return use.count > approval.left(use.allowed) ? "approval `\(use.file)` was used up meanwhile" : nil
        }
    }

    private func changedFiles(_ before: [String: String], _ now: [String: String]) -> [String] {
        Set(before.keys).union(now.keys).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
            .filter { before[$0] != now[$0] }.map { "\($0) was changed" }
    }
}
