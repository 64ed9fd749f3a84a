/// Memberships that stand on the person and not on the group, collected until all groups are known.
///
/// In Active Directory the group whose relative id is the person's `primaryGroupID`: it does not list the person. In 389 Directory Server
/// the roles that `nsRole` names.
struct MembershipsOfPeople {
    /// For each row of people the relative id, 0 for none; empty where nobody has one.
    private var relativeIDs: [UInt32] = []
    private var named: [(group: DNHash, person: UInt32)] = []
    private var groups: [(sid: SecurityID, row: Int)] = []
    /// The domain of the people; nil takes the only domain that groups are of.
    var domain: SecurityID?

    mutating func add(primaryGroup relativeID: UInt32, ofPerson row: Int) {
        guard relativeID != 0 else { return }
        while relativeIDs.count < row { relativeIDs.append(0) }
        relativeIDs.append(relativeID)
    }

    mutating func add(group: DNHash, ofPerson row: Int) { named.append((group, UInt32(truncatingIfNeeded: row))) }

    mutating func add(_ sid: SecurityID, ofGroup row: Int) { groups.append((sid, row)) }

    /// What each person said of groups, by the person's row; nobody who said nothing.
    var said: [Int: SaidGroups] {
        var said: [Int: SaidGroups] = [:]
        for (row, id) in relativeIDs.enumerated() where id != 0 { said[row] = SaidGroups(relativeID: id) }
        for membership in named { said[Int(membership.person), default: SaidGroups()].names.append(membership.group) }
        return said
    }

    /// The rows of people of each group that has any, by the group's row.
    func members(_ groupsByName: HashTable) -> [Int: [UInt32]] {
        var members: [Int: [UInt32]] = [:]
        for membership in named {
            if let group = groupsByName[membership.group] { members[group, default: []].append(membership.person) }
        }
        guard !relativeIDs.isEmpty, let domain = domain ?? onlyDomain else { return members }
        var groupOfID: [UInt32: Int] = [:]
        for group in groups where group.sid.domain == domain {
            if let id = group.sid.relativeID { groupOfID[id] = group.row }
        }
        for (person, id) in relativeIDs.enumerated() where id != 0 {
            guard let group = groupOfID[id] else { continue }
            members[group, default: []].append(UInt32(truncatingIfNeeded: person))
        }
        return members
    }

    private var onlyDomain: SecurityID? {
        var found: SecurityID?
        for group in groups where group.sid.isOfDomain {
            guard let domain = group.sid.domain, found == nil || found == domain else { return nil }
            found = domain
        }
        return found
    }
}

/// What a person's entry says of the groups that the person is in.
package struct SaidGroups: Sendable, Equatable {
    /// The last number of the primary group's identifier (Active Directory); 0 for none.
    package var relativeID: UInt32
    /// Hashes of DNs (roles of 389 Directory Server).
    package var names: [DNHash]

    package init(relativeID: UInt32 = 0, names: [DNHash] = []) {
        self.relativeID = relativeID
        self.names = names
    }
}
