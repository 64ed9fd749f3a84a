import AccessModel
import Diagnostics
import DirectoryModel
import Reconciliation

extension Agent {
    /// Suspends everybody in a file by hand, in one run: all of it or nothing.
    ///
    /// A line that means nobody, or several people, is told with all others, and nothing is done; with `skipsUnknown`
    /// the others are suspended all the same.
    package func suspend(
        _ request: ListRequest, confirm: (ActResult) -> Bool = { _ in true }
    ) throws(AgentFailure) -> ActResult {
        guard request.reason.contains(where: { !$0.isWhitespace }) else {
            throw AgentFailure(.usage, "an act by hand needs a reason", hint: "say why with `--reason`")
        }
        let files = try decidingFiles()
        let names = try selected(request.targets, of: files.targets.map(\.settings.name))
        let list = try peopleList(request.path)
        return try writing(files.configuration, command: "suspend") { desk throws in
            let now = context.clock()
            let roster = try desk.load(names)
            try RunClock.check(now, against: roster)
            let people = try find(list, request, roster, desk.roster.people)
            let acts = people.map {
                ManualAct(deed: .suspend, person: $0, name: context.actor, reason: request.reason)
            }
            var work = ListWork(now: now, roster: roster)
            for target in roster.targets {
                guard let settings = files.target(named: target.target)?.settings else { continue }
                let mine = acts.filter { target.hasUser($0.person) }
                if mine.isEmpty { continue }
                let plan = Reconciler(settings: settings).plan(mine, roster: target, now: now)
                work.add(plan, isDryRun: request.isDryRun)
            }
            return try work.finish(context, request, desk.roster.store, confirm)
        }
    }

    private func peopleList(_ path: String) throws(AgentFailure) -> PeopleList {
        let bytes: [UInt8]
        do {
            bytes = try InputFile.bytes(path)
        } catch {
            throw AgentFailure(.missingFile, "cannot read `\(path)`: \(error.words)")
        }
        let list = PeopleList(path: path, bytes: bytes)
        guard !list.diagnostics.hasErrors else {
            throw AgentFailure(
                .badData, "`\(path)` is not what it should be", hint: "nobody was suspended; correct the file",
                diagnostics: list.diagnostics)
        }
        guard !list.lines.isEmpty else {
            throw AgentFailure(.badData, "`\(path)` names nobody", hint: "write one email, login or id to a line")
        }
        return list
    }

    /// Everybody in the list, each once, in its order.
    private func find(
        _ list: PeopleList, _ request: ListRequest, _ roster: Roster, _ logins: @escaping (String) throws -> [PersonKey]
    ) throws -> [PersonKey] {
        let finder = PersonFinder(rosters: roster.targets, people: logins)
        var found: [PersonKey] = []
        var seen: Set<PersonKey> = []
        var unknown: [String] = []
        for line in list.lines {
            do {
                let person = try finder.person(line.text)
                if seen.insert(person).inserted { found.append(person) }
            } catch let failure as AgentFailure {
                unknown.append("line \(line.line): \(failure.message)")
            }
        }
        guard unknown.isEmpty || (request.skipsUnknown && !found.isEmpty) else {
            throw AgentFailure(
                .badData, "\(unknown.count) of \(list.lines.count) lines of `\(request.path)` mean no user",
                hint: "nobody was suspended; correct the file, or leave these out with `--skip-unknown`",
                causes: unknown)
        }
        return found
    }
}

/// A file of people to suspend, and why.
package struct ListRequest: Sendable {
    package var path: String
    /// Names of targets; nil is every target on which somebody is a user.
    package var targets: [String]?
    package var reason: String
    /// Whether lines that mean nobody are left out.
    package var skipsUnknown: Bool
    /// Only tells what would be done.
    package var isDryRun: Bool

    package init(path: String, targets: [String]?, reason: String, skipsUnknown: Bool, isDryRun: Bool) {
        self.path = path
        self.targets = targets
        self.reason = reason
        self.skipsUnknown = skipsUnknown
        self.isDryRun = isDryRun
    }
}

/// Many suspensions by hand on their way into the roster.
private struct ListWork {
    let now: Int64
    let roster: Roster
    private var plans: [TargetPlan] = []
    private var sentences: [String] = []

    init(now: Int64, roster: Roster) {
        self.now = now
        self.roster = roster
    }

    mutating func add(_ plan: TargetPlan, isDryRun: Bool) {
        let count = plan.subjects.count
        let people = isDryRun ? "would be" : count == 1 ? "is" : "are"
        sentences.append("\(plan.target): \(count) \(count == 1 ? "person" : "people") \(people) suspended")
        for finding in plan.findings {
            let target = roster.targets.first { $0.target == plan.target }
            let label = finding.person.flatMap { target?.label(of: $0) } ?? ""
            sentences.append("\(plan.target): `\(label)` is \(finding.message)")
        }
        if !plan.changes.isEmpty { plans.append(plan) }
    }

    func finish(
        _ context: AgentContext, _ request: ListRequest, _ store: any RosterStore, _ confirm: (ActResult) -> Bool
    ) throws -> ActResult {
        let facts = RunOutcome.Facts(
            number: roster.lastRun + 1, command: "suspend", actor: context.actor, started: now,
            ended: max(now, context.clock()), version: context.version)
        var record = RunOutcome(plans, facts).record
        record.summary = sentences.first { !$0.isEmpty } ?? ""
        let result = ActResult(record: record, plans: plans, sentences: sentences)
        if !plans.isEmpty, !request.isDryRun {
            guard confirm(result) else {
                return ActResult(record: record, plans: [], sentences: ["stopped: nothing has been written"])
            }
            try store.apply(
                RunToApply(
                    record: record, generation: roster.generation, mirror: nil, stamps: roster.stamps,
                    pins: roster.pins, plans: plans))
        }
        let note = request.isDryRun ? ["nothing was written: this was a dry run"] : []
        return ActResult(
            record: record, plans: plans, sentences: sentences + note, isWritten: !plans.isEmpty && !request.isDryRun)
    }
}

extension TargetRoster {
    fileprivate func hasUser(_ person: PersonKey) -> Bool { place(of: person) != nil }

    fileprivate func label(of person: PersonKey) -> String? { place(of: person).map { texts[users[$0].email] } }

    private func place(of person: PersonKey) -> Int? {
        users.firstIndex { row in
            row.id == person.id && row.managed && row.status != .removed && Int(row.directory) < directories.count
                && directories[Int(row.directory)] == person.directory
        }
    }
}
