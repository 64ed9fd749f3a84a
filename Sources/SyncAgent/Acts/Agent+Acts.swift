import AccessModel
import Diagnostics
import DirectoryModel
import Reconciliation
import Reports

extension Agent {
    package func suspend(_ request: ActRequest) throws(AgentFailure) -> ActResult {
        try act(.suspend, request)
    }

    package func resume(_ request: ActRequest) throws(AgentFailure) -> ActResult {
        try act(.resume, request)
    }

    private func act(_ deed: ManualAct.Deed, _ request: ActRequest) throws(AgentFailure) -> ActResult {
        guard request.reason.contains(where: { !$0.isWhitespace }) else {
            throw AgentFailure(.usage, "an act by hand needs a reason", hint: "say why with `--reason`")
        }
        let files = try actingFiles(request.targets)
        let names = try selected(request.targets, of: files.names)
        let command = deed == .suspend ? "suspend" : "resume"
        return try writing(files.configuration, command: command) { desk throws in
            let now = context.clock()
            let roster = try desk.load(names)
            try RunClock.check(now, against: roster)
            let person = try PersonFinder(rosters: roster.targets, people: desk.roster.people).person(request.person)
            var result = HandWork(command: command, now: now, roster: roster, context: context)
            for target in roster.targets where target.has(person) {
                guard let settings = files.settings(of: target.target) else {
                    result.leaveOut(target.target, request.person)
                    continue
                }
                let act = ManualAct(deed: deed, person: person, name: context.actor, reason: request.reason)
                let plan = Reconciler(settings: settings).plan(act, roster: target, now: now)
                result.add(plan, person: request.person)
            }
            var done = try result.apply(to: desk.roster.store)
            done.warnings = files.warnings
            return done
        }
    }
}

/// Acts by hand on their way into the roster.
struct HandWork {
    let command: String
    let now: Int64
    let roster: Roster
    let context: AgentContext
    private var plans: [TargetPlan] = []
    private var sentences: [String] = []
    private var refusals: [Finding] = []
    private var leftOut: [String] = []
    /// What humans typed for people, each with the user's number: the summary has the number in its place.
    private var named: [(person: String, user: Int64?)] = []

    init(command: String, now: Int64, roster: Roster, context: AgentContext) {
        self.command = command
        self.now = now
        self.roster = roster
        self.context = context
    }

    /// Takes over what an act does, in a sentence of its own, or why it is not done.
    mutating func add(_ plan: TargetPlan, person: String, saying sentence: String) {
        refusals += plan.findings
        named.append((person, plan.subjects.first?.row?.user))
        plans.append(plan)
        if !plan.changes.isEmpty {
            sentences.append("\(plan.target): \(sentence)")
        }
        for finding in plan.findings { sentences.append("\(plan.target): `\(person)`: \(finding.message)") }
    }

    mutating func add(_ plan: TargetPlan, person: String) {
        refusals += plan.findings
        named.append((person, plan.subjects.first?.row?.user))
        plans.append(plan)
        if !plan.changes.isEmpty {
            let status = plan.subjects.first?.row?.status.rawValue ?? ""
            sentences.append("\(plan.target): `\(person)` is \(status)\(HandWork.lifted(by: plan))")
        }
        for finding in plan.findings { sentences.append("\(plan.target): `\(person)` is \(finding.message)") }
    }

    /// What still says otherwise, and does not count until it was once seen to be over.
    private static func lifted(by plan: TargetPlan) -> String {
        guard plan.changes.contains(where: { $0.kind == .resume }), let lifted = plan.details[0]?.lifted,
            !lifted.isEmpty
        else { return "" }
        let causes = lifted.map(\.title).joined(separator: ", ")
        return "; not suspended again for this before it was once over: \(causes)"
    }

    /// Tells of a target that is not acted on, since its settings have an error.
    mutating func leaveOut(_ target: String, _ person: String) {
        leftOut.append("\(target): `\(person)` is left as is, since the settings of the target have an error")
    }

