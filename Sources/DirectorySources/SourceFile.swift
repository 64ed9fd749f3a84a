internal import Glibc

/// Reads a file whole.
enum SourceFile {
    struct Failure: Error {
        /// The system's words, lower-case.
        let reason: String
        /// Whether somebody wrote the file while it was read.
        var isChanging = false
    }

    /// The file's bytes; at most 4 GiB.
    ///
    /// `reading` is called after each piece.
    static func read(_ path: String, reading: () -> Void = {}) throws(Failure) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard descriptor >= 0 else { throw failure(errno) }
        defer { close(descriptor) }
        let before = try status(descriptor)
        guard before.st_mode & S_IFMT != S_IFDIR else { throw failure(EISDIR) }
        guard before.st_mode & S_IFMT == S_IFREG else { throw Failure(reason: "it is not a regular file") }
        let bytes = try contents(descriptor, before, reading)
        let after = try status(descriptor)
        guard before.st_size == after.st_size, bytes.count == Int(after.st_size),
            before.st_mtim.tv_sec == after.st_mtim.tv_sec, before.st_mtim.tv_nsec == after.st_mtim.tv_nsec
        else { throw changing }
        return bytes
    }

    private static var changing: Failure { Failure(reason: "it changed while it was read", isChanging: true) }

    private static func status(_ descriptor: Int32) throws(Failure) -> stat {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure(errno) }
        return status
    }

    private static func contents(
        _ descriptor: Int32, _ status: stat, _ reading: () -> Void
    ) throws(Failure) -> [UInt8] {
        guard status.st_size <= 4 << 30 else { throw failure(EFBIG) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Int(status.st_size) + 1)
        var chunk = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure(errno) }
            guard count > 0 else { return bytes }
            bytes.append(contentsOf: chunk[..<count])
            guard bytes.count <= Int(status.st_size) else { throw changing }
            reading()
        }
    }

    private static func failure(_ code: Int32) -> Failure {
        Failure(reason: String(cString: strerror(code)).lowercased())
    }
}
