import GRDB
import GRDBSQLite

/// What SQLite answered when a statement failed; becomes a `RosterError` where the path is known.
struct SQLFailure: Error {
    /// Extended result code.
    var code: Int32
    var message: String

    init(code: Int32, message: String) {
        self.code = code
        self.message = message
    }

    /// The last failure of a connection.
    init(connection: OpaquePointer) {
        code = sqlite3_extended_errcode(connection)
        message = sqlite3_errmsg(connection).map { String(cString: $0) } ?? "unknown"
    }

    init(_ error: DatabaseError) {
        code = error.extendedResultCode.rawValue
        message = error.message ?? "unknown"
    }

    /// The failure in the words of a roster at `path`.
    func rosterError(path: String) -> RosterError {
        switch code & 0xff {
        case SQLITE_BUSY, SQLITE_LOCKED:
            RosterError(
                kind: .locked, message: "the roster `\(path)` is locked by another program",
                hint: "wait for it to end, or see who has it open: `fuser \(path)`")
        case SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_FORMAT:
            RosterError.damaged(path: path, detail: message)
        case SQLITE_FULL:
            RosterError(
                kind: .cannotWrite, message: "the disk that holds the roster `\(path)` is full",
                hint: "make room and run again; the roster is as it was before")
        case SQLITE_READONLY, SQLITE_CANTOPEN, SQLITE_PERM, SQLITE_AUTH, SQLITE_IOERR:
            RosterError(
                kind: .cannotWrite, message: "the roster `\(path)` cannot be read or written (\(message))",
                hint: "look at the owner and mode of the file and its folder, and at the disk's health and free space")
        case SQLITE_CONSTRAINT:
            RosterError(
                kind: .fault, message: "the roster `\(path)` refused a row (\(message), code \(code))",
                hint: "the roster is unchanged; `rollcall audit verify` tells whether somebody edited it: if it finds "
                    + "nothing, report this as a bug of Rollcall")
        default:
            RosterError(
                kind: .fault, message: "the roster `\(path)` refused a statement (\(message), code \(code))",
                hint: "the roster is unchanged; report this as a bug of Rollcall")
        }
    }
}

extension RosterError {
    static func damaged(path: String, detail: String) -> RosterError {
        RosterError(
            kind: .damaged, message: "the roster `\(path)` is damaged (\(detail))",
            hint: "keep a copy of the file, put back the last backup, and look at the disk's health")
    }
}
