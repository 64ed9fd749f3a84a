import Glibc

/// Runs the program that is told of a night, with the report on its standard input, a limit of time, and an ear for what it prints.
struct NoticeCommand {
    /// Why it was not told.
    struct Failure: Error, Equatable {
        /// One sentence: `the program ended with exit code 1`.
        var words: String
        /// The beginning of what it printed, at most `NoticeCommand.heard` bytes.
        var output: String
    }

    let arguments: [String]
    /// Variables of its environment: `ROLLCALL_RUN=812`.
    var environment: [String] = []
    /// Most seconds for the call.
    var seconds: Int64 = 60

    /// Called while the program is waited for, several times a second.
    var pass: () -> Void = {}

    /// Bytes kept of what the program prints; the rest is read and forgotten.
    private static let heard = 4_096

    /// Throws `Failure` where the program did not end with exit code 0 in time; what it leaves unread does not matter.
    func send(_ bytes: [UInt8]) throws(Failure) {
        // A program that stops reading must not end the agent.
        let before = signal(SIGPIPE, SIG_IGN)
        defer { signal(SIGPIPE, before) }
        let input = try Pipe()
        let output = try Pipe()
        let child: ChildProcess
        do throws(ChildProcess.Problem) {
            child = try ChildProcess(
                arguments, searching: "/usr/local/bin:/usr/bin:/bin", environment: environment,
                input: .descriptor(input.reading), output: .descriptor(output.writing),
                errors: .descriptor(output.writing))
        } catch {
            throw Failure(words: "cannot run `\(arguments.first ?? "")`: \(error.words)", output: "")
        }
        input.closeReading()
        output.closeWriting()
        var talk = Conversation(input: input, output: output, bytes: bytes, heardAtMost: NoticeCommand.heard)
        let ended = talk.run(with: child, until: ChildProcess.milliseconds() + seconds * 1000, pass)
        let ends = talk.heard.reversed().prefix { $0 == UInt8(ascii: "\n") }.count
        let printed = String(decoding: talk.heard.dropLast(ends), as: UTF8.self)
        guard let ending = ended else {
            throw Failure(words: "the program did not end within its `timeout`, and was ended", output: printed)
        }
        if let words = ending.words("the program") { throw Failure(words: words, output: printed) }
    }
}

/// A pipe whose ends are closed once each.
private final class Pipe {
    private(set) var reading: Int32 = -1
    private(set) var writing: Int32 = -1

    init() throws(NoticeCommand.Failure) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else {
            throw NoticeCommand.Failure(words: SystemError.words(errno), output: "")
        }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        (reading, writing) = (ends[0], ends[1])
    }

    deinit {
        closeReading()
        closeWriting()
    }

    func closeReading() {
        if reading >= 0 { close(reading) }
        reading = -1
    }

    func closeWriting() {
        if writing >= 0 { close(writing) }
        writing = -1
    }
}

/// Writes to a program and reads from it at once, so that neither waits for the other.
private struct Conversation {
    let input: Pipe
    let output: Pipe
    let bytes: [UInt8]
    let heardAtMost: Int
    private(set) var heard: [UInt8] = []
    private var sent = 0

    init(input: Pipe, output: Pipe, bytes: [UInt8], heardAtMost: Int) {
        (self.input, self.output, self.bytes, self.heardAtMost) = (input, output, bytes, heardAtMost)
    }

    /// How the program ended; nil where its time was up.
    mutating func run(with child: ChildProcess, until end: Int64, _ pass: () -> Void) -> ChildProcess.Ending? {
        _ = fcntl(input.writing, F_SETFL, O_NONBLOCK)
        _ = fcntl(output.reading, F_SETFL, O_NONBLOCK)
        if bytes.isEmpty { input.closeWriting() }
        while true {
            if let ending = child.ended() {
                child.kill()
                while read() {}
                return ending
            }
            let left = end - ChildProcess.milliseconds()
            guard left > 0 else {
                child.kill()
                _ = child.wait(until: 0)
                while read() {}
                return nil
            }
            wait(Int32(clamping: min(left, 50)))
            pass()
            write()
            while read() {}
        }
    }

    /// Until one of the pipes is ready, or a moment has passed; a descriptor that is closed is passed over.
    private func wait(_ milliseconds: Int32) {
        var descriptors = [
            pollfd(fd: input.writing, events: Int16(POLLOUT), revents: 0),
            pollfd(fd: output.reading, events: Int16(POLLIN), revents: 0),
        ]
        poll(&descriptors, 2, milliseconds)
        // A program that closed its output would be reported ready for ever.
        if descriptors[1].revents & Int16(POLLHUP) != 0 { usleep(2_000) }
    }

    private mutating func write() {
        while input.writing >= 0 {
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.write(input.writing, buffer.baseAddress.map { $0 + sent }, buffer.count - sent)
            }
            if count < 0, errno == EINTR { continue }
            if count < 0, errno == EAGAIN { return }
            if count > 0 { sent += count }
            if count <= 0 || sent == bytes.count { input.closeWriting() }
        }
    }

    /// Whether there may be more.
    private mutating func read() -> Bool {
        var buffer = [UInt8](repeating: 0, count: 8_192)
        let count = Glibc.read(output.reading, &buffer, buffer.count)
        if count < 0 { return errno == EINTR }
        heard += buffer.prefix(min(max(0, count), heardAtMost - heard.count))
        return count > 0
    }
}
