/// The place of a person in a mirror's tables.
package typealias PersonIndex = UInt32
/// The place of a group in a mirror's tables.
package typealias GroupIndex = UInt32

/// The local copy of people, groups and direct memberships as last read: tables of integers over one arena of bytes.
///
/// A mirror holds all directories of the configuration; each row knows its directory. Rows stand in the order of
/// (directory, immutable id), so the order in which a server answered never shows.
package struct Mirror: Sendable {
    /// Names of the directories, as configured.
    package var directories: [String]
    /// Names of the trusted attributes that records may hold (`PersonField.attribute`), lower-case, sorted.
    package var attributes: [String]
    package var people: [PersonRow]
    package var groups: [GroupRow]
    /// Records of people, one after the other.
    package var arena: [UInt8]
    /// Direct members that are people: for group `g` the sorted, distinct `memberPeople[memberPeopleStart[g]..<memberPeopleStart[g + 1]]`.
    package var memberPeople: [PersonIndex]
    package var memberPeopleStart: [UInt32]
    /// Direct members that are groups, likewise.
    package var memberGroups: [GroupIndex]
    package var memberGroupsStart: [UInt32]

    /// Identities that are not people of their own: each with the person whose other identity it is, or `PersonIndex.max`.
    ///
    /// Nothing is given to them. Empty in a mirror as it was read.
    package var standsFor: [PersonIndex: PersonIndex] = [:]

    package init(directories: [String] = [], attributes: [String] = []) {
        self.directories = directories
        self.attributes = attributes
        people = []
        groups = []
        arena = []
        memberPeople = []
        memberPeopleStart = [0]
        memberGroups = []
        memberGroupsStart = [0]
    }

    package func record(_ person: PersonIndex) -> PersonRecord {
        let row = people[Int(person)]
        return PersonRecord(bytes: arena[Int(row.start)..<(Int(row.start) + Int(row.length))])
    }

    package func directPeople(of group: GroupIndex) -> ArraySlice<PersonIndex> {
        memberPeople[Int(memberPeopleStart[Int(group)])..<Int(memberPeopleStart[Int(group) + 1])]
    }

    package func directGroups(of group: GroupIndex) -> ArraySlice<GroupIndex> {
        memberGroups[Int(memberGroupsStart[Int(group)])..<Int(memberGroupsStart[Int(group) + 1])]
    }
}

/// One person of a mirror.
package struct PersonRow: Sendable, Equatable {
    package var id: ImmutableID
    /// Where the record begins in the arena, and how long it is, in bytes.
    package var start: UInt32
    package var length: UInt32
    /// 64-bit hash of the record, the state, the last sign-in and the problems: what changes when anything about the person does.
    ///
    /// Stable across runs and machines.
    package var contentHash: UInt64
    /// Last sign-in as the directory tells it, seconds since 1970; `Int64.min` when unknown.
    package var lastSignIn: Int64
    package var directory: UInt8
    package var state: PersonState
    package var problems: EntryProblems

    package init(
        id: ImmutableID, start: UInt32, length: UInt32, contentHash: UInt64, lastSignIn: Int64, directory: UInt8,
        state: PersonState, problems: EntryProblems
    ) {
        self.id = id
        self.start = start
        self.length = length
        self.contentHash = contentHash
        self.lastSignIn = lastSignIn
        self.directory = directory
        self.state = state
        self.problems = problems
    }
}

/// One group of a mirror.
package struct GroupRow: Sendable, Equatable {
    package var id: ImmutableID
    /// The DN as the directory wrote it.
    package var dn: [UInt8]
    /// The group's name: its `cn` (the first, bytewise, of several).
    package var name: [UInt8]
    /// Members that are neither a person nor a group of the mirror: outside the bases, gone, or not parsable.
    package var unresolvedMembers: UInt32
    /// 64-bit hash of DN, name and the immutable ids of the direct members.
    ///
    /// Stable across runs and machines.
    package var contentHash: UInt64
    package var directory: UInt8

    package init(
        id: ImmutableID, dn: [UInt8], name: [UInt8], unresolvedMembers: UInt32, contentHash: UInt64, directory: UInt8
    ) {
        self.id = id
        self.dn = dn
        self.name = name
        self.unresolvedMembers = unresolvedMembers
        self.contentHash = contentHash
        self.directory = directory
    }
}
