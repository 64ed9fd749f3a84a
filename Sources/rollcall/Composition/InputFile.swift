import Glibc
import SyncAgent

/// A file named on the command line.
struct InputFile {
    /// No file that people write is longer.
    private static let longest = 4 << 20

    private let path: String
    /// What the file should be, for whoever named another: `the platform file`.
    private let wanted: String

    init(_ path: String, wanted: String) {
        self.path = path
        self.wanted = wanted
    }

    /// The whole file; throws `AgentFailure`.
    func bytes() throws(AgentFailure) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
        guard descriptor >= 0 else { throw failure(errno) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure(errno) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw AgentFailure(
                .missingFile, "`\(path)` is not a regular file",
                hint: remedy(status.st_mode & S_IFMT == S_IFDIR ? EISDIR : FileRemedy.notRegular))
        }
        guard status.st_size <= InputFile.longest else {
            throw AgentFailure(
                .badData, "`\(path)` has more than \(InputFile.longest) bytes",
                hint: remedy(EFBIG))
        }
        var bytes: [UInt8] = []
        while bytes.count <= InputFile.longest {
            var chunk = [UInt8](repeating: 0, count: 1 << 16)
            let count = read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure(errno) }
            if count == 0 { break }
            bytes.append(contentsOf: chunk[..<count])
        }
        return bytes
    }

    private func remedy(_ number: Int32) -> String { FileRemedy.reading(path, number, wanted: wanted) }

    private func failure(_ number: Int32) -> AgentFailure {
        AgentFailure(
            .missingFile, "`\(path)` cannot be read: \(String(cString: strerror(number)))",
            hint: remedy(number))
    }
}
