package import DirectoryModel

/// What is known from the target's last applied run about groups that are frozen, and about what people had then.
package struct FrozenMembers: Sendable, ExpressibleByDictionaryLiteral {
    /// Members that each frozen group keeps.
    package var members: [GroupKey: PersonSet]
    /// Nothing that is given through a frozen group goes beyond this.
    ///
    /// Nil leaves the gifts as the rules have them.
    package var held: HeldAccess?

    package init(members: [GroupKey: PersonSet], held: HeldAccess?) {
        self.members = members
        self.held = held
    }

    /// Frozen groups with their members, and no limit to what these get.
    package init(dictionaryLiteral elements: (GroupKey, PersonSet)...) {
        self.init(members: Dictionary(elements) { first, _ in first }, held: nil)
    }

    package var isEmpty: Bool { members.isEmpty }

    package subscript(_ group: GroupKey) -> PersonSet? { members[group] }
}
