import AccessModel
import DirectoryModel
import GRDBSQLite
import MappingLanguage
import Reconciliation

/// Puts together the roster of one target, row by row.
final class TargetBuilder {
    private var roster: TargetRoster
    private let number: Int64?
    private let directories: DirectoryOrder
    private(set) var users: [UserRow] = []
    private var arena: [UInt8] = []
    /// Places of accesses and group sets in the roster, by number in the file; `UInt32.max` for those not met.
    private(set) var accessPlaces: [UInt32] = []
    private var setPlaces: [UInt32] = []
    private var setNumbers: [Int64] = []
    private var details: [Int64: UserDetails] = [:]
    private var isSorted = true
    private var digest = DigestSum()
    private var lineDigest = DigestSum()

    init(name: String, number: Int64?, directories: DirectoryOrder) {
        roster = TargetRoster(target: name)
        self.number = number
        self.directories = directories
        roster.directories = directories.names
    }

    /// Reads the accesses of the target, and makes room for its users by the kept counts.
    func prepare(_ connection: OpaquePointer, reservesRoom: Bool = true) throws {
        guard let number else { return }
        let rows = try SQLStatement(
            connection,
            """
            SELECT a.access, a.text, a.effective,
              (SELECT CAST(total(c.users) AS INTEGER) FROM access_users c WHERE c.access = a.access)
            FROM accesses a NOT INDEXED WHERE a.target = ? ORDER BY a.access
            """)
        rows.bind(1, number)
        var count = 0
        var reader = AccessReader()
        try rows.forEach {
            guard let access = reader.access(rows.text(1)) else {
                throw SQLFailure(code: SQLITE_CORRUPT, message: "access \(rows.integer(0)) cannot be read")
            }
            let users = rows.integer(3)
            guard (0...TargetBuilder.mostUsers).contains(users) else {
                throw SQLFailure(
                    code: SQLITE_CORRUPT, message: "the count of users of access \(rows.integer(0)) is \(users)")
            }
            // The empty access is always the first; others only where some user has them.
            guard access.isEmpty || users > 0 else { return }
            if access.isEmpty {
                roster.effective[0] = rows.text(2)
                try TargetBuilder.set(&accessPlaces, rows.integer(0), 0)
            } else {
                try TargetBuilder.set(
                    &accessPlaces, rows.integer(0), UInt32(truncatingIfNeeded: roster.accesses.count))
                roster.accesses.append(access)
                roster.effective.append(rows.text(2))
            }
            count = min(count + Int(users), TargetBuilder.mostReserved)
        }
        if reservesRoom {
            users.reserveCapacity(count)
            arena.reserveCapacity(count * 40)
        }
        let sets = try HighestNumber.of("group_set", in: "group_sets", connection)
        setPlaces = Array(repeating: UInt32.max, count: sets + 1)
    }

    /// More users of one access than there are numbers of people is damage.
    private static let mostUsers = Int64(UInt32.max)
    /// So much room is made at once, whatever the kept counts say.
    private static let mostReserved = 4_000_000
    /// Accesses are numbered one by one; a number beyond this is damage.
    private static let mostAccesses: Int64 = 1 << 24

    /// Adds the user of a row: user, target, directory, entry_id, email, name, status, managed, access, group_set, since,
    /// last_sign_in, version, person, reason.
    func add(_ row: SQLStatement) throws {
        guard let status = StoredCode.status(row.integer(6)),
            let access = TargetBuilder.get(accessPlaces, row.integer(8)),
            let directory = directories.place(of: row.integer(2))
        else {
            throw SQLFailure(code: SQLITE_CORRUPT, message: "user \(row.integer(0)) cannot be read")
        }
        let id = try row.id(3)
        digest += UserDigest.of(row, id: id)
        let user = UserRow(
            user: row.integer(0), id: id, email: try append(row.bytes(4)), name: try append(row.bytes(5)),
            lastSignIn: row.time(11), since: row.integer(10), access: access, groupSet: try setPlace(row.integer(9)),
            reason: 0, version: UInt32(truncatingIfNeeded: row.integer(12)),
            directory: directory, status: status, managed: row.integer(7) == 1)
        if let last = users.last,
            user.directory < last.directory || (user.directory == last.directory && user.id < last.id)
        {
            isSorted = false
        }
        users.append(user)
    }

    func edit(user: Int64, _ change: (inout UserDetails) -> Void) {
        change(&details[user, default: UserDetails()])
    }

