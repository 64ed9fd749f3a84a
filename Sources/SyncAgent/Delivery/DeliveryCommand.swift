import Glibc

/// Runs the program that receives messages: no shell, a fixed environment, lines on its standard input, a limit of time.
///
/// What it prints goes to standard error, so that the output of a command stays its own.
struct DeliveryCommand {
    let arguments: [String]
    /// Most seconds for one call.
    var seconds: Int64 = 300

    /// Nil when the program took everything and ended with exit status 0.
    func send(_ bytes: [UInt8]) -> String? {
        // A program that stops reading must not end the agent.
        let before = signal(SIGPIPE, SIG_IGN)
        defer { signal(SIGPIPE, before) }
        var pipe: [Int32] = [-1, -1]
        guard Glibc.pipe(&pipe) == 0 else { return SystemError.words(errno) }
        for end in pipe { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        let child: pid_t
        switch spawn(input: pipe[0]) {
        case .success(let number): child = number
        case .failure(let problem):
            close(pipe[0])
            close(pipe[1])
            return problem.words
        }
        close(pipe[0])
        let end = DeliveryCommand.milliseconds() + seconds * 1000
        let problem = write(bytes, to: pipe[1], until: end)
        close(pipe[1])
        let status = wait(child, until: end)
        kill(-child, SIGKILL)
        return words(status) ?? problem
    }

    private struct Problem: Error { var words: String }

    private func spawn(input: Int32) -> Result<pid_t, Problem> {
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        posix_spawn_file_actions_adddup2(&actions, input, 0)
        posix_spawn_file_actions_adddup2(&actions, 2, 1)
        var defaults = sigset_t()
        sigemptyset(&defaults)
        sigaddset(&defaults, SIGPIPE)
        sigaddset(&defaults, SIGXFSZ)
        posix_spawnattr_setsigdefault(&attributes, &defaults)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF))
        var words = arguments.map { strdup($0) } + [nil]
        var environment = [strdup("PATH=/usr/local/bin:/usr/bin:/bin"), strdup("LC_ALL=C"), nil]
        defer { for text in words + environment { free(text) } }
        var child: pid_t = 0
        let code = posix_spawn(&child, arguments.first ?? "", &actions, &attributes, &words, &environment)
        if code == 0 { return .success(child) }
        return .failure(Problem(words: "cannot run `\(arguments.first ?? "")`: \(SystemError.words(code))"))
    }

    /// Writes everything; a sentence where the program did not take it.
    private func write(_ bytes: [UInt8], to file: Int32, until end: Int64) -> String? {
        _ = fcntl(file, F_SETFL, O_NONBLOCK)
        var sent = 0
        while sent < bytes.count {
            let left = end - DeliveryCommand.milliseconds()
            guard left > 0 else { return "it did not read its input within \(seconds) seconds" }
            var waiting = pollfd(fd: file, events: Int16(POLLOUT), revents: 0)
            let ready = poll(&waiting, 1, Int32(truncatingIfNeeded: left))
            if ready == 0 || (ready < 0 && errno == EINTR) { continue }
            let count = bytes.withUnsafeBytes { bytes -> Int in
                guard let start = bytes.baseAddress else { return 0 }
                return Glibc.write(file, start + sent, bytes.count - sent)
            }
            if count < 0, errno == EAGAIN || errno == EINTR { continue }
            guard count > 0 else { return "it did not read all of its input" }
            sent += count
        }
        return nil
    }

    /// How the program ended; it is killed at the end of its time.
    private func wait(_ child: pid_t, until end: Int64) -> Int32 {
        var status: Int32 = 0
        while true {
            let got = waitpid(child, &status, WNOHANG)
            if got == child { return status }
            if got < 0, errno != EINTR { return -1 }
            if DeliveryCommand.milliseconds() >= end { kill(-child, SIGKILL) }
            usleep(2000)
        }
    }

    private static func milliseconds() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }

    /// Nil for success.
    private func words(_ status: Int32) -> String? {
        if status == 0 { return nil }
        return status & 0x7f == 0
            ? "the program ended with exit status \((status >> 8) & 0xff)"
            : "the program was ended by signal \(status & 0x7f)"
    }
}
