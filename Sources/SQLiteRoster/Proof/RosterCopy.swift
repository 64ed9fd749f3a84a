import GRDBSQLite
import Glibc

extension SQLiteRoster {
    /// Writes the whole roster, as it is at one moment, into a new file; durable when it returns.
    ///
    /// A file that is there already is not touched.
    package func copy(to copy: String) throws {
        let descriptor = Glibc.open(copy, O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC | O_RDWR, 0o600)
        guard descriptor >= 0 else {
            throw RosterError(
                kind: .cannotWrite, message: "`\(copy)` cannot be made (\(String(cString: strerror(errno))))",
                hint: "name a file that is not there yet, in a folder that is")
        }
        defer { _ = Glibc.close(descriptor) }
        do {
            try read { try SQLiteRoster.copyPages($0, to: copy) }
            guard fsync(descriptor) == 0 else {
                throw RosterError(
                    kind: .cannotWrite,
                    message: "`\(copy)` cannot be made durable (\(String(cString: strerror(errno))))",
                    hint: "look at the disk; nothing was kept of the copy")
            }
        } catch {
            unlink(copy)
            throw error
        }
    }

    private static func copyPages(_ source: OpaquePointer, to path: String) throws {
        var opened: OpaquePointer?
        defer { sqlite3_close(opened) }
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOFOLLOW
        guard sqlite3_open_v2(path, &opened, flags, nil) == SQLITE_OK, let target = opened else {
            throw SQLFailure(code: SQLITE_CANTOPEN, message: "the copy cannot be opened")
        }
        sqlite3_exec(target, "PRAGMA synchronous = EXTRA", nil, nil, nil)
        guard let backup = sqlite3_backup_init(target, "main", source, "main") else {
            throw SQLFailure(connection: target)
        }
        let code = sqlite3_backup_step(backup, -1)
        sqlite3_backup_finish(backup)
        guard code == SQLITE_DONE else { throw SQLFailure(code: code, message: "the copy broke off") }
    }
}
