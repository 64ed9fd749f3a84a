/// Hashes of content that stay the same across runs and machines: SipHash with a fixed key.
package enum ContentHash {
    private static let key = DNHashKey(first: 0x726f_6c6c_6361_6c6c, second: 1)

    @inline(__always)
    static func of(_ bytes: UnsafeRawBufferPointer) -> UInt64 { key.hash(bytes).low }

    /// The hash of a person: the record, the state, the last sign-in and the problems.
    @inline(__always)
    package static func of(
        record: UnsafeRawBufferPointer, state: PersonState, problems: EntryProblems, lastSignIn: Int64
    ) -> UInt64 {
        var parts = (
            UInt64(bitPattern: lastSignIn), UInt64(state.rawValue) << 8 | UInt64(problems.rawValue), of(record)
        )
        parts.0 = parts.0.littleEndian
        parts.1 = parts.1.littleEndian
        parts.2 = parts.2.littleEndian
        return withUnsafeBytes(of: parts) { of($0) }
    }

    /// The hash of a group: DN, name and the ids of its direct members.
    ///
    /// It is a sum, one part for the entry and one for each member, so that a change of one member of a million costs one part.
    package static func of(group place: Int, in mirror: Mirror) -> UInt64 {
        let group = mirror.groups[place]
        var sum = of(groupNamed: group.name, dn: group.dn)
        for person in mirror.directPeople(of: GroupIndex(place)) {
            sum &+= of(member: mirror.people[Int(person)].id)
        }
        for member in mirror.directGroups(of: GroupIndex(place)) {
            sum &+= of(memberGroup: mirror.groups[Int(member)].id)
        }
        return sum
    }

    /// The part of a group's hash that is its own entry's.
    package static func of(groupNamed name: [UInt8], dn: [UInt8]) -> UInt64 {
        of(words: (dn.withUnsafeBytes { of($0) }, name.withUnsafeBytes { of($0) }, 0))
    }

    /// The part of a group's hash that a person who is a direct member adds.
    @inline(__always)
    package static func of(member id: ImmutableID) -> UInt64 { of(words: (id.high, id.low, 1 << 8 | UInt64(id.count))) }

    /// The part of a group's hash that a group which is a direct member adds.
    @inline(__always)
    package static func of(memberGroup id: ImmutableID) -> UInt64 {
        of(words: (id.high, id.low, 2 << 8 | UInt64(id.count)))
    }

    @inline(__always)
    private static func of(words: (UInt64, UInt64, UInt64)) -> UInt64 {
        let words = (words.0.littleEndian, words.1.littleEndian, words.2.littleEndian)
        return withUnsafeBytes(of: words) { of($0) }
    }
}
