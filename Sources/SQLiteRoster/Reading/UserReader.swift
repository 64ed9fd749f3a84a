import AccessModel
import DirectoryModel
import GRDBSQLite
import MappingLanguage
import Reconciliation

/// Reads the users of targets in one pass over the table, without a text per row.
final class UserReader {
    private let connection: OpaquePointer
    private let names: [String]
    private var builders: [TargetBuilder] = []
    /// Places in `builders` by number of the target.
    private var places: [Int64: Int] = [:]

    /// Digests that the users must have.
    private let digests: [String: DigestSum]

    init(_ connection: OpaquePointer, targets: [String], digests: [String: DigestSum]) throws {
        self.connection = connection
        self.digests = digests
        names = targets
    }

    func read() throws -> [TargetRoster] {
        let directories = try DirectoryOrder(connection)
        for name in names {
            let number = try TargetNumbers.known(name, connection)
            if let number { places[number] = builders.count }
            builders.append(TargetBuilder(name: name, number: number, directories: directories))
        }
        if places.isEmpty { return builders.map { $0.finish() } }
        for builder in builders { try builder.prepare(connection) }
        try readUsers()
        try readDetails()
        let last = try ChainReader(connection: connection).last()?.run
        for builder in builders {
            try builder.readState(connection)
            if let last { try builder.check(digests, lastRun: last) }
        }
        return builders.map { $0.finish() }
    }

    private func readUsers() throws {
        let rows = try SQLStatement(
            connection,
            """
            SELECT \(UserDigest.columns) FROM users
            """)
        var lastTarget: Int64 = -1
        var builder: TargetBuilder?
        try rows.forEach {
            let target = rows.integer(1)
            if target != lastTarget {
                lastTarget = target
                builder = places[target].map { builders[$0] }
            }
            try builder?.add(rows)
        }
    }

    private func readDetails() throws {
        let head = try SQLStatement(
            connection,
            """
            SELECT u.target, d.user, d.status_before, d.status_since FROM user_details d JOIN users u USING (user)
            """)
        try head.forEach {
            edit(head) {
                $0.statusBefore = head.optionalInteger(2).flatMap(StoredCode.status)
                $0.statusSince = head.optionalInteger(3)
            }
        }
        let causes = try SQLStatement(
            connection,
            """
            SELECT u.target, c.user, c.kind, c.since, c.set_by, c.reason FROM user_causes c JOIN users u USING (user)
            ORDER BY c.user, c.kind
            """)
        try causes.forEach {
            guard let kind = CauseKind(rawValue: causes.text(2)) else { return }
            edit(causes) {
                $0.causes.append(
                    Cause(kind: kind, since: causes.integer(3), by: causes.text(4), reason: causes.text(5)))
            }
        }
        let pending = try SQLStatement(
            connection,
            """
            SELECT u.target, p.user, p.kind, p.first_seen, p.runs FROM user_pending p JOIN users u USING (user)
            ORDER BY p.user, p.kind
            """)
        try pending.forEach {
            guard let kind = CauseKind(rawValue: pending.text(2)) else { return }
            edit(pending) {
                $0.pending.append(
                    PendingCause(kind: kind, firstSeen: pending.integer(3), runs: Int(pending.integer(4))))
            }
        }
        let lifted = try SQLStatement(
            connection,
            "SELECT u.target, l.user, l.kind FROM user_lifted l JOIN users u USING (user) ORDER BY l.user, l.kind")
        try lifted.forEach {
            guard let kind = CauseKind(rawValue: lifted.text(2)) else { return }
            edit(lifted) { $0.lifted.append(kind) }
        }
        try readManual()
    }

    private func readManual() throws {
        let rows = try SQLStatement(
            connection,
            """
            SELECT u.target, m.user, m.part, m.given_by, m.reason, m.since, m.until FROM manual_grants m
            JOIN users u USING (user) ORDER BY m.user, m.part
            """)
        try rows.forEach {
            guard let grant = ManualGrant(rows, from: 2) else { return }
            edit(rows) { $0.manual.append(grant) }
        }
    }

    /// Changes the details of the user in a row of (target, user, …).
    private func edit(_ row: SQLStatement, _ change: (inout UserDetails) -> Void) {
        guard let place = places[row.integer(0)] else { return }
        builders[place].edit(user: row.integer(1), change)
    }
}

extension ManualGrant {
    /// The grant in a row of (…, part, given_by, reason, since, until); nil for a part that cannot be read.
    init?(_ row: SQLStatement, from first: Int32) {
        guard let part = Part(canonicalText: row.text(first)) else { return nil }
        self.init(
            part: part, by: row.text(first + 1), reason: row.text(first + 2), since: row.integer(first + 3),
            until: row.optionalInteger(first + 4))
    }
}

/// Directories in the order of their names, the one without a name last: the order in which users stand.
struct DirectoryOrder {
    /// Names in order.
    let names: [String]
    /// Place by number; -1 for a number that is no directory's.
    private var places: [Int16]

    init(_ connection: OpaquePointer) throws {
        let rows = try SQLStatement(
            connection, "SELECT directory, name FROM directories NOT INDEXED ORDER BY name = '', name")
        var names: [String] = []
        var places: [Int16] = []
        try rows.forEach {
            let number = rows.integer(0)
            guard (0..<65_536).contains(number), names.count < 255 else {
                throw SQLFailure(code: SQLITE_CORRUPT, message: "directory \(number) cannot be read")
            }
            while places.count <= Int(number) { places.append(-1) }
            places[Int(number)] = Int16(names.count)
            names.append(rows.text(1))
        }
        self.names = names
        self.places = places
    }

    /// Nil for a number that is no directory's.
    func place(of number: Int64) -> UInt8? {
        number >= 0 && number < places.count ? UInt8(exactly: places[Int(number)]) : nil
    }

    /// The place of the directory without a name; nil where there is none.
    var nameless: UInt8? { names.last == "" ? UInt8(truncatingIfNeeded: names.count - 1) : nil }
}
