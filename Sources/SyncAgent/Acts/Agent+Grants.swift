import AccessModel
import DirectoryModel
import MappingLanguage
import Reconciliation
import Reports

extension Agent {
    /// Gives somebody access beside the directory; somebody who is no user yet is invited.
    package func grant(_ request: GrantRequest) throws(AgentFailure) -> ActResult {
        let until = try request.until.map { text throws(AgentFailure) in try Agent.end(text) }
        let words = request.parts.map(\.words).joined(separator: ", ")
        let end = until.map { " until \(Timestamp.end($0))" } ?? ""
        return try hand(request, command: "grant") { work throws in
            let isUser = work.target.has(work.person)
            let (newcomer, refusal) = isUser ? (nil, nil) : try work.newcomer()
            if let refusal { return (work.refused(refusal), "") }
            let act = GrantAct(
                deed: .grant(until: until), person: work.person, parts: request.parts, name: context.actor,
                reason: request.reason)
            let plan = work.reconciler.plan(act, roster: work.target, newcomer: newcomer, now: work.now)
            let isOff = plan.subjects.first?.row?.status == .suspended
            let note = isOff ? "; suspended, so it counts once they return" : ""
            return (
                plan,
                isUser
                    ? "`\(request.person)` has \(words) by hand\(end)\(note)"
                    : "`\(request.person)` is invited with \(words)\(end)"
            )
        }
    }

    /// Takes back what was given by hand; what rules give stays.
    package func revoke(_ request: GrantRequest) throws(AgentFailure) -> ActResult {
        let words = request.parts.map(\.words).joined(separator: ", ")
        return try hand(request, command: "revoke") { work throws in
            let rules = try work.accessByRules()
            let act = GrantAct(
                deed: .revoke(rules: rules), person: work.person, parts: request.parts, name: context.actor,
                reason: request.reason)
            let plan = work.reconciler.plan(act, roster: work.target, newcomer: nil, now: work.now)
            let left = plan.subjects.first?.row.map { plan.accesses[Int($0.access)] } ?? .none
            // Who is suspended has what they get back with their return.
            let more = rules.isEmpty || plan.subjects.first?.row?.status == .suspended ? "" : GrantWork.mayCome
            return (
                plan,
                "`\(request.person)` no longer has \(words) by hand; left until the next run: "
                    + "\(left.sentence)\(more)"
            )
        }
    }

    /// Sends open invitations again: no second account, no other seat.
    package func resend(_ request: ActRequest) throws(AgentFailure) -> ActResult {
        try Agent.checkReason(request.reason)
        let files = try decidingFiles()
        let names = try selected(request.targets, of: files.targets.map(\.settings.name))
        return try writing(files.configuration, command: "resend") { desk throws in
            let now = context.clock()
            let roster = try desk.load(names)
            try RunClock.check(now, against: roster)
            let person = try PersonFinder(rosters: roster.targets, people: desk.roster.people).person(request.person)
            var result = HandWork(command: "resend", now: now, roster: roster, context: context)
            for target in roster.targets where target.has(person) {
                guard let settings = files.target(named: target.target)?.settings else { continue }
                let plan = Reconciler(settings: settings).plan(
                    resending: person, by: context.actor, reason: request.reason, roster: target, now: now)
                let isSent = files.configuration.deliver != nil
                result.add(
                    plan, person: request.person,
                    saying: "the invitation of `\(request.person)` "
                        + (isSent
                            ? "is sent again"
                            : "counts as sent again; send it on the platform, since there is no `deliver` here"))
            }
            return try result.apply(to: desk.roster.store)
        }
    }

    private func hand(
        _ request: GrantRequest, command: String, _ plan: (GrantWork) throws -> (TargetPlan, String)
    ) throws(AgentFailure) -> ActResult {
        try Agent.checkReason(request.reason)
        guard !request.parts.isEmpty else {
            throw AgentFailure(
                .usage, "nothing is named to give or take back",
                hint: "name it with `--role`, `--template`, `--switch` or `--permission`")
        }
        let files = try decidingFiles()
        let names = try selected([request.target], of: files.targets.map(\.settings.name))
        guard let target = files.target(named: request.target), target.settings.mode == .manage else {
            throw AgentFailure(
                .failed, "target `\(request.target)` is only observed", hint: "set `mode: manage` for it first")
        }
        return try writing(files.configuration, command: command) { desk throws in
            let now = context.clock()
            let roster = try desk.load(names)
            try RunClock.check(now, against: roster)
            guard let users = roster.targets.first else {
                throw AgentFailure(
                    .failed, "the roster knows no target `\(request.target)`",
                    hint: "nothing was applied to it yet: `rollcall sync --target \(request.target)` does")
            }
            let person = try GrantWork.person(request.person, users, desk, acceptsAnybody: command == "grant")
            let work = GrantWork(
                desk: desk, files: files, settingsOf: target, roster: roster, target: users, person: person, now: now)
            var result = HandWork(command: command, now: now, roster: roster, context: context)
            let (draft, sentence) = try plan(work)
            result.add(draft, person: request.person, saying: sentence)
            return try result.apply(to: desk.roster.store)
        }
    }

