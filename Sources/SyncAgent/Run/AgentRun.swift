import Diagnostics
import DirectoryModel
import MappingLanguage
import Reconciliation
import Reports

/// One run from the files to the plans, and from there to the roster: read everything, decide once, write once.
struct AgentRun {
    let files: AgentFiles
    let targets: [TargetFiles]
    let ports: AgentPorts
    let context: AgentContext
    /// Begun already, where there was something to do meanwhile.
    let stage: PullStage
    let command: String
    /// Whether a human said that the clock is right.
    let acceptsClock: Bool
    /// The one reading of the clock that everything is decided by.
    let now: Int64
    let roster: Roster
    let recentRuns: [RunRecord]
    /// The mirror of the last applied run.
    let lastMirror: () throws -> Mirror

    var number: Int64 { roster.lastRun + 1 }

    /// What was read and decided.
    struct Decision {
        var plans: [TargetPlan]
        var mirror: Mirror
        var stamps: [String: DirectoryStamp]
        var setAside: [String: [SetAsideEntry]]
        /// What references mean, for the targets that may remember it.
        var pins: [GroupPin]
    }

    /// A lock file that was there in the last applied run must be there: without it, privileged rules would give nothing.
    func checkLocks() throws(AgentFailure) {
        for target in targets where target.lock == nil {
            guard let baseline = roster.targets.first(where: { $0.target == target.settings.name })?.baseline,
                let name = baseline.fingerprints.keys.sorted().first(where: {
                    FilePath.name(of: $0) == FilePath.name(of: target.lockPath)
                })
            else { continue }
            throw AgentFailure(
                .missingFile, "the lock file `\(name)` is gone, with which run \(baseline.run) was applied",
                hint: "restore it from version control, or run `rollcall lock` to pin the groups anew")
        }
    }

    func decide() throws -> Decision {
        defer { stage.close() }
        if !acceptsClock { try RunClock.check(now, against: roster) }
        try checkLocks()
        stage.now = now
        let mirror = try stage.pull(
            files.configuration.directories, attributes: files.attributes, lastStamps: roster.stamps)
        let trusted = files.configuration.directories.map { ($0.name, $0.trustedAttributes) }
        try LostAttributes(mirror: mirror, before: lastMirror)
            .check(Dictionary(trusted, uniquingKeysWith: { first, _ in first }))
        let compiled = try compile(mirror)
        let rosters = targets.map { target in
            roster.targets.first { $0.target == target.settings.name } ?? TargetRoster(target: target.settings.name)
        }
        var approvals = files.approvals(notUsedIn: roster)
        let missing = MissingUsers(
            targets: zip(targets, rosters).map { ($0.settings, $1) }, mirror: mirror, approvals: approvals,
            run: number)
        let absences = try stage.absences(of: missing.keys, in: mirror)
        var plans: [TargetPlan] = []
        for (place, target) in targets.enumerated() {
            ports.progress(.evaluating(target: target.settings.name))
            var plan = plan(target, compiled[place], mirror, rosters[place], absences, approvals)
            if !plan.isHeld, let finding = missing.finding(about: rosters[place]) { plan.add(finding) }
            plan.pause(by: rosters[place].pausedBy)
            if plan.isWritten { approvals.spend(plan.approvalsSpent) }
            plans.append(plan)
        }
        return Decision(
            plans: plans, mirror: mirror, stamps: stage.stamps, setAside: stage.setAside,
            pins: pins(plans, compiled))
    }

    /// Every absent or ambiguous reference of every target at once.
    private func compile(_ mirror: Mirror) throws(AgentFailure) -> [CompiledMapping] {
        var compiled: [CompiledMapping] = []
        var problems: [MappingFinding] = []
        for target in targets {
            let trust: GroupTrust = target.lock.map { .locked($0) } ?? .pinned(pins(of: target.settings.name))
            do {
                compiled.append(try CompiledMapping(target.mapping, mirror: mirror, trust: trust))
            } catch {
                problems += error.problems
            }
        }
        if problems.isEmpty { return compiled }
        var diagnostics = files.diagnostics
        for problem in problems {
            diagnostics.error(problem.code, at: problem.position, problem.message, hint: problem.hint)
        }
        throw AgentFailure(
            .badData,
            problems.count == 1
                ? "a rule or policy names a group that the directory does not have, or has twice"
                : "\(problems.count) rules or policies name groups that the directory does not have, or has twice",
            hint: "nothing was done; correct the file, or the directory", diagnostics: diagnostics)
    }

