/// A table of two integers, changed in the order of its key: pairs are packed as `first << 32 | second`.
struct PairTable {
    private let insert: SQLStatement
    private let delete: SQLStatement

    init(_ connection: OpaquePointer, _ name: String, _ first: String, _ second: String) throws {
        insert = try SQLStatement(connection, "INSERT OR IGNORE INTO \(name) (\(first), \(second)) VALUES (?, ?)")
        delete = try SQLStatement(connection, "DELETE FROM \(name) WHERE \(first) = ? AND \(second) = ?")
    }

    func insert(_ pair: UInt64) throws { try run(insert, pair) }

    func delete(_ pair: UInt64) throws { try run(delete, pair) }

    /// Deletes and inserts what is in one list and not in the other; both are sorted here.
    func exchange(removed: inout [UInt64], added: inout [UInt64]) throws {
        removed.sort()
        added.sort()
        var place = 0
        for pair in removed {
            while place < added.count, added[place] < pair { place += 1 }
            if place == added.count || added[place] != pair { try delete(pair) }
        }
        place = 0
        for pair in added {
            while place < removed.count, removed[place] < pair { place += 1 }
            if place == removed.count || removed[place] != pair { try insert(pair) }
        }
    }

    private func run(_ statement: SQLStatement, _ pair: UInt64) throws {
        statement.bind(1, Int64(pair >> 32))
        statement.bind(2, Int64(pair & 0xffff_ffff))
        try statement.run()
    }
}
