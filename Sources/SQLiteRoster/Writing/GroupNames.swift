import DirectoryModel

/// Writes what groups of followed directories are found by: the hash of the DN, and the names of loose members.
final class GroupNames {
    private let names: PairTable
    private let looseGroups: PairTable
    private let stored: SQLStatement
    private let put: SQLStatement
    private let remove: SQLStatement
    private let others: SQLStatement
    private let count: SQLStatement
    private let digest: SQLStatement

    init(_ connection: OpaquePointer) throws {
        names = try PairTable(connection, "group_names")
        looseGroups = try PairTable(connection, "loose_groups")
        stored = try SQLStatement(connection, "SELECT name, count FROM loose_members WHERE grp = ?")
        put = try SQLStatement(connection, "REPLACE INTO loose_members (grp, name, count) VALUES (?, ?, ?)")
        remove = try SQLStatement(connection, "DELETE FROM loose_members WHERE grp = ? AND name = ?")
        others = try SQLStatement(
            connection, "SELECT 1 FROM loose_members WHERE grp = ? AND name BETWEEN ? AND ? LIMIT 1")
        count = try SQLStatement(connection, "SELECT count FROM loose_members WHERE grp = ? AND name = ?")
        digest = try SQLStatement(connection, "UPDATE mirror_groups SET loose = ? WHERE grp = ?")
    }

    func enter(_ group: UInt32, name: DNHash) throws { try names.insert(NameHashes.pair(name, group)) }

    func leave(_ group: UInt32, name: DNHash) throws { try names.delete(NameHashes.pair(name, group)) }

    /// The digest of loose members, which `mirror_groups.loose` holds.
    static func digest(_ members: some Sequence<LooseMember>) -> Int64 {
        members.reduce(0) { $0 &+ $1.digest }
    }

    /// The loose members of a group, in order.
    func loose(of group: UInt32) throws -> [LooseMember] {
        var members: [LooseMember] = []
        stored.bind(1, Int64(group))
        try stored.forEach {
            members.append(
                LooseMember(
                    name: try MemberName(blob: stored.bytes(0)), count: UInt32(truncatingIfNeeded: stored.integer(1))))
        }
        return members.sorted { $0.name < $1.name }
    }

    /// Puts these loose members in the place of those there are.
    func setLoose(_ members: some Sequence<LooseMember>, of group: UInt32) throws {
        let wanted = Dictionary(members.map { ($0.name, $0.count) }) { first, _ in first }
        for member in try loose(of: group) where wanted[member.name] == nil { try drop(member.name, of: group) }
        for (name, count) in wanted { try write(LooseMember(name: name, count: count), of: group) }
        digest.bind(1, GroupNames.digest(members))
        digest.bind(2, Int64(group))
        try digest.run()
    }

    /// Sets how often a group has a name, 0 for no longer; returns what its digest changes by.
    func set(_ member: LooseMember, of group: UInt32) throws -> Int64 {
        let before = try looseCount(of: member.name, in: group)
        if member.count == 0 { try drop(member.name, of: group) } else { try write(member, of: group) }
        let old = before == 0 ? 0 : LooseMember(name: member.name, count: before).digest
        return (member.count == 0 ? 0 : member.digest) &- old
    }

    func looseCount(of name: MemberName, in group: UInt32) throws -> UInt32 {
        count.bind(1, Int64(group))
        count.bind(2, blob: name.blob)
        defer { count.reset() }
        return try count.step() ? UInt32(truncatingIfNeeded: count.integer(0)) : 0
    }

    private func write(_ member: LooseMember, of group: UInt32) throws {
        put.bind(1, Int64(group))
        put.bind(2, blob: member.name.blob)
        put.bind(3, Int64(member.count))
        try put.run()
        try looseGroups.insert(NameHashes.pair(member.name.hash, group))
    }

    /// A pair stays where another name of the group has the same upper bits.
    private func drop(_ name: MemberName, of group: UInt32) throws {
        remove.bind(1, Int64(group))
        remove.bind(2, blob: name.blob)
        try remove.run()
        let first = NameHashes.firstPair(name.hash) << 1
        others.bind(1, Int64(group))
        others.bind(2, blob: MemberName(.dn, DNHash(high: first, low: 0)).blob)
        others.bind(3, blob: MemberName(.own, DNHash(high: first | 0x1_ffff_ffff, low: .max)).blob)
        defer { others.reset() }
        if try !others.step() { try looseGroups.delete(NameHashes.pair(name.hash, group)) }
    }
}
