import DirectoryModel
import TestSupport
import Testing

@testable import DirectorySources

/// Incremental equals full: whatever happens to a directory, a mirror that follows its changes is the one that a full pull makes.
struct ChangePullTests {
    private static let units = [
        RefreshUnit(kind: .people, base: ModelDirectory.peopleBase),
        RefreshUnit(kind: .groups, base: ModelDirectory.groupBase),
        RefreshUnit(kind: .containers, base: ModelDirectory.peopleBase),
        RefreshUnit(kind: .containers, base: ModelDirectory.groupBase),
    ]

    private static let settings = SourceSettings(
        name: "corp", people: BranchSettings(bases: [ModelDirectory.peopleBase]),
        groups: BranchSettings(bases: [ModelDirectory.groupBase]))

    private static func follower(_ server: ModelServer) throws -> ModelFollower {
        let cookies = units.map { ($0, server.cookie((server.otherDatabases[$0.base] ?? 0) + server.directory.stamp)) }
        return ModelFollower(
            try server.directory.pulled(), cookies: Dictionary(cookies) { first, _ in first },
            containers: server.directory.containers())
    }

    private static func pull(_ server: any ChangeServer, _ mirror: MirrorRows) -> ChangePull {
        ChangePull(settings: settings, server: server, mirror: mirror, links: .staysWithName, units: units)
    }

    /// What happens to the server and to the position beside changes: restarts, forgetting, and cookies that are not the right ones.
    private func disturb(_ server: ModelServer, _ follower: inout ModelFollower) {
        if server.directory.numbers.once(in: 6) {
            server.note("restart")
            server.directory.forgetLog()
        }
        if server.directory.numbers.once(in: 10) {
            server.note("forget")
            server.directory.forgetLog()
            server.oldestKnown = server.directory.stamp
        }
        if server.directory.numbers.once(in: 3) {
            server.changesDuringReads = Int.random(in: 1...3, using: &server.directory.numbers)
        }
        server.isLate = server.directory.numbers.once(in: 3)
        guard server.directory.numbers.once(in: 12) else { return }
        let cookies: [[UInt8]] = [
            [], Array("xyz".utf8), server.cookie(server.directory.stamp + 50), server.cookie(1),
            server.cookie(server.directory.stamp, writer: "007"), Array("host:389#x#1".utf8), Array("rid=000".utf8),
        ]
        let cookie = cookies.randomElement(using: &server.directory.numbers) ?? []
        server.note("cookie \(String(decoding: cookie, as: UTF8.self))")
        follower.position.setCookies { _ in cookie }
    }

    /// Plays a history; what differs at its first step that goes wrong, nil when none does.
    private func play(_ seed: UInt64, steps: Int, _ tally: inout ModelFollower.Tally) throws -> String? {
        let server = ModelServer(ModelDirectory(seed: seed))
        var follower = try Self.follower(server)
        for step in 0..<steps {
            server.note("step \(step)")
            for _ in 0..<Int.random(in: 0...4, using: &server.directory.numbers) { server.change() }
            disturb(server, &follower)
            let changes = server.changesDuringReads
            let late = server.late
            if try !follower.follow(&tally, { Self.pull(server, $0) }) { follower = try Self.follower(server) }
            tally.meanwhile += changes - server.changesDuringReads
            server.changesDuringReads = 0
            server.isLate = false
            if server.late > late {
                server.note("logged")
                if try !follower.follow(&tally, { Self.pull(server, $0) }) { follower = try Self.follower(server) }
            }
            server.clock += Int64.random(in: 0...60, using: &server.directory.numbers)
            if let difference = follower.difference(from: try server.directory.pulled()) {
                return "seed \(seed) after \(server.done): \(difference)"
            }
        }
        tally.late += server.late
        return nil
    }

    /// Somebody comes and goes while everything is listed, round after round: the last list has the word.
    @Test(arguments: [9_061]) func historyThatOnceWentWrongGoesWell(seed: UInt64) throws {
        var tally = ModelFollower.Tally()
        #expect(try play(seed, steps: 6, &tally) == nil)
    }

    @Test func mirrorThatFollowsChangesIsThatOfAFullPull() throws {
        var tally = ModelFollower.Tally()
        for seed in Figures.caseSeeds {
            if let failure = try play(seed, steps: 6, &tally) {
                Issue.record("\(failure)")
                return
            }
        }
        Figures.note(
            "changes followed: \(tally.applied), removals \(tally.removals), during reads \(tally.meanwhile), logged late \(tally.late), doubts \(tally.doubts)"
        )
        guard Figures.hasAllSeeds else { return }
        #expect(tally.applied > 2 * Figures.cases)
        #expect(tally.removals > Figures.cases / 2)
        #expect(tally.meanwhile > Figures.cases / 4)
        #expect(tally.late > Figures.cases / 4)
        #expect(tally.doubts.count > 5)
    }

    /// Where the next reading begins, by the number of the newest change that it need not be told of.
    private func begin(_ follower: ModelFollower, _ server: ModelServer) throws -> Set<[UInt8]> {
        Set(try KnownMarks(follower.position, Self.units).cookies.values)
    }