    func apply(to store: any RosterStore) throws -> ActResult {
        let changing = plans.filter { !$0.changes.isEmpty }
        if changing.isEmpty, let refusal = refusals.first {
            throw AgentFailure(.held, sentences.joined(separator: "; "), hint: refusal.hint)
        }
        if plans.isEmpty, !leftOut.isEmpty {
            throw AgentFailure(
                .badConfiguration, leftOut.joined(separator: "; "),
                hint: "nothing was done; `rollcall check` tells what is wrong")
        }
        let facts = RunOutcome.Facts(
            number: roster.lastRun + 1, command: command, actor: context.actor, started: now,
            ended: max(now, context.clock()), version: context.version)
        var record = RunOutcome(plans, facts).record.ended(with: plans, isPartial: !leftOut.isEmpty)
        record.summary = LastingSummary.text(sentences, of: named)
        try store.apply(
            RunToApply(
                record: record, generation: roster.generation, mirror: nil, stamps: roster.stamps, pins: roster.pins,
                plans: changing))
        return ActResult(
            record: record, plans: plans, sentences: sentences + leftOut, isWritten: true, isPartial: !leftOut.isEmpty)
    }
}

/// Finds who is meant by an email, an immutable id or a login.
struct PersonFinder {
    let rosters: [TargetRoster]
    let people: (_ login: String) throws -> [PersonKey]
    /// Users of a list, found beforehand; nil looks through everybody each time.
    var listed: ListedUsers?

    func person(_ text: String) throws -> PersonKey {
        for keys in [byEmail(text), byID(text), try people(text).filter(isUser)] {
            let found = Set(keys).sorted()
            if found.count == 1 { return found[0] }
            if found.count > 1 {
                let ids = found.prefix(10).map { "\($0.directory) \($0.id)" }.joined(separator: ", ")
                throw AgentFailure(
                    .usage, "`\(text)` means \(found.count) people: \(ids)", hint: "name one of them by the id")
            }
        }
        throw AgentFailure(
            .failed, "nobody with the email, id or login `\(text)` is a user here",
            hint: "`rollcall users` lists them")
    }

    /// The same among everybody whom the last applied run saw.
    func anybody(_ text: String) throws -> PersonKey {
        let found = Set(try people(text)).sorted()
        if found.count == 1 { return found[0] }
        if found.isEmpty {
            throw AgentFailure(
                .failed, "nobody with the email, id or login `\(text)` was in the directory when it was last read",
                hint: "people are known once `rollcall sync` has read them; `apply` does not ask the directory")
        }
        return try person(text)
    }

    private func isUser(_ key: PersonKey) -> Bool {
        listed?.isUser(key) ?? rosters.contains { $0.has(key) }
    }

    private func byEmail(_ text: String) -> [PersonKey] {
        guard text.utf8.contains(UInt8(ascii: "@")) else { return [] }
        if let listed { return listed.withEmail(text) }
        let wanted = text.lowercased()
        let length = UInt32(truncatingIfNeeded: text.utf8.count)
        let isPlain = text.utf8.allSatisfy { $0 < 0x80 }
        return rosters.flatMap { roster in
            roster.users.filter { row in
                row.managed && row.status != .removed && (!isPlain || row.email.length == length)
                    && roster.texts[row.email].lowercased() == wanted
            }.compactMap { roster.key($0) }
        }
    }

    private func byID(_ text: String) -> [PersonKey] {
        guard let id = ImmutableID(written: text) else { return [] }
        if let listed { return listed.withID(id) }
        return rosters.flatMap { roster in
            roster.users.filter { $0.managed && $0.status != .removed && $0.id == id }.compactMap { roster.key($0) }
        }
    }
}

extension TargetRoster {
    /// The person of a row; nil where its directory is unknown.
    func key(_ row: UserRow) -> PersonKey? {
        Int(row.directory) < directories.count
            ? PersonKey(directory: directories[Int(row.directory)], id: row.id) : nil
    }

    fileprivate func has(_ person: PersonKey) -> Bool {
        users.contains { $0.id == person.id && $0.managed && $0.status != .removed && key($0) == person }
    }
}
