package import AccessModel
package import DirectoryModel

/// What is known from the target's last applied run about groups that are frozen, and about those who have something through them.
package struct FrozenMembers: Sendable, ExpressibleByDictionaryLiteral {
    /// Members that each frozen group keeps.
    package var members: [GroupKey: PersonSet]
    /// Users who were in each mapped group, frozen or not.
    package var recorded: [GroupKey: PersonSet]
    /// Users who have a role in a scope, or stand in line for it.
    package var holders: [ScopedRole: PersonSet]

    package init(
        members: [GroupKey: PersonSet], recorded: [GroupKey: PersonSet], holders: [ScopedRole: PersonSet]
    ) {
        self.members = members
        self.recorded = recorded
        self.holders = holders
    }

    /// Frozen groups with their members, and nobody who has anything yet.
    package init(dictionaryLiteral elements: (GroupKey, PersonSet)...) {
        self.init(members: Dictionary(elements) { first, _ in first }, recorded: [:], holders: [:])
    }

    package var isEmpty: Bool { members.isEmpty }

    package subscript(_ group: GroupKey) -> PersonSet? { members[group] }
}
