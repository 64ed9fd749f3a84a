package import DirectoryModel

extension Mirror {
    /// The same people with one human's identities joined: memberships count for the one that is the person's, those of a
    /// disabled identity for nobody, and the last sign-in is the later one.
    ///
    /// Rows stay where they are, so places in either mirror mean the same.
    package func united(_ standsFor: [PersonIndex: PersonIndex]) -> Mirror {
        if standsFor.isEmpty { return self }
        var whole = self
        whole.standsFor = standsFor
        var places = [PersonIndex](0..<PersonIndex(truncatingIfNeeded: people.count))
        for (identity, person) in standsFor {
            let isHeard = person != IdentityLinks.nobody && people[Int(identity)].state.isEnabled
            places[Int(identity)] = isHeard ? person : IdentityLinks.nobody
            guard isHeard else { continue }
            let last = max(whole.people[Int(person)].lastSignIn, people[Int(identity)].lastSignIn)
            whole.people[Int(person)].lastSignIn = last
        }
        whole.memberPeople = []
        whole.memberPeople.reserveCapacity(memberPeople.count)
        whole.memberPeopleStart = [0]
        whole.memberPeopleStart.reserveCapacity(memberPeopleStart.count)
        for group in groups.indices {
            let members = directPeople(of: GroupIndex(truncatingIfNeeded: group))
            let mapped = members.map { places[Int($0)] }
            if mapped.elementsEqual(members) {
                whole.memberPeople += members
            } else {
                whole.memberPeople += Set(mapped).subtracting([IdentityLinks.nobody]).sorted()
            }
            whole.memberPeopleStart.append(UInt32(truncatingIfNeeded: whole.memberPeople.count))
        }
        return whole
    }
}
