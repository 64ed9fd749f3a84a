import Glibc

/// The directory that the roster, the reports and the lock are in, checked before anything in it is trusted.
enum StateDirectory {
    static func open(_ path: String) throws(AgentFailure) -> OpenDirectory {
        let directory: OpenDirectory
        let status: stat
        do {
            directory = try OpenDirectory.open(path)
            status = try directory.status()
        } catch {
            throw unopened(error)
        }
        guard status.st_uid == geteuid() else {
            throw AgentFailure(
                .cannotWrite, "the state directory `\(path)` belongs to another user (uid \(status.st_uid))",
                hint: asOwner(status.st_uid))
        }
        try checkMode(status, path)
        return directory
    }

    /// Whose it is; throws what keeps everybody from working in it, whoever asks.
    static func owner(_ path: String) throws(AgentFailure) -> uid_t {
        var status = stat()
        guard lstat(path, &status) == 0 else { throw unopened(FileError(errno, path)) }
        guard status.st_mode & S_IFMT == S_IFDIR else { throw unopened(FileError(ENOTDIR, path)) }
        try checkMode(status, path)
        return status.st_uid
    }

    private static func checkMode(_ status: stat, _ path: String) throws(AgentFailure) {
        guard status.st_mode & 0o022 == 0 else {
            throw AgentFailure(
                .cannotWrite, "others may write in the state directory `\(path)`",
                hint: "chmod go-w \(path)")
        }
    }

    /// How to go on as the user whose directory it is: root can become that user, anybody else has to ask.
    private static func asOwner(_ owner: uid_t) -> String {
        guard geteuid() == 0, let entry = getpwuid(owner), let name = entry.pointee.pw_name else {
            return "run rollcall as that user, or chown the directory"
        }
        return "run it as that user: `runuser -u \(String(cString: name)) -- rollcall …`"
    }

    private static func unopened(_ error: FileError) -> AgentFailure {
        switch error.code {
        case ENOENT:
            AgentFailure(
                .cannotWrite, "there is no state directory `\(error.path)`",
                hint: "create it for the user who runs rollcall: install -d -m 0700 \(error.path)")
        case ELOOP, ENOTDIR:
            AgentFailure(
                .cannotWrite, "the state directory `\(error.path)` is not a directory, or a link to one",
                hint: "name the real directory in `state:`")
        default:
            AgentFailure(
                .cannotWrite, "cannot open the state directory `\(error.path)`: \(error.words)",
                hint: error.code == EACCES || error.code == EPERM
                    ? "run rollcall as the user whose directory it is, or name another in `state:`"
                    : "check the disk that it is on, or name another in `state:`")
        }
    }
}
