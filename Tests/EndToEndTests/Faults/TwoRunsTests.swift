import Foundation
import TestSupport
import Testing

/// Two runs at the same time, and a run after one that was killed.
struct TwoRunsTests {
    @Test func secondRunEndsAtOnceAndChangesNothing() throws {
        let slapd = try SlapdFixture(ldif: Company.firstNight(20))
        let site = try Site(server: Site.plain(slapd.url))
        let before = try site.prepare()
        // The holder waits for a server that accepts and says nothing.
        let silent = try ByteProxy(to: slapd.port, fault: .silent)
        try site.replace(slapd.url, with: silent.url)
        try site.replace("connect: 2s, idle: 2s", with: "connect: 60s, idle: 60s")
        let holder = try site.start(["sync", "--yes", "--verbose"])
        #expect(holder.says("phase=connecting "))

        try site.replace(silent.url, with: slapd.url)
        let second = try site.sync()
        #expect(second.status == 5)
        #expect(second.message.hasPrefix("error: another run holds the lock: sync by "), "\(second.message)")
        #expect(second.message.contains("\nhint: "))
        #expect(try site.saved() == before)
        // Looking needs no lock.
        #expect(try site.run(["plan"]).status == 0)
        #expect(try site.run(["users"]).status == 0)

        holder.kill()
        #expect(try holder.end().signal == 9)
        let next = try site.sync()
        #expect(next.status == 0, "\(next.message)")
        #expect(try site.litter() == [])
    }

    /// K8: who held the lock is killed, and the next run has it at once.
    @Test func lockOfAKilledRunIsFree() throws {
        let slapd = try SlapdFixture(ldif: Company.firstNight(20))
        let silent = try ByteProxy(to: slapd.port, fault: .silent)
        let site = try Site(server: Site.plain(silent.url))
        try site.tellProgram()
        let kills = Figures.of(3, soak: 100)
        for round in 0..<kills {
            let holder = try site.start(["sync", "--yes", "--verbose"])
            #expect(holder.says("phase=connecting "))
            holder.kill()
            #expect(try holder.end().signal == 9)
            let next = try site.run(["deliver"])
            #expect(next.status == 0, "round \(round): \(next.message)")
        }
        Figures.note("runs killed while they held the lock, which the next command had at once: \(kills)")
    }

    /// K8: of runs at the same time one applies; the others say that it does, or come after it and find nothing to do.
    @Test func manyRunsAtOnceLeaveOneRoster() throws {
        var starts = 0
        var refused = 0
        for _ in 0..<Figures.of(1, soak: 100) {
            let site = try Site(ldif: Array(Company.firstNight(50).utf8))
            let runs = try (0..<10).map { _ in try site.start(["sync", "--yes"]) }
            let ended = try runs.map { try $0.end().status }
            #expect(ended.allSatisfy { $0 == 0 || $0 == 5 })
            #expect(ended.contains(0))
            let applied = try site.saved().meaning.split(separator: "\n").count { $0.hasPrefix("run ") }
            #expect(applied == ended.count { $0 == 0 })
            #expect(try site.run(["plan", "--detailed-exitcode"]).status == 0)
            starts += ended.count
            refused += ended.count { $0 == 5 }
        }
        Figures.note("runs started ten at once: \(starts), of which another held the lock for \(refused)")
    }
}
