package import Reconciliation

/// What suspending the people came to that a directory said are disabled.
package struct FollowedResult: Sendable {
    /// As recorded; nil where nothing was written.
    package var record: RunRecord?
    /// Plans of targets on which somebody is, or would be, suspended, or is not for a reason that a human should know.
    package var plans: [TargetPlan]
    /// Targets that are left to the scheduled runs, and why.
    package var unfollowed: [String: UnfollowedTarget]

    package var isWritten: Bool { record != nil }
}

extension Agent {
    /// Suspends users whose entries, just read by id, say that they are disabled: the change of a run between two runs.
    ///
    /// It takes the lock of a run, and leaves a record, a report and messages as one does.
    package func suspend(_ disabled: [DisabledPerson], files: AgentFiles) throws(AgentFailure) -> FollowedResult {
        try writing(files.configuration, command: RunRecord.following) { desk throws in
            let now = context.clock()
            let roster = try desk.load(
                files.targets.map(\.settings.name), people: disabled.map(\.key))
            try RunClock.check(now, against: roster)
            let moment = FollowedMoment(
                now: now, run: roster.lastRun + 1, disabledBy: files.configuration.disabledBy)
            var result = FollowedResult(record: nil, plans: [], unfollowed: [:])
            for target in files.targets {
                let name = target.settings.name
                guard let users = roster.targets.first(where: { $0.target == name }) else { continue }
                let reconciler = Reconciler(settings: target.settings)
                if let reason = reconciler.whyNotFollowed(users) { result.unfollowed[name] = reason }
                let plan = reconciler.plan(disabled, roster: users, at: moment)
                if !plan.changes.isEmpty || !plan.holds.isEmpty || !plan.findings.isEmpty { result.plans.append(plan) }
            }
            try write(&result, from: roster, at: desk, now: now)
            return result
        }
    }

    private func write(
        _ result: inout FollowedResult, from roster: Roster, at desk: WritingDesk, now: Int64
    ) throws {
        let changing = result.plans.filter { !$0.changes.isEmpty }
        guard !changing.isEmpty else { return }
        let record = RunOutcome(
            changing,
            RunOutcome.Facts(
                number: roster.lastRun + 1, command: RunRecord.following, actor: context.actor, started: now,
                ended: max(now, context.clock()), version: context.version)
        ).record
        ports.progress(.applying)
        try desk.roster.store.apply(
            RunToApply(
                record: record, generation: roster.generation, mirror: nil, stamps: roster.stamps, pins: roster.pins,
                plans: changing))
        result.record = record
        ports.progress(.reporting)
        var report = RunReport(record: record, plans: changing, newFindings: [])
        report.names = desk.roster.labelsInLine(of: changing)
        _ = try desk.put(report, run: record.number, through: ports)
    }
}

extension AgentConfiguration {
    /// The attributes that say an account is disabled, by directory.
    package var disabledBy: [String: String] {
        var attributes: [String: String] = [:]
        for directory in directories { attributes[directory.name] = directory.attributes.disabled?.attribute }
        return attributes
    }
}