    /// What a cookie names is not in the server's log for certain before a while has passed: until then it is asked from before.
    @Test func recentChangesAreReadAgain() throws {
        let server = ModelServer(ModelDirectory(seed: 3, deletes: false))
        var follower = try Self.follower(server)
        var tally = ModelFollower.Tally()
        let start = server.directory.stamp
        func follow(_ changes: Int) throws {
            for _ in 0..<changes { server.change() }
            #expect(try follower.follow(&tally) { Self.pull(server, $0) })
            #expect(follower.difference(from: try server.directory.pulled()) == nil)
        }
        try follow(2)
        #expect(try begin(follower, server) == [server.cookie(start)])
        server.clock += 60
        try follow(2)
        #expect(try begin(follower, server) == [server.cookie(start + 2)])
        try follow(1)
        #expect(try begin(follower, server) == [server.cookie(start + 2)])
        server.clock += 59
        try follow(1)
        #expect(try begin(follower, server) == [server.cookie(start + 2)])
        server.clock += 1
        try follow(0)
        #expect(try begin(follower, server) == [server.cookie(start + 4)])
        // A clock that was put back begins to count anew.
        server.clock -= 500
        try follow(0)
        #expect(try begin(follower, server) == [server.cookie(start + 4)])
        server.clock += 60
        try follow(0)
        #expect(try begin(follower, server) == [server.cookie(start + 6)])
    }

    /// Where people and groups are of two databases, a list of everybody leaves each search with marks of its own: the other's may be further on.
    @Test func listedSearchesOfTwoDatabasesKeepTheirOwnMarks() throws {
        let server = ModelServer(ModelDirectory(seed: 3, deletes: false))
        server.otherDatabases[ModelDirectory.peopleBase] = 3
        var follower = try Self.follower(server)
        var tally = ModelFollower.Tally()
        func follow(_ changes: Int) throws {
            for _ in 0..<changes { server.change() }
            #expect(try follower.follow(&tally) { Self.pull(server, $0) })
            #expect(follower.difference(from: try server.directory.pulled()) == nil)
            #expect(try begin(follower, server).count == 2)
            server.clock += 60
        }
        try follow(1)
        server.directory.forgetLog()
        for changes in [1, 0, 3, 3, 3] { try follow(changes) }
        #expect(tally.doubts.isEmpty)
    }

    /// A time that is none: what was reached is forgotten, and nothing else.
    @Test(arguments: ["", "x", "-1", "9223372036854775807", "-9223372036854775808"])
    func harmedTimeOfWhatWasReachedLosesNothing(time: String) throws {
        let server = ModelServer(ModelDirectory(seed: 3, deletes: false))
        var follower = try Self.follower(server)
        var tally = ModelFollower.Tally()
        for _ in 0..<2 {
            server.change()
            #expect(try follower.follow(&tally) { Self.pull(server, $0) })
            #expect(follower.difference(from: try server.directory.pulled()) == nil)
            #expect(try begin(follower, server) == [server.cookie(1)])
            follower.position.marks = follower.position.marks.map {
                $0.name.hasPrefix("time of") ? SyncPosition.Part($0.name, time) : $0
            }
            server.clock += 60
        }
    }

    /// A server that is behind what was reached was put back, though it knows where the next reading begins.
    @Test func serverBehindWhatWasReachedIsInDoubt() throws {
        let server = ModelServer(ModelDirectory(seed: 4, deletes: false))
        var follower = try Self.follower(server)
        var tally = ModelFollower.Tally()
        let backup = server.directory
        for _ in 0..<2 { server.change() }
        #expect(try follower.follow(&tally) { Self.pull(server, $0) })
        server.directory = backup
        #expect(try !follower.follow(&tally) { Self.pull(server, $0) })
        #expect(Array(tally.doubts.keys) == [SyncDoubt.newerThanServer.text])
    }

    @Test func somebodyToldGoneWhoIsThereIsInDoubt() throws {
        let server = ModelServer(ModelDirectory(seed: 1))
        let follower = try Self.follower(server)
        let liar = LyingServer(server, tellsGone: follower.mirror.mirror.people.map(\.id.bytes))
        let pull = Self.pull(liar, MirrorRows(follower.mirror))
        #expect(throws: ChangeDoubt.self) { try pull.run(since: follower.position) }
    }

    @Test func nobodyIsGoneWhereNobodyIsFound() throws {
        let server = ModelServer(ModelDirectory(seed: 1))
        let follower = try Self.follower(server)
        let liar = LyingServer(server, tellsGone: [follower.mirror.mirror.people[1].id.bytes])
        liar.findsNobody = true
        let pull = Self.pull(liar, MirrorRows(follower.mirror))
        #expect(throws: ChangeDoubt.self) { try pull.run(since: follower.position) }
    }
}

/// A server that tells people to be gone.
private final class LyingServer: ChangeServer {
    private let server: ModelServer
    private let gone: [[UInt8]]
    private var rounds = 0
    var findsNobody = false

    init(_ server: ModelServer, tellsGone gone: [[UInt8]]) {
        self.server = server
        self.gone = gone
    }

    func refresh(
        _ unit: RefreshUnit, since mark: [UInt8], into batch: inout ChangeBatch
    ) throws(PullFailure) -> SyncRefresh.Outcome {
        guard var refresh = try? SyncRefresh(since: mark) else { return .failed(code: 1) }
        rounds += 1
        if unit.kind == .people, rounds == 1 {
            refresh.take(.idSet(cookie: nil, areDeleted: true, uuids: gone))
        }
        return refresh.end(code: 0, SyncDone(cookie: nil, refreshDeletes: true))
    }

    func locate(_ ids: [ImmutableID]) throws(PullFailure) -> LocatedEntries {
        findsNobody ? LocatedEntries() : try server.locate(ids)
    }

    func ids(below dn: [UInt8], atMost limit: Int) throws(PullFailure) -> Set<ImmutableID>? { [] }

    func groups(ofMembers dns: [[UInt8]], into batch: inout ChangeBatch) throws(PullFailure) {}
}