    private static func checkReason(_ reason: String) throws(AgentFailure) {
        guard reason.contains(where: { !$0.isWhitespace }) else {
            throw AgentFailure(.usage, "an act by hand needs a reason", hint: "say why with `--reason`")
        }
    }

    /// A day ends at its midnight in UTC.
    static func end(_ text: String) throws(AgentFailure) -> Int64 {
        if let time = TimeText.parse(text) { return time }
        if text.utf8.count == 10, let day = TimeText.parse(text + "T00:00Z") { return day + 86_400 }
        throw AgentFailure(
            .usage, "`--until` is `\(text)`, which is no day and no time",
            hint: "write a day like `2026-12-01`, which counts whole, or `2026-12-01T18:00+01:00`")
    }
}

/// What a grant or revocation works with.
private struct GrantWork {
    let desk: WritingDesk
    let files: AgentFiles
    let settingsOf: TargetFiles
    let roster: Roster
    let target: TargetRoster
    let person: PersonKey
    let now: Int64

    /// A revocation takes away; what rules give beyond what is left comes under the guards of a run.
    static let mayCome = "; rules may give more with it"

    var reconciler: Reconciler { Reconciler(settings: settingsOf.settings) }

    static func person(
        _ text: String, _ target: TargetRoster, _ desk: WritingDesk, acceptsAnybody: Bool
    ) throws -> PersonKey {
        let finder = PersonFinder(rosters: [target], people: desk.roster.people)
        do {
            return try finder.person(text)
        } catch let failure as AgentFailure where acceptsAnybody && failure.status == .failed {
            return try finder.anybody(text)
        }
    }

    func refused(_ finding: Finding) -> TargetPlan {
        var plan = TargetPlan(target: target.target, mode: settingsOf.settings.mode)
        plan.findings = [finding]
        return plan
    }

    /// The directory as last read and, if asked for, what the rules of today give by it.
    func input(evaluated: Bool) throws -> ReconcileInput {
        let mirror = try desk.roster.lastMirror()
        let input = ReconcileInput(
            mirror: mirror, evaluation: .none, rules: settingsOf.ruleLabels, roster: target,
            approvals: files.approvals(notUsedIn: roster), now: now, run: roster.lastRun + 1)
        return evaluated ? try settingsOf.lastRead(input, mirror, pins: roster.pins) : input
    }

    /// Somebody who is no user yet; whether an own cause holds for them takes the rules.
    func newcomer() throws -> (newcomer: Newcomer?, refusal: Finding?) {
        let hasOwnCauses = !settingsOf.settings.policy.ownCauses.isEmpty
        return reconciler.newcomer(person, in: try input(evaluated: hasOwnCauses))
    }

    /// What the rules of today give the person, by the directory as last read; nothing for somebody who was not in it.
    func accessByRules() throws -> Access {
        let input = try input(evaluated: true)
        guard let place = input.mirror.place(of: person) else { return .none }
        let set = place < input.evaluation.grantSet.count ? Int(input.evaluation.grantSet[place]) : 0
        return input.evaluation.desired.indices.contains(set) ? input.evaluation.desired[set].access : .none
    }
}

extension Mirror {
    /// The place of a person; nil for somebody who is not in the mirror.
    fileprivate func place(of person: PersonKey) -> Int? {
        people.firstIndex {
            $0.id == person.id && Int($0.directory) < directories.count
                && directories[Int($0.directory)] == person.directory
        }
    }
}

extension TargetRoster {
    /// Whether somebody is a managed user who was not removed.
    fileprivate func has(_ person: PersonKey) -> Bool {
        users.contains { row in
            row.id == person.id && row.managed && row.status != .removed && Int(row.directory) < directories.count
                && directories[Int(row.directory)] == person.directory
        }
    }
}
