import AccessModel
import DirectoryModel

/// What approvals leave to be done tonight: by kind, number, people, day and target.
struct ApprovalLedger {
    private var open: [Approval] = []
    /// What was used of numbers that are about nobody in particular.
    private(set) var uses: [ApprovalUse] = []

    init(_ approvals: [Approval], target: String, now: Int64) {
        open = approvals.filter { approval in
            approval.validFrom <= now && now < approval.validUntil
                && (approval.targets.map { $0.contains(target) } ?? true)
        }
        .sorted { $0.file == $1.file ? precedes($0.digest, $1.digest) : precedes($0.file, $1.file) }
    }

    /// Uses up one leave for a person, if there is one, and says of which approval.
    mutating func take(_ id: ImmutableID, _ kind: GuardKind) -> ApprovalUse? {
        guard let place = open.firstIndex(where: { $0.people.contains(id) && ApprovalLedger.left($0, kind) > 0 }) else {
            return nil
        }
        return spend(place, kind, 1)
    }

    /// Uses up leave for a directory to have fewer people, if no more than a limit is left without one; how many it covers.
    mutating func cover(losing count: Int, beyond limit: Int) -> Int? {
        cover(count, .peopleShrink, beyond: limit) { ApprovalLedger.left($0, .peopleShrink) }
    }

    /// Uses up leave for a group to lose members, if no more than a limit is left without one; how many it covers.
    ///
    /// A group that no approval names is never covered, though it lost nobody: it may be another one of that name.
    mutating func cover(group names: [String], losing count: Int, beyond limit: Int) -> Int? {
        guard open.contains(where: { $0.most(ofGroup: names) != nil }) else { return nil }
        return cover(max(0, count), .groupShrink, beyond: limit) { $0.rest(ofGroup: names) }
    }

    /// Spends as much as there is, file by file; nothing where that is too little.
    private mutating func cover(
        _ count: Int, _ kind: GuardKind, beyond limit: Int, left: (Approval) -> Int
    ) -> Int? {
        var missing = count
        var parts: [(place: Int, count: Int)] = []
        for (place, approval) in open.enumerated() where missing > 0 {
            let part = min(missing, left(approval))
            if part <= 0 { continue }
            parts.append((place, part))
            missing -= part
        }
        if missing > limit { return nil }
        for part in parts {
            let use = spend(part.place, kind, part.count)
            uses.add(use)
        }
        return count - missing
    }

    private static func left(_ approval: Approval, _ kind: GuardKind) -> Int {
        (approval.allow[kind] ?? 0) - (approval.used[kind] ?? 0)
    }

    private mutating func spend(_ place: Int, _ kind: GuardKind, _ count: Int) -> ApprovalUse {
        open[place].used[kind, default: 0] += count
        return ApprovalUse(digest: open[place].digest, file: open[place].file, kind: kind, count: count)
    }
}

extension [ApprovalUse] {
    /// Adds to what is used of the same approval already.
    mutating func add(_ use: ApprovalUse) {
        if let known = firstIndex(where: { $0.digest == use.digest && $0.kind == use.kind }) {
            self[known].count += use.count
        } else {
            append(use)
        }
    }
}
