import AccessModel
import DirectoryModel
package import MappingLanguage

/// Mapped groups that may not be believed tonight, and the members they keep.
package struct GroupFreezes: Sendable {
    /// What evaluation has to count as members instead of what the directory says.
    package var members: FrozenMembers
    package var holds: [Hold]
    /// Leave for groups to shrink that was used.
    package var approvalsSpent: [ApprovalUse]
    package var tally: GuardTally?
    /// What rules would give if every group were believed; nil where none is frozen.
    var believed: Evaluation?

    package static let none = GroupFreezes(members: [:], holds: [], approvalsSpent: [], tally: nil)
}

extension Reconciler {
    /// Compares each mapped group with the target's last applied run.
    ///
    /// The input's evaluation is the one without frozen groups.
    package func freezes(_ input: ReconcileInput) -> GroupFreezes {
        guard let baseline = input.roster.baseline else { return .none }
        var approvals = ApprovalLedger(input.approvals, target: settings.name, now: input.now)
        var known: [GroupKey: GroupBaseline] = [:]
        for group in baseline.mappedGroups { known[group.key] = group }
        let recorded = RecordedMembers(input.roster)
        let edited = !Fingerprints.changed(baseline.fingerprints, settings.fingerprints).isEmpty
        var frozen: [(group: MappedGroup, hold: Hold)] = []
        for (place, group) in input.evaluation.groups.enumerated() {
            let before = known[group.key]?.people ?? recorded.count(of: group.key)
            let now = input.members(ofGroup: place)
            let since = known[group.key]?.countedIn ?? baseline.run
            guard before > 0, let doubt = doubt(group, before: before, now: now) else { continue }
            let limit = group.isBelieved ? settings.limits.groupShrink.value(base: before) : 0
            // What cannot come about before the directory is read again uses up no approval.
            let isUnread = input.unread.contains { $0.name == group.key.directory }
            if !isUnread, approvals.cover(group: group.allNames, losing: before - now, beyond: limit) != nil {
                continue
            }
            frozen.append((group, hold(group, doubt, lost: before - now, before: before, since: since)))
        }
        let limit = settings.limits.groupShrink
        let text = "\(limit.percent.map { "\($0) % of a group's people, " } ?? "")at least \(limit.floor)"
        return GroupFreezes(
            members: recorded.members(of: Set(frozen.map(\.group.key)), in: input, edited: edited),
            holds: frozen.map(\.hold),
            approvalsSpent: approvals.uses,
            tally: GuardTally(kind: .groupShrink, count: frozen.count, limit: 0, limitText: text, approved: 0))
    }

    /// Why a group cannot be believed; nil when it can.
    private func doubt(_ group: MappedGroup, before: Int, now: Int) -> GroupDoubt? {
        switch group.standing {
        case .vanished: .vanished
        case .recreated: .recreated
        case .notLocked: .notLocked
        case .found, .renamed: before - now > settings.limits.groupShrink.value(base: before) ? .shrunk : nil
        }
    }

    private func hold(
        _ group: MappedGroup, _ doubt: GroupDoubt, lost: Int, before: Int, since: Int64
    ) -> Hold {
        let limit = settings.limits.groupShrink
        let value = limit.value(base: before)
        let text = limit.percent.map { "limit \($0) %" } ?? "limit \(value)"
        return Hold(
            kind: .groupShrink, extent: .group(group.key, name: group.name),
            message: doubt.sentence(about: group.name, lost: lost, of: before, since: since, limit: text), count: lost,
            limit: value, people: [], wouldHave: [], causes: [], before: before, doubt: doubt)
    }
}

