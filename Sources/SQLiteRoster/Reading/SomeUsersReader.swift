import DirectoryModel
import GRDBSQLite
import Reconciliation

/// Reads the users of a few people, and of all others only how many there are: what a change of a few is computed from.
///
/// Whether anybody else was edited meanwhile is not looked at: what is written keeps the digest of all users off by just that, so that the next
/// reading of everybody sees it.
struct SomeUsersReader {
    private let connection: OpaquePointer
    private let digests: [String: DigestSum]

    init(_ connection: OpaquePointer, digests: [String: DigestSum]) {
        self.connection = connection
        self.digests = digests
    }

    func read(targets names: [String], people: [PersonKey]) throws -> [TargetRoster] {
        let directories = try DirectoryOrder(connection)
        let numbers = try personNumbers(of: people)
        let last = try ChainReader(connection: connection).last()?.run
        return try names.map { name in
            let number = try TargetNumbers.known(name, connection)
            let builder = TargetBuilder(name: name, number: number, directories: directories)
            guard let number else { return builder.finish() }
            try builder.prepare(connection, reservesRoom: false)
            try readUsers(numbers, number, builder)
            try builder.readState(connection)
            if let last { try builder.checkLine(digests, lastRun: last) }
            var roster = builder.finish()
            roster.counts = try counts(number, builder)
            return roster
        }
    }

    /// The numbers of those who have one; nobody else is a user.
    private func personNumbers(of people: [PersonKey]) throws -> [UInt32] {
        let directories = try DirectoryNumbers(connection)
        let persons = try PersonNumbers(connection)
        var seen: Set<PersonKey> = []
        return try people.sorted().compactMap { person in
            guard seen.insert(person).inserted, let directory = directories.known(person.directory) else { return nil }
            return try persons.known(directory: directory, id: person.id)
        }
    }

    private func readUsers(_ numbers: [UInt32], _ target: Int64, _ builder: TargetBuilder) throws {
        let rows = try SQLStatement(
            connection, "SELECT \(UserDigest.columns) FROM users WHERE person = ? AND target = ?")
        rows.bind(2, target)
        var users: [Int64] = []
        for number in numbers {
            rows.bind(1, Int64(number))
            try rows.forEach {
                users.append(rows.integer(0))
                try builder.add(rows)
            }
        }
        let details = try DetailsReader(connection)
        for user in users {
            let found = try details.details(user: user)
            if !found.isEmpty { builder.edit(user: user) { $0 = found } }
        }
    }

    /// How many users there are by access and status; of the few unmanaged ones each is looked at.
    private func counts(_ target: Int64, _ builder: TargetBuilder) throws -> [UserCount] {
        let rows = try SQLStatement(
            connection,
            "SELECT access, status, managed, count(*) FROM users WHERE target = ? GROUP BY access, status, managed")
        rows.bind(1, target)
        var counts: [UserCount] = []
        try rows.forEach {
            guard let status = StoredCode.status(rows.integer(1)), let access = builder.accessPlace(rows.integer(0))
            else { throw SQLFailure(code: SQLITE_CORRUPT, message: "users cannot be counted") }
            counts.append(
                UserCount(
                    access: access, status: status, managed: rows.integer(2) == 1, users: Int(rows.integer(3))))
        }
        return counts
    }
}
