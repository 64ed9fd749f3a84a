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
    /// Where only part of the people is decided about, with the users of that part.
    var roster: Roster
    let recentRuns: [RunRecord]
    /// The mirror of the last applied run.
    let lastMirror: () throws -> Mirror
    /// The roster that changes are read by; nil where everything is read.
    var following: OpenRoster?

    var number: Int64 { roster.lastRun + 1 }

    /// What was read and decided.
    struct Decision {
        var plans: [TargetPlan]
        var mirror: Mirror
        var stamps: [String: DirectoryStamp]
        var setAside: [String: [SetAsideEntry]]
        /// What references mean, for the targets that may remember it.
        var pins: [GroupPin]
        /// Users who are known by another identity from this run on.
        var moves: [IdentityMove] = []
        var readings: [DirectoryReading] = []
        /// How the reading of directories ended that could not be read, by name.
        var unread: [String: ExitStatus] = [:]
        /// About whom was decided; nil for a run that was to read everything.
        var scope: DecisionScope?
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
        let before = LastMirror(lastMirror)
        try prepareFollowing(before)
        var readings = read(before)
        stage.changeReading = nil
        try readings.check()
        var scene = try scene(&readings, before)
        let absences = try absences(&readings, &scene, before)
        return try decide(scene, absences, before)
    }

    /// Lets the stage read changes, where that is wanted.
    func prepareFollowing(_ before: LastMirror) throws {
        guard let following else { return }
        let attributes = Set(
            files.configuration.directories.flatMap { directory in
                files.attributes.filter(directory.trustedAttributes.contains)
            })
        stage.changeReading = ChangeReading(
            followed: try following.followed(), lookup: following.lookup, last: before,
            attributes: attributes.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
    }

    /// What everything is decided by, once it is settled which directories are believed.
    private struct Scene {
        var mirror: Mirror
        var compiled: [CompiledMapping]
        var unread: [UnreadDirectory]
        /// How their reading ended, by name.
        var endings: [String: ExitStatus]
        var missing: MissingUsers
        var stamps: [String: DirectoryStamp]
        var neverRead: Set<String>
    }

    /// Reads every directory; one whose people lost an attribute that rules ask for is not believed.
    private func read(_ before: LastMirror) -> DirectoryReadings {
        var readings = stage.readings(
            of: files.configuration.directories, attributes: files.attributes, lastStamps: roster.stamps)
        let trusted = Dictionary(
            files.configuration.directories.map { ($0.name, $0.trustedAttributes) },
            uniquingKeysWith: { first, _ in first })
        for (name, mirror) in readings.read where !stage.accepted.contains(name) {
            do {
                try LostAttributes(mirror: mirror, before: before.mirror).check(trusted)
            } catch let failure as PullFailure {
                stage.fail(name, AgentFailure(failure), in: &readings)
            } catch {
                stage.fail(name, ports.failure(error), in: &readings)
            }
        }
        return readings
    }

    private func scene(_ readings: inout DirectoryReadings, _ before: LastMirror) throws -> Scene {
        let mirror = try readings.mirror(before.mirror)
        let history = UnreadHistory(runs: recentRuns, run: number, now: now)
        let failures = readings.failures
        let unread = readings.unread.compactMap { name in failures[name].map { history.directory(name, $0) } }
        let missing = MissingUsers(
            targets: zip(targets, rosters).map { ($0.settings, $1) }, mirror: mirror,
            approvals: files.approvals(notUsedIn: roster), run: number, unread: readings.unread)
        var stamps = stage.stamps
        for name in readings.unread { stamps[name] = roster.stamps[name] }
        return Scene(
            mirror: mirror, compiled: try compile(mirror, neverRead: readings.neverRead), unread: unread,
            endings: failures.mapValues(\.status), missing: missing, stamps: stamps, neverRead: readings.neverRead)
    }

    /// Asks about users who are not in the mirror; where a directory cannot answer that, it is not believed at all, and the scene
    /// is another.
    private func absences(
        _ readings: inout DirectoryReadings, _ scene: inout Scene, _ before: LastMirror
    ) throws -> [PersonKey: AbsenceFinding] {
        var findings: [PersonKey: AbsenceFinding] = [:]
        while true {
            let unread = readings.unread
            let wanted = scene.missing.keys.filter { findings[$0] == nil }
            findings.merge(stage.absences(of: wanted, in: scene.mirror, &readings)) { $1 }
            if readings.unread == unread { return findings }
            try readings.check()
            scene = try self.scene(&readings, before)
            findings = findings.filter { readings.wasRead($0.key.directory) }
        }
    }

    private var rosters: [TargetRoster] {
        targets.map { target in
            roster.targets.first { $0.target == target.settings.name } ?? TargetRoster(target: target.settings.name)
        }
    }

    /// Decides for all targets, and once more without new identities where a target that knows one of them is not written.
    private func decide(
        _ scene: Scene, _ absences: [PersonKey: AbsenceFinding], _ before: LastMirror
    ) throws -> Decision {
        var links = try links(scene, absences, before, mayMove: targets.count == files.targets.count)
        var plans = try plans(scene, links, absences)
        if let moves = links?.moves, !moves.isEmpty, !areWritten(moves, plans) {
            links = try self.links(scene, absences, before, mayMove: false)
            plans = try self.plans(scene, links, absences)
        }
        return Decision(
            plans: plans, mirror: scene.mirror, stamps: scene.stamps, setAside: stage.setAside,
            pins: pins(plans, scene.compiled), moves: links?.moves ?? [],
            readings: stage.readings(of: files.configuration.directories), unread: scene.endings)
    }

    /// Whether every target that knows somebody by an old identity takes up the new one.
    private func areWritten(_ moves: [IdentityMove], _ plans: [TargetPlan]) -> Bool {
        let unwritten = Set(plans.filter { !$0.isWritten || $0.isHeld }.map(\.target))
        let keys = Set(moves.map(\.from))
        return !rosters.contains { roster in unwritten.contains(roster.target) && roster.knows(keys) }
    }

    /// Which identities are one person; nil where nothing tells.
    private func links(
        _ scene: Scene, _ absences: [PersonKey: AbsenceFinding], _ before: LastMirror, mayMove: Bool
    ) throws -> IdentityLinks? {
        guard let rule = files.configuration.samePerson else { return nil }
        return try IdentityLinks(
            IdentityLinks.Scene(
                rule: rule, mirror: scene.mirror, unread: Set(scene.unread.map(\.name)), rosters: rosters,
                absences: absences, mayMove: mayMove), last: before.mirror)
    }

    private func plans(
        _ scene: Scene, _ links: IdentityLinks?, _ absences: [PersonKey: AbsenceFinding]
    ) throws -> [TargetPlan] {
        var approvals = files.approvals(notUsedIn: roster)
        var plans: [TargetPlan] = []
        let mirror = scene.mirror.united(links?.standsFor ?? [:])
        let compiled =
            mirror.standsFor.isEmpty ? scene.compiled : try compile(mirror, neverRead: scene.neverRead)
        for (place, (target, roster)) in zip(targets, rosters).enumerated() {
            ports.progress(.evaluating(target: target.settings.name))
            var input = ReconcileInput(
                mirror: mirror, evaluation: .none, rules: target.ruleLabels, roster: roster.moving(links?.moves ?? []),
                absences: absences, approvals: approvals, disabledBy: files.configuration.disabledBy, now: now,
                run: number)
            input.unread = scene.unread
            input.moves = links?.moves ?? []
            var plan = plan(target, compiled[place], input)
            if !plan.isHeld, let finding = scene.missing.finding(about: roster) { plan.add(finding) }
            for finding in links?.findings ?? [] { plan.add(finding) }
            plan.pause(by: roster.pausedBy)
            if plan.isWritten { approvals.spend(plan.approvalsSpent) }
            plans.append(plan)
        }
        return plans
    }

    /// Every absent or ambiguous reference of every target at once.
    private func compile(_ mirror: Mirror, neverRead: Set<String>) throws(AgentFailure) -> [CompiledMapping] {
        var compiled: [CompiledMapping] = []
        var problems: [MappingFinding] = []
        for target in targets {
            do {
                compiled.append(
                    try CompiledMapping(
                        target.mapping, mirror: mirror, trust: trust(of: target), neverRead: neverRead))
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

    func trust(of target: TargetFiles) -> GroupTrust {
        target.lock.map { .locked($0) } ?? .pinned(pins(of: target.settings.name))
    }

    private func pins(of target: String) -> [KnownGroup] {
        roster.pins.filter { $0.target == target }.map {
            KnownGroup(reference: $0.reference, key: $0.key, name: $0.name, dn: $0.dn)
        }
    }

    /// A held target remembers nothing new.
    func pins(_ plans: [TargetPlan], _ compiled: [CompiledMapping]) -> [GroupPin] {
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

    private func plan(_ target: TargetFiles, _ compiled: CompiledMapping, _ input: ReconcileInput) -> TargetPlan {
        let mirror = input.mirror
        let population = compiled.population(in: MembershipGraph(mirror))
        ports.progress(.reconciling(target: target.settings.name))
        var plan = Reconciler(settings: target.settings).decide(input) { frozen in
            var evaluation = compiled.evaluate(mirror, population: population, frozen: frozen)
            target.name(&evaluation)
            return evaluation
        }
        plan.traceNesting(in: mirror, groups: compiled.groups)
        return plan
    }

    func facts() -> RunOutcome.Facts {
        RunOutcome.Facts(
            number: number, command: command, actor: context.actor, started: now,
            ended: max(now, context.clock()), version: context.version, accepted: stage.accepted)
    }

    func result(_ decision: Decision, _ ending: RunResult.Ending) -> RunResult {
        let acknowledged = Acknowledgements(roster.acknowledgements, at: now)
        let outcome = RunOutcome(
            decision.plans, facts(), decision.readings, decision.scope, acknowledged: acknowledged)
        var result = RunResult(
            ending: ending, status: outcome.status, record: outcome.record, plans: decision.plans,
            newFindings: FindingKey.new(decision.plans, since: recentRuns, acknowledged: acknowledged),
            mirror: decision.mirror,
            setAside: decision.setAside,
            idleApprovals: files.approvals.filter { now < $0.validFrom || $0.validUntil <= now })
        result.acknowledged = acknowledged
        if case .people = decision.scope { result.knownInLine = following?.labelsInLine(of: decision.plans) ?? [:] }
        result.readings = decision.readings
        result.unread = decision.unread
        result.scope = decision.scope
        result.earlier = recentRuns
        result.basis = PlanBasis(
            roster, targets: targets, pins: decision.pins, moves: decision.moves, facts: facts())
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
        var run = RunToApply(
            record: result.record, generation: roster.generation, mirror: decision.mirror, stamps: decision.stamps,
            pins: decision.pins, plans: decision.plans.filter(\.isWritten))
        run.newIDs = decision.moves.map(IDChange.init)
        run.starts = stage.starts
        let moved = Set(run.newIDs.flatMap { [$0.directory, $0.newDirectory] })
        run.changes = stage.changes.filter { !moved.contains($0.key) }
        if case .people = decision.scope { run.mirror = nil } else if try isToldByChanges(run) { run.mirror = nil }
        try store.apply(run)
    }

    /// Whether what changed tells everything, so that the roster need not be compared with the whole mirror.
    private func isToldByChanges(_ run: RunToApply) throws -> Bool {
        guard let following, run.newIDs.isEmpty else { return false }
        let held = Set(try following.followed().directories)
        return held == Set(run.changes.keys) && held == Set(files.configuration.directories.map(\.name))
    }
}

extension TargetFiles {
    /// Gives findings about rules the name that people know the mapping by.
    func name(_ evaluation: inout Evaluation) {
        for place in evaluation.findings.indices {
            guard let position = evaluation.findings[place].position, position.file == mapping.file else { continue }
            evaluation.findings[place].position = SourcePosition(
                file: mappingName, line: position.line, column: position.column)
        }
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
