/// A delta as changes of single rows: what a store writes, in any order, all of it or nothing.
///
/// People and groups are named by their ids. Rows that the delta leaves as they are do not stand in it.
package struct MirrorRowChanges: Sendable, Equatable {
    /// A membership.
    package struct Membership: Hashable, Sendable {
        package var group: ImmutableID
        package var member: ImmutableID

        package init(group: ImmutableID, member: ImmutableID) {
            self.group = group
            self.member = member
        }
    }

    /// How often a group has a name among its loose members; 0 for no longer.
    package struct Loose: Hashable, Sendable {
        package var group: ImmutableID
        package var member: LooseMember

        package init(group: ImmutableID, member: LooseMember) {
            self.group = group
            self.member = member
        }
    }

    /// A group as it is now; its members are told by the lists of memberships.
    package struct Group: Sendable, Equatable {
        package var row: GroupRow
        /// Hash of the DN.
        package var name: DNHash

        package init(row: GroupRow, name: DNHash) {
            self.row = row
            self.name = name
        }
    }

    /// People to insert or replace.
    package var people: [PersonChange] = []
    /// People to delete; their memberships stand in the lists below.
    package var removedPeople: [ImmutableID] = []
    /// Groups to insert or replace.
    package var groups: [Group] = []
    /// Groups to delete, with everything that says who their members are; memberships *of* them stand in the lists below.
    package var removedGroups: [ImmutableID] = []
    /// Direct memberships of people, in the groups that stay.
    package var joinedPeople: [Membership] = []
    package var leftPeople: [Membership] = []
    /// Direct memberships of groups, likewise.
    package var joinedGroups: [Membership] = []
    package var leftGroups: [Membership] = []
    package var loose: [Loose] = []

    package init() {}

    /// Whether nothing is to be written.
    package var isEmpty: Bool { self == MirrorRowChanges() }
}

/// Why a mirror cannot be brought up to date by a delta: the whole directory must be read.
package enum DeltaDoubt: Error, Sendable, Equatable {
    /// Another set of attributes, or another key, than the mirror's.
    case otherShape
    /// Two entries would have this DN (its hash).
    case sameName(DNHash)
    /// The delta names this entry twice, or says both that it changed and that it is gone.
    case contradiction(ImmutableID)
    /// Members of a group that is not in the mirror came and went.
    case unknownGroup(ImmutableID)
    /// The mirror's own rows do not fit together at this entry.
    case brokenMirror(ImmutableID)

    /// What is in doubt, for people.
    package var text: String {
        switch self {
        case .otherShape: "the mirror holds other attributes than those that were read"
        case .sameName: "two entries would have one DN"
        case .contradiction(let id): "the entry `\(id)` was told both as changed and as gone"
        case .unknownGroup(let id): "members of the group `\(id)` changed, which the mirror does not know"
        case .brokenMirror(let id): "the rows of the mirror about `\(id)` do not fit together"
        }
    }
}
