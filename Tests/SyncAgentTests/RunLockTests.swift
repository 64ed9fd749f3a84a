import Glibc
import Testing

@testable import SyncAgent

struct RunLockTests {
    @Test func whoWaitsForAnAnswerSaysSo() throws {
        let directory = try TemporaryDirectory()
        let state = try StateDirectory.open(directory.path)
        let lock = try RunLock.acquire(in: state, holder: "sync by ada")
        lock.note("sync by ada, waiting for an answer")
        #expect(
            #expect(throws: AgentFailure.self) { try RunLock.acquire(in: state, holder: "other") }?.message
                == "another run holds the lock: sync by ada, waiting for an answer")
        lock.release()
        let next = try RunLock.acquire(in: state, holder: "other")
        next.release()
    }

    @Test func aRunWhoseAnswerIsWaitedForSaysSo() throws {
        let company = try SmallCompany()
        _ = try company.agent().sync(RunRequest()) { _ in
            let text = (try? company.directory.text("state/run.lock")) ?? ""
            #expect(text.hasSuffix(", waiting for an answer\n"))
            return true
        }
    }

    @Test func whoDeliversKeepsNoRunWaiting() throws {
        let directory = try TemporaryDirectory()
        let state = try StateDirectory.open(directory.path)
        let delivering = try RunLock.acquire(in: state, holder: "deliver by ada", name: RunLock.deliveryName)
        let lock = try RunLock.acquire(in: state, holder: "sync by ada")
        let refusal = #expect(throws: AgentFailure.self) {
            try RunLock.acquire(in: state, holder: "other", name: RunLock.deliveryName)
        }
        #expect(refusal?.message == "another command is delivering: deliver by ada")
        delivering.release()
        lock.release()
    }

    @Test func aSecondHolderIsRefusedAndToldWhoHoldsIt() throws {
        let directory = try TemporaryDirectory()
        let state = try StateDirectory.open(directory.path)
        let lock = try RunLock.acquire(in: state, holder: "sync by ada, process 7")
        let refusal = #expect(throws: AgentFailure.self) { try RunLock.acquire(in: state, holder: "other") }
        #expect(refusal?.status == .locked)
        #expect(refusal?.message == "another run holds the lock: sync by ada, process 7")
        withExtendedLifetime(lock) {}
    }

    @Test func aLockThatWasLetGoIsFree() throws {
        let directory = try TemporaryDirectory()
        let state = try StateDirectory.open(directory.path)
        do {
            let lock = try RunLock.acquire(in: state, holder: "first")
            withExtendedLifetime(lock) {}
        }
        let lock = try RunLock.acquire(in: state, holder: "second")
        withExtendedLifetime(lock) {}
        #expect(try directory.text("run.lock") == "second\n")
    }

    @Test func aKilledHolderHoldsNothing() throws {
        let directory = try TemporaryDirectory()
        let state = try StateDirectory.open(directory.path)
        let path = try directory.write("run.lock", "")
        let script =
            "import fcntl,sys,time\nf=open(sys.argv[1])\nfcntl.flock(f,2)\nprint('held',flush=True)\ntime.sleep(600)"
        let holder = try LockHolder(script: script, path: path)
        #expect(throws: AgentFailure.self) { try RunLock.acquire(in: state, holder: "me") }
        holder.kill()
        let lock = try RunLock.acquire(in: state, holder: "me")
        withExtendedLifetime(lock) {}
    }

    @Test func aLinkInPlaceOfTheLockIsRefused() throws {
        let directory = try TemporaryDirectory()
        let target = try directory.write("elsewhere", "precious")
        try #require(symlink(target, directory.path("run.lock")) == 0)
        let state = try StateDirectory.open(directory.path)
        #expect(throws: AgentFailure.self) { try RunLock.acquire(in: state, holder: "me") }
        #expect(try directory.text("elsewhere") == "precious")
    }

    @Test func aStateDirectoryIsCheckedBeforeItIsTrusted() throws {
        let directory = try TemporaryDirectory()
        try directory.makeDirectory("open", mode: 0o777)
        try directory.makeDirectory("good")
        try #require(symlink(directory.path("good"), directory.path("link")) == 0)
        let refusals = ["open", "link", "missing"].map { name -> String in
            do {
                _ = try StateDirectory.open(directory.path(name))
                return "no refusal"
            } catch { return (error as? AgentFailure)?.message.replacing(directory.path, with: "") ?? "" }
        }
        #expect(
            refusals == [
                "others may write in the state directory `/open`",
                "the state directory `/link` is not a directory, or a link to one",
                "there is no state directory `/missing`",
            ])
        #expect(throws: Never.self) { try StateDirectory.open(directory.path("good")) }
    }
}

/// A process that holds a lock until it is killed.
private struct LockHolder {
    private let child: pid_t

    init(script: String, path: String) throws {
        var pipe: [Int32] = [-1, -1]
        try #require(Glibc.pipe(&pipe) == 0)
        for end in pipe { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, pipe[1], 1)
        var words: [UnsafeMutablePointer<CChar>?] = []
        for word in ["/usr/bin/python3", "-c", script, path] { words.append(strdup(word)) }
        words.append(nil)
        defer { for word in words { free(word) } }
        var child: pid_t = 0
        try #require(posix_spawn(&child, "/usr/bin/python3", &actions, nil, &words, environ) == 0)
        self.child = child
        close(pipe[1])
        var byte: UInt8 = 0
        let got = read(pipe[0], &byte, 1)
        close(pipe[0])
        try #require(got == 1 && byte == UInt8(ascii: "h"))
    }

    func kill() {
        Glibc.kill(child, SIGKILL)
        var status: Int32 = 0
        waitpid(child, &status, 0)
    }
}
