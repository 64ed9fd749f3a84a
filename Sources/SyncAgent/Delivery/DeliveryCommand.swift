import Glibc

/// Runs the program that receives messages, with lines on its standard input and a limit of time.
///
/// What it prints goes to standard error, so that the output of a command stays its own.
struct DeliveryCommand {
    let arguments: [String]
    /// Most seconds for one call.
    var seconds: Int64 = 300
    /// Called while it is waited for.
    var alive: () -> Void = {}

    /// Nil when the program read everything and ended with exit code 0.
    func send(_ bytes: [UInt8]) -> String? {
        // A program that stops reading must not end the agent.
        let before = signal(SIGPIPE, SIG_IGN)
        defer { signal(SIGPIPE, before) }
        var pipe: [Int32] = [-1, -1]
        guard Glibc.pipe(&pipe) == 0 else { return SystemError.words(errno) }
        for end in pipe { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        // Kept open to the end: what the program left unread is still in it then, however fast it was.
        defer { close(pipe[0]) }
        let child: ChildProcess
        do throws(ChildProcess.Problem) {
            child = try ChildProcess(
                arguments, searching: "/usr/local/bin:/usr/bin:/bin", input: .descriptor(pipe[0]),
                output: .descriptor(2), errors: .descriptor(2))
        } catch {
            close(pipe[1])
            return "cannot run `\(arguments.first ?? "")`: \(error.words)"
        }
        let end = ChildProcess.milliseconds() + seconds * 1000
        var ended: ChildProcess.Ending?
        let problem = write(bytes, to: pipe[1], of: child, until: end, &ended)
        close(pipe[1])
        let ending = ended ?? child.wait(until: end, alive: alive)
        child.kill()
        return ending.words("the program") ?? problem ?? unread(pipe[0])
    }

    private static let unreadWords = "it did not read all of its input"

    /// A sentence where bytes are left in the pipe.
    private func unread(_ file: Int32) -> String? {
        var left: Int32 = 0
        return ioctl(file, UInt(FIONREAD), &left) == 0 && left == 0 ? nil : DeliveryCommand.unreadWords
    }

    /// Writes everything; a sentence where the program did not take it, with its end where it ended meanwhile.
    private func write(
        _ bytes: [UInt8], to file: Int32, of child: ChildProcess, until end: Int64, _ ended: inout ChildProcess.Ending?
    ) -> String? {
        _ = fcntl(file, F_SETFL, O_NONBLOCK)
        var sent = 0
        while sent < bytes.count {
            let left = end - ChildProcess.milliseconds()
            guard left > 0 else { return "it did not read its input within \(seconds) seconds" }
            var waiting = pollfd(fd: file, events: Int16(POLLOUT), revents: 0)
            let ready = poll(&waiting, 1, Int32(clamping: min(left, 50)))
            if ready == 0 {
                alive()
                ended = child.ended()
                if ended != nil { return DeliveryCommand.unreadWords }
                continue
            }
            if ready < 0, errno == EINTR { continue }
            let count = bytes.withUnsafeBytes { bytes -> Int in
                guard let start = bytes.baseAddress else { return 0 }
                return Glibc.write(file, start + sent, bytes.count - sent)
            }
            if count < 0, errno == EAGAIN || errno == EINTR { continue }
            guard count > 0 else { return DeliveryCommand.unreadWords }
            sent += count
        }
        return nil
    }
}