    private func pins(of target: String) -> [KnownGroup] {
        roster.pins.filter { $0.target == target }.map {
            KnownGroup(reference: $0.reference, key: $0.key, name: $0.name, dn: $0.dn)
        }
    }

    /// A held target remembers nothing new.
    private func pins(_ plans: [TargetPlan], _ compiled: [CompiledMapping]) -> [GroupPin] {
        var pins = roster.pins.filter { pin in
            plans.first { $0.target == pin.target }.map(\.keepsPins)
                ?? files.targets.contains {
                    $0.settings.name == pin.target
                }
        }
        for (plan, mapping) in zip(plans, compiled) where !plan.keepsPins {
            pins += mapping.pins.map {
                GroupPin(target: plan.target, reference: $0.reference, key: $0.key, name: $0.name, dn: $0.dn)
            }
        }
        return pins.inOrder
    }

    /// The attributes that say an account is disabled, by directory.
    private var disabledBy: [String: String] {
        var attributes: [String: String] = [:]
        for directory in files.configuration.directories {
            attributes[directory.name] = directory.attributes.disabled?.attribute
        }
        return attributes
    }

    private func plan(
        _ target: TargetFiles, _ compiled: CompiledMapping, _ mirror: Mirror, _ roster: TargetRoster,
        _ absences: [PersonKey: AbsenceFinding], _ approvals: [Approval]
    ) -> TargetPlan {
        let population = compiled.population(in: MembershipGraph(mirror))
        let input = ReconcileInput(
            mirror: mirror, evaluation: .none,
            rules: target.ruleLabels,
            roster: roster, absences: absences, approvals: approvals, disabledBy: disabledBy, now: now,
            run: number)
        ports.progress(.reconciling(target: target.settings.name))
        var plan = Reconciler(settings: target.settings).decide(input) { frozen in
            var evaluation = compiled.evaluate(mirror, population: population, frozen: frozen)
            for place in evaluation.findings.indices {
                guard let position = evaluation.findings[place].position, position.file == target.mapping.file
                else { continue }
                evaluation.findings[place].position = SourcePosition(
                    file: target.mappingName, line: position.line, column: position.column)
            }
            return evaluation
        }
        plan.traceNesting(in: mirror, groups: compiled.groups)
        return plan
    }

    func facts() -> RunOutcome.Facts {
        RunOutcome.Facts(
            number: number, command: command, actor: context.actor, started: now,
            ended: max(now, context.clock()), version: context.version)
    }

    func result(_ decision: Decision, _ ending: RunResult.Ending) -> RunResult {
        let outcome = RunOutcome(decision.plans, facts())
        var result = RunResult(
            ending: ending, status: outcome.status, record: outcome.record, plans: decision.plans,
            newFindings: FindingKey.new(decision.plans, since: recentRuns), mirror: decision.mirror,
            setAside: decision.setAside,
            idleApprovals: files.approvals.filter { now < $0.validFrom || $0.validUntil <= now })
        result.basis = PlanBasis(roster, targets: targets, pins: decision.pins, facts: facts())
        return result
    }

    /// One transaction: everything, or nothing.
    ///
    /// A wholly held run records itself and nothing else.
    func write(_ result: RunResult, _ decision: Decision, to store: any RosterStore) throws {
        ports.progress(.applying)
        if result.record.outcome == .held {
            try store.record(result.record)
            return
        }
        try store.apply(
            RunToApply(
                record: result.record, generation: roster.generation, mirror: decision.mirror, stamps: decision.stamps,
                pins: decision.pins, plans: decision.plans.filter(\.isWritten)))
    }
}

extension TargetPlan {
    /// A held or paused target remembers nothing new.
    var keepsPins: Bool { isHeld || pausedBy != nil }
}

extension [GroupPin] {
    /// By target and reference, as the roster has them.
    var inOrder: [GroupPin] {
        sorted { left, right in
            let mine = [left.target, left.reference, left.key.directory, left.key.id.description]
            let other = [right.target, right.reference, right.key.directory, right.key.id.description]
            return mine.lexicographicallyPrecedes(other) { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        }
    }
}
