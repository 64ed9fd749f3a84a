import Glibc

/// The file of a roster, looked at before SQLite opens it.
///
/// Only `lstat` is used: closing a second descriptor of a file that SQLite has open would drop its locks.
struct RosterFile {
    var path: String
    /// System group that may read the roster; nil for none.
    var readers: gid_t?

    enum State: Equatable { case absent, empty, present }

    /// Whether the file is there and is what a roster may be: a regular file, one name, ours, closed to others.
    ///
    /// `writer` is the user who is going to write it; nil for only looking.
    func inspect(writer: uid_t?) throws -> State {
        var facts = stat()
        guard lstat(path, &facts) == 0 else {
            if errno == ENOENT { return .absent }
            throw cannot("looked at", errno)
        }
        guard facts.st_mode & S_IFMT == S_IFREG else {
            throw unsafe("is not a regular file", "name the file itself, not a link or a folder")
        }
        guard facts.st_nlink == 1 else {
            throw unsafe("has \(facts.st_nlink) names", "remove the other hard links; the journal is found by name")
        }
        if let writer { try inspectOwner(facts, writer) }
        try inspectJournal()
        try refuseLog()
        return facts.st_size == 0 ? .empty : .present
    }

    /// SQLite would wait for ever for the other end of a pipe, and take back from whatever else stands there.
    private func inspectJournal() throws {
        var facts = stat()
        guard lstat(path + "-journal", &facts) == 0 else { return }
        guard facts.st_mode & S_IFMT == S_IFREG, facts.st_nlink == 1 else {
            throw RosterError(
                kind: .unsafe, message: "the journal `\(path)-journal` is not one that the roster's own program made",
                hint: "see who put it there, and move it away")
        }
    }

    /// Files of the other journal mode, which the roster is never in: they are another database's, or older than the roster, and
    /// SQLite would take the one into it and leave changes out for the other.
    private func refuseLog() throws {
        for name in RosterFile.logs.map({ path + $0 }) {
            var facts = stat()
            guard lstat(name, &facts) == 0 else { continue }
            throw RosterError(
                kind: .unsafe, message: "beside the roster lies `\(name)`, which no Rollcall wrote",
                hint:
                    "nothing was opened; see which program had the roster open, end it, and move the file away if it is "
                    + "still there: with it the roster could become another one")
        }
    }

    private static let logs = ["-wal", "-shm"]

    private func inspectOwner(_ facts: stat, _ writer: uid_t) throws {
        guard writer == 0 || facts.st_uid == writer else {
            throw unsafe("belongs to another user", "run as the user that owns it: `stat -c %U \(path)`")
        }
        let allowed: mode_t = readers == nil ? 0o600 : 0o640
        guard facts.st_mode & 0o7777 & ~allowed == 0 else {
            let found = String(facts.st_mode & 0o7777, radix: 8)
            let wanted = String(allowed, radix: 8)
            throw unsafe("is open to others (mode \(found))", "`chmod \(wanted) \(path)`")
        }
    }

    /// Makes an empty file with the mode of a roster; SQLite gives its journal the same.
    func create() throws {
        let descriptor = open(path, O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC | O_RDWR, 0o600)
        guard descriptor >= 0 else { throw cannot("created", errno) }
        close(descriptor)
    }

    /// Lets the readers' group in, where there is one.
    func openToReaders() throws {
        guard let readers else { return }
        guard lchown(path, uid_t.max, readers) == 0, chmod(path, 0o640) == 0 else {
            throw cannot("opened to its readers", errno)
        }
    }

    /// Whether a run was cut short: its journal is still there.
    var hasJournal: Bool {
        var facts = stat()
        return lstat(path + "-journal", &facts) == 0 && facts.st_size > 0
    }

    private func unsafe(_ what: String, _ hint: String) -> RosterError {
        RosterError(kind: .unsafe, message: "the roster `\(path)` \(what)", hint: hint)
    }

    private func cannot(_ verb: String, _ code: Int32) -> RosterError {
        let reason = String(cString: strerror(code))
        return RosterError(
            kind: .cannotWrite, message: "the roster `\(path)` cannot be \(verb) (\(reason))",
            hint: "look at the folder: it must be there and belong to the user that runs Rollcall")
    }
}
