import Glibc

/// What to do about a file that cannot be read or written, by what the operating system says.
package enum FileRemedy {
    /// `wanted` is what the file should be: `the CSV file of sign-ins`.
    package static func reading(_ path: String, _ code: Int32, wanted: String) -> String {
        switch code {
        case ENOENT, ENOTDIR:
            if let nearest = NearestFile.of(path) { return "did you mean `\(nearest)`?" }
            return "check the path, which counts from the current folder: it should be \(wanted)"
        case EACCES, EPERM: return "let the user who runs rollcall read it, or run rollcall as one who may"
        case EISDIR: return "that is a folder: name \(wanted) in it"
        case EFBIG: return "check that it is \(wanted): nothing of that kind is this large"
        case ELOOP: return "its links lead round in a circle: name \(wanted) itself"
        case notRegular: return "save what a pipe or a device gives into a file first, and name that"
        default: return "check the disk that it is on, then try again"
        }
    }

    /// Stands for what is neither a file nor a directory; the system has no code for it.
    package static let notRegular = FileError.notRegular

    package static func writing(_ code: Int32) -> String {
        switch code {
        case ENOSPC, EDQUOT: "make room on the disk"
        case EROFS: "the disk is mounted read-only: write elsewhere, or mount it for writing"
        case ENOENT: "make the folder first"
        default: "see who may write there"
        }
    }
}

extension AgentFailure {
    /// A file named by whoever called that could not be read; `called` is put before its path.
    init(reading error: FileError, called: String = "", wanted: String) {
        self.init(
            .missingFile, "cannot read \(called.isEmpty ? "" : called + " ")`\(error.path)`: \(error.words)",
            hint: FileRemedy.reading(error.path, error.code, wanted: wanted))
    }

    /// A file that could not be written.
    init(writing error: FileError) {
        self.init(
            .cannotWrite, "cannot write `\(error.path)`: \(error.words)", hint: FileRemedy.writing(error.code))
    }
}
