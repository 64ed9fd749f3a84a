import Glibc

/// Takes a list in before it is printed, so that whoever reads slowly, as a pager does, holds up nobody who writes the roster.
///
/// Long lists go to a file without a name, which is gone with the program.
final class Spool {
    /// Bytes kept in memory.
    private static let most = 4 << 20

    private var bytes: [UInt8] = []
    private var file: Int32 = -1

    deinit { if file >= 0 { close(file) } }

    func append(_ more: [UInt8]) throws(OutputFailure) {
        bytes += more
        if bytes.count > Spool.most { try flush() }
    }

    private func flush() throws(OutputFailure) {
        if file < 0 { file = Spool.nameless() }
        guard file >= 0 else { throw OutputFailure(number: errno) }
        try Output.write(bytes, to: file)
        bytes.removeAll(keepingCapacity: true)
    }

    /// A file that is the program's alone, with its name taken away at once.
    private static func nameless() -> Int32 {
        let folder = Environment.value("TMPDIR") ?? "/tmp"
        var template = Array("\(folder)/rollcall-XXXXXX".utf8CString)
        let file = template.withUnsafeMutableBufferPointer { name in
            guard let start = name.baseAddress else { return Int32(-1) }
            let file = mkstemp(start)
            if file >= 0 { unlink(start) }
            return file
        }
        if file >= 0 { _ = fcntl(file, F_SETFD, FD_CLOEXEC) }
        return file
    }

    /// Hands everything over in order.
    func print() throws(OutputFailure) {
        if file >= 0 {
            guard lseek(file, 0, SEEK_SET) == 0 else { throw OutputFailure(number: errno) }
            var chunk = [UInt8](repeating: 0, count: 1 << 18)
            while true {
                let count = read(file, &chunk, chunk.count)
                if count < 0, errno == EINTR { continue }
                guard count >= 0 else { throw OutputFailure(number: errno) }
                if count == 0 { break }
                try Output.data(Array(chunk[..<count]))
            }
        }
        try Output.data(bytes)
    }
}
