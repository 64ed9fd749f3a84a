import AccessModel
import Diagnostics
import DirectoryModel
import MappingLanguage
import Reconciliation

/// One target on one side of a comparison: its rules bound to the groups that were read.
struct ComparedTarget {
    private let files: TargetFiles
    private let settings: TargetSettings
    private let mirror: Mirror
    private let compiled: CompiledMapping
    private let time: Int64
    /// Accounts of the platform that are nobody's.
    private let accounts: TargetRoster
    /// What a reader must know of this side.
    private(set) var notes: [String] = []

    /// Groups are taken as if `rollcall lock` had been run with the files.
    ///
    /// On the old side a group that is gone since gives nothing; on the new one it is an error with its place.
    init(_ files: TargetFiles, _ snapshot: Snapshot, _ mirror: Mirror, isOld: Bool) throws(AgentFailure) {
        self.files = files
        var settings = files.settings.lasting
        if snapshot.isPseudonymous {
            settings.protect = settings.protect.filter { if case .group = $0 { true } else { false } }
        }
        self.settings = settings
        time = snapshot.time
        accounts = snapshot.accounts[settings.name] ?? TargetRoster(target: settings.name)
        self.mirror = files.united(mirror, TargetRoster(target: settings.name))
        let proposal = LockProposal([files.mapping], mirror: self.mirror, current: files.lock, file: files.lockPath)
        do {
            compiled = try CompiledMapping(
                files.mapping, mirror: self.mirror, trust: .locked(proposal.lock),
                neverRead: isOld ? Set(mirror.directories) : [])
        } catch {
            var diagnostics = DiagnosticList()
            for problem in error.problems {
                diagnostics.error(problem.code, at: problem.position, problem.message, hint: problem.hint)
            }
            throw AgentFailure(
                .badData,
                "the \(isOld ? "old" : "new") mapping of `\(settings.name)` does not fit the directory as it was last read",
                hint: "a group or attribute that is new in the directory is known after the next run",
                diagnostics: diagnostics)
        }
        if !isOld, let current = files.lock {
            let new = proposal.lock.groups.filter { group in !current.groups.contains { $0.key == group.key } }
            if !new.isEmpty {
                let names = new.prefix(5).map { "`\($0.name)`" }.joined(separator: ", ")
                let rest = new.count > 5 ? " and \(new.count - 5) more" : ""
                notes.append(
                    "not locked yet: \(names)\(rest) of `\(settings.name)`; counted as if `rollcall lock` had been run")
            }
        }
    }

    /// What the new side would change for those who have what the old one gives; with it what stands on the old side alone.
    static func plan(from old: ComparedTarget?, to new: ComparedTarget) -> (plan: TargetPlan, standing: [Finding]) {
        guard let old else {
            var plan = new.plan(new.accounts, run: 1)
            plan.tally = []
            return (plan, [])
        }
        let roster = old.settled()
        let standing = old.plan(roster, run: 2).findings
        var plan = new.plan(roster, run: 2)
        plan.tally = new.files.settings.limits.judging(
            plan.tally, users: roster.users.count(where: \.managed), edited: !plan.editedFiles.isEmpty)
        return (plan, standing)
    }

    private func settled() -> TargetRoster {
        TargetRoster(settled: plan(accounts, run: 1), beside: accounts)
    }

    private func plan(_ roster: TargetRoster, run: Int64) -> TargetPlan {
        let population = compiled.population(in: MembershipGraph(mirror))
        let input = ReconcileInput(
            mirror: mirror, evaluation: .none, rules: files.ruleLabels, roster: roster, now: time, run: run)
        var plan = Reconciler(settings: settings).decide(input) { frozen in
            var evaluation = compiled.evaluate(mirror, population: population, frozen: frozen)
            files.name(&evaluation)
            return evaluation
        }
        plan.traceNesting(in: mirror, groups: compiled.groups)
        return plan
    }
}
