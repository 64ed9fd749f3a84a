import Glibc

/// Runs a program that prints a secret: no shell, a fixed environment, a limit of time and size.
enum SecretCommand {
    /// Most seconds that the program may take.
    static let seconds: Int64 = 10

    static func read(_ arguments: [String]) throws(AgentFailure) -> [UInt8] {
        let program = arguments.first ?? ""
        var pipe: [Int32] = [-1, -1]
        guard Glibc.pipe(&pipe) == 0 else { throw failure(program, SystemError.words(errno)) }
        for end in pipe { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        defer { close(pipe[0]) }
        let child: pid_t
        do {
            defer { close(pipe[1]) }
            child = try spawn(arguments, output: pipe[1])
        }
        let end = milliseconds() + seconds * 1000
        var bytes: [UInt8] = []
        let problem = collect(pipe[0], until: end, into: &bytes)
        if problem != nil { kill(-child, SIGKILL) }
        let status = wait(child, until: end)
        // What the program left running in its group does not live on.
        kill(-child, SIGKILL)
        if let problem = problem ?? words(status) {
            SecretReader.wipe(&bytes)
            throw failure(program, problem)
        }
        return bytes
    }

    private static func spawn(_ arguments: [String], output: Int32) throws(AgentFailure) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
        var words = arguments.map { strdup($0) } + [nil]
        var environment = [strdup("PATH=/usr/bin:/bin"), strdup("LC_ALL=C"), nil]
        defer { for text in words + environment { free(text) } }
        var child: pid_t = 0
        let program = arguments.first ?? ""
        let code = posix_spawn(&child, program, &actions, &attributes, &words, &environment)
        guard code == 0 else { throw failure(program, SystemError.words(code)) }
        return child
    }

    /// Reads to the end; a sentence when that takes too long or gives too much.
    private static func collect(_ file: Int32, until end: Int64, into bytes: inout [UInt8]) -> String? {
        bytes.reserveCapacity(2 * SecretReader.longest)
        var chunk = [UInt8](repeating: 0, count: 1024)
        defer { SecretReader.wipe(&chunk) }
        while true {
            let left = end - milliseconds()
            guard left > 0 else { return "it gave no answer within \(seconds) seconds" }
            var waiting = pollfd(fd: file, events: Int16(POLLIN), revents: 0)
            let ready = poll(&waiting, 1, Int32(truncatingIfNeeded: left))
            if ready == 0 || (ready < 0 && errno == EINTR) { continue }
            guard ready > 0 else { return SystemError.words(errno) }
            let got = Glibc.read(file, &chunk, chunk.count)
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { return SystemError.words(errno) }
            if got == 0 { return nil }
            bytes.append(contentsOf: chunk[..<got])
            if bytes.count > SecretReader.longest + 1 { return "it printed more than \(SecretReader.longest) bytes" }
        }
    }

    /// How the program ended; it is killed at the end of its time, for it may have closed its output and still run.
    private static func wait(_ child: pid_t, until end: Int64) -> Int32 {
        var status: Int32 = 0
        while true {
            let got = waitpid(child, &status, WNOHANG)
            if got == child { return status }
            if got < 0, errno != EINTR { return -1 }
            if milliseconds() >= end { kill(-child, SIGKILL) }
            usleep(2000)
        }
    }

    private static func milliseconds() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }

    /// Nil for success.
    private static func words(_ status: Int32) -> String? {
        if status == 0 { return nil }
        return status & 0x7f == 0
            ? "it ended with exit status \((status >> 8) & 0xff)" : "it was ended by signal \(status & 0x7f)"
    }

    private static func failure(_ program: String, _ problem: String) -> AgentFailure {
        AgentFailure(
            .badConfiguration, "the password command `\(program)` failed: \(problem)",
            hint: "run it by hand as the user who runs rollcall: it must print the password and nothing else")
    }
}
