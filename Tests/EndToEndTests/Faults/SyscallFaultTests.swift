import Foundation
import TestSupport
import Testing

/// Faults at every single call that a run makes of the system to write: killed there, and the disk full from there on.
@Suite(.serialized)
struct SyscallFaultTests {
    /// What writes the roster and the files beside it.
    private static let calls = [
        "pwrite64", "write", "fdatasync", "fsync", "ftruncate", "unlink", "unlinkat", "renameat", "renameat2",
    ]

    private static let before = Company.firstNight(12)
    private static let after = Company.secondNight(12)

    /// A site before its second night, with how that goes undisturbed.
    private struct Eve {
        var site: Site
        var before: SavedState
        var after: SavedState
        var quiet: SavedState
        /// How often the run makes each call.
        var counts: [(call: String, count: Int)]
    }

    private func eve() throws -> Eve {
        var site = try Site(ldif: Array(SyscallFaultTests.before.utf8))
        let before = try site.prepare()
        try site.write(Array(SyscallFaultTests.after.utf8), to: "people.ldif")
        site.hour = 24
        let trace = site.folder.path("trace")
        let names = SyscallFaultTests.calls.joined(separator: ",")
        let ended = try site.run(
            ["sync", "--yes"], through: [try Command.path("strace"), "-f", "-o", trace, "-e", "trace=\(names)"])
        try #require(ended.status == 0, "\(ended.message)")
        let lines = try String(contentsOfFile: trace, encoding: .utf8).split(separator: "\n")
        let counts = SyscallFaultTests.calls.map { call in (call, lines.count { $0.contains(" \(call)(") }) }
        let after = try site.saved()
        return Eve(site: site, before: before, after: after, quiet: try site.prepare(), counts: counts)
    }

    /// All points of a soak; otherwise the first, the last and a few between.
    private func points(_ count: Int) -> [Int] {
        guard !Figures.isSoak, count > 4 else { return Array(1...max(1, count)).filter { $0 <= count } }
        return [1, count / 3, 2 * count / 3, count]
    }

    private func run(_ eve: Eve, _ fault: String) throws -> Child.Ended {
        try eve.site.restore(eve.before)
        let log = eve.site.folder.path("trace")
        return try eve.site.run(
            ["sync", "--yes"],
            through: [try Command.path("strace"), "-f", "-o", log, "-e", "inject=\(fault)"])
    }

    /// What was left is one of the two, and the next run makes it what it should be.
    private func check(_ eve: Eve, _ ended: Child.Ended, _ told: Comment) throws -> Bool {
        let left = try eve.site.saved()
        let isAfter = left == eve.after
        #expect(left == eve.before || isAfter, told)
        #expect(ended.status != 0 || isAfter, told)
        let next = try eve.site.sync()
        #expect(next.status == 0, "\(told): \(next.message)")
        // A run that could still record its failure took a number of its own: then only numbers of runs differ.
        let wanted = isAfter ? eve.quiet : eve.after
        let then = try eve.site.saved()
        #expect(then == wanted || ended.status != nil && then.people == wanted.people, told)
        #expect(try eve.site.run(["plan", "--detailed-exitcode"]).status == 0, told)
        #expect(try eve.site.litter() == [], told)
        return isAfter
    }

    @Test func killedAtAnyCall() throws {
        let eve = try eve()
        var kills = 0
        var applied = 0
        for (call, count) in eve.counts {
            for place in points(count) {
                let ended = try run(eve, "\(call):signal=KILL:when=\(place)")
                let told: Comment = "killed at call \(place) of \(count) of \(call)"
                // The last calls of a kind are not always made: a run that never came to one ends as if undisturbed.
                if ended.status == 0 {
                    #expect(try check(eve, ended, told), told)
                    continue
                }
                #expect(ended.signal == 9 || ended.status == 128 + 9, told)
                if try check(eve, ended, told) { applied += 1 }
                kills += 1
            }
        }
        #expect(kills > 10 && applied > 0 && applied < kills)
        Figures.note("kills at single system calls: \(kills), of which \(applied) came after the commit")
    }

    @Test func diskFullFromAnyWriteOn() throws {
        let eve = try eve()
        var faults = 0
        for (call, count) in eve.counts where ["pwrite64", "write", "ftruncate"].contains(call) {
            for place in points(count) {
                let ended = try run(eve, "\(call):error=ENOSPC:when=\(place)+")
                let told: Comment = "disk full from call \(place) of \(count) of \(call): \(ended.message)"
                #expect(ended.status == 73 || ended.status == 0, told)
                _ = try check(eve, ended, told)
                faults += 1
            }
        }
        Figures.note("disk full from a write on: \(faults) places")
    }

    @Test(arguments: ["fsync", "fdatasync"])
    func diskThatFailsToSynchronize(call: String) throws {
        let eve = try eve()
        let count = eve.counts.first { $0.call == call }?.count ?? 0
        for place in points(count) where count > 0 {
            let ended = try run(eve, "\(call):error=EIO:when=\(place)")
            let told: Comment = "EIO at call \(place) of \(count) of \(call): \(ended.message)"
            #expect(ended.status == 73 || ended.status == 0, told)
            _ = try check(eve, ended, told)
        }
    }
}
