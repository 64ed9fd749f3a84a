import DirectoryModel

/// Takes groups out of the mirror, with everything that says who their members are.
struct GroupDrop {
    private let members: PairReader
    private let memberships: PairTable
    private let statements: [SQLStatement]
    private let loose: SQLStatement
    private let looseGroups: PairTable
    private let dn: SQLStatement

    init(_ connection: OpaquePointer) throws {
        members = try PairReader(connection, "group_people")
        memberships = try PairTable(connection, "person_groups")
        loose = try SQLStatement(connection, "SELECT name FROM loose_members WHERE grp = ?")
        looseGroups = try PairTable(connection, "loose_groups")
        dn = try SQLStatement(connection, "SELECT dn FROM mirror_groups WHERE grp = ?")
        statements = try [
            "DELETE FROM group_people WHERE pair BETWEEN ?1 << 32 AND ?1 << 32 | 0xffffffff",
            "DELETE FROM group_groups WHERE pair BETWEEN ?1 << 32 AND ?1 << 32 | 0xffffffff",
            "DELETE FROM group_groups WHERE pair & 0xffffffff = ?",
            "DELETE FROM loose_members WHERE grp = ?",
            "DELETE FROM mirror_groups WHERE grp = ?",
        ].map { try SQLStatement(connection, $0) }
    }

    /// `hashes` are those of the directory, where its names are kept; returns the pairs that are to go from `person_groups`.
    func drop(_ group: UInt32, _ hashes: inout NameHashes?, _ names: GroupNames) throws -> [UInt64] {
        var reverse: [UInt64] = []
        try members.forEach(first: Int64(group)) { reverse.append(UInt64($0) << 32 | UInt64(group)) }
        if hashes != nil {
            dn.bind(1, Int64(group))
            try dn.forEach {
                if let name = hashes?.hash(ofDN: dn.bytes(0)) { try names.leave(group, name: name) }
            }
            loose.bind(1, Int64(group))
            try loose.forEach {
                try looseGroups.delete(NameHashes.pair(MemberName(blob: loose.bytes(0)).hash, group))
            }
        }
        for statement in statements {
            statement.bind(1, Int64(group))
            try statement.run()
        }
        return reverse
    }
}
