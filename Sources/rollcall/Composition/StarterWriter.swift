import Glibc
import SyncAgent

/// Writes the files of a new installation; never over one that is there.
struct StarterWriter {
    private let folder: String

    init(folder: String) { self.folder = folder }

    /// The paths written, the secret's last; throws `AgentFailure`.
    func write(_ files: [StarterFile], secret: [UInt8]?) throws(AgentFailure) -> [String] {
        var written: [String] = []
        let paths = files.map { FilePath.joined(folder, $0.path) }
        let secretPath = FilePath.joined(folder, "bind.password")
        for path in paths + (secret == nil ? [] : [secretPath]) where access(path, F_OK) == 0 {
            throw AgentFailure(
                .cannotWrite, "`\(path)` is there already",
                hint: "name another folder with `--into`, or move the file away")
        }
        for (path, file) in zip(paths, files) {
            try create(path, Array(file.content.utf8), mode: 0o644)
            written.append(path)
        }
        if let secret {
            try create(secretPath, secret + [0x0A], mode: 0o600)
            written.append(secretPath)
        }
        return written
    }

    /// Makes the folder of the roster, for nobody else's eyes, where it is not there yet; throws `AgentFailure`.
    func makeState(_ path: String) throws(AgentFailure) -> (path: String, isNew: Bool) {
        let path = FilePath.joined(folder, path)
        try makeFolder(FilePath.directory(of: path))
        let isNew = mkdir(path, 0o700) == 0
        guard isNew || errno == EEXIST else { throw failure(path) }
        return (path, isNew)
    }

    private func create(_ path: String, _ bytes: [UInt8], mode: mode_t) throws(AgentFailure) {
        try makeFolder(FilePath.directory(of: path))
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode)
        guard descriptor >= 0 else { throw failure(path) }
        defer { close(descriptor) }
        do { try Output.write(bytes, to: descriptor) } catch { throw failure(path) }
        guard fsync(descriptor) == 0 else { throw failure(path) }
    }

    private func makeFolder(_ path: String) throws(AgentFailure) {
        if access(path, F_OK) == 0 || path == "/" || path == "." { return }
        try makeFolder(FilePath.directory(of: path))
        guard mkdir(path, 0o755) == 0 || errno == EEXIST else { throw failure(path) }
    }

    private func failure(_ path: String) -> AgentFailure {
        let number = errno
        return AgentFailure(
            .cannotWrite, "`\(path)` cannot be written: \(String(cString: strerror(number)))",
            hint: "\(FileRemedy.writing(number)), or name another folder with `--into`")
    }
}