    /// Reads all but the users; the baseline where it is not known.
    func readState(_ connection: OpaquePointer, baseline: TargetBaseline? = nil) throws {
        guard let number else { return }
        try readGroupSets(connection)
        roster.baseline = try baseline ?? BaselineReader(connection: connection).baseline(target: number)
        (roster.waiting, lineDigest) = try WaitingReader(connection: connection).line(target: number)
        let protected = try SQLStatement(
            connection,
            "SELECT directory, entry_id FROM protected_people WHERE target = ? ORDER BY directory, entry_id")
        protected.bind(1, number)
        try protected.forEach {
            roster.protected.append(PersonKey(directory: protected.text(0), id: try protected.id(1)))
        }
        roster.ledger = try LedgerReader(connection: connection).ledger(target: number)
        let imported = try SQLStatement(connection, "SELECT sign_ins_imported, paused_by FROM targets WHERE target = ?")
        imported.bind(1, number)
        let counts = try SQLStatement(
            connection, "SELECT run, time, kind, people FROM guard_counts WHERE target = ? ORDER BY run, kind")
        counts.bind(1, number)
        try counts.forEach {
            guard let kind = GuardKind(rawValue: counts.text(2)) else { return }
            roster.recent.append(
                GuardCount(run: counts.integer(0), time: counts.integer(1), kind: kind, people: Int(counts.integer(3))))
        }
        let dead = try SQLStatement(connection, "SELECT count(*) FROM outbox WHERE target = ? AND dead = 1")
        dead.bind(1, number)
        try dead.forEach { roster.deadLetters = Int(dead.integer(0)) }
        try imported.forEach {
            roster.signInsImported = imported.optionalInteger(0)
            roster.pausedBy = imported.optionalInteger(1)
        }
    }

    /// Throws `RosterEdited` where the users are not those that the last run left.
    func check(_ stored: [String: DigestSum], lastRun: Int64) throws {
        guard let number else { return }
        for (user, details) in details { digest += UserDigest.of(details, user: user) }
        guard digest == stored[PartDigests.users(number)] ?? DigestSum() else {
            throw RosterEdited(part: "users of `\(roster.target)`", run: lastRun)
        }
        try checkLine(stored, lastRun: lastRun)
    }

    /// The same for the line for seats alone.
    func checkLine(_ stored: [String: DigestSum], lastRun: Int64) throws {
        guard let number else { return }
        guard lineDigest == stored[PartDigests.line(number)] ?? DigestSum() else {
            throw RosterEdited(part: "the line for seats of `\(roster.target)`", run: lastRun)
        }
    }

    /// The place of an access in the roster by its number in the file; nil for one that was not met.
    func accessPlace(_ number: Int64) -> UInt32? { TargetBuilder.get(accessPlaces, number) }

    func finish() -> TargetRoster {
        sort()
        if !details.isEmpty {
            for (place, user) in users.enumerated() {
                if let found = details[user.user] { roster.details[place] = found }
            }
        }
        roster.users = users
        roster.texts = TextTable(bytes: arena)
        users = []
        arena = []
        return roster
    }

    /// By directory name and id; users of no directory come last, by email.
    ///
    /// Rows of later nights are a tail to merge.
    private func sort() {
        if !isSorted {
            users.sort { $0.directory == $1.directory ? $0.id < $1.id : $0.directory < $1.directory }
        }
        guard let nameless = directories.nameless,
            let first = users.firstIndex(where: { $0.directory == nameless })
        else { return }
        let texts = TextTable(bytes: arena)
        users[first...].sort { texts.slice($0.email).lexicographicallyPrecedes(texts.slice($1.email)) }
    }

    private func readGroupSets(_ connection: OpaquePointer) throws {
        let numbers = try DirectoryNumbers(connection)
        let names = Dictionary(uniqueKeysWithValues: numbers.all.map { ($0.number, $0.name) })
        let rows = try SQLStatement(connection, "SELECT members FROM group_sets WHERE group_set = ?")
        for set in setNumbers {
            rows.bind(1, set)
            try rows.forEach {
                roster.groupSets.append(GroupSetBytes.groups(rows.bytes(0)) { names[$0] ?? "" })
            }
            guard roster.groupSets.count == Int(setPlaces[Int(set)]) + 1 else {
                throw SQLFailure(code: SQLITE_CORRUPT, message: "a set of groups is missing")
            }
        }
    }

    private func setPlace(_ number: Int64) throws -> UInt32 {
        guard number > 0, number < setPlaces.count else {
            throw SQLFailure(code: SQLITE_CORRUPT, message: "a set of groups is missing")
        }
        if setPlaces[Int(number)] == UInt32.max {
            setNumbers.append(number)
            setPlaces[Int(number)] = UInt32(truncatingIfNeeded: setNumbers.count)
        }
        return setPlaces[Int(number)]
    }

    private func append(_ bytes: UnsafeRawBufferPointer) throws -> TextSpan {
        guard let start = UInt32(exactly: arena.count), let length = UInt32(exactly: bytes.count) else {
            throw RosterError(
                kind: .fault, message: "the emails and names of `\(roster.target)` exceed 4 GiB",
                hint: "split the target")
        }
        arena.append(contentsOf: bytes)
        return TextSpan(start: start, length: length)
    }

    private static func set(_ places: inout [UInt32], _ number: Int64, _ place: UInt32) throws {
        guard (0...mostAccesses).contains(number) else {
            throw SQLFailure(code: SQLITE_CORRUPT, message: "there is no access \(number)")
        }
        while places.count <= Int(number) { places.append(UInt32.max) }
        places[Int(number)] = place
    }

    private static func get(_ places: [UInt32], _ number: Int64) -> UInt32? {
        guard number >= 0, number < places.count, places[Int(number)] != UInt32.max else { return nil }
        return places[Int(number)]
    }
}
