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
    /// How many of each kind earlier runs used up.
    package var used: [GuardKind: Int]

    package init(
        file: String, digest: String, reason: String, validFrom: Int64, validUntil: Int64, targets: [String]?,
        people: Set<ImmutableID>, allow: [GuardKind: Int], groupShrink: [String: Int], used: [GuardKind: Int]
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

    /// How many members groups may still lose, all of them taken together: what was used is known as one sum.
    var restOfGroups: Int {
        let most = groupShrink.values.reduce(0) { $0.addingReportingOverflow($1).partialValue }
        return most.subtractingReportingOverflow(used[.groupShrink] ?? 0).partialValue
    }

    /// How many members a group called by one of these names may lose, letter case aside; nil where it is not named.
    func most(ofGroup names: [String]) -> Int? {
        let folded = Set(names.map { $0.lowercased() })
        return groupShrink.filter { folded.contains($0.key.lowercased()) }.values.max()
    }

    /// How many of them are left.
    func rest(ofGroup names: [String]) -> Int { min(most(ofGroup: names) ?? 0, restOfGroups) }
}

/// What a plan uses of an approval.
package struct ApprovalUse: Sendable, Equatable {
    package var digest: String
    package var file: String
    package var kind: GuardKind
    package var count: Int

    package init(digest: String, file: String, kind: GuardKind, count: Int) {
        self.digest = digest
        self.file = file
        self.kind = kind
        self.count = count
    }
}
