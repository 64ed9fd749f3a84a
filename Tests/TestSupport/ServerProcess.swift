import Foundation
import Glibc
import Synchronization

/// A server as a child process that no crash of the test process leaves behind.
///
/// A keeper between them waits for the end of its input, which only the test process holds open, and then kills the
/// server with all that it started. It is no shell: threads of a test process have signals blocked, a shell inherits
/// that, and then does not notice that its child has ended.
final class ServerProcess: Sendable {
    private struct Running {
        var keeper: Process
        /// The writing end of the keeper's input; no other child of the test process may have it.
        var lifeline: Int32
    }

    private let program: String
    private let arguments: [String]
    private let directory: URL
    private let environment: [String: String]
    private let litter: [String]
    private let running = Mutex<Running?>(nil)

    /// `litter` are files outside the directory that a killed server leaves.
    init(
        _ program: String, _ arguments: [String], in directory: URL, environment: [String: String] = [:],
        litter: [String] = []
    ) throws {
        self.program = try Command.path(program)
        self.arguments = arguments
        self.directory = directory
        self.environment = environment
        self.litter = litter
    }

    deinit { stop() }

    /// What the server said, all starts together.
    var log: String { (try? String(contentsOf: directory.appendingPathComponent("log"), encoding: .utf8)) ?? "" }

    var isRunning: Bool { running.withLock { $0?.keeper.isRunning ?? false } }

    /// Starts it and returns when `isReady` says so.
    func start(within limit: Duration = .seconds(60), until isReady: () -> Bool) throws {
        var ends: [Int32] = [-1, -1]
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else {
            throw Command.Failure(description: "no socket for `\(program)`")
        }
        let input = FileHandle(fileDescriptor: ends[0], closeOnDealloc: true)
        let started = Running(keeper: Process(), lifeline: ends[1])
        let keeper = started.keeper
        keeper.executableURL = URL(fileURLWithPath: try Command.path("perl"))
        keeper.arguments = ["-e", ServerProcess.script, litter.joined(separator: " "), program] + arguments
        keeper.currentDirectoryURL = directory
        keeper.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        keeper.standardInput = input
        keeper.standardOutput = FileHandle.nullDevice
        keeper.standardError = FileHandle.nullDevice
        do { try keeper.run() } catch {
            close(ends[1])
            throw error
        }
        running.withLock { $0 = started }
        let end = ContinuousClock.now.advanced(by: limit)
        while ContinuousClock.now < end, keeper.isRunning {
            if isReady() { return }
            usleep(10_000)
        }
        stop()
        throw Command.Failure(description: "`\(program)` did not start: \(log)")
    }

    /// Ends the server at once, as a crash would.
    func stop() {
        let ended = running.withLock { current in
            defer { current = nil }
            return current
        }
        guard let ended else { return }
        close(ended.lifeline)
        ended.keeper.waitUntilExit()
    }

    /// The server leads a session of its own: the whole of it is killed.
    ///
    /// When the server ends by itself, so does its keeper.
    private static let script = """
        use POSIX ":sys_wait_h";
        my $litter = shift;
        POSIX::sigprocmask(POSIX::SIG_SETMASK, POSIX::SigSet->new);
        my $server = fork;
        unless ($server) {
            POSIX::setsid;
            open STDIN, "<", "/dev/null";
            open STDOUT, ">>", "log";
            open STDERR, ">&", STDOUT;
            exec @ARGV or POSIX::_exit(127);
        }
        while (1) {
            my $readable = "";
            vec($readable, 0, 1) = 1;
            last if select($readable, undef, undef, 0.1) > 0;
            last if waitpid($server, WNOHANG) != 0;
        }
        kill 9, -$server;
        waitpid $server, 0;
        unlink split " ", $litter;
        """
}
