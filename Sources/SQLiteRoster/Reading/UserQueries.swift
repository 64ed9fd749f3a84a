import AccessModel
import DirectoryModel
import GRDBSQLite
package import Reconciliation

extension SQLiteRoster {
    /// Users sorted by target, then email.
    package func users(_ query: UserQuery) throws -> [RosterUser] {
        var users: [RosterUser] = []
        try forEachUser(query) { users.append($0) }
        return users
    }

    /// Hands users to `body` one by one, sorted by target, then email.
    package func forEachUser(_ query: UserQuery, _ body: (RosterUser) throws -> Void) throws {
        try read { try UserLister($0).list(query, body) }
    }

    /// The user of a person on each target, removed ones too, sorted by target.
    package func users(of person: PersonKey) throws -> [RosterUser] {
        try read { connection in
            guard let directory = try DirectoryNumbers(connection).known(person.directory),
                let number = try PersonNumbers(connection).known(directory: directory, id: person.id)
            else { return [] }
            var users: [RosterUser] = []
            try UserLister(connection).list(where: "u.person = \(number)") { users.append($0) }
            return users
        }
    }
}

/// Lists users with everything that belongs to them.
final class UserLister {
    private struct KnownAccess {
        var access: Access
        var effective: String
    }
    private let connection: OpaquePointer
    private let texts: TextReader
    private let details: DetailsReader
    private let findAccess: SQLStatement
    private var accesses: [Int64: KnownAccess] = [:]
    private let targets: [Int64: String]
    private let directories: DirectoryNumbers

    init(_ connection: OpaquePointer) throws {
        self.connection = connection
        texts = try TextReader(connection)
        details = try DetailsReader(connection)
        findAccess = try SQLStatement(connection, "SELECT text, effective FROM accesses WHERE access = ?")
        directories = try DirectoryNumbers(connection)
        var targets: [Int64: String] = [:]
        let rows = try SQLStatement(connection, "SELECT target, name FROM targets NOT INDEXED")
        try rows.forEach { targets[rows.integer(0)] = rows.text(1) }
        self.targets = targets
    }

    func list(_ query: UserQuery, _ body: (RosterUser) throws -> Void) throws {
        var conditions: [String] = []
        let codes = (query.statuses ?? [.invited, .active, .suspended]).map(StoredCode.code).sorted()
        conditions.append("u.status IN (\(codes.map(String.init).joined(separator: ",")))")
        if let managed = query.managed { conditions.append("u.managed = \(managed ? 1 : 0)") }
        if let role = query.role {
            let holding = try accessNumbers(withRole: role)
            conditions.append("u.access IN (\(holding.map(String.init).joined(separator: ",")))")
        }
        var wanted = targets.filter { query.target == nil || $0.value == query.target }.sorted { $0.value < $1.value }
        wanted.sort { precedes($0.value, $1.value) }
        var rest = query.limit ?? Int.max
        for target in wanted where rest > 0 {
            let away = (codes.first ?? 0) >= 2 ? "u.status >= 2 AND " : ""
            let condition = "\(away)u.target = \(target.key) AND \(conditions.joined(separator: " AND "))"
            // In the order of emails, without sorting everybody, where only the first ones are asked for.
            let byEmail = query.limit != nil && query.role == nil && query.statuses == nil
            try list(where: condition, text: query.text, limit: rest, inEmailOrder: byEmail ? target.key : nil) {
                rest -= 1
                try body($0)
            }
        }
    }

    func list(
        where condition: String, text: String? = nil, limit: Int = Int.max, inEmailOrder target: Int64? = nil,
        _ body: (RosterUser) throws -> Void
    ) throws {
        let source =
            target.map { "user_emails e CROSS JOIN users u ON e.target = \($0) AND u.user = e.user" } ?? "users u"
        let order = target == nil ? "u.target, lower(u.email), u.user" : "e.email_key"
        let filter = text == nil ? "" : " AND (instr(lower(u.email), ?1) OR instr(lower(u.name), ?1))"
        let rows = try SQLStatement(
            connection,
            """
            SELECT u.user, u.target, u.directory, u.entry_id, u.email, u.name, u.status, u.managed, u.access, u.reason,
              u.since, u.last_sign_in, u.version FROM \(source) WHERE \(condition)\(filter) ORDER BY \(order) LIMIT \(limit)
            """)
        if let text { rows.bind(1, text: asciiLowercase(text)) }
        try rows.forEach { try body(user(rows)) }
    }

