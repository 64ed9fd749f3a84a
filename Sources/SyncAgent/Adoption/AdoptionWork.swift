import DirectoryModel
import MappingLanguage
import Reconciliation

/// What adopting needs besides the list: the mirror, what rules give, the roster.
struct AdoptionWork {
    let files: AgentFiles
    let target: TargetFiles
    let ports: AgentPorts
    let context: AgentContext
    let now: Int64
    let roster: Roster
    let open: OpenRoster?
    /// Whether the directories were read, since the roster had no mirror.
    private(set) var hasPulled = false
    private(set) var mirror: Mirror
    private(set) var stamps: [String: DirectoryStamp]

    /// Takes the mirror of the last applied run, or reads the directories where there was none yet.
    init(
        files: AgentFiles, target: TargetFiles, ports: AgentPorts, context: AgentContext, roster: Roster,
        open: OpenRoster?
    ) throws {
        self.files = files
        self.target = target
        self.ports = ports
        self.context = context
        self.roster = roster
        self.open = open
        now = context.clock()
        try RunClock.check(now, against: roster)
        mirror = try open?.lastMirror() ?? Mirror()
        stamps = roster.stamps
        if mirror.people.isEmpty { try pull() }
    }

    private mutating func pull() throws {
        let stage = PullStage(ports: ports, secrets: context.secrets(files.configuration))
        defer { stage.close() }
        stage.now = now
        mirror = try stage.pull(
            files.configuration.directories, attributes: files.attributes, lastStamps: roster.stamps)
        stamps = stage.stamps
        hasPulled = true
    }

    var users: TargetRoster {
        roster.targets.first { $0.target == target.settings.name } ?? TargetRoster(target: target.settings.name)
    }

    func known() throws -> [KnownAccount] { try open?.accounts(target.settings.name) ?? [] }

    func input(_ accounts: [PlatformAccount], extras: ExtraAccess) throws -> AdoptionInput {
        ports.progress(.evaluating(target: target.settings.name))
        let reconcile = ReconcileInput(
            mirror: mirror, evaluation: try evaluation(), rules: target.ruleLabels, roster: users, now: now,
            run: roster.lastRun + 1)
        return AdoptionInput(
            accounts: accounts, known: try known(), reconcile: reconcile, extras: extras, by: context.actor)
    }

    private func evaluation() throws(AgentFailure) -> Evaluation {
        let pins = roster.pins.filter { $0.target == target.settings.name }.map {
            KnownGroup(reference: $0.reference, key: $0.key, name: $0.name, dn: $0.dn)
        }
        do {
            let compiled = try CompiledMapping(
                target.mapping, mirror: mirror, trust: target.lock.map { .locked($0) } ?? .pinned(pins))
            return compiled.evaluate(mirror, population: compiled.population(in: MembershipGraph(mirror)), frozen: [:])
        } catch {
            throw AgentFailure(
                .badData, "the mapping of `\(target.settings.name)` does not fit the directory as it was last read",
                hint: "nothing was done; `rollcall check --online` says what is missing",
                causes: error.problems.map(\.message))
        }
    }

    /// The record of a run that writes the plan.
    func record(_ plan: TargetPlan, command: String, summary: String) -> RunRecord {
        let facts = RunOutcome.Facts(
            number: roster.lastRun + 1, command: command, actor: context.actor, started: now,
            ended: max(now, context.clock()), version: context.version)
        var record = RunOutcome([plan], facts).record
        record.summary = summary
        return record
    }

    /// One transaction: users, accounts, and the mirror where it was read.
    func apply(_ plan: TargetPlan, _ record: RunRecord, signIns: [Int64], to store: any RosterStore) throws {
        ports.progress(.applying)
        let feed = SignInFeed.time(of: signIns, before: users.signInsImported, now: now)
        try store.apply(
            RunToApply(
                record: record, generation: roster.generation, mirror: hasPulled ? mirror : nil, stamps: stamps,
                pins: roster.pins, plans: [plan], signInsImported: feed.map { [plan.target: $0] } ?? [:]))
    }
}
