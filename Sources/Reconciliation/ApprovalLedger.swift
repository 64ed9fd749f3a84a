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
        let allowed = AllowedKind(kind)
        guard let place = open.firstIndex(where: { $0.people.contains(id) && $0.left(allowed) > 0 }) else { return nil }
        return spend(place, allowed, 1)
    }

    /// Uses up leave for a directory to have fewer people, if no more than a limit is left without one; how many it covers.
    mutating func cover(losing count: Int, beyond limit: Int) -> Int? {
        cover(count, beyond: limit) { _ in AllowedKind(.peopleShrink) }
    }

    /// Uses up leave for a group to lose members, if no more than a limit is left without one; how many it covers.
    ///
    /// A group that no approval names is never covered, though it lost nobody: it may be another one of that name.
    mutating func cover(group names: [String], losing count: Int, beyond limit: Int) -> Int? {
        guard open.contains(where: { $0.group(called: names) != nil }) else { return nil }
        return cover(max(0, count), beyond: limit) { $0.group(called: names) }
    }

    /// Spends as much as there is, file by file; nothing where that is too little.
    private mutating func cover(
        _ count: Int, beyond limit: Int, by allowed: (Approval) -> AllowedKind?
    ) -> Int? {
        var missing = count
        var parts: [(place: Int, allowed: AllowedKind, count: Int)] = []
        for (place, approval) in open.enumerated() where missing > 0 {
            guard let allowed = allowed(approval) else { continue }
            let part = min(missing, approval.left(allowed))
            if part <= 0 { continue }
            parts.append((place, allowed, part))
            missing -= part
        }
        if missing > limit { return nil }
        for part in parts {
            let use = spend(part.place, part.allowed, part.count)
            uses.add(use)
        }
        return count - missing
    }

    private mutating func spend(_ place: Int, _ allowed: AllowedKind, _ count: Int) -> ApprovalUse {
        open[place].used[allowed, default: 0] += count
        return ApprovalUse(digest: open[place].digest, file: open[place].file, allowed, count: count)
    }
}

extension [ApprovalUse] {
    /// Adds to what is used of the same approval already.
    mutating func add(_ use: ApprovalUse) {
        if let known = firstIndex(where: { $0.digest == use.digest && $0.allowed == use.allowed }) {
            self[known].count += use.count
        } else {
            append(use)
        }
    }

    /// What the targets of one run use together; a fact that all of them see is used once.
    package static func together(_ targets: [[ApprovalUse]]) -> [ApprovalUse] {
        var sums: [ApprovalUse] = []
        for uses in targets {
            var own: [ApprovalUse] = []
            for use in uses { own.add(use) }
            for use in own {
                let known = sums.firstIndex { $0.digest == use.digest && $0.allowed == use.allowed }
                if let known, use.allowed.isShared {
                    sums[known].count = Swift.max(sums[known].count, use.count)
                } else {
                    sums.add(use)
                }
            }
        }
        return sums
    }
}
