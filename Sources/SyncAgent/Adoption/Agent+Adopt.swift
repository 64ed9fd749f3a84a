import Diagnostics
import DirectoryModel
import MappingLanguage
package import Reconciliation
import Reports

extension Agent {
    /// Takes over the users that a platform has already; nobody is invited or changed by it.
    ///
    /// `confirm` sees what would be written; it is not asked for a dry run, nor where there is nothing to write.
    package func adopt(
        _ request: AdoptionRequest, confirm: (AdoptionResult) -> Bool = { _ in true }
    ) throws(AgentFailure) -> AdoptionResult {
        let files = try decidingFiles(connects: true)
        let target = try target(request.target, of: files)
        try checkPrivileges(target)
        let list = try userList(request.path, target)
        let unmatched = UnmatchedFile(request)
        if request.isDryRun {
            return try looking(files, target) { work throws in
                let result = try AdoptionStep(request: request, list: list, work: work).result(.planned)
                try unmatched.check(list, result.outcomes)
                return result
            }
        }
        return try writing(files.configuration, command: "import") { desk throws in
            let roster = try desk.load([request.target])
            let work = try AdoptionWork(
                files: files, target: target, ports: ports, context: context, roster: roster, open: desk.roster)
            let step = AdoptionStep(request: request, list: list, work: work)
            var result = try step.result(.planned)
            try unmatched.check(list, result.outcomes)
            if result.hasChanges, !desk.asking({ confirm(result) }) {
                result.ending = .declined
                return result
            }
            result.ending = .applied
            if result.outcomes.contains(where: \.isUnmatched) {
                result.unmatchedPath = try unmatched.write(list, result.outcomes)
            }
            try work.apply(result.plan, result.record, signIns: result.signIns, to: desk.roster.store)
            return result
        }
    }

    /// Without a lock file privileged rules give nothing, and every administrator would be taken over as given by hand.
    private func checkPrivileges(_ target: TargetFiles) throws(AgentFailure) {
        guard target.lock == nil, let rule = target.mapping.rules.first(where: \.isPrivileged) else { return }
        throw AgentFailure(
            .missingFile,
            "rule `\(rule.name)` is privileged and gives nothing without a lock file: what it should give would be taken "
                + "over as given by hand",
            hint: "run `rollcall lock` first")
    }

    /// What was changed on the platform without the roster.
    package func drift(path: String, target name: String) throws(AgentFailure) -> [DriftItem] {
        let files = try files()
        let target = try target(name, of: files)
        let list = try userList(path, target)
        try checkRosterFile(files.configuration)
        return try translating { () throws -> [DriftItem] in
            let configuration = files.configuration
            let open = try ports.openRoster(
                RosterLocation(path: configuration.rosterPath, access: .reading, readers: configuration.readers))
            defer { open.close() }
            let roster = try open.store.load(targets: [name])
            let users = roster.targets.first { $0.target == name } ?? TargetRoster(target: name)
            return Reconciler(settings: target.settings).drift(
                DriftInput(
                    accounts: list.accounts, known: try open.accounts(name), roster: users, told: list.told,
                    switches: list.switches))
        }
    }

