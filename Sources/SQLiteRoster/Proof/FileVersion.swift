import GRDBSQLite

/// What moves whenever anybody writes the file: by this connection, or by another (`PRAGMA data_version`).
struct FileVersion: Equatable {
    private let others: Int64
    private let own: Int64

    init(_ connection: OpaquePointer) throws {
        others = try integer(connection, "PRAGMA data_version") ?? 0
        own = Int64(sqlite3_total_changes(connection))
    }
}
