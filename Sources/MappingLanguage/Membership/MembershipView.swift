package import DirectoryModel

/// Who is in which group, directly or through nested groups: all that rules need to know of memberships.
///
/// The full mirror answers through `MembershipGraph`; an index of the store can answer the same questions about few people.
package protocol MembershipView {
    /// Number of people; sets hold places below it.
    var peopleCount: Int { get }

    /// For each group the people in it, in the same order, nested groups included.
    func effectivePeople(of groups: [GroupIndex]) -> [PersonSet]

    /// The direct members of a group that are people.
    func directPeople(of group: GroupIndex) -> PersonSet

    /// The shortest way from a group that holds the person directly up to `group`; one group alone for a direct member, nil for somebody
    /// who is not in it. Of several the one whose groups stand first.
    func chain(from person: PersonIndex, to group: GroupIndex) -> [GroupIndex]?
}

extension MembershipView {
    /// Whether the person is in the group, nested groups included.
    package func isMember(_ person: PersonIndex, of group: GroupIndex) -> Bool {
        chain(from: person, to: group) != nil
    }
}
