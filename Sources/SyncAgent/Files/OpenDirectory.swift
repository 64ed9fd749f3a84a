import Glibc

/// A directory of the file system, held open: everything in it is named relative to it, and no link leads out.
final class OpenDirectory {
    let path: String
    let descriptor: Int32

    private init(path: String, descriptor: Int32) {
        self.path = path
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    enum Links { case refuse, follow }

    /// Whether the last part of the path may be a link; parts before it may.
    static func open(_ path: String, links: Links = .refuse) throws(FileError) -> OpenDirectory {
        let linkFlag = links == .refuse ? O_NOFOLLOW : 0
        let descriptor = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | linkFlag)
        guard descriptor >= 0 else { throw FileError(errno, path) }
        return OpenDirectory(path: path, descriptor: descriptor)
    }

    /// The directory of that name in this one, made where it is missing, for its owner only.
    func subdirectory(_ name: String) throws(FileError) -> OpenDirectory {
        let path = FilePath.joined(path, name)
        if mkdirat(descriptor, name, 0o700) != 0, errno != EEXIST { throw FileError(errno, path) }
        let opened = openat(descriptor, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard opened >= 0 else { throw FileError(errno, path) }
        return OpenDirectory(path: path, descriptor: opened)
    }

    func status() throws(FileError) -> stat {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw FileError(errno, path) }
        return status
    }

    /// Names of what is in it, sorted bytewise, without `.` and `..`.
    func names() throws(FileError) -> [String] {
        let copy = openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard copy >= 0 else { throw FileError(errno, path) }
        guard let stream = fdopendir(copy) else {
            close(copy)
            throw FileError(errno, path)
        }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    func remove(_ name: String) throws(FileError) {
        if unlinkat(descriptor, name, 0) != 0, errno != ENOENT { throw FileError(errno, FilePath.joined(path, name)) }
    }

    /// Makes names that were written durable.
    func synchronize() throws(FileError) {
        guard fsync(descriptor) == 0 else { throw FileError(errno, path) }
    }
}

/// The file system said no.
struct FileError: Error, Equatable {
    /// Stands for what is neither a file nor a directory; the system has no code for it.
    static let notRegular: Int32 = -1

    /// `errno`, or `notRegular`.
    var code: Int32
    var path: String

    init(_ code: Int32, _ path: String) {
        self.code = code
        self.path = path
    }

    var words: String { code == FileError.notRegular ? "it is not a regular file" : SystemError.words(code) }
}
