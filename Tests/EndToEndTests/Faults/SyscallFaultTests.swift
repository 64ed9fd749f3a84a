import Foundation
import TestSupport
import Testing

/// Faults at every single call that a command makes of the system to write: killed there, and the disk full from there on.
struct SyscallFaultTests {
    /// What writes the roster and the files beside it.
    private static let writing = [
        "pwrite64", "write", "fdatasync", "fsync", "ftruncate", "unlink", "unlinkat", "rename", "renameat", "renameat2",
        "link", "linkat", "symlinkat",
    ]
    /// The same and what reads the roster.
    private static let calls = writing + ["pread64"]

    /// A command and how often it makes each call.
    private struct Traced {
        var act: Undisturbed
        var counts: [(call: String, count: Int)]

        init(_ act: Undisturbed) throws {
            self.act = act
            try act.reset()
            let trace = act.site.folder.path("trace")
            let names = SyscallFaultTests.calls.joined(separator: ",")
            let ended = try act.site.run(
                act.command, through: [try Command.path("strace"), "-o", trace, "-e", "trace=\(names)"])
            try #require(ended.status == 0, "\(ended.message)")
            let lines = try String(contentsOfFile: trace, encoding: .utf8).split(separator: "\n")
            counts = SyscallFaultTests.calls.map { call in (call, lines.count { $0.hasPrefix("\(call)(") }) }
        }

        /// All places of a soak; otherwise so many, spread evenly, the last of all among them.
        func places(_ most: Int, of calls: [String]) -> [(call: String, place: Int)] {
            let all = counts.filter { calls.contains($0.call) }.flatMap { call, count in
                (0..<count).map { (call: call, place: $0 + 1) }
            }
            guard !Figures.isSoak, all.count > most else { return all }
            return (1...most).map { all[$0 * all.count / most - 1] }
        }

        /// Runs the command with a fault; only the agent itself is traced, not the receiver of messages.
        func run(_ fault: String) throws -> Child.Ended {
            try act.reset()
            return try act.site.run(
                act.command,
                through: [
                    try Command.path("strace"), "-o", act.site.folder.path("trace"), "-e", "inject=\(fault)",
                ])
        }
    }

    @Test(arguments: Act.allCases) func killedAtAnyCall(_ act: Act) throws {
        let traced = try Traced(act.undisturbed())
        var kills = 0
        var applied = 0
        for (call, place) in traced.places(act == .sync ? 12 : 6, of: SyscallFaultTests.writing) {
            let ended = try traced.run("\(call):signal=KILL:when=\(place)")
            let what: Comment = "\(act) killed at call \(place) of \(call)"
            // The last calls of a kind are not always made: a run that never came to one ends as if undisturbed.
            if ended.status == 0 {
                #expect(try traced.act.check(ended, what), what)
                continue
            }
            #expect(ended.signal == 9 || ended.status == 128 + 9, what)
            if try traced.act.check(ended, what) { applied += 1 }
            kills += 1
        }
        #expect(kills >= 4)
        // A backup changes nothing: before and after are one.
        if act != .backup { #expect(applied > 0 && applied < kills) }
        Figures.note("\(act) killed at single system calls: \(kills), of which \(applied) came after the commit")
    }

    @Test(arguments: Act.allCases) func diskFullFromAnyWriteOn(_ act: Act) throws {
        let traced = try Traced(act.undisturbed())
        var faults = 0
        for (call, place) in traced.places(act == .sync ? 4 : 2, of: ["pwrite64", "write", "ftruncate"]) {
            let ended = try traced.run("\(call):error=ENOSPC:when=\(place)+")
            let what: Comment = "\(act): disk full from call \(place) of \(call): \(ended.message)"
            #expect([0, 73].contains(ended.status) || failedToTell(ended), what)
            _ = try traced.act.check(ended, what)
            faults += 1
        }
        Figures.note("\(act): disk full from a write on: \(faults) places")
    }

    @Test(arguments: Act.allCases) func diskThatFailsToSynchronize(_ act: Act) throws {
        let traced = try Traced(act.undisturbed())
        var faults = 0
        for (call, place) in traced.places(act == .sync ? 4 : 1, of: ["fsync", "fdatasync"]) {
            let ended = try traced.run("\(call):error=EIO:when=\(place)")
            let what: Comment = "\(act): EIO at call \(place) of \(call): \(ended.message)"
            #expect([0, 73].contains(ended.status) || failedToTell(ended), what)
            _ = try traced.act.check(ended, what)
            faults += 1
        }
        Figures.note("\(act): disk that fails to synchronize: \(faults) places")
    }

    /// D2: pages of the roster that cannot be read or written.
    @Test(arguments: Act.allCases) func diskThatFailsToReadOrWrite(_ act: Act) throws {
        let traced = try Traced(act.undisturbed())
        var faults = 0
        for (call, place) in traced.places(act == .sync ? 4 : 2, of: ["pread64", "pwrite64"]) {
            let ended = try traced.run("\(call):error=EIO:when=\(place)")
            let what: Comment = "\(act): EIO at call \(place) of \(call): \(ended.message)"
            #expect([0, 73, 74].contains(ended.status) || failedToTell(ended), what)
            _ = try traced.act.check(ended, what)
            faults += 1
        }
        Figures.note("\(act): disk that fails to read or write: \(faults) places")
    }

    /// What fails after the commit, while messages are told, is loud and no failure of the command.
    private func failedToTell(_ ended: Child.Ended) -> Bool {
        ended.status == 1 && ended.message.contains("the outbox cannot be read or written")
    }

    /// K5: the run that takes back what a killed one had begun is killed in the middle of that too.
    @Test func killedWhileTakingBack() throws {
        let traced = try Traced(Act.sync.undisturbed())
        let act = traced.act
        // In the midst of the pages that the run itself writes; those of the outbox come last.
        let writes = traced.counts.first { $0.call == "pwrite64" }?.count ?? 0
        var kills = 0
        for call in ["pwrite64", "ftruncate", "fsync", "fdatasync", "unlink"] {
            for place in 1...Figures.of(1, soak: 40) {
                let first = try traced.run("pwrite64:signal=KILL:when=\(writes / 2)")
                #expect(first.status != 0)
                try #require(FileManager.default.fileExists(atPath: act.site.statePath + "/roster.sqlite-journal"))
                let ended = try act.site.run(
                    act.command,
                    through: [
                        try Command.path("strace"), "-o", act.site.folder.path("trace"), "-e",
                        "inject=\(call):signal=KILL:when=\(place)",
                    ])
                _ = try act.check(ended, "killed at call \(place) of \(call) after a kill")
                if ended.status != 0 { kills += 1 }
            }
        }
        #expect(kills >= 3)
        Figures.note("kills of a run that took back what a killed one had begun: \(kills)")
    }
}
