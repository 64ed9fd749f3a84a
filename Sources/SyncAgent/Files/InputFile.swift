import Diagnostics
import Glibc

/// Reads files that people wrote.
enum InputFile {
    /// Nothing that a person writes is larger.
    static let largest = 64 << 20

    /// The bytes, or nil with an error in `problems`.
    ///
    /// `place` is where another file names it; `remedy` what to do where it is not there.
    static func read(
        _ path: String, what: String, at place: SourcePosition? = nil,
        remedy: String = InputProblems.checkPath, into problems: inout InputProblems
    ) -> [UInt8]? {
        do throws(FileError) {
            let (bytes, status) = try contents(path)
            problems.note(OpenFile.found(path, status))
            return bytes
        } catch {
            problems.missing(path, what: what, at: place, remedy: remedy, error)
            return nil
        }
    }

    /// The bytes of the agent configuration, or nil with an error in `problems`.
    static func readConfiguration(_ path: String, into problems: inout InputProblems) -> [UInt8]? {
        let bytes = read(
            path, what: "agent configuration",
            remedy: "name the file with `--config FILE`, or write one with `rollcall init URL`", into: &problems)
        problems.isConfigurationUnread = bytes == nil
        return bytes
    }

    static func bytes(_ path: String, atMost most: Int = largest) throws(FileError) -> [UInt8] {
        try contents(path, atMost: most).bytes
    }

    private static func contents(_ path: String, atMost most: Int = largest) throws(FileError) -> (
        bytes: [UInt8], status: stat
    ) {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard file >= 0 else { throw FileError(errno, path) }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { throw FileError(errno, path) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw FileError(status.st_mode & S_IFMT == S_IFDIR ? EISDIR : FileError.notRegular, path)
        }
        guard status.st_size <= most else { throw FileError(EFBIG, path) }
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size) + 1)
        var count = 0
        while true {
            if count == bytes.count { bytes.append(contentsOf: repeatElement(0, count: count)) }
            let start = count
            let got = bytes.withUnsafeMutableBytes { buffer in
                Glibc.read(file, buffer.baseAddress.map { $0 + start }, buffer.count - start)
            }
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { throw FileError(errno, path) }
            if got == 0 { break }
            count += got
            guard count <= most else { throw FileError(EFBIG, path) }
        }
        bytes.removeLast(bytes.count - count)
        return (bytes, status)
    }

    static func exists(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0
    }
}

/// What went wrong while files were read, by how the command has to end.
struct InputProblems {
    static let checkPath = "check the path, and that the file is there"

    var diagnostics = DiagnosticList()
    /// Whether the agent configuration itself has errors.
    var isConfigurationWrong = false
    var isFileMissing = false
    /// Whether there is no configuration to be read: then there is nothing that `check` could say besides.
    var isConfigurationUnread = false
    private(set) var openToAnybody: [OpenFile] = []

    /// Warns of files that others can write.
    mutating func note(_ found: [OpenFile]) {
        for file in found {
            diagnostics.warning("file.open-to-others", at: nil, file.message, hint: file.hint)
            if file.isOpenToAnybody { openToAnybody.append(file) }
        }
    }

    mutating func missing(
        _ path: String, what: String, at place: SourcePosition? = nil,
        remedy: String = InputProblems.checkPath, _ error: FileError
    ) {
        isFileMissing = true
        diagnostics.error(
            error.code == ENOENT ? "file.missing" : "file.unreadable", at: place,
            "cannot read the \(what) `\(path)`: \(error.words)",
            hint: error.code == ENOENT
                ? NearestFile.of(path).map { "did you mean `\($0)`?" } ?? remedy : "check who may read it")
    }

    /// How a command ends that needs all of these files; nil where nothing is wrong.
    var status: ExitStatus? {
        guard diagnostics.hasErrors else { return nil }
        if isConfigurationWrong { return .badConfiguration }
        return isFileMissing ? .missingFile : .badData
    }
}
