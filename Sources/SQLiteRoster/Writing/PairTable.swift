/// A table of pairs of numbers, each in one integer: `first << 32 | second`, changed in the order of its key.
struct PairTable {
    private let insert: SQLStatement
    private let delete: SQLStatement

    init(_ connection: OpaquePointer, _ name: String) throws {
        insert = try SQLStatement(connection, "INSERT OR IGNORE INTO \(name) (pair) VALUES (?)")
        delete = try SQLStatement(connection, "DELETE FROM \(name) WHERE pair = ?")
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
        statement.bind(1, Int64(truncatingIfNeeded: pair))
        try statement.run()
    }
}

/// Reads the second numbers of all pairs with one first number, in order.
struct PairReader {
    private let select: SQLStatement

    init(_ connection: OpaquePointer, _ name: String) throws {
        select = try SQLStatement(connection, "SELECT pair FROM \(name) WHERE pair BETWEEN ? AND ?")
    }

    func forEach(first: Int64, _ body: (UInt32) throws -> Void) throws {
        select.bind(1, first << 32)
        select.bind(2, first << 32 | 0xffff_ffff)
        try select.forEach { try body(UInt32(truncatingIfNeeded: select.integer(0))) }
    }
}
