import Glibc

/// One run at a time: a lock that the operating system takes back when its holder ends, however it ends.
final class RunLock {
    static let name = "run.lock"
    /// The lock of those who deliver: a slow platform keeps no run waiting.
    static let deliveryName = "delivery.lock"
    /// The lock of the daemon, for as long as it lives; it takes that of a run for each run.
    static let daemonName = "daemon.lock"

    private var descriptor: Int32

    private init(descriptor: Int32) { self.descriptor = descriptor }

    deinit { release() }

    /// Lets others in, even where a program that is just being started has the descriptor, too.
    func release() {
        guard descriptor >= 0 else { return }
        flock(descriptor, LOCK_UN)
        close(descriptor)
        descriptor = -1
    }

    /// Says what the holder does now, for whoever finds the lock held.
    func note(_ holder: String) { RunLock.note(holder, descriptor) }

    /// `holder` is what others read while this is held: who, since when, doing what.
    ///
    /// It decides nothing.
    static func acquire(
        in directory: OpenDirectory, holder: String, name: String = RunLock.name
    ) throws(AgentFailure) -> RunLock {
        for attempt in 0..<10 {
            let file = openat(
                directory.descriptor, name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, mode_t(0o600))
            guard file >= 0 else {
                throw AgentFailure(writing: FileError(errno, FilePath.joined(directory.path, name)))
            }
            if flock(file, LOCK_EX | LOCK_NB) != 0 {
                let code = errno
                let other = code == EWOULDBLOCK ? contents(file) : ""
                close(file)
                // Somebody may only be asking whether a daemon is at work.
                if code == EWOULDBLOCK, name == daemonName, attempt < 2 {
                    usleep(20_000)
                    continue
                }
                guard code == EWOULDBLOCK else {
                    throw AgentFailure(writing: FileError(code, FilePath.joined(directory.path, name)))
                }
                throw held(by: other, name)
            }
            if isStillThere(file, directory, name) {
                guard isOurs(file) else {
                    close(file)
                    throw AgentFailure(
                        .cannotWrite,
                        "the lock `\(FilePath.joined(directory.path, name))` is not a file of its own",
                        hint: "see who put it there, and remove it; nothing was written to it")
                }
                note(holder, file)
                return RunLock(descriptor: file)
            }
            close(file)
        }
        throw AgentFailure(
            .cannotWrite, "the lock `\(FilePath.joined(directory.path, name))` keeps changing",
            hint: "see which other program removes files in the state directory, then run it again")
    }

    /// Whether a daemon is at work; nil where the caller may not know.
    ///
    /// Nothing is made for it; a daemon that begins at this very moment tries again (`acquire`).
    static func isDaemonAtWork(in state: String) -> Bool? {
        let file = open(FilePath.joined(state, daemonName), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard file >= 0 else { return errno == ENOENT ? false : nil }
        defer { close(file) }
        guard flock(file, LOCK_SH | LOCK_NB) == 0 else { return errno == EWOULDBLOCK }
        flock(file, LOCK_UN)
        return false
    }

    private static func held(by other: String, _ name: String) -> AgentFailure {
        let who = other.isEmpty ? "" : ": \(other)"
        if name == daemonName {
            return AgentFailure(
                .locked, "another daemon works for this state directory\(who)",
                hint:
                    "one is enough: end that one first, with SIGTERM or, where it is a unit of systemd, `systemctl stop`"
            )
        }
        return AgentFailure(
            .locked, name == deliveryName ? "another command is delivering\(who)" : "another run holds the lock\(who)",
            hint: "wait for it to end; a run that was killed holds nothing")
    }

    /// Whether the name still means the file that was locked.
    private static func isStillThere(_ file: Int32, _ directory: OpenDirectory, _ name: String) -> Bool {
        var mine = stat()
        var named = stat()
        guard fstat(file, &mine) == 0, fstatat(directory.descriptor, name, &named, AT_SYMLINK_NOFOLLOW) == 0
        else { return false }
        return mine.st_ino == named.st_ino && mine.st_dev == named.st_dev
    }

    /// A regular file with one name: a lock with another name is somebody else's file, which must not be written to.
    private static func isOurs(_ file: Int32) -> Bool {
        var facts = stat()
        return fstat(file, &facts) == 0 && facts.st_mode & S_IFMT == S_IFREG && facts.st_nlink == 1
    }

    private static func contents(_ file: Int32) -> String {
        var bytes = [UInt8](repeating: 0, count: 512)
        let count = pread(file, &bytes, bytes.count, 0)
        guard count > 0 else { return "" }
        let line = bytes[..<count].prefix { $0 != UInt8(ascii: "\n") }
        return String(decoding: line, as: UTF8.self)
    }

    private static func note(_ holder: String, _ file: Int32) {
        let bytes = Array((holder + "\n").utf8)
        guard ftruncate(file, 0) == 0 else { return }
        _ = pwrite(file, bytes, bytes.count, 0)
    }
}
