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
    package static func of(group place: Int, in mirror: Mirror) -> UInt64 {
        let group = mirror.groups[place]
        let people = mirror.directPeople(of: GroupIndex(place))
        let groups = mirror.directGroups(of: GroupIndex(place))
        var words: [UInt64] = [
            group.dn.withUnsafeBytes { of($0) }, group.name.withUnsafeBytes { of($0) }, UInt64(people.count),
        ]
        words.reserveCapacity(3 + 2 * (people.count + groups.count))
        for person in people {
            words.append(mirror.people[Int(person)].id.high)
            words.append(mirror.people[Int(person)].id.low)
        }
        for member in groups {
            words.append(mirror.groups[Int(member)].id.high)
            words.append(mirror.groups[Int(member)].id.low)
        }
        for index in words.indices { words[index] = words[index].littleEndian }
        return words.withUnsafeBytes { of($0) }
    }
}
