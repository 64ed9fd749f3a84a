import AccessModel
package import DirectoryModel

/// A human's leave, by name, number and day, for what a guard would hold.
package struct Approval: Sendable, Equatable {
    /// Path of the file as shown to humans, and digest of its content.
    package var file: String
    package var digest: String
    package var reason: String
    /// Seconds since 1970.
    package var validFrom: Int64
    package var validUntil: Int64
    /// Names of targets; nil is all.
    package var targets: [String]?
    /// Whom it covers; anyone else still counts against the limits.
    package var people: Set<ImmutableID>
    /// Kinds and their most.
    package var allow: [GuardKind: Int]
    /// Groups that may shrink, by name, to no fewer than so many lost members.
    package var groupShrink: [String: Int]
    /// How many of each kind earlier runs used up, of `group_shrink` for each group of its own.
    package var used: [AllowedKind: Int]

    package init(
        file: String, digest: String, reason: String, validFrom: Int64, validUntil: Int64, targets: [String]?,
        people: Set<ImmutableID>, allow: [GuardKind: Int], groupShrink: [String: Int], used: [AllowedKind: Int]
    ) {
        self.file = file
        self.digest = digest
        self.reason = reason
        self.validFrom = validFrom
        self.validUntil = validUntil
        self.targets = targets
        self.people = people
        self.allow = allow
        self.groupShrink = groupShrink
        self.used = used
    }

    /// As which of its groups the file means one that is called by these names, letter case aside; nil where it names none of them.
    ///
    /// Where it names several, that of which most is left.
    func group(called names: [String]) -> AllowedKind? {
        let folded = Set(names.map { $0.lowercased() })
        return groupShrink.keys.filter { folded.contains($0.lowercased()) }.sorted(by: precedes)
            .map { AllowedKind(.groupShrink, group: $0) }
            .max { left($0) < left($1) }
    }

    /// How many are left.
    package func left(_ allowed: AllowedKind) -> Int {
        let most = allowed.group.isEmpty ? allow[allowed.kind] : groupShrink[allowed.group]
        return (most ?? 0).subtractingReportingOverflow(used[allowed] ?? 0).partialValue
    }

    /// Whether nothing is left of any kind: it decides nothing any more.
    package var isUsedUp: Bool {
        allow.keys.allSatisfy { left(AllowedKind($0)) <= 0 }
            && groupShrink.keys.allSatisfy { left(AllowedKind(.groupShrink, group: $0)) <= 0 }
    }
}

/// What a number in an approval is for: a kind of guard, and with `group_shrink` one group.
package struct AllowedKind: Hashable, Sendable {
    package var kind: GuardKind
    /// The group as the file calls it; empty for every other kind.
    package var group: String

    package init(_ kind: GuardKind, group: String = "") {
        self.kind = kind
        self.group = group
    }

    /// Whether it is about one fact, which every target sees by itself: how far a directory or a group shrank.
    package var isShared: Bool { kind == .peopleShrink || kind == .groupShrink }
}

/// What a plan uses of an approval.
package struct ApprovalUse: Sendable, Equatable {
    package var digest: String
    package var file: String
    package var allowed: AllowedKind
    package var count: Int

    package init(digest: String, file: String, _ allowed: AllowedKind, count: Int) {
        self.digest = digest
        self.file = file
        self.allowed = allowed
        self.count = count
    }
}
