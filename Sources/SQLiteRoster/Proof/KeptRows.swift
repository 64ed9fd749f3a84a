import Diagnostics

/// Digests of rows that runs leave and no later run changes: what undo goes by, what approvals were spent on, how seats moved.
///
/// Each table has a part of its own, grown by the rows of each run; only pseudonyms change them afterwards.
struct KeptRows {
    var connection: OpaquePointer

    /// What undo goes by.
    static let images = ["user_images", "created_users", "waiting_images"]
    static let tables = images + ["approval_uses", "seat_history"]

    /// The digests of the rows that a run left, by part; its seats must be written.
    func left(by run: Int64) throws -> [String: DigestSum] {
        var sums: [String: DigestSum] = [:]
        for table in KeptRows.tables where table != "seat_history" {
            let rows = try SQLStatement(connection, "SELECT * FROM \(table) WHERE run = ?")
            rows.bind(1, run)
            sums[table] = try KeptRows.sum(rows)
        }
        // By the pools of today: the history itself is kept by pool.
        let history = try SQLStatement(
            connection,
            """
            SELECT h.* FROM seats s CROSS JOIN seat_history h
            ON h.target = s.target AND h.scope = s.scope AND h.class = s.class AND h.run = ?
            """)
        history.bind(1, run)
        sums["seat_history"] = try KeptRows.sum(history)
        return sums.filter { $0.value != DigestSum() }
    }

    /// The digest of all rows of a table.
    func content(of table: String) throws -> DigestSum {
        try KeptRows.sum(SQLStatement(connection, "SELECT * FROM \(table)"))
    }

    /// The digest of the images of one user.
    func images(ofUser user: Int64) throws -> DigestSum {
        let rows = try SQLStatement(connection, "SELECT * FROM user_images WHERE user = ?")
        rows.bind(1, user)
        return try KeptRows.sum(rows)
    }

    /// Throws `RosterEdited` where what undo goes by is not what runs left.
    func checkImages() throws {
        guard let last = try ChainReader(connection: connection).last()?.run else { return }
        let stored = try PartDigests(connection: connection).stored()
        for table in KeptRows.images where try content(of: table) != stored[table] ?? DigestSum() {
            throw RosterEdited(part: "`\(table)`", run: last)
        }
    }

    /// The digest of every row that a statement gives.
    static func sum(_ rows: SQLStatement) throws -> DigestSum {
        var sum = DigestSum()
        try rows.forEach {
            var digest = RowDigest()
            digest.add(row: rows)
            sum += digest.value
        }
        return sum
    }
}

/// The digest of the messages that wait, kept whenever one is written, tried or taken out.
///
/// It is no part of what a run seals: messages leave between runs.
struct OutboxDigest {
    static let part = "outbox"

    private let connection: OpaquePointer
    private let row: SQLStatement
    /// What the digest changes by.
    private(set) var difference = DigestSum()

    init(_ connection: OpaquePointer) throws {
        self.connection = connection
        row = try SQLStatement(connection, "SELECT * FROM outbox WHERE message = ?")
    }

    /// Takes a message off, as it stands; call it before it is changed or goes.
    mutating func leave(_ message: Int64) throws { difference -= try digest(message) }

    /// Adds a message, as it stands now.
    mutating func enter(_ message: Int64) throws { difference += try digest(message) }

    /// Adds every message after a number.
    mutating func enter(after message: Int64) throws {
        let rows = try SQLStatement(connection, "SELECT * FROM outbox WHERE message > ?")
        rows.bind(1, message)
        difference += try KeptRows.sum(rows)
    }

    func write() throws {
        if difference == DigestSum() { return }
        let parts = PartDigests(connection: connection)
        let stored = try parts.stored()
        var sum = stored[OutboxDigest.part] ?? DigestSum()
        sum += difference
        try parts.store([OutboxDigest.part: sum], over: stored)
    }

    private func digest(_ message: Int64) throws -> DigestSum {
        row.bind(1, message)
        return try KeptRows.sum(row)
    }

    /// The digest of everything that waits.
    static func content(_ connection: OpaquePointer) throws -> DigestSum {
        try KeptRows.sum(SQLStatement(connection, "SELECT * FROM outbox"))
    }
}
