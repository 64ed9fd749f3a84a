import Glibc

/// Writes files whole or not at all: under another name first, made durable, then renamed, the directory made durable too.
enum AtomicFile {
    enum Existing { case replace, refuse }

    private static let mark = ".tmp-"

    /// Whom a file is for.
    enum Audience { case owner, everybody }

    static func write(
        _ bytes: [UInt8], to name: String, in directory: OpenDirectory, existing: Existing = .replace,
        for audience: Audience = .owner
    ) throws(FileError) {
        try write(to: name, in: directory, existing: existing, for: audience) { $0(bytes) }
    }

    /// The same for bytes that come piece by piece, each of which is written before the next is made.
    static func write(
        to name: String, in directory: OpenDirectory, existing: Existing = .replace,
        for audience: Audience = .owner, _ produce: (_ sink: @escaping ([UInt8]) -> Void) -> Void
    ) throws(FileError) {
        let draft = try Draft(of: name, in: directory, for: audience, produce)
        try draft.finish()
        try publish(draft.temporary, as: name, in: directory, existing: existing)
        try directory.synchronize()
    }

    /// Several files of one directory at once: all are made durable before the first appears, and the directory once.
    static func write(
        _ names: [String], in directory: OpenDirectory,
        _ produce: (_ place: Int, _ sink: @escaping ([UInt8]) -> Void) -> Void
    ) throws(FileError) {
        var drafts: [Draft] = []
        do throws(FileError) {
            for (place, name) in names.enumerated() {
                drafts.append(try Draft(of: name, in: directory, for: .owner) { produce(place, $0) })
            }
            for draft in drafts { try draft.finish() }
            for (draft, name) in zip(drafts, names) {
                try publish(draft.temporary, as: name, in: directory, existing: .replace)
            }
        } catch {
            for draft in drafts { draft.discard() }
            throw error
        }
        try directory.synchronize()
    }

    /// A link to a file beside it, replaced in one step.
    static func link(_ name: String, to target: String, in directory: OpenDirectory) throws(FileError) {
        let temporary = temporaryName(for: name)
        guard symlinkat(target, directory.descriptor, temporary) == 0 else {
            throw FileError(errno, FilePath.joined(directory.path, name))
        }
        try publish(temporary, as: name, in: directory, existing: .replace)
    }

    /// Removes what a killed run left half-written; call it while holding the lock.
    static func cleanUp(_ directory: OpenDirectory) throws(FileError) {
        for name in try directory.names() where isTemporary(name) { try directory.remove(name) }
    }

    static func isTemporary(_ name: String) -> Bool {
        guard name.utf8.first == UInt8(ascii: ".") else { return false }
        let tail = Array(name.utf8.suffix(16 + mark.utf8.count))
        return tail.starts(with: mark.utf8) && tail.count == 16 + mark.utf8.count
    }

    fileprivate static func temporaryName(for name: String) -> String {
        let digits = String(UInt64.random(in: .min ... .max), radix: 16)
        return ".\(name)\(mark)\(String(repeating: "0", count: 16 - digits.utf8.count))\(digits)"
    }

    private static func publish(
        _ temporary: String, as name: String, in directory: OpenDirectory, existing: Existing
    ) throws(FileError) {
        let descriptor = directory.descriptor
        switch existing {
        case .replace:
            if renameat(descriptor, temporary, descriptor, name) == 0 { return }
        case .refuse:
            // A second name, not a rename: it fails where the name is taken.
            if linkat(descriptor, temporary, descriptor, name, 0) == 0 {
                unlinkat(descriptor, temporary, 0)
                return
            }
        }
        let code = errno
        unlinkat(descriptor, temporary, 0)
        throw FileError(code, FilePath.joined(directory.path, name))
    }
}

/// A file that is written, but under another name and not yet durable.
private final class Draft {
    let temporary: String
    private let directory: OpenDirectory
    private let path: String
    private var descriptor: Int32

    /// Leaves nothing behind where it throws.
    init(
        of name: String, in directory: OpenDirectory, for audience: AtomicFile.Audience,
        _ produce: (_ sink: @escaping ([UInt8]) -> Void) -> Void
    ) throws(FileError) {
        temporary = AtomicFile.temporaryName(for: name)
        self.directory = directory
        path = FilePath.joined(directory.path, name)
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
        let file = openat(directory.descriptor, temporary, flags, mode_t(0o600))
        descriptor = file
        guard file >= 0 else { throw FileError(errno, path) }
        if audience == .everybody { fchmod(file, 0o644) }
        var failure: Int32 = 0
        produce { bytes in
            if failure == 0 { failure = Draft.append(bytes, to: file) }
        }
        guard failure == 0 else {
            discard()
            throw FileError(failure, path)
        }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Makes what was written durable; an error of `fsync` is final, since what was written is not to be trusted then.
    func finish() throws(FileError) {
        guard fsync(descriptor) == 0 else {
            let code = errno
            discard()
            throw FileError(code, path)
        }
        close(descriptor)
        descriptor = -1
    }

    /// Removes it; one that has its name already stays.
    func discard() { unlinkat(directory.descriptor, temporary, 0) }

    /// Writes all of the bytes; 0, or the error.
    private static func append(_ bytes: [UInt8], to file: Int32) -> Int32 {
        var written = 0
        while written < bytes.count {
            let start = written
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.write(file, buffer.baseAddress.map { $0 + start }, buffer.count - start)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return errno }
            written += count
        }
        return 0
    }
}
