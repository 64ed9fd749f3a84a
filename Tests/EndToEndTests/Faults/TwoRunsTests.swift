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

    @Test func manyRunsAtOnceLeaveOneRoster() throws {
        let site = try Site(ldif: Array(Company.firstNight(50).utf8))
        let runs = try (0..<6).map { _ in try site.start(["sync", "--yes"]) }
        let ended = try runs.map { try $0.end().status }
        #expect(ended.allSatisfy { $0 == 0 || $0 == 5 })
        #expect(ended.contains(0))
        let applied = try site.saved().meaning.split(separator: "\n").count { $0.hasPrefix("run ") }
        #expect(applied == ended.count { $0 == 0 })
        #expect(try site.run(["plan", "--detailed-exitcode"]).status == 0)
    }
}
