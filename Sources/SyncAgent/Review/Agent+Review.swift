import AccessModel
import Diagnostics
import DirectoryModel
import MappingLanguage
import Reconciliation
import Reports

extension Agent {
    /// Carries out a signed review in one run: grants by hand are taken back and users suspended, each with reviewer and date as its reason.
    ///
    /// What rules give is not Rollcall's to take: the result says what a human has to change. Lines that no longer are as the reviewer saw
    /// them are told and left.
    package func carryOut(
        _ request: ReviewRequest, confirm: (ReviewResult) -> Bool = { _ in true }
    ) throws(AgentFailure) -> ReviewResult {
        let file = try reviewFile(request.path)
        let files = try decidingFiles()
        try checkTargets(of: file, request.path, files)
        return try writing(files.configuration, command: "review") { desk throws in
            let now = context.clock()
            let names = files.targets.map(\.settings.name).filter { name in file.lines.contains { $0.target == name } }
            let roster = try desk.load(names)
            try RunClock.check(now, against: roster)
            let mirror = try desk.roster.lastMirror()
            var work = ReviewWork(file, actor: context.actor)
            for users in roster.targets {
                guard let target = files.target(named: users.target) else { continue }
                let input = ReconcileInput(
                    mirror: mirror, evaluation: .none, rules: target.ruleLabels, roster: users,
                    approvals: files.approvals(notUsedIn: roster), now: now, run: roster.lastRun + 1)
                let told = try desk.roster.findings(users.target)
                work.decide(try target.inquiry(input, mirror, pins: roster.pins, told: told), input)
            }
            let facts = RunOutcome.Facts(
                number: roster.lastRun + 1, command: "review", actor: context.actor, started: now,
                ended: max(now, context.clock()), version: context.version)
            var result = work.result(facts)
            if request.isDryRun || !result.hasActs { return result }
            guard desk.asking({ confirm(result) }) else {
                result.isDeclined = true
                return result
            }
            try desk.roster.store.apply(
                RunToApply(
                    record: result.record, generation: roster.generation, mirror: nil, stamps: roster.stamps,
                    pins: roster.pins, plans: result.plans.filter { !$0.changes.isEmpty }))
            result.isWritten = true
            return result
        }
    }

    private func reviewFile(_ path: String) throws(AgentFailure) -> ReviewFile {
        let bytes: [UInt8]
        do {
            bytes = try InputFile.bytes(path)
        } catch {
            throw AgentFailure(reading: error, wanted: "the signed sheet that `rollcall review --format csv` wrote")
        }
        let file = ReviewFile(path: path, bytes: bytes, now: context.clock())
        guard !file.diagnostics.hasErrors else {
            throw AgentFailure(
                .badData, "`\(path)` is no review that can be carried out",
                hint: "nothing was done; correct the places named", diagnostics: file.diagnostics)
        }
        guard !file.lines.isEmpty else {
            throw AgentFailure(
                .badData, "`\(path)` decides nothing",
                hint: "put `keep`, `revoke` or `suspend` into the column `decision`, with reviewer and date")
        }
        return file
    }

    private func checkTargets(of file: ReviewFile, _ path: String, _ files: AgentFiles) throws(AgentFailure) {
        let names = files.targets.map(\.settings.name)
        var diagnostics = file.diagnostics
        for line in file.lines where !names.contains(line.target) {
            diagnostics.error(
                "review.target", at: line.place, "there is no target `\(line.target)`",
                hint: NearestName.hint(for: line.target, in: names, called: "the targets are"))
        }
        guard diagnostics.hasErrors else { return }
        throw AgentFailure(
            .badData, "`\(path)` names targets that there are not", hint: "nothing was done; correct the places named",
            diagnostics: diagnostics)
    }
}

/// The lines of a review on their way into the roster.
private struct ReviewWork {
    private let file: ReviewFile
    private let actor: String
    private var plans: [TargetPlan] = []
    private var lines: [ReviewResult.Line] = []
    /// Sentences with names, for the summary, which keeps numbers.
    private var counts: [String] = []

    init(_ file: ReviewFile, actor: String) {
        self.file = file
        self.actor = actor
    }

    private struct Part: Hashable {
        var person: PersonKey
        var part: ManualGrant.Part
    }