/// Why a mapped group is not believed.
package enum GroupDoubt: String, Sendable, CaseIterable {
    /// It lost too many members.
    case shrunk
    /// It is locked or pinned, and no longer in the directory.
    case vanished
    /// A group of its name has another id than the locked one.
    case recreated
    /// There is a lock file, and it does not stand in it.
    case notLocked = "not_locked"

    fileprivate func sentence(
        about name: String, lost: Int, of before: Int, since run: Int64, limit: String
    ) -> String {
        let members = before == 1 ? "1 member" : "\(before) members"
        return switch self {
        case .shrunk: "\(HoldReach.groupMark)\(name) lost \(lost) of \(members) since run \(run) (\(limit))"
        case .vanished: "\(HoldReach.groupMark)\(name) with \(members) is no longer in the directory"
        case .recreated:
            "\(HoldReach.groupMark)\(name) with \(members) was deleted and made again, and is not the locked one"
        case .notLocked: "\(HoldReach.groupMark)\(name) with \(members) does not stand in the lock file"
        }
    }
}

/// Who was in which mapped group in the last applied run, as recorded with the users.
private struct RecordedMembers {
    private let roster: TargetRoster
    private let users: [Int]

    init(_ roster: TargetRoster) {
        self.roster = roster
        var users = [Int](repeating: 0, count: roster.groupSets.count)
        for row in roster.users where RecordedMembers.counts(row) && Int(row.groupSet) < users.count {
            users[Int(row.groupSet)] += 1
        }
        self.users = users
    }

    /// Who was removed is nobody's member any more.
    private static func counts(_ row: UserRow) -> Bool { row.managed && row.status != .removed }

    func count(of key: GroupKey) -> Int {
        roster.groupSets.indices.reduce(0) { roster.groupSets[$1].contains(key) ? $0 + users[$1] : $0 }
    }

    /// Members that are still in the mirror, by place there, and what everybody had.
    func members(of keys: Set<GroupKey>, in input: ReconcileInput, edited: Bool) -> FrozenMembers {
        if keys.isEmpty { return [:] }
        let join = RosterJoin(mirror: input.mirror, roster: roster)
        let sets = roster.groupSets.map { $0.filter(keys.contains) }
        var found: [GroupKey: [PersonIndex]] = [:]
        var held = [UInt32](repeating: UInt32.max, count: input.mirror.people.count)
        var byRules: [PersonIndex: Access] = [:]
        for (place, row) in roster.users.enumerated() where RecordedMembers.counts(row) {
            let person = join.personOfUser[place]
            if person == RosterJoin.none { continue }
            if !isUnmapped(place, row) { held[Int(person)] = row.access }
            if edited, let grants = roster.details[place]?.manual, !grants.isEmpty {
                byRules[person] = roster.accesses[Int(row.access)].without(grants.map(\.part))
            }
            guard Int(row.groupSet) < sets.count else { continue }
            for key in sets[Int(row.groupSet)] { found[key, default: []].append(person) }
        }
        var members: [GroupKey: PersonSet] = [:]
        for key in keys {
            members[key] = .canonical(sorted: (found[key] ?? []).sorted(), people: input.mirror.people.count)
        }
        var awaited: [PersonIndex: [ScopedRole]] = [:]
        for place in roster.waiting {
            guard let person = input.mirror.person(place.person) else { continue }
            awaited[person, default: []].append(ScopedRole(scope: place.scope, role: place.role))
        }
        return FrozenMembers(
            members: members,
            held: HeldAccess(
                accesses: roster.accesses, ofPerson: held, awaited: awaited, isKeptWhole: edited,
                byRules: byRules))
    }

    /// No rule gave anything to these any more: what they have on record is nothing to keep.
    private func isUnmapped(_ place: Int, _ row: UserRow) -> Bool {
        row.status == .suspended && roster.details[place]?.causes.contains { $0.kind == .unmapped } == true
    }
}

extension MappedGroup {
    /// Whether the directory has the group that is meant.
    var isBelieved: Bool {
        switch standing {
        case .found, .renamed: true
        case .vanished, .recreated, .notLocked: false
        }
    }
}

extension Mirror {
    /// The place of a person; nil for somebody who is not in the mirror.
    func person(_ key: PersonKey) -> PersonIndex? {
        guard let directory = directories.firstIndex(of: key.directory) else { return nil }
        return place(of: key.id, directory: UInt8(truncatingIfNeeded: directory))
    }
}
