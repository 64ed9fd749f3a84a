import Glibc
import SyncAgent

/// Bytes to standard output (data) and standard error (everything else).
enum Output {
    /// Data for whoever called.
    static func data(_ bytes: [UInt8]) throws(OutputFailure) { try write(bytes, to: STDOUT_FILENO) }

    /// Messages for whoever watches; that nobody reads them is no failure.
    static func message(_ bytes: [UInt8]) { try? write(bytes, to: STDERR_FILENO) }

    /// The same for something of a level, which the journal is told, where it reads.
    static func message(_ bytes: [UInt8], _ level: Journal.Level) {
        message(Journal.isRead ? Journal.marked(bytes, level) : bytes)
    }

    static func write(_ bytes: [UInt8], to descriptor: Int32) throws(OutputFailure) {
        let number = bytes.withUnsafeBytes { buffer -> Int32 in
            var rest = buffer[...]
            while !rest.isEmpty {
                let written = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if written < 0 {
                    if errno == EINTR { continue }
                    return errno
                }
                rest = rest.dropFirst(written)
            }
            return 0
        }
        if number != 0 { throw OutputFailure(number: number) }
    }
}

/// Standard output or error did not take what was written.
struct OutputFailure: Error {
    /// As `errno` had it.
    let number: Int32

    /// Whoever read has gone: `rollcall users | head`.
    var isBrokenPipe: Bool { number == EPIPE }

    var hint: String {
        let remedy = number == EBADF ? "standard output is closed: open it" : FileRemedy.writing(number)
        return "\(remedy), or send the output elsewhere; what was done is done: `rollcall runs` lists it"
    }

    var message: String { "the output cannot be written: \(String(cString: strerror(number)))" }
}