    private func user(_ row: SQLStatement) throws -> RosterUser {
        guard let status = StoredCode.status(row.integer(6)) else {
            throw SQLFailure(code: SQLITE_CORRUPT, message: "user \(row.integer(0)) cannot be read")
        }
        let access = try access(row.integer(8))
        return RosterUser(
            target: targets[row.integer(1)] ?? "", user: row.integer(0),
            person: PersonKey(directory: directories.name(of: row.integer(2)), id: try row.id(3)), email: row.text(4),
            name: row.text(5), status: status, managed: row.integer(7) == 1, access: access.access,
            effective: status == .invited || status == .active ? access.effective : "",
            reason: try texts.text(row.optionalInteger(9)) ?? "", since: row.integer(10),
            lastSignIn: row.optionalInteger(11), details: try details.details(user: row.integer(0)),
            version: UInt32(truncatingIfNeeded: row.integer(12)))
    }

    private func access(_ number: Int64) throws -> KnownAccess {
        if let known = accesses[number] { return known }
        findAccess.bind(1, number)
        defer { findAccess.reset() }
        guard try findAccess.step(), let access = Access(canonicalText: findAccess.text(0)) else {
            throw SQLFailure(code: SQLITE_CORRUPT, message: "access \(number) cannot be read")
        }
        let known = KnownAccess(access: access, effective: findAccess.text(1))
        accesses[number] = known
        return known
    }

    private func accessNumbers(withRole role: String) throws -> [Int64] {
        let rows = try SQLStatement(
            connection, "SELECT DISTINCT access FROM access_parts WHERE kind IN ('role', 'grant') AND name = ?")
        rows.bind(1, text: role)
        var numbers: [Int64] = []
        try rows.forEach { numbers.append(rows.integer(0)) }
        return numbers
    }

    /// As SQLite's `lower` does it.
    private func asciiLowercase(_ text: String) -> String {
        String(decoding: text.utf8.map { $0 >= 0x41 && $0 <= 0x5a ? $0 | 0x20 : $0 }, as: UTF8.self)
    }
}

/// Texts by number; the last ones are remembered.
final class TextReader {
    private let find: SQLStatement
    private var cache: [Int64: String] = [:]

    init(_ connection: OpaquePointer) throws {
        find = try SQLStatement(connection, "SELECT text FROM texts WHERE text_number = ?")
    }

    func text(_ number: Int64?) throws -> String? {
        guard let number else { return nil }
        if let known = cache[number] { return known }
        find.bind(1, number)
        defer { find.reset() }
        guard try find.step() else { return nil }
        let text = find.text(0)
        if cache.count > 10_000 { cache.removeAll(keepingCapacity: true) }
        cache[number] = text
        return text
    }
}

/// Reads the details of single users.
final class DetailsReader {
    private let head: SQLStatement
    private let causes: SQLStatement
    private let pending: SQLStatement
    private let lifted: SQLStatement
    private let manual: SQLStatement

    init(_ connection: OpaquePointer) throws {
        head = try SQLStatement(connection, "SELECT status_before, status_since FROM user_details WHERE user = ?")
        causes = try SQLStatement(
            connection, "SELECT kind, since, set_by, reason FROM user_causes WHERE user = ? ORDER BY kind")
        pending = try SQLStatement(
            connection, "SELECT kind, first_seen, runs FROM user_pending WHERE user = ? ORDER BY kind")
        lifted = try SQLStatement(connection, "SELECT kind FROM user_lifted WHERE user = ? ORDER BY kind")
        manual = try SQLStatement(
            connection,
            "SELECT part, given_by, reason, since, until FROM manual_grants WHERE user = ? ORDER BY part")
    }

    func details(user: Int64) throws -> UserDetails {
        var details = UserDetails()
        for statement in [head, causes, pending, lifted, manual] { statement.bind(1, user) }
        try head.forEach {
            details.statusBefore = head.optionalInteger(0).flatMap(StoredCode.status)
            details.statusSince = head.optionalInteger(1)
        }
        try causes.forEach {
            guard let kind = CauseKind(rawValue: causes.text(0)) else { return }
            details.causes.append(
                Cause(kind: kind, since: causes.integer(1), by: causes.text(2), reason: causes.text(3)))
        }
        try pending.forEach {
            guard let kind = CauseKind(rawValue: pending.text(0)) else { return }
            details.pending.append(
                PendingCause(kind: kind, firstSeen: pending.integer(1), runs: Int(pending.integer(2))))
        }
        try lifted.forEach {
            if let kind = CauseKind(rawValue: lifted.text(0)) { details.lifted.append(kind) }
        }
        try manual.forEach {
            if let grant = ManualGrant(manual, from: 0) { details.manual.append(grant) }
        }
        return details
    }
}
