import DirectoryModel
import Reconciliation

/// Which groups lead to those that rules name, upwards from a member: nested groups as they were, with those that join.
///
/// Edges that go are still walked: what they led to is concerned as well.
final class GroupPaths {
    private let find: SQLStatement
    private let parents: SQLStatement
    private let members: PairReader
    private let nested: PairReader
    private let connection: OpaquePointer
    private let most: Int
    private(set) var wanted: Set<UInt32> = []
    /// Groups that join others, both ways.
    private var joinedBy: [UInt32: [UInt32]] = [:]
    private var joins: [UInt32: [UInt32]] = [:]
    private var known: [UInt32: [UInt32]] = [:]
    private var leading: [UInt32: Bool] = [:]

    init(_ connection: OpaquePointer, most: Int) throws {
        self.connection = connection
        self.most = most
        find = try SQLStatement(
            connection, "SELECT grp, dn, name FROM mirror_groups WHERE directory = ? AND entry_id = ?")
        parents = try SQLStatement(connection, "SELECT pair >> 32 FROM group_groups WHERE pair & 0xffffffff = ?")
        members = try PairReader(connection, "group_people")
        nested = try PairReader(connection, "group_groups")
    }

    func want(_ group: UInt32) { wanted.insert(group) }

    func join(_ member: UInt32, to group: UInt32) {
        joins[member, default: []].append(group)
        joinedBy[group, default: []].append(member)
    }

    func number(directory: Int64, id: ImmutableID) throws -> UInt32? {
        find.bind(1, directory)
        find.bind(2, id: id)
        defer { find.reset() }
        return try find.step() ? UInt32(truncatingIfNeeded: find.integer(0)) : nil
    }

    /// Throws unless the group is there, under the same DN and name.
    func checkKnown(_ row: GroupRow, directory: Int64) throws {
        find.bind(1, directory)
        find.bind(2, id: row.id)
        defer { find.reset() }
        guard try find.step() else { throw EverybodyReason(.groups, "a group is new") }
        guard find.bytes(1).elementsEqual(row.dn), find.bytes(2).elementsEqual(row.name) else {
            throw EverybodyReason(.groups, "a group has another name")
        }
    }

    /// Groups that `protect` may mean by a name: by `cn`, `directory:cn` or DN, letters of any case.
    func numbers(named name: String, _ directories: DirectoryNumbers) throws -> [UInt32] {
        let wanted = EmailKey.key(name)
        let rows = try SQLStatement(connection, "SELECT grp, directory, dn, name FROM mirror_groups")
        var found: [UInt32] = []
        try rows.forEach {
            let (dn, cn) = (rows.text(2), rows.text(3))
            let names = [dn, cn, "\(directories.name(of: rows.integer(1))):\(cn)"]
            if names.contains(where: { EmailKey.key($0) == wanted }) {
                found.append(UInt32(truncatingIfNeeded: rows.integer(0)))
            }
        }
        return found
    }

    /// The groups that hold a group, as they were.
    func holders(of group: UInt32) throws -> [UInt32] {
        if let found = known[group] { return found }
        var found: [UInt32] = []
        parents.bind(1, Int64(group))
        try parents.forEach { found.append(UInt32(truncatingIfNeeded: parents.integer(0))) }
        known[group] = found
        return found
    }

    /// Whether a group is one that rules name, or is in one.
    func leadsAnywhere(_ group: UInt32) throws -> Bool {
        if let answer = leading[group] { return answer }
        let answer = try !above(group).isDisjoint(with: wanted)
        leading[group] = answer
        return answer
    }

    /// The group and all that hold it.
    func above(_ group: UInt32) throws -> Set<UInt32> {
        var found: Set<UInt32> = [group]
        var open = [group]
        while let next = open.popLast() {
            for holder in try holders(of: next) + (joins[next] ?? []) where found.insert(holder).inserted {
                open.append(holder)
            }
        }
        return found
    }

    /// The groups on the ways from a group to those that rules name, itself included where there is one.
    func ways(from group: UInt32) throws -> [UInt32] {
        guard try leadsAnywhere(group) else { return [] }
        return try above(group).filter { try leadsAnywhere($0) }
    }

    /// Everybody in a group, nested groups included.
    func people(below group: UInt32) throws -> Set<UInt32> {
        var found: Set<UInt32> = []
        var seen: Set<UInt32> = [group]
        var open = [group]
        while let next = open.popLast() {
            try members.forEach(first: Int64(next)) { found.insert($0) }
            guard found.count <= most else {
                throw EverybodyReason(.tooMany, "groups with more than \(most) people joined others, or left them")
            }
            var below = joinedBy[next] ?? []
            try nested.forEach(first: Int64(next)) { below.append($0) }
            for member in below where seen.insert(member).inserted { open.append(member) }
        }
        return found
    }
}
