import AccessModel
import Diagnostics
import Reconciliation
import Reports

extension Agent {
    /// Takes over sign-ins and accepted invitations from a CSV file.
    package func importSignIns(path: String, target: String) throws(AgentFailure) -> ImportResult {
        let files = try decidingFiles()
        let names = try selected([target], of: files.targets.map(\.settings.name))
        guard let settings = files.target(named: target)?.settings else {
            throw AgentFailure.noTarget(target, of: names)
        }
        let file = try signIns(path)
        return try writing(files.configuration, command: "import") { desk throws in
            let now = context.clock()
            let roster = try desk.load(names)
            try RunClock.check(now, against: roster)
            guard let users = roster.targets.first else {
                throw AgentFailure(
                    .failed, "the roster knows no target `\(target)`",
                    hint: "nothing was applied to it yet: `rollcall sync --target \(target)` does")
            }
            let plan = Reconciler(settings: settings).plan(
                signIns: file.records, by: context.actor, roster: users,
                accounts: try desk.roster.accounts(target), now: now)
            let unknown = SignInSummary.unknown(plan, file)
            let lines = Set(unknown.map(\.line))
            let feed = SignInFeed.time(
                of: file.records.filter { !lines.contains($0.line) }.compactMap(\.lastSignIn),
                before: users.signInsImported, now: now)
            let facts = RunOutcome.Facts(
                number: roster.lastRun + 1, command: "import", actor: context.actor, started: now,
                ended: max(now, context.clock()), version: context.version)
            var record = RunOutcome([plan], facts).record
            let accepted = plan.changes.count { $0.kind == .activate }
            let signIns = SignInSummary.changed(plan, users)
            record.summary =
                "\(target): \(Counted.text(signIns, "sign-in")), \(Counted.text(accepted, "accepted invitation"))"
            try desk.roster.store.apply(
                RunToApply(
                    record: record, generation: roster.generation, mirror: nil, stamps: roster.stamps,
                    pins: roster.pins, plans: [plan], signInsImported: feed.map { [target: $0] } ?? [:]))
            var result = ImportResult(
                record: record, plan: plan, matched: file.records.count - unknown.count, signInsChanged: signIns,
                accepted: accepted, hasSignIns: feed != nil, signInsUntil: feed ?? users.signInsImported,
                unknown: unknown)
            result.future = SignInSummary.lines(of: "import.future", plan, file)
            return result
        }
    }

    private func signIns(_ path: String) throws(AgentFailure) -> SignInFile {
        let bytes: [UInt8]
        do {
            bytes = try InputFile.bytes(path)
        } catch {
            throw AgentFailure(reading: error, wanted: "the CSV file of sign-ins")
        }
        let file = SignInFile(path: path, bytes: bytes)
        guard !file.diagnostics.hasErrors else {
            throw AgentFailure(
                .badData, "`\(path)` is not what it should be", hint: "nothing was imported; correct the file",
                diagnostics: file.diagnostics)
        }
        return file
    }
}

/// What an import comes to, counted from its plan.
private enum SignInSummary {
    /// Users whose last sign-in is another now.
    static func changed(_ plan: TargetPlan, _ roster: TargetRoster) -> Int {
        var before: [Int64: Int64] = [:]
        for row in roster.users { before[row.user] = row.lastSignIn }
        return plan.subjects.count { subject in
            subject.row.map { $0.lastSignIn != before[$0.user] } ?? false
        }
    }

    static func unknown(_ plan: TargetPlan, _ file: SignInFile) -> [ImportLine] {
        lines(of: "import.nobody", plan, file)
    }

    /// Lines that a finding is about.
    static func lines(of code: String, _ plan: TargetPlan, _ file: SignInFile) -> [ImportLine] {
        let labels = Set(plan.findings.filter { $0.code == code }.map(\.label))
        return file.records.filter { labels.contains("line \($0.line)") }.map {
            ImportLine(line: $0.line, who: file.names[$0.line] ?? "")
        }
    }
}
