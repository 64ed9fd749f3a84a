import Foundation
import Glibc
import Synchronization

/// A server as a child process that no crash of the test process leaves behind.
///
/// A shell between them waits for the end of its input, which only the test process holds open, and then kills the
/// server with all that it started.
final class ServerProcess: Sendable {
    private struct Running {
        var shell: Process
        var lifeline: Pipe
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

    var isRunning: Bool { running.withLock { $0?.shell.isRunning ?? false } }

    /// Starts it and returns when `isReady` says so.
    func start(within limit: Duration = .seconds(60), until isReady: () -> Bool) throws {
        let started = Running(shell: Process(), lifeline: Pipe())
        let shell = started.shell
        shell.executableURL = URL(fileURLWithPath: "/bin/sh")
        shell.arguments =
            ["-c", ServerProcess.script, program, litter.joined(separator: " ")] + arguments
        shell.currentDirectoryURL = directory
        shell.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        shell.standardInput = started.lifeline
        shell.standardOutput = FileHandle.nullDevice
        shell.standardError = FileHandle.nullDevice
        try shell.run()
        running.withLock { $0 = started }
        let end = ContinuousClock.now.advanced(by: limit)
        while ContinuousClock.now < end, shell.isRunning {
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
        try? ended.lifeline.fileHandleForWriting.close()
        ended.shell.waitUntilExit()
    }

    /// The server leads a session of its own: the whole of it is killed.
    ///
    /// When the server ends by itself, so does the shell.
    private static let script = """
        litter=$1; shift
        exec 3<&0
        setsid "$0" "$@" >>log 2>&1 </dev/null 3<&- & server=$!
        (cat <&3 >/dev/null; kill -9 -$server || kill -9 $server) 2>/dev/null & lifeline=$!
        wait $server 2>/dev/null
        kill $lifeline 2>/dev/null
        rm -f $litter
        """
}
