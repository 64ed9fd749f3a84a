import Foundation
import Glibc
import TestSupport

/// A program that a test starts, watches, and may kill at a chosen moment.
final class Child {
    /// How a program ended and what it said, to the byte.
    struct Ended {
        /// Exit status; nil when a signal ended it.
        var status: Int32?
        var signal: Int32?
        var output: [UInt8]
        var errors: [UInt8]

        var message: String { String(decoding: errors, as: UTF8.self) }
        var text: String { String(decoding: output, as: UTF8.self) }
    }

    private let process: pid_t
    private let outputs: URL
    private let errorPipe: Int32
    private var errors: [UInt8] = []

    /// Nobody waits longer than this for anything, so that a hanging program is a failed test and no hanging one.
    private static let patience: Int32 = 120_000

    init(_ program: String, _ arguments: [String], in folder: String, environment: [String: String] = [:]) throws {
        outputs = FileManager.default.temporaryDirectory.appendingPathComponent(
            "rc-out-\(UInt64.random(in: 0 ... .max))")
        let output = open(outputs.path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        var ends: [Int32] = [-1, -1]
        guard output >= 0, pipe(&ends) == 0 else { throw Command.Failure(description: "no pipe") }
        defer {
            close(output)
            close(ends[1])
        }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        errorPipe = ends[0]
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        posix_spawn_file_actions_adddup2(&actions, ends[1], 2)
        // Whatever started the tests may have signals ignored or blocked; the program gets them as a shell would give them.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        for signal in [SIGTERM, SIGINT, SIGHUP, SIGPIPE, SIGXFSZ] { sigaddset(&signals, signal) }
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
        let variables = ["PATH": "/usr/bin:/bin", "NO_COLOR": "1"].merging(environment) { _, given in given }
        var child: pid_t = 0
        // `env` becomes the program, in the folder.
        let mover = "/usr/bin/env"
        let result = Child.withStrings([mover, "-C", folder, program] + arguments) { argv in
            Child.withStrings(variables.map { "\($0)=\($1)" }) { envp in
                posix_spawn(&child, mover, &actions, &attributes, argv, envp)
            }
        }
        guard result == 0 else { throw Command.Failure(description: "cannot start `\(program)`: errno \(result)") }
        process = child
    }

    deinit {
        close(errorPipe)
        try? FileManager.default.removeItem(at: outputs)
    }

    /// Waits until standard error holds the text, so many times; false when the program ends without it.
    func says(_ text: String, times: Int = 1) -> Bool {
        let wanted = Array(text.utf8)
        while errors.ranges(of: wanted).count < times {
            guard readMore(waiting: Child.patience) else { return false }
        }
        return true
    }

    /// Ends the program by a signal, after so many microseconds.
    func kill(after microseconds: UInt32 = 0, by signal: Int32 = SIGKILL) {
        if microseconds > 0 { usleep(microseconds) }
        Glibc.kill(process, signal)
    }

    /// Waits for the end.
    func end() throws -> Ended {
        while readMore(waiting: Child.patience) {}
        var status: Int32 = 0
        guard waitpid(process, &status, 0) == process else { throw Command.Failure(description: "nobody to wait for") }
        let signal = status & 0x7f
        return Ended(
            status: signal == 0 ? (status >> 8) & 0xff : nil, signal: signal == 0 ? nil : signal,
            output: [UInt8](try Data(contentsOf: outputs)), errors: errors)
    }

    /// Reads what is there of standard error; false at its end.
    private func readMore(waiting: Int32) -> Bool {
        var waited = pollfd(fd: errorPipe, events: Int16(POLLIN), revents: 0)
        guard poll(&waited, 1, waiting) > 0 else {
            Glibc.kill(process, SIGKILL)
            return false
        }
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let length = read(errorPipe, &buffer, buffer.count)
        guard length > 0 else { return false }
        errors += buffer[..<length]
        return true
    }

    private static func withStrings<Result>(
        _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
    ) -> Result {
        let pointers = strings.map { strdup($0) }
        defer { for pointer in pointers { free(pointer) } }
        return body(pointers + [nil])
    }
}
