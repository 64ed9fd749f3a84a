import GRDBSQLite

/// The highest number that rows of a table have, for tables whose rows are numbered one by one.
enum HighestNumber {
    /// Throws where it is far beyond the count of rows: room is made by it.
    static func of(
        _ column: String, in table: String, countedIn counted: String? = nil, _ connection: OpaquePointer
    ) throws -> Int {
        let highest = try integer(connection, "SELECT max(\(column)) FROM \(table)") ?? 0
        let rows = try integer(connection, "SELECT count(*) FROM \(counted ?? table)") ?? 0
        guard highest >= 0, highest / 16 <= rows + 1024, UInt32(exactly: highest) != nil else {
            throw SQLFailure(code: SQLITE_CORRUPT, message: "\(rows) rows of `\(table)` are numbered up to \(highest)")
        }
        return Int(highest)
    }
}
