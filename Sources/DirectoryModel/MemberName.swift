/// How one member of a group is named, as a keyed hash: by DN or by login in the group, or by the person's own entry.
package struct MemberName: Hashable, Sendable {
    package enum Kind: UInt8, Sendable, Comparable {
        /// The canonical form of a DN, with or without a bit string behind it (`member`, `uniqueMember`).
        case dn = 0
        /// A login, byte for byte (`memberUid`).
        case login = 1
        /// The id of a person whose own entry says that they are in the group (`primaryGroupID`, `nsRole`).
        case own = 2

        package static func < (left: Kind, right: Kind) -> Bool { left.rawValue < right.rawValue }
    }

    package var kind: Kind
    package var hash: DNHash

    package init(_ kind: Kind, _ hash: DNHash) {
        self.kind = kind
        self.hash = hash
    }

    /// The name of a person whose own entry says which groups they are in.
    package init(own id: ImmutableID, _ key: DNHashKey) {
        self.init(.own, id.bytes.withUnsafeBytes { key.hash($0) })
    }
}

extension MemberName: Comparable {
    package static func < (left: MemberName, right: MemberName) -> Bool {
        if left.kind != right.kind { return left.kind < right.kind }
        if left.hash.high != right.hash.high { return left.hash.high < right.hash.high }
        return left.hash.low < right.hash.low
    }
}

/// A name among a group's members that its memberships do not tell: one that leads nowhere, a login, a person's own word, or one of several
/// names of one member.
///
/// A membership without such a name came by exactly one value, the member's DN. So nearly all members of nearly all groups need none.
package struct LooseMember: Hashable, Sendable {
    package var name: MemberName
    /// How many values say the same; 1 but for the same DN under two attributes.
    package var count: UInt32

    package init(name: MemberName, count: UInt32) {
        self.name = name
        self.count = count
    }
}
