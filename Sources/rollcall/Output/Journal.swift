import Glibc

/// The system's journal behind standard error: lines there begin with how grave they are (sd-daemon(3)).
enum Journal {
    /// As syslog counts; the numbers are those of `<sys/syslog.h>`.
    enum Level: Int { case error = 3, warning = 4, notice = 5, note = 6 }

    /// Whether standard error is the stream that the service manager made: a variable that was only inherited means nothing.
    static let isRead: Bool = {
        guard let stream = Environment.value("JOURNAL_STREAM") else { return false }
        var status = stat()
        return fstat(STDERR_FILENO, &status) == 0 && stream == "\(status.st_dev):\(status.st_ino)"
    }()

    /// Each line with the level before it; lines with nothing in them as they are.
    static func marked(_ bytes: [UInt8], _ level: Level) -> [UInt8] {
        var marked: [UInt8] = []
        for line in bytes.split(separator: 0x0A, omittingEmptySubsequences: true) {
            marked += "<\(level.rawValue)>".utf8
            marked += line
            marked.append(0x0A)
        }
        return marked
    }
}