    /// Joins an unmanaged account with a person.
    package func link(
        account: String, person: String, target name: String, reason: String
    ) throws(AgentFailure) -> ActResult {
        let files = try decidingFiles(connects: true)
        let target = try target(name, of: files)
        return try writing(files.configuration, command: "link") { desk throws in
            let roster = try desk.load([name])
            let work = try AdoptionWork(
                files: files, target: target, ports: ports, context: context, roster: roster, open: desk.roster)
            let input = try work.input([], extras: .report)
            guard let adoption = Reconciler(settings: target.settings).link(account: account, person: person, input),
                let outcome = adoption.outcomes.first
            else { throw noAccount(account, name, try work.known(), work.users) }
            guard outcome.standing == .linked else {
                throw AgentFailure(
                    .failed, "`\(account)` is not linked: \(outcome.refusal(person))",
                    hint: outcome.standing == .known
                        ? "`rollcall explain \(person)` shows what they have"
                        : "name the person by email, alias, login, DN or immutable id")
            }
            var plan = adoption.plan
            plan.reasons = plan.reasons.map { $0.saying(reason) }
            let sentence = "\(name): `\(account)` is \(outcome.label)"
            // The summary is kept for good, and an account may be called by an email.
            let user = plan.subjects.first?.row?.user ?? 0
            let record = work.record(
                plan, command: "link",
                summary: "\(name): an account is \(user > 0 ? "user \(user)" : "somebody's") from now on")
            try work.apply(plan, record, signIns: [], to: desk.roster.store)
            return ActResult(record: record, plans: [plan], sentences: [sentence])
        }
    }

    private func noAccount(
        _ account: String, _ target: String, _ known: [KnownAccount], _ users: TargetRoster
    ) -> AgentFailure {
        if let user = known.first(where: { ExactText($0.account) == ExactText(account) })?.user,
            let row = users.users.first(where: { $0.user == user })
        {
            return AgentFailure(
                .failed, "the account `\(account)` is that of `\(users.texts[row.email])` on `\(target)` already",
                hint: "a user keeps the person it was linked with")
        }
        return AgentFailure(
            .failed, "there is no unmanaged account `\(account)` on `\(target)`",
            hint: "`rollcall users --unmanaged` lists them; `rollcall import` brings the platform's users")
    }

    private func target(_ name: String, of files: AgentFiles) throws(AgentFailure) -> TargetFiles {
        _ = try selected([name], of: files.targets.map(\.settings.name))
        guard let target = files.target(named: name) else {
            throw AgentFailure.noTarget(name, of: files.targets.map(\.settings.name))
        }
        return target
    }

    /// Opens the roster to look at it, where there is one.
    private func looking<Result>(
        _ files: AgentFiles, _ target: TargetFiles, _ body: (AdoptionWork) throws -> Result
    ) throws(AgentFailure) -> Result {
        try translating { () throws -> Result in
            let traces = RunTraces(files.configuration)
            try traces.checkRosterFile()
            let names = [target.settings.name]
            guard !traces.isNew else {
                return try body(
                    AdoptionWork(
                        files: files, target: target, ports: ports, context: context, roster: .empty(targets: names),
                        open: nil))
            }
            let configuration = files.configuration
            let open = try ports.openRoster(
                RosterLocation(path: configuration.rosterPath, access: .reading, readers: configuration.readers))
            defer { open.close() }
            try Witness.check(open.chain, in: configuration.state)
            let roster = try open.store.load(targets: names)
            try traces.check(roster)
            return try body(
                AdoptionWork(
                    files: files, target: target, ports: ports, context: context, roster: roster, open: open))
        }
    }

    private func userList(_ path: String, _ target: TargetFiles) throws(AgentFailure) -> UserListFile {
        let bytes: [UInt8]
        do {
            bytes = try InputFile.bytes(path)
        } catch {
            throw AgentFailure(reading: error, wanted: "the platform's list of users as CSV")
        }
        let list = UserListFile(path: path, bytes: bytes, settings: target.settings)
        guard !list.diagnostics.hasErrors else {
            throw AgentFailure(
                .badData, "`\(path)` is not what it should be", hint: "nothing was done; correct the list",
                diagnostics: list.diagnostics)
        }
        return list
    }
}

/// One list on its way into the roster.
private struct AdoptionStep {
    let request: AdoptionRequest
    let list: UserListFile
    let work: AdoptionWork

    func result(_ ending: AdoptionResult.Ending) throws -> AdoptionResult {
        let input = try work.input(list.accounts, extras: request.extras)
        let adoption = Reconciler(settings: work.target.settings).adopt(input)
        var result = AdoptionResult(
            ending: ending, record: work.record(adoption.plan, command: "import", summary: ""), plan: adoption.plan,
            accounts: list.accounts, outcomes: adoption.outcomes, extras: request.extras, unmatchedPath: nil,
            ignoredColumns: list.ignored, removed: list.removed, hasPulled: work.hasPulled)
        result.record.summary = "\(request.target): \(result.sentence)"
        return result
    }
}

extension AdoptionResult {
    /// Sign-ins that the list tells of people who are users now.
    fileprivate var signIns: [Int64] {
        zip(accounts, outcomes).compactMap { account, outcome in
            [.adopted, .linked, .known].contains(outcome.standing) ? account.lastSignIn : nil
        }
    }

    /// `3 adopted, 1 known already, 2 unmanaged`.
    package var sentence: String {
        let words: [(AccountOutcome.Standing, String)] = [
            (.adopted, "adopted"), (.linked, "linked"), (.known, "known already"), (.unmanaged, "unmanaged"),
            (.setAside, "set aside"),
        ]
        let parts = words.filter { count($0.0) > 0 }.map { "\(count($0.0)) \($0.1)" }
        return parts.isEmpty ? "no accounts" : parts.joined(separator: ", ")
    }
}

extension AccountOutcome {
    fileprivate func refusal(_ person: String) -> String {
        standing == .known ? "`\(person)` is a user of this target already" : why
    }
}

extension Reason {
    /// The same with what a human said, where a human is the reason.
    fileprivate func saying(_ text: String) -> Reason {
        guard case .human(let name, _) = self else { return self }
        return .human(name: name, reason: text)
    }
}
