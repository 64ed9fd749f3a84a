import Glibc

/// A file that people other than its owner can write, or put another in the place of.
package struct OpenFile: Sendable, Equatable {
    /// One sentence.
    package var message: String
    package var hint: String
    /// Whether everybody can, not only a group.
    package var isOpenToAnybody: Bool

    /// What `path` is open by, itself and through its directory; `status` is the file's.
    static func found(_ path: String, _ status: stat) -> [OpenFile] {
        var found: [OpenFile] = []
        if status.st_mode & 0o022 != 0 {
            let isOpen = status.st_mode & 0o002 != 0
            found.append(
                OpenFile(
                    message: "\(isOpen ? "anybody" : "a group") can write the file `\(path)`",
                    hint: "`chmod go-w \(path)`", isOpenToAnybody: isOpen))
        }
        let directory = FilePath.directory(of: path)
        var parent = stat()
        if stat(directory, &parent) == 0, parent.st_mode & 0o002 != 0, parent.st_mode & S_ISVTX == 0 {
            found.append(
                OpenFile(
                    message: "anybody can put another file in the place of `\(path)`: its directory is open to all",
                    hint: "`chmod go-w \(directory)`", isOpenToAnybody: true))
        }
        return found
    }
}
