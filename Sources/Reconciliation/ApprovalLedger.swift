import AccessModel
import DirectoryModel

/// What approvals leave to be done tonight: by kind, number, people, day and target.
struct ApprovalLedger {
    private var open: [Approval] = []
    private(set) var uses: [ApprovalUse] = []

    init(_ approvals: [Approval], target: String, now: Int64) {
        open = approvals.filter { approval in
            approval.validFrom <= now && now < approval.validUntil
                && (approval.targets.map { $0.contains(target) } ?? true)
        }
        .sorted { $0.file == $1.file ? precedes($0.digest, $1.digest) : precedes($0.file, $1.file) }
    }

    /// Uses up one leave for a person, if there is one.
    mutating func covers(_ id: ImmutableID, _ kind: GuardKind) -> Bool {
        guard let place = open.firstIndex(where: { $0.people.contains(id) && left($0, kind) > 0 }) else { return false }
        spend(place, kind, 1)
        return true
    }

    /// Uses up leave for a number that is about nobody in particular; all or nothing.
    mutating func covers(_ count: Int, _ kind: GuardKind) -> Bool {
        guard let place = open.firstIndex(where: { left($0, kind) >= count }) else { return false }
        spend(place, kind, count)
        return true
    }

    /// Uses up leave for a group to lose so many members; all or nothing.
    mutating func covers(group names: [String], losing count: Int) -> Bool {
        let place = open.firstIndex { approval in
            let most = names.compactMap { approval.groupShrink[$0] }.max() ?? -1
            let total = approval.groupShrink.values.reduce(0) { $0.addingReportingOverflow($1).partialValue }
            return most >= count && total - (approval.used[.groupShrink] ?? 0) >= count
        }
        guard let place else { return false }
        spend(place, .groupShrink, count)
        return true
    }

    private func left(_ approval: Approval, _ kind: GuardKind) -> Int {
        (approval.allow[kind] ?? 0) - (approval.used[kind] ?? 0)
    }

    private mutating func spend(_ place: Int, _ kind: GuardKind, _ count: Int) {
        open[place].used[kind, default: 0] += count
        let approval = open[place]
        if let use = uses.firstIndex(where: { $0.digest == approval.digest && $0.kind == kind }) {
            uses[use].count += count
        } else {
            uses.append(ApprovalUse(digest: approval.digest, file: approval.file, kind: kind, count: count))
        }
    }
}
