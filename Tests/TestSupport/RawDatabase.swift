import GRDBSQLite

/// A database opened past Rollcall, as another program would.
package final class RawDatabase {
    package struct Failure: Error, Equatable {
        package var message: String

        package init(message: String) { self.message = message }
    }
    private let handle: OpaquePointer

    package init(_ path: String) throws {
        var opened: OpaquePointer?
        guard sqlite3_open(path, &opened) == SQLITE_OK, let opened else {
            throw Failure(message: "cannot open \(path)")
        }
        handle = opened
    }

    deinit { sqlite3_close(handle) }

    package func execute(_ sql: String) throws {
        guard sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK else { throw failure }
    }

    /// The rows of a query as texts; null is `nil`.
    package func rows(_ sql: String) throws -> [[String?]] {
        var statement: OpaquePointer?
        guard sqlite3_prepare_v2(handle, sql, -1, &statement, nil) == SQLITE_OK else { throw failure }
        defer { sqlite3_finalize(statement) }
        var rows: [[String?]] = []
        while sqlite3_step(statement) == SQLITE_ROW {
            rows.append(
                (0..<sqlite3_column_count(statement)).map { column in
                    sqlite3_column_text(statement, column).map { String(cString: $0) }
                })
        }
        return rows
    }

    private var failure: Failure { Failure(message: sqlite3_errmsg(handle).map { String(cString: $0) } ?? "") }
}

/// A bare connection.
package final class RawConnection {
    package let handle: OpaquePointer

    package init(_ path: String) throws {
        var opened: OpaquePointer?
        guard sqlite3_open(path, &opened) == SQLITE_OK, let opened else {
            throw RawDatabase.Failure(message: "cannot open \(path)")
        }
        handle = opened
    }

    deinit { sqlite3_close(handle) }
}