    mutating func decide(_ inquiry: TargetInquiry, _ input: ReconcileInput) {
        let mine = file.lines.filter { $0.target == inquiry.settings.name }
        let people = Set(mine.map(\.person))
        var known: [Part: ReviewedAccess] = [:]
        inquiry.forEachReviewed(staleSeconds: inquiry.settings.policy.inactive.afterSeconds) { item in
            if people.contains(item.key) { known[Part(person: item.key, part: item.part)] = item }
        }
        var acts = ReviewActs(suspensions: [], revocations: [])
        var told: [ReviewResult.Line] = []
        for line in mine {
            let item = known[Part(person: line.person, part: line.part)]
            told.append(decide(line, item, inquiry, &acts))
        }
        let plan = Reconciler(settings: inquiry.settings).plan(acts, roster: input.roster, now: input.now)
        for place in told.indices where [.revoked, .suspended].contains(told[place].outcome) {
            guard let finding = plan.findings.first(where: { $0.person == told[place].person }) else { continue }
            told[place].outcome = finding.isRefusal ? .refused : .gone
            told[place].note = finding.message + (finding.hint.isEmpty ? "" : "; \(finding.hint)")
        }
        lines += told
        plans.append(plan)
        let revoked = told.count { $0.outcome == .revoked }
        let suspended = told.count { $0.outcome == .suspended }
        counts.append("\(inquiry.settings.name): \(revoked) revoked, \(suspended) suspended by an access review")
    }

    private func decide(
        _ line: ReviewFile.Line, _ item: ReviewedAccess?, _ inquiry: TargetInquiry, _ acts: inout ReviewActs
    ) -> ReviewResult.Line {
        func outcome(_ outcome: ReviewResult.Line.Outcome, _ note: String = "") -> ReviewResult.Line {
            ReviewResult.Line(
                line: line.place.line, target: line.target, person: line.person, email: item?.email ?? line.email,
                what: line.part.words, outcome: outcome, note: note, reviewer: line.reviewer, date: line.date)
        }
        guard let item else { return outcome(.gone, "is not there any more") }
        guard item.code == line.code else {
            return outcome(.changed, "is given in another way since the review was written; look at it again")
        }
        if line.decision != .keep, inquiry.settings.mode == .observe {
            return outcome(.refused, "target `\(line.target)` is only observed; set `mode: manage` for it first")
        }
        switch line.decision {
        case .keep: return outcome(.kept)
        case .suspend:
            if !acts.suspensions.contains(where: { $0.person == line.person }) {
                acts.suspensions.append(
                    ManualAct(deed: .suspend, person: line.person, name: actor, reason: line.reason))
            }
            return outcome(.suspended)
        case .revoke: break
        }
        switch item.given {
        case .rules(let rules):
            let ways = rules.map { inquiry.remedy($0) }
            return outcome(.toDo, "rules give it: \(ways.joined(separator: "; "))")
        case .record:
            return outcome(.toDo, "no rule gives it and no human did: see `rollcall explain \(item.email)`")
        case .byHand:
            if let known = acts.revocations.firstIndex(where: { $0.person == line.person }) {
                acts.revocations[known].parts.append(line.part)
                if !acts.revocations[known].reason.utf8.elementsEqual(line.reason.utf8) {
                    acts.revocations[known].reason += "; \(line.reason)"
                }
            } else {
                acts.revocations.append(
                    GrantAct(
                        deed: .revoke(rules: inquiry.accessByRules(line.person)), person: line.person,
                        parts: [line.part], name: actor, reason: line.reason))
            }
            return outcome(.revoked)
        }
    }

    func result(_ facts: RunOutcome.Facts) -> ReviewResult {
        var record = RunOutcome(plans, facts).record
        record.summary = counts.joined(separator: "; ")
        var result = ReviewResult(
            record: record, plans: plans, lines: lines.sorted { $0.line < $1.line }, undecided: file.undecided)
        if result.status == .held {
            result.record.outcome = .partlyHeld
            result.record.exitStatus = ExitStatus.held.rawValue
        }
        return result
    }
}

extension TargetInquiry {
    /// What a human changes so that a rule no longer gives somebody what it gives.
    fileprivate func remedy(_ rule: RuleExplanation) -> String {
        let place = "rule `\(rule.rule.name)` (\(rule.rule.position.file):\(rule.rule.position.line))"
        let groups = rule.condition.groupsMet
        return groups.isEmpty
            ? "change \(place)" : "take them out of group \(groups.joined(separator: " or ")), or change \(place)"
    }

    /// What the rules of today give somebody; nothing for who was not in the directory.
    fileprivate func accessByRules(_ person: PersonKey) -> Access {
        place(of: person).map { explainer.explain($0).desired.access } ?? .none
    }
}

extension ConditionTrace {
    /// Groups that hold the person directly, and by which the condition is met.
    fileprivate var groupsMet: [String] {
        let word = "not "
        guard isMet, !text.utf8.starts(with: word.utf8) else { return [] }
        return chain.prefix(1).map { "`\($0)`" } + parts.flatMap(\.groupsMet)
    }
}
