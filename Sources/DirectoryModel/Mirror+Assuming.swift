extension Mirror {
    /// The mirror as if somebody were a direct member of some groups, and of some others not; everything else stays as it was read.
    package func assuming(
        _ person: PersonIndex, in joined: Set<GroupIndex>, notIn left: Set<GroupIndex>
    ) -> Mirror {
        var other = self
        other.memberPeople = []
        other.memberPeople.reserveCapacity(memberPeople.count + joined.count)
        other.memberPeopleStart = [0]
        for group in groups.indices.map({ GroupIndex(truncatingIfNeeded: $0) }) {
            let members = directPeople(of: group)
            let isIn = members.contains(person)
            if joined.contains(group), !isIn {
                other.memberPeople += members.prefix { $0 < person }
                other.memberPeople.append(person)
                other.memberPeople += members.drop { $0 < person }
            } else if left.contains(group), isIn {
                other.memberPeople += members.filter { $0 != person }
            } else {
                other.memberPeople += members
            }
            other.memberPeopleStart.append(UInt32(truncatingIfNeeded: other.memberPeople.count))
        }
        return other
    }
}
