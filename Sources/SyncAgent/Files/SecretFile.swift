import Glibc

/// Reads a file that holds a secret: opened once, and what was opened is checked.
enum SecretFile {
    static func read(_ path: String) throws(AgentFailure) -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard file >= 0 else { throw unreadable(path, errno) }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { throw unreadable(path, errno) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw AgentFailure(
                .badConfiguration, "the password file `\(path)` is not a regular file",
                hint: "name the file with the password")
        }
        guard status.st_uid == geteuid() || status.st_uid == 0 else {
            throw AgentFailure(
                .badConfiguration, "the password file `\(path)` belongs to another user (uid \(status.st_uid))",
                hint: "chown it to the user who runs rollcall, or to root")
        }
        try checkMode(status, path)
        return try contents(file, path)
    }

    /// Nobody but the owner; a file of root may be read by one group, that of the service.
    private static func checkMode(_ status: stat, _ path: String) throws(AgentFailure) {
        guard let shown = openMode(status) else { return }
        throw AgentFailure(
            .badConfiguration, "the password file `\(path)` is open to others (mode \(shown))",
            hint: "chmod 0600 \(path)")
    }

    /// The mode of a file that others may read or write, in octal; nil where they may not.
    static func openMode(_ status: stat) -> String? {
        let mode = status.st_mode & 0o777
        guard mode & 0o077 != 0, !(status.st_uid == 0 && mode & 0o137 == 0) else { return nil }
        let digits = String(mode, radix: 8)
        return String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
    }

    private static func contents(_ file: Int32, _ path: String) throws(AgentFailure) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: SecretReader.longest + 2)
        var count = 0
        while count < bytes.count {
            let start = count
            let got = bytes.withUnsafeMutableBytes { buffer in
                Glibc.read(file, buffer.baseAddress.map { $0 + start }, buffer.count - start)
            }
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { throw unreadable(path, errno) }
            if got == 0 { break }
            count += got
        }
        bytes.removeLast(bytes.count - count)
        return bytes
    }

    private static func unreadable(_ path: String, _ code: Int32) -> AgentFailure {
        AgentFailure(
            code == ENOENT ? .missingFile : .badConfiguration,
            "cannot read the password file `\(path)`: \(SystemError.words(code))",
            hint: "see `bind:` in the configuration, and who may read the file")
    }
}
