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
        let files = try actingFiles(request.targets)
        let names = try selected(request.targets, of: files.names)
        let list = try peopleList(request.path)
        return try writing(files.configuration, command: "suspend") { desk throws in
            let now = context.clock()
            let roster = try desk.load(names)
            try RunClock.check(now, against: roster)
            let found = try find(list, request, roster, desk.roster.people)
            let acts = found.people.map {
                ManualAct(deed: .suspend, person: $0, name: context.actor, reason: request.reason)
            }
            var work = ListWork(now: now, roster: roster, leftOut: found.unknown)
            for target in roster.targets {
                let users = target.present(of: found.people)
                let mine = acts.filter { users.contains($0.person) }
                if mine.isEmpty { continue }
                guard let settings = files.settings(of: target.target) else {
                    work.leaveOut(target.target, people: mine.count)
                    continue
                }
                let plan = Reconciler(settings: settings).plan(mine, roster: target, now: now)
                work.add(plan, isDryRun: request.isDryRun)
            }
            var done = try work.finish(context, request, desk.roster.store) { result in
                desk.asking { confirm(result) }
            }
            done.warnings = files.warnings
            return done
        }
    }

    private func peopleList(_ path: String) throws(AgentFailure) -> PeopleList {
        let bytes: [UInt8]
        do {
            bytes = try InputFile.bytes(path)
        } catch {
            throw AgentFailure(reading: error, wanted: "the list of people, one to a line or as CSV")
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

    /// Everybody in the list, each once, in its order, and the lines that mean nobody.
    private func find(
        _ list: PeopleList, _ request: ListRequest, _ roster: Roster, _ logins: @escaping (String) throws -> [PersonKey]
    ) throws -> (people: [PersonKey], unknown: [String]) {
        let finder = PersonFinder(
            rosters: roster.targets, people: logins,
            listed: ListedUsers(list.lines.map(\.text), in: roster.targets))
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
                details: unknown)
        }
        return (found, unknown)
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
    /// What is recorded: counts, since names are in the audit.
    private var counts: [String] = []
    private var isPartial = false

    init(now: Int64, roster: Roster, leftOut: [String]) {
        self.now = now
        self.roster = roster
        sentences = leftOut.map { "left out: \($0)" }
    }

    mutating func add(_ plan: TargetPlan, isDryRun: Bool) {
        let people = isDryRun ? "would be" : plan.subjects.count == 1 ? "is" : "are"
        var sentence = "\(plan.target): \(ListWork.people(plan.subjects.count)) \(people) suspended"
        let refused = plan.findings.count(where: \.isRefusal)
        if refused > 0 { sentence += ", \(ListWork.people(refused)) not" }
        counts.append(sentence)
        sentences.append(sentence)
        for finding in plan.findings { sentences.append("\(plan.target): `\(finding.label)` is \(finding.message)") }
        plans.append(plan)
    }

    /// Tells of a target that is not acted on, since its settings have an error.
    mutating func leaveOut(_ target: String, people: Int) {
        isPartial = true
        sentences.append(
            "\(target): \(ListWork.people(people)) left as \(people == 1 ? "is" : "they are"), since the settings "
                + "of the target have an error")
    }

    private static func people(_ count: Int) -> String { count == 1 ? "1 person" : "\(count) people" }

    func finish(
        _ context: AgentContext, _ request: ListRequest, _ store: any RosterStore, _ confirm: (ActResult) -> Bool
    ) throws -> ActResult {
        let facts = RunOutcome.Facts(
            number: roster.lastRun + 1, command: "suspend", actor: context.actor, started: now,
            ended: max(now, context.clock()), version: context.version)
        var record = RunOutcome(plans, facts).record.ended(with: plans, isPartial: isPartial)
        record.summary = counts.joined(separator: "; ")
        let changing = plans.filter { !$0.changes.isEmpty }
        var result = ActResult(
            record: record, plans: plans, sentences: sentences, isWritten: false, isPartial: isPartial)
        if request.isDryRun {
            result.sentences.append("nothing was written: this was a dry run")
        } else if !changing.isEmpty {
            guard confirm(result) else {
                result.plans = []
                result.sentences = ["stopped: nothing has been written"]
                return result
            }
            try store.apply(
                RunToApply(
                    record: record, generation: roster.generation, mirror: nil, stamps: roster.stamps,
                    pins: roster.pins, plans: changing))
            result.isWritten = true
        }
        return result
    }
}
