import DirectoryModel
import Reconciliation

/// Writes what changed in one followed directory, at the cost of what changed.
final class RowChangeWriter {
    private let changes: MirrorRowChanges
    private let directory: Int64
    private let name: String
    private let connection: OpaquePointer
    private let persons: PersonNumbers
    private let rows: PersonRowWriter
    private let names: GroupNames
    private var hashes: NameHashes?
    private let findGroup: SQLStatement
    private var groupNumbers: [ImmutableID: UInt32] = [:]
    private var reverseAdded: [UInt64] = []
    private var reverseRemoved: [UInt64] = []

    init(_ writer: RunWriter, _ name: String, _ changes: MirrorRowChanges) throws {
        self.changes = changes
        self.name = name
        connection = writer.connection
        persons = writer.persons
        directory = try writer.directories.number(of: name)
        rows = try PersonRowWriter(connection, persons)
        names = try GroupNames(connection)
        if let key = writer.followed.key(ofNamed: directory) {
            rows.name(directory, key)
            hashes = NameHashes(key)
        }
        findGroup = try SQLStatement(
            connection, "SELECT grp FROM mirror_groups WHERE directory = ? AND entry_id = ?")
    }

    /// Returns whether the directory can go on being followed.
    func write() throws -> Bool {
        guard !changes.isEmpty else { return true }
        guard hashes != nil || isOnlyOfPeople else { throw misfit("changes of rows without names") }
        let leavers = try changes.removedPeople.map { (id: $0, number: try number(ofPerson: $0)) }
        let gone = try changes.removedGroups.map { try number(ofGroup: $0) }
        // Who left is named by numbers of before; of newcomers there are none yet.
        let left = try pairs(changes.leftPeople)
        let leftGroups = try groupPairs(changes.leftGroups)
        try writePeople()
        try writeGroups()
        try writeMembers(left, leftGroups)
        try writeLoose()
        for leaver in leavers { try rows.drop(leaver.number, directory: directory, id: leaver.id) }
        try dropMemberships(leavers.map(\.number))
        try dropGroups(gone)
        try rows.finish()
        try PairTable(connection, "person_groups").exchange(removed: &reverseRemoved, added: &reverseAdded)
        return rows.nameless.isEmpty
    }

    /// Whether people change and nothing else: that needs no names.
    private var isOnlyOfPeople: Bool {
        var people = MirrorRowChanges()
        people.people = changes.people
        return people == changes
    }

    // MARK: Rows

    private func writePeople() throws {
        for change in changes.people {
            try change.record.withUnsafeBytes { record in
                if let person = try persons.known(directory: directory, id: change.row.id) {
                    try rows.update(person, change.row, directory: directory, record: record)
                } else {
                    _ = try rows.add(change.row, directory: directory, record: record, name: change.name)
                }
            }
        }
    }

    private func writeGroups() throws {
        let insert = try SQLStatement(
            connection,
            """
            INSERT INTO mirror_groups (grp, directory, entry_id, dn, name, unresolved, hash) VALUES (?, ?, ?, ?, ?, ?, ?)
            """)
        let update = try SQLStatement(
            connection, "UPDATE mirror_groups SET dn = ?, name = ?, unresolved = ?, hash = ? WHERE grp = ?")
        let old = try SQLStatement(connection, "SELECT dn FROM mirror_groups WHERE grp = ?")
        var next = (try integer(connection, "SELECT max(grp) FROM mirror_groups") ?? 0) + 1
        for change in changes.groups {
            let row = change.row
            if let known = try known(group: row.id) {
                old.bind(1, Int64(known))
                try old.forEach {
                    if let name = hashes?.hash(ofDN: old.bytes(0)) { try names.leave(known, name: name) }
                }
                update.bind(1, blob: row.dn)
                update.bind(2, blob: row.name)
                update.bind(3, Int64(row.unresolvedMembers))
                update.bind(4, Int64(bitPattern: row.contentHash))
                update.bind(5, Int64(known))
                try update.run()
                try names.enter(known, name: change.name)
                continue
            }
            insert.bind(1, next)
            insert.bind(2, directory)
            insert.bind(3, id: row.id)
            insert.bind(4, blob: row.dn)
            insert.bind(5, blob: row.name)
            insert.bind(6, Int64(row.unresolvedMembers))
            insert.bind(7, Int64(bitPattern: row.contentHash))
            try insert.run()
            let number = UInt32(truncatingIfNeeded: next)
            groupNumbers[row.id] = number
            try names.enter(number, name: change.name)
            next += 1
        }
    }

