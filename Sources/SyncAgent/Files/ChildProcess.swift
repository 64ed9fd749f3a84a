import Glibc

/// A program in a process group of its own: no shell, a fixed environment, and an end at the latest when its time is up.
struct ChildProcess {
    /// What stands behind one of the program's three first descriptors.
    enum Stream {
        case descriptor(Int32)
        /// Nothing to read, and whatever is written is lost.
        case nothing
    }

    /// Why a program could not be run.
    struct Problem: Error { var words: String }

    /// How a program ended.
    enum Ending: Equatable {
        case exit(Int32)
        case signal(Int32)
        /// The system told nobody, since whoever started this process had it ignore the ends of its children.
        case untold

        /// Nil for success; `who` begins the sentence.
        func words(_ who: String) -> String? {
            switch self {
            case .exit(0): nil
            case .exit(let code): "\(who) ended with exit code \(code)"
            case .signal(let number): "\(who) was ended by signal \(number)"
            case .untold: "\(who) ended, and the system does not tell how: SIGCHLD is ignored"
            }
        }
    }

    private let number: pid_t

    /// Signals that a caller may have told this process to ignore, and that the program finds as they are by themselves.
    private static let defaults = [SIGPIPE, SIGXFSZ, SIGCHLD]

    /// Runs `arguments`, the first of which is the path; `extra` are variables beside those it always has: `NAME=value`.
    init(
        _ arguments: [String], searching path: String, environment extra: [String] = [], input: Stream, output: Stream,
        errors: Stream
    ) throws(Problem) {
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        for (place, stream) in [input, output, errors].enumerated() {
            let place = Int32(place)
            switch stream {
            case .descriptor(let descriptor): posix_spawn_file_actions_adddup2(&actions, descriptor, place)
            case .nothing:
                posix_spawn_file_actions_addopen(&actions, place, "/dev/null", place == 0 ? O_RDONLY : O_WRONLY, 0)
            }
        }
        var signals = sigset_t()
        sigemptyset(&signals)
        for signal in ChildProcess.defaults { sigaddset(&signals, signal) }
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF))
        var words = arguments.map { strdup($0) } + [nil]
        var environment = (["PATH=\(path)", "LC_ALL=C"] + extra).map { strdup($0) } + [nil]
        defer { for text in words + environment { free(text) } }
        var child: pid_t = 0
        let code = posix_spawn(&child, arguments.first ?? "", &actions, &attributes, &words, &environment)
        guard code == 0 else { throw Problem(words: SystemError.words(code)) }
        number = child
    }

    /// How it ended; nil while it runs.
    func ended() -> Ending? {
        var status: Int32 = 0
        let got = waitpid(number, &status, WNOHANG)
        if got == number { return status & 0x7f == 0 ? .exit((status >> 8) & 0xff) : .signal(status & 0x7f) }
        return got < 0 && errno != EINTR ? .untold : nil
    }

    /// Waits for the end; at `end`, as `milliseconds` counts, the program and all it started are killed.
    func wait(until end: Int64, alive: () -> Void = {}) -> Ending {
        while true {
            alive()
            if let ending = ended() { return ending }
            if ChildProcess.milliseconds() >= end { kill() }
            usleep(2000)
        }
    }

    /// Ends the program and what it left running in its group.
    func kill() { _ = Glibc.kill(-number, SIGKILL) }

    /// A clock that only goes forward.
    static func milliseconds() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
}
