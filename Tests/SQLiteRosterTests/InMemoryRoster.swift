import AccessModel
import DirectoryModel
import Reconciliation

/// The contract of a roster store in its plainest form: values in memory.
final class InMemoryRoster: RosterStore {
    private var roster = Roster(
        generation: 0, lastRun: 0, lastRunTime: nil, stamps: [:], pins: [], approvalsUsed: [:], targets: [])
    private(set) var mirror: Mirror?
    private var nextUser: Int64 = 1

    func load(targets: [String]) throws -> Roster {
        var loaded = roster
        loaded.targets = targets.map { name in
            roster.targets.first { $0.target == name } ?? TargetRoster(target: name)
        }
        return loaded
    }

    func record(_ run: RunRecord) throws {
        guard run.number > roster.lastRun else { throw RosterMoved(message: "recorded") }
        roster.lastRun = run.number
        roster.lastRunTime = run.started
    }

    func apply(_ run: RunToApply) throws {
        guard run.generation == roster.generation else { throw RosterMoved(message: "moved") }
        var next = roster
        for plan in run.plans {
            var target = next.targets.first { $0.target == plan.target } ?? TargetRoster(target: plan.target)
            try apply(plan, to: &target)
            next.targets.removeAll { $0.target == plan.target }
            next.targets.append(target)
        }
        for use in [ApprovalUse].together(run.plans.map(\.approvalsSpent)) {
            next.approvalsUsed[use.digest, default: [:]][use.allowed, default: 0] += use.count
        }
        for (name, time) in run.signInsImported {
            if !next.targets.contains(where: { $0.target == name }) { next.targets.append(TargetRoster(target: name)) }
            for place in next.targets.indices where next.targets[place].target == name {
                next.targets[place].signInsImported = time
            }
        }
        if let read = run.mirror {
            mirror = read
            next.stamps = run.stamps
        }
        next.pins = run.pins
        next.generation += 1
        next.lastRun = run.record.number
        next.lastRunTime = run.record.started
        roster = next
    }

    private func apply(_ plan: TargetPlan, to target: inout TargetRoster) throws {
        var entries: [(row: UserRow, directory: String, email: String, name: String, details: UserDetails?)] = []
        for (place, user) in target.users.enumerated() {
            entries.append(
                (
                    user, target.directories[Int(user.directory)], target.texts[user.email], target.texts[user.name],
                    target.details[place]
                ))
        }
        var accesses = target.accesses
        var effective = target.effective
        var groupSets = target.groupSets
        for (place, access) in plan.accesses.enumerated() {
            if let known = accesses.firstIndex(of: access) { effective[known] = plan.effective[place] }
        }
        for (place, subject) in plan.subjects.enumerated() {
            guard var row = subject.row else { continue }
            let access = plan.accesses[Int(row.access)]
            if !accesses.contains(access) {
                accesses.append(access)
                effective.append(plan.effective[Int(row.access)])
            }
            let set = plan.groupSets[Int(row.groupSet)]
            if !groupSets.contains(set) { groupSets.append(set) }
            row.access = UInt32(accesses.firstIndex(of: access) ?? 0)
            row.groupSet = UInt32(groupSets.firstIndex(of: set) ?? 0)
            row.version = subject.version + 1
            let details = plan.details[place].flatMap { $0.isEmpty ? nil : $0 }
            let entry = (
                row, plan.directories[Int(row.directory)], plan.texts[row.email], plan.texts[row.name], details
            )
            if row.user == 0 {
                entries.append(entry)
                entries[entries.count - 1].row.user = nextUser
                nextUser += 1
            } else {
                guard let known = entries.firstIndex(where: { $0.row.user == row.user }),
                    entries[known].row.version == subject.version
                else { throw RosterMoved(message: "version") }
                entries[known] = entry
            }
        }
        entries.sort { $0.directory == $1.directory ? $0.row.id < $1.row.id : $0.directory < $1.directory }
        var updated = TargetRoster(target: target.target)
        updated.directories = Array(Set(entries.map(\.directory))).sorted()
        updated.accesses = accesses
        updated.effective = effective
        updated.groupSets = groupSets
        for (place, entry) in entries.enumerated() {
            var row = entry.row
            row.directory = UInt8(updated.directories.firstIndex(of: entry.directory) ?? 0)
            row.email = updated.texts.append(Array(entry.email.utf8))
            row.name = updated.texts.append(Array(entry.name.utf8))
            updated.users.append(row)
            updated.details[place] = entry.details
        }
        updated.waiting = plan.waiting
        updated.baseline = plan.baseline ?? target.baseline
        updated.protected = plan.protected
        updated.signInsImported = target.signInsImported
        updated.recent = target.recent + plan.guardCounts
        target = updated
    }
}
