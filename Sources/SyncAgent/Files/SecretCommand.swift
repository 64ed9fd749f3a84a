import Glibc

/// Runs a program that prints a secret, with a limit of time and size.
enum SecretCommand {
    /// Most seconds that the program may take.
    static let seconds: Int64 = 10

    static func read(_ arguments: [String]) throws(AgentFailure) -> [UInt8] {
        let program = arguments.first ?? ""
        var pipe: [Int32] = [-1, -1]
        guard Glibc.pipe(&pipe) == 0 else { throw failure(program, SystemError.words(errno)) }
        for end in pipe { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        defer { close(pipe[0]) }
        let child: ChildProcess
        do throws(ChildProcess.Problem) {
            defer { close(pipe[1]) }
            child = try ChildProcess(
                arguments, searching: "/usr/bin:/bin", input: .nothing, output: .descriptor(pipe[1]), errors: .nothing)
        } catch {
            throw failure(program, error.words)
        }
        let end = ChildProcess.milliseconds() + seconds * 1000
        var bytes: [UInt8] = []
        let problem = collect(pipe[0], until: end, into: &bytes)
        if problem != nil { child.kill() }
        let ending = child.wait(until: end)
        // What the program left running in its group does not live on.
        child.kill()
        if let problem = problem ?? ending.words("it") {
            SecretReader.wipe(&bytes)
            throw failure(program, problem)
        }
        return bytes
    }

    /// Reads to the end; a sentence when that takes too long or gives too much.
    private static func collect(_ file: Int32, until end: Int64, into bytes: inout [UInt8]) -> String? {
        bytes.reserveCapacity(2 * SecretReader.longest)
        var chunk = [UInt8](repeating: 0, count: 1024)
        defer { SecretReader.wipe(&chunk) }
        while true {
            let left = end - ChildProcess.milliseconds()
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

    private static func failure(_ program: String, _ problem: String) -> AgentFailure {
        AgentFailure(
            .badConfiguration, "the password command `\(program)` failed: \(problem)",
            hint: "run it by hand as the user who runs rollcall: it must print the password and nothing else")
    }
}
