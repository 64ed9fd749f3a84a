import Foundation
import Glibc
import TestSupport

/// The built program on a pseudo-terminal, with somebody who answers its questions.
enum TerminalSession {
    /// `TIOCSPTLCK` and `TIOCGPTN` of Linux, which the C library's header does not show.
    private static let unlock: UInt = 0x4004_5431
    private static let numberOf: UInt = 0x8004_5430

    /// A terminal of 0 columns says nothing of its width.
    ///
    /// Each answer is typed when its question has been asked; the end is everything shown, with plain line ends.
    static func run(
        _ arguments: [String], in folder: URL, environment: [String: String] = [:], columns: UInt16 = 0,
        answering answers: [(question: String, answer: String)]
    ) throws -> Rollcall.Ended {
        let (status, shown) = try bytes(
            arguments, in: folder, environment: environment, columns: columns, answering: answers)
        let text = String(decoding: shown, as: UTF8.self).replacingOccurrences(of: "\r\n", with: "\n")
        return Rollcall.Ended(status: status, output: text)
    }

    /// The same to the byte, as the terminal got it.
    static func bytes(
        _ arguments: [String], in folder: URL, environment: [String: String] = [:], columns: UInt16 = 0,
        answering answers: [(question: String, answer: String)]
    ) throws -> (status: Int32, shown: [UInt8]) {
        let master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        var number: Int32 = 0
        var lock: Int32 = 0
        guard master >= 0, ioctl(master, TerminalSession.unlock, &lock) == 0,
            ioctl(master, TerminalSession.numberOf, &number) == 0
        else { throw Command.Failure(description: "there is no pseudo-terminal: \(errno)") }
        defer { close(master) }
        var size = winsize(ws_row: 0, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
        guard ioctl(master, UInt(TIOCSWINSZ), &size) == 0 else {
            throw Command.Failure(description: "the pseudo-terminal has no size: \(errno)")
        }
        let slave = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY | O_CLOEXEC)
        guard slave >= 0 else { throw Command.Failure(description: "the pseudo-terminal cannot be opened") }
        let handle = FileHandle(fileDescriptor: slave, closeOnDealloc: false)
        let process = Process()
        process.executableURL = Rollcall.program
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.environment = environment.merging(["PATH": "/usr/bin:/bin", "NO_COLOR": "1"]) { mine, _ in mine }
        process.standardInput = handle
        process.standardOutput = handle
        process.standardError = handle
        try process.run()
        close(slave)
        let shown = try talk(master, answers)
        process.waitUntilExit()
        return (process.terminationStatus, shown)
    }

    /// Reads until the program closes its end.
    private static func talk(_ master: Int32, _ answers: [(question: String, answer: String)]) throws -> [UInt8] {
        var shown: [UInt8] = []
        var since = 0
        var waiting = answers[...]
        while true {
            var ready = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
            guard poll(&ready, 1, 60_000) > 0 else {
                throw Command.Failure(description: "silence after: \(String(decoding: shown, as: UTF8.self))")
            }
            var chunk = [UInt8](repeating: 0, count: 4_096)
            let count = read(master, &chunk, chunk.count)
            guard count > 0 else { return shown }
            shown += chunk[..<count]
            guard let next = waiting.first,
                shown[max(since, shown.count - count - next.question.utf8.count)...].firstRange(of: next.question.utf8)
                    != nil
            else { continue }
            waiting = waiting.dropFirst()
            since = shown.count
            let line = Array((next.answer + "\n").utf8)
            guard write(master, line, line.count) == line.count else {
                throw Command.Failure(description: "the answer to \(next.question) could not be typed")
            }
        }
    }
}
