package import DirectoryModel

/// The rows of one followed directory as one asks about single ones, answered by the indexes of the roster.
///
/// Who is found by the upper bits of a hash is compared by the whole hash, which is made of the DN or login that the row holds. Between two
/// questions no transaction is open: whoever asks holds the lock of the run.
package final class StoredDirectory: MirrorLookup {
    package let attributes: [String]
    package let key: DNHashKey
    private let roster: SQLiteRoster
    private let directory: Int64
    private let mirror: StoredMirror
    private let names: GroupNames
    private let peopleNamed: SQLStatement
    private let groupsNamed: SQLStatement
    private let groupsWithLoose: SQLStatement
    private let everybody: SQLStatement
    private let everyGroupID: SQLStatement
    private let due: SQLStatement
    private var hashes: NameHashes

    /// nil where the directory is not followed, or its names are not kept.
    init?(_ roster: SQLiteRoster, _ connection: OpaquePointer, name: String, attributes: [String]) throws {
        let mirror = try StoredMirror(connection)
        guard let directory = mirror.directories[name],
            let key = try FollowedDirectories(connection).entries[directory]?.key
        else { return nil }
        self.roster = roster
        self.mirror = mirror
        self.directory = directory
        self.attributes = attributes
        self.key = key
        hashes = NameHashes(key)
        names = try GroupNames(connection)
        peopleNamed = try SQLStatement(
            connection, "SELECT pair & 0xffffffff FROM person_names WHERE pair BETWEEN ? AND ?")
        groupsNamed = try SQLStatement(
            connection, "SELECT pair & 0xffffffff FROM group_names WHERE pair BETWEEN ? AND ?")
        groupsWithLoose = try SQLStatement(
            connection, "SELECT pair & 0xffffffff FROM loose_groups WHERE pair BETWEEN ? AND ?")
        everybody = try SQLStatement(
            connection, "SELECT entry_id FROM mirror_entries WHERE directory = ? AND hash IS NOT NULL")
        everyGroupID = try SQLStatement(connection, "SELECT entry_id FROM mirror_groups WHERE directory = ?")
        due = try SQLStatement(
            connection,
            """
            SELECT person FROM account_ends WHERE state = \(PersonState.enabled.rawValue) AND ends <= ?1
            UNION ALL SELECT person FROM account_ends WHERE state = \(PersonState.expired.rawValue) AND ends > ?1
            """)
    }

    // MARK: Rows

    package func person(_ id: ImmutableID) throws -> MirroredPerson? {
        try roster.asking { _ in
            guard let number = try mirror.number(ofPerson: id, in: directory) else { return nil }
            return try mirror.person(number).flatMap { mirrored($0) }
        }
    }

    package func attributes(ofPerson id: ImmutableID) throws -> Set<String> {
        try roster.asking { _ in
            guard let number = try mirror.number(ofPerson: id, in: directory), let person = try mirror.person(number)
            else { return [] }
            return PersonRecord(bytes: person.record[...]).shown(of: mirror.attributes)
        }
    }

    package func group(_ id: ImmutableID) throws -> MirroredGroup? {
        try roster.asking { _ in
            guard let number = try mirror.number(ofGroup: id, in: directory), let group = try mirror.group(number),
                let name = hash(of: group)
            else { return nil }
            return MirroredGroup(row: group.row, name: name)
        }
    }

    package func person(named name: DNHash) throws -> ImmutableID? {
        try roster.asking { _ in
            try people(peopleNamed, name).first { hash(of: $0) == name }?.row.id
        }
    }

    package func group(named name: DNHash) throws -> ImmutableID? {
        try roster.asking { _ in
            for number in try numbers(groupsNamed, name) {
                guard let group = try mirror.group(number), group.directory == directory, hash(of: group) == name
                else { continue }
                return group.row.id
            }
            return nil
        }
    }

    package func people(withLogin login: DNHash) throws -> [ImmutableID] {
        try roster.asking { _ in
            try people(peopleNamed, login).filter { self.login(of: $0) == login }.map(\.row.id)
        }
    }

    // MARK: Members

    package func groups(ofPerson id: ImmutableID) throws -> [ImmutableID] {
        try roster.asking { _ in
            guard let number = try mirror.number(ofPerson: id, in: directory) else { return [] }
            return try ids(ofGroups: try mirror.groups(ofPerson: number))
        }
    }

    package func groups(ofGroup id: ImmutableID) throws -> [ImmutableID] {
        try roster.asking { _ in
            guard let number = try mirror.number(ofGroup: id, in: directory) else { return [] }
            return try ids(ofGroups: try mirror.groups(ofGroup: number))
        }
    }

    package func isMember(person id: ImmutableID, of group: ImmutableID) throws -> Bool {
        try roster.asking { _ in
            guard let person = try mirror.number(ofPerson: id, in: directory),
                let group = try mirror.number(ofGroup: group, in: directory)
            else { return false }
            return try mirror.isMember(person: person, of: group)
        }
    }

    package func isMember(group id: ImmutableID, of group: ImmutableID) throws -> Bool {
        try roster.asking { _ in
            guard let member = try mirror.number(ofGroup: id, in: directory),
                let group = try mirror.number(ofGroup: group, in: directory)
            else { return false }
            return try mirror.isMember(group: member, of: group)
        }
    }

    package func groups(withLoose name: MemberName) throws -> [ImmutableID] {
        try roster.asking { _ in
            let found = try numbers(groupsWithLoose, name.hash).filter { try names.looseCount(of: name, in: $0) > 0 }
            return try ids(ofGroups: found)
        }
    }

    package func looseCount(of name: MemberName, in group: ImmutableID) throws -> UInt32 {
        try roster.asking { _ in
            guard let number = try mirror.number(ofGroup: group, in: directory) else { return 0 }
            return try names.looseCount(of: name, in: number)
        }
    }

    package func members(of group: ImmutableID) throws -> MirroredMembers {
        try roster.asking { _ in
            var members = MirroredMembers()
            guard let number = try mirror.number(ofGroup: group, in: directory) else { return members }
            for person in try mirror.people(ofGroup: number) {
                guard let person = try mirror.person(person), let name = hash(of: person) else { continue }
                members.people.append(MirroredMembers.Member(id: person.row.id, name: name))
            }
            for inner in try mirror.groups(inGroup: number) {
                guard let inner = try mirror.group(inner), let name = hash(of: inner) else { continue }
                members.groups.append(MirroredMembers.Member(id: inner.row.id, name: name))
            }
            members.loose = try names.loose(of: number)
            return members
        }
    }

    // MARK: Everybody

    package func everyPerson() throws -> [ImmutableID] { try roster.asking { _ in try ids(everybody) } }

    package func everyGroup() throws -> [ImmutableID] { try roster.asking { _ in try ids(everyGroupID) } }

    package func judgedAnew(at now: Int64) throws -> [PersonChange] {
        try roster.asking { _ in
            var numbers: [UInt32] = []
            due.bind(1, now)
            try due.forEach { numbers.append(UInt32(truncatingIfNeeded: due.integer(0))) }
            return try numbers.compactMap { number in
                guard let person = try mirror.person(number), person.directory == directory,
                    let row = person.row.judged(PersonRecord(bytes: person.record[...]), at: now),
                    let name = hash(of: person)
                else { return nil }
                return PersonChange(row: row, record: person.record, name: name, login: login(of: person))
            }
        }
    }

    // MARK: Hashes and numbers

    private func mirrored(_ person: StoredMirror.Person) -> MirroredPerson? {
        hash(of: person).map {
            MirroredPerson(
                contentHash: person.row.contentHash, name: $0, login: login(of: person), state: person.row.state,
                hasEnd: PersonRecord(bytes: person.record[...]).expires != .max)
        }
    }

    private func hash(of person: StoredMirror.Person) -> DNHash? {
        person.record.withUnsafeBytes { hashes.name(of: $0) }
    }

    private func login(of person: StoredMirror.Person) -> DNHash? {
        person.record.withUnsafeBytes { hashes.login(of: $0, person.row.problems) }
    }

    private func hash(of group: StoredMirror.Group) -> DNHash? {
        group.row.dn.withUnsafeBytes { hashes.hash(ofDN: $0) }
    }

    /// People of the directory who may have a name with this hash.
    private func people(_ statement: SQLStatement, _ hash: DNHash) throws -> [StoredMirror.Person] {
        try numbers(statement, hash).compactMap { try mirror.person($0) }.filter { $0.directory == directory }
    }

    private func numbers(_ statement: SQLStatement, _ hash: DNHash) throws -> [UInt32] {
        let first = Int64(bitPattern: NameHashes.firstPair(hash))
        var numbers: [UInt32] = []
        statement.bind(1, first)
        statement.bind(2, first | 0xffff_ffff)
        try statement.forEach { numbers.append(UInt32(truncatingIfNeeded: statement.integer(0))) }
        return numbers
    }

    private func ids(ofGroups numbers: [UInt32]) throws -> [ImmutableID] {
        try numbers.compactMap { try mirror.group($0) }.filter { $0.directory == directory }.map(\.row.id)
    }

    private func ids(_ statement: SQLStatement) throws -> [ImmutableID] {
        var ids: [ImmutableID] = []
        statement.bind(1, directory)
        try statement.forEach { ids.append(try statement.id(0)) }
        return ids
    }
}
