/// A mirror of one directory as one asks it about single rows: in memory, or by the indexes of a store.
///
/// Every question but those about everybody must be answered in a time that does not depend on the size of the mirror.
package protocol MirrorLookup {
    /// Names of the trusted attributes of the records.
    var attributes: [String] { get }
    /// The key of the hashes.
    var key: DNHashKey { get }

    func person(_ id: ImmutableID) throws -> MirroredPerson?
    func group(_ id: ImmutableID) throws -> MirroredGroup?
    /// Names of the trusted attributes of which the person has a value.
    func attributes(ofPerson id: ImmutableID) throws -> Set<String>
    /// The person, and the group, of the DN with this hash.
    func person(named name: DNHash) throws -> ImmutableID?
    func group(named name: DNHash) throws -> ImmutableID?
    /// Everybody whose one login has this hash; two are enough to know that it names nobody.
    func people(withLogin login: DNHash) throws -> [ImmutableID]
    /// The groups of which the person, or the group, is a direct member.
    func groups(ofPerson id: ImmutableID) throws -> [ImmutableID]
    func groups(ofGroup id: ImmutableID) throws -> [ImmutableID]
    /// Whether the person, or the group, is a direct member of the group.
    func isMember(person id: ImmutableID, of group: ImmutableID) throws -> Bool
    func isMember(group id: ImmutableID, of group: ImmutableID) throws -> Bool
    /// The groups with this name among their loose members.
    func groups(withLoose name: MemberName) throws -> [ImmutableID]
    /// How often the group has this name among its loose members.
    func looseCount(of name: MemberName, in group: ImmutableID) throws -> UInt32
    /// Everything about the members of one group, for a group that was read whole.
    func members(of group: ImmutableID) throws -> MirroredMembers
    /// The ids of everybody, and of every group: the one question that costs by size, asked only after a server has listed everything too.
    func everyPerson() throws -> [ImmutableID]
    func everyGroup() throws -> [ImmutableID]
    /// People whose accounts have ended by this time, or no longer have, as they are from now on: no change in the directory tells of it.
    func judgedAnew(at now: Int64) throws -> [PersonChange]
}

extension MirrorLookup {
    /// The changes of rows that a delta makes; throws a `DeltaDoubt` when only a full pull can tell.
    package func changes(of delta: MirrorDelta) throws -> MirrorRowChanges { try MirrorEdit.changes(delta, self) }
}

/// What the mirror knows of a person.
package struct MirroredPerson: Sendable, Equatable {
    package var contentHash: UInt64
    /// Hash of the DN.
    package var name: DNHash
    package var login: DNHash?
    package var state: PersonState
    /// Whether the account ends at some time.
    package var hasEnd: Bool

    package init(contentHash: UInt64, name: DNHash, login: DNHash?, state: PersonState, hasEnd: Bool) {
        self.contentHash = contentHash
        self.name = name
        self.login = login
        self.state = state
        self.hasEnd = hasEnd
    }
}

/// What the mirror knows of a group, but for its members.
package struct MirroredGroup: Sendable, Equatable {
    package var row: GroupRow
    /// Hash of the DN.
    package var name: DNHash

    package init(row: GroupRow, name: DNHash) {
        self.row = row
        self.name = name
    }
}

/// The members of a group, in any order.
package struct MirroredMembers: Sendable, Equatable {
    /// A member and the hash of its DN.
    package struct Member: Sendable, Equatable {
        package var id: ImmutableID
        package var name: DNHash

        package init(id: ImmutableID, name: DNHash) {
            self.id = id
            self.name = name
        }
    }

    package var people: [Member]
    package var groups: [Member]
    package var loose: [LooseMember]

    package init(people: [Member] = [], groups: [Member] = [], loose: [LooseMember] = []) {
        self.people = people
        self.groups = groups
        self.loose = loose
    }
}