    // MARK: Members

    private func writeMembers(_ left: [UInt64], _ leftGroups: [UInt64]) throws {
        let forward = try PairTable(connection, "group_people")
        let nested = try PairTable(connection, "group_groups")
        for pair in left { try forward.delete(pair) }
        for pair in leftGroups { try nested.delete(pair) }
        reverseRemoved = left.map(turned)
        let joined = try pairs(changes.joinedPeople)
        for pair in joined { try forward.insert(pair) }
        for pair in try groupPairs(changes.joinedGroups) { try nested.insert(pair) }
        reverseAdded = joined.map(turned)
    }

    private func turned(_ pair: UInt64) -> UInt64 { pair << 32 | pair >> 32 }

    private func writeLoose() throws {
        var digests: [UInt32: Int64] = [:]
        for change in changes.loose {
            let group = try number(ofGroup: change.group)
            digests[group, default: 0] &+= try names.set(change.member, of: group)
        }
        let read = try SQLStatement(connection, "SELECT loose FROM mirror_groups WHERE grp = ?")
        let update = try SQLStatement(connection, "UPDATE mirror_groups SET loose = ? WHERE grp = ?")
        for (group, difference) in digests where difference != 0 {
            read.bind(1, Int64(group))
            var digest: Int64 = 0
            try read.forEach { digest = read.integer(0) }
            update.bind(1, digest &+ difference)
            update.bind(2, Int64(group))
            try update.run()
        }
    }

    /// Memberships of people who are gone were said to have left; none may stay, whatever was said.
    private func dropMemberships(_ people: [UInt32]) throws {
        let groups = try PairReader(connection, "person_groups")
        let forward = try PairTable(connection, "group_people")
        for person in people {
            try groups.forEach(first: Int64(person)) {
                reverseRemoved.append(UInt64(person) << 32 | UInt64($0))
            }
        }
        for pair in reverseRemoved { try forward.delete(turned(pair)) }
    }

    private func dropGroups(_ gone: [UInt32]) throws {
        if gone.isEmpty { return }
        let groups = try GroupDrop(connection)
        for group in gone { reverseRemoved += try groups.drop(group, &hashes, names) }
    }

    // MARK: Numbers

    private func pairs(_ memberships: [MirrorRowChanges.Membership]) throws -> [UInt64] {
        try memberships.map {
            UInt64(try number(ofGroup: $0.group)) << 32 | UInt64(try number(ofPerson: $0.member))
        }.sorted()
    }

    private func groupPairs(_ memberships: [MirrorRowChanges.Membership]) throws -> [UInt64] {
        try memberships.map {
            UInt64(try number(ofGroup: $0.group)) << 32 | UInt64(try number(ofGroup: $0.member))
        }.sorted()
    }

    private func number(ofPerson id: ImmutableID) throws -> UInt32 {
        guard let number = try persons.known(directory: directory, id: id) else { throw misfit("the person `\(id)`") }
        return number
    }

    private func number(ofGroup id: ImmutableID) throws -> UInt32 {
        guard let number = try known(group: id) else { throw misfit("the group `\(id)`") }
        return number
    }

    private func known(group id: ImmutableID) throws -> UInt32? {
        if let number = groupNumbers[id] { return number }
        findGroup.bind(1, directory)
        findGroup.bind(2, id: id)
        defer { findGroup.reset() }
        guard try findGroup.step() else { return nil }
        let number = UInt32(truncatingIfNeeded: findGroup.integer(0))
        groupNumbers[id] = number
        return number
    }

    private func misfit(_ what: String) -> RosterError {
        RosterError(
            kind: .fault, message: "changes of the directory `\(name)` do not fit the roster: \(what)",
            hint: "the roster is unchanged; `rollcall sync` reads everything anew")
    }
}
