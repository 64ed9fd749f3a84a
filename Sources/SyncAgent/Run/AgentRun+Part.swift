import AccessModel
import Diagnostics
import DirectoryModel
import MappingLanguage
import Reconciliation

/// Deciding about the people whom a change can affect.
extension AgentRun {
    /// What is decided about the people whom the changes can affect; throws an `EverybodyReason` where that is not enough.
    ///
    /// The run's roster holds no users yet; afterwards it holds those of these people. Whatever was read of the directories stays with the stage, so
    /// that deciding about everybody does not read it again.
    mutating func decidePart(_ open: OpenRoster) throws -> Decision {
        if !acceptsClock { try RunClock.check(now, against: roster) }
        stage.now = now
        try checkConfiguration()
        try prepareFollowing(LastMirror(lastMirror))
        let read = try stage.changesOfAll(
            files.configuration.directories, attributes: files.attributes, lastStamps: roster.stamps)
        let known = Set(try open.followed().directories)
        guard let read, known == Set(files.configuration.directories.map(\.name)) else {
            throw EverybodyReason(.directories, "not every directory told what changed")
        }
        let question = PartQuestion(
            targets: targets.map(\.settings), changes: read.mapValues(\.changes.rows), now: now)
        let part: RosterPart
        switch try open.part(question) {
        case .everybody(let reason): throw reason
        case .part(let found): part = found
        }
        let acknowledgements = roster.acknowledgements
        roster = part.roster
        roster.acknowledgements = acknowledgements
        try checkLocks()
        if let reason = unsettled { throw reason }
        return try decide(part, absences(part))
    }

    /// What in the configuration takes a look at everybody.
    private func checkConfiguration() throws {
        for target in targets { if let reason = EverybodyReason.of(target.settings) { throw reason } }
        if files.configuration.samePerson != nil {
            throw EverybodyReason(.samePerson, "`same_person` compares everybody")
        }
        if files.approvals(notUsedIn: roster).contains(where: { now < $0.validUntil && !$0.isUsedUp }) {
            throw EverybodyReason(.approvals, "an approval is open, and its people may be anybody")
        }
    }

    private var unsettled: EverybodyReason? {
        guard let baseline = roster.targets.first?.baseline else { return nil }
        return EverybodyReason.of(recentRuns, targets: targets.map(\.settings.name), since: baseline.run)
    }

    /// What became of users of the part who are not in the mirror.
    private func absences(_ part: RosterPart) throws -> [PersonKey: AbsenceFinding] {
        var readings = DirectoryReadings(directories: files.configuration.directories, attributes: files.attributes)
        for name in part.after.directories {
            readings.take(part.after.part(ofDirectory: name) ?? Mirror(directories: [name]), of: name)
        }
        var missing: Set<PersonKey> = []
        for roster in part.roster.targets {
            for row in roster.users where row.managed && row.status != .removed {
                let key = PersonKey(directory: roster.directories[Int(row.directory)], id: row.id)
                if part.after.place(of: key) == nil { missing.insert(key) }
            }
        }
        let findings = stage.absences(of: missing.sorted(), in: part.after, &readings)
        guard readings.unread.isEmpty else {
            throw EverybodyReason(.directories, "a directory could not tell whether somebody is gone")
        }
        return findings
    }

    private func decide(_ part: RosterPart, _ absences: [PersonKey: AbsenceFinding]) throws -> Decision {
        var plans: [TargetPlan] = []
        var compiled: [CompiledMapping] = []
        for (place, target) in targets.enumerated() {
            ports.progress(.reconciling(target: target.settings.name))
            let input = ReconcileInput(
                mirror: part.after, evaluation: .none, rules: target.ruleLabels, roster: part.roster.targets[place],
                absences: absences, approvals: files.approvals(notUsedIn: roster),
                disabledBy: files.configuration.disabledBy, now: now,
                run: number)
            let decision = PartialDecision(settings: target.settings, mapping: target.mapping, trust: trust(of: target))
            var result = try decision.decide(input, before: part.before, others: part.others[place]) {
                target.name(&$0)
            }
            result.plan.traceNesting(in: part.after, groups: result.compiled.groups)
            plans.append(result.plan)
            compiled.append(result.compiled)
        }
        var decision = Decision(
            plans: plans, mirror: part.after, stamps: stage.stamps, setAside: stage.setAside,
            pins: pins(plans, compiled), readings: stage.readings(of: files.configuration.directories))
        decision.scope = .people(Set(plans.flatMap { $0.lookedAt ?? [] }).count)
        return decision
    }
}

extension Mirror {
    /// The place of somebody; nil for who is not in it.
    fileprivate func place(of key: PersonKey) -> PersonIndex? {
        guard let directory = directories.firstIndex(of: key.directory) else { return nil }
        return place(of: key.id, directory: UInt8(truncatingIfNeeded: directory))
    }
}
