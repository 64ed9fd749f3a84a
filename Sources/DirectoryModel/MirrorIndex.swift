/// What must be remembered beside the mirror of one directory so that a delta can be applied: names as hashes, in the order of the mirror's rows.
package struct MirrorIndex: Sendable, Equatable {
    /// The key of all hashes; the same as long as the index is kept.
    package var key: DNHashKey
    /// For each person the hash of the DN.
    package var personNames: [DNHash]
    /// For each group the hash of the DN.
    package var groupNames: [DNHash]
    /// For group `g` the sorted `looseMembers[looseStart[g]..<looseStart[g + 1]]`.
    package var looseMembers: [LooseMember]
    package var looseStart: [UInt32]
    /// Whether people are in groups by what stands on the person (primary groups, roles), of which not every server tells.
    package var hasMembershipsOfPeople = false

    package init(key: DNHashKey) {
        self.key = key
        personNames = []
        groupNames = []
        looseMembers = []
        looseStart = [0]
    }

    package func loose(of group: GroupIndex) -> ArraySlice<LooseMember> {
        looseMembers[Int(looseStart[Int(group)])..<Int(looseStart[Int(group) + 1])]
    }
}

/// A mirror of one directory and its index.
package struct IndexedMirror: Sendable {
    package var mirror: Mirror
    package var index: MirrorIndex

    package init(mirror: Mirror, index: MirrorIndex) {
        self.mirror = mirror
        self.index = index
    }
}

extension MirrorIndex {
    /// The hash of somebody's one login; nil for those who have none or several.
    package func login(of row: PersonRow, _ record: PersonRecord) -> DNHash? {
        guard !row.problems.contains(.unclearLogin) else { return nil }
        return record.values(.login).first.map { value in value.withUnsafeBytes { key.hash($0) } }
    }
}
