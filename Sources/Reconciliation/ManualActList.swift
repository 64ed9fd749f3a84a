import AccessModel
import DirectoryModel

/// Several acts by hand in one plan: each sees what those before it did.
extension Reconciler {
    /// The plan of all acts; people who are no users of this target, or suspended already, are findings.
    package func plan(_ acts: [ManualAct], roster: TargetRoster, now: Int64) -> TargetPlan {
        var whole = TargetPlan(target: settings.name, mode: settings.mode)
        whole.directories = roster.directories
        whole.waiting = roster.waiting
        whole.protected = roster.protected
        let wanted = Set(acts.map(\.person.id))
        var places: [PersonKey: Int] = [:]
        for place in roster.users.indices where roster.users[place].managed && wanted.contains(roster.users[place].id) {
            places[roster.key(of: place)] = place
        }
        var writing = ActWriting(settings: settings, roster: roster, place: 0, now: now)
        for act in acts {
            guard let place = places[act.person] else {
                whole.findings.append(noUser(act))
                continue
            }
            writing.place = place
            var plan = TargetPlan(target: settings.name, mode: settings.mode)
            carryOut(act, &writing, &plan)
            writing.settle(plan)
            whole.append(plan)
        }
        whole.ledger = writing.ledger()
        return whole
    }
}

extension TargetPlan {
    /// Adds the plan of an act that was made on the state this plan leads to.
    mutating func append(_ other: TargetPlan) {
        let first = UInt32(truncatingIfNeeded: subjects.count)
        let reason = UInt32(truncatingIfNeeded: reasons.count)
        for (place, subject) in other.subjects.enumerated() {
            var subject = subject
            subject.email = texts.append(other.texts.slice(subject.email))
            subject.name = texts.append(other.texts.slice(subject.name))
            if var row = subject.row {
                row.email = subject.email
                row.name = subject.name
                row.access = access(other, row.access)
                row.groupSet = groupSet(other, row.groupSet)
                subject.row = row
            }
            subjects.append(subject)
            details[Int(first) + place] = other.details[place]
        }
        changes += other.changes.map { change in
            var change = change
            change.subject += first
            change.reason += reason
            return change
        }
        reasons += other.reasons
        findings += other.findings
    }

    private mutating func access(_ other: TargetPlan, _ number: UInt32) -> UInt32 {
        guard Int(number) < other.accesses.count else { return 0 }
        let access = other.accesses[Int(number)]
        if let known = accesses.firstIndex(of: access) { return UInt32(truncatingIfNeeded: known) }
        accesses.append(access)
        effective.append(Int(number) < other.effective.count ? other.effective[Int(number)] : "")
        return UInt32(truncatingIfNeeded: accesses.count - 1)
    }

    private mutating func groupSet(_ other: TargetPlan, _ number: UInt32) -> UInt32 {
        guard Int(number) < other.groupSets.count else { return 0 }
        let set = other.groupSets[Int(number)]
        if let known = groupSets.firstIndex(of: set) { return UInt32(truncatingIfNeeded: known) }
        groupSets.append(set)
        return UInt32(truncatingIfNeeded: groupSets.count - 1)
    }
}
