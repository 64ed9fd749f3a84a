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

    /// What came of reading changes, for the figures of all histories.
    private struct Tally {
        var applied = 0
        var removals = 0
        var meanwhile = 0
        var doubts: [String: Int] = [:]
    }

    /// A mirror that follows a server.
    private struct Follower {
        var mirror: IndexedMirror
        var position: SyncPosition

        init(_ server: ModelServer) throws {
            mirror = try server.directory.pulled()
            let containers = server.directory.entries.filter { $0.value.isContainer }.keys.compactMap { number in
                ImmutableID(bytes: ModelDirectory.id(number)).map {
                    ($0, ModelDirectory.name(server.directory.dn(number)))
                }
            }
            let cookie = server.cookie(server.directory.stamp)
            let marks = KnownMarks(
                cookies: Dictionary(uniqueKeysWithValues: units.map { ($0, cookie) }),
                containers: Dictionary(uniqueKeysWithValues: containers),
                controls: KnownMarks.controls(mirror.mirror, [:]))
            position = SyncPosition(method: "sync", belongsTo: [], marks: marks.parts)
        }

        mutating func follow(_ server: ModelServer, _ tally: inout Tally) throws {
            let rows = MirrorRows(mirror)
            let pull = ChangePull(
                settings: settings, server: server, mirror: rows, links: .staysWithName, units: units)
            do {
                let result = try pull.run(since: position)
                mirror = mirror.applying(try rows.changes(of: result.delta))
                let stored = SyncPosition(method: "sync", belongsTo: [], marks: result.marks)
                position = try #require(SyncPosition(bytes: stored.bytes))
                tally.applied += 1
                tally.removals += result.delta.removedPeople.count
                #expect(Set(result.absences.keys) == Set(result.delta.removedPeople.map(\.id)))
            } catch let doubt as ChangeDoubt {
                tally.doubts[
                    String(doubt.text.split(separator: "`", omittingEmptySubsequences: false).last ?? ""), default: 0] +=
                    1
                self = try Follower(server)
            } catch let doubt as DeltaDoubt {
                tally.doubts[doubt.text, default: 0] += 1
                self = try Follower(server)
            }
        }
    }

    private func lines(_ source: IndexedMirror) -> [String] {
        let mirror = source.mirror
        var lines = MirrorText.lines(mirror)
        lines += zip(mirror.people, source.index.personNames).map { "hash \($0.id) \($0.contentHash) \($1)" }
        for (place, row) in mirror.groups.enumerated() {
            lines.append(
                "dn \(String(decoding: row.dn, as: UTF8.self)) \(row.contentHash) \(source.index.groupNames[place])")
            lines += source.index.loose(of: GroupIndex(place)).map { "loose \($0)" }
        }
        return lines
    }

    /// What happens to the server and to the position beside changes: restarts, forgetting, and cookies that are not the right ones.
    private func disturb(_ server: ModelServer, _ follower: inout Follower) {
        if server.directory.numbers.once(in: 6) {
            server.note("restart")
            server.directory.forgetLog()
        }
        if server.kind == .openLDAP, server.directory.numbers.once(in: 10) {
            server.note("forget")
            server.directory.forgetLog()
            server.oldestKnown = server.directory.stamp
        }
        if server.directory.numbers.once(in: 3) {
            server.changesDuringReads = Int.random(in: 1...3, using: &server.directory.numbers)
        }
        guard server.directory.numbers.once(in: 12) else { return }
        let cookies: [[UInt8]] = [
            [], Array("xyz".utf8), server.cookie(server.directory.stamp + 50), server.cookie(1),
            server.cookie(server.directory.stamp, writer: "007"), Array("host:389#x#1".utf8), Array("rid=000".utf8),
        ]
        let cookie = cookies.randomElement(using: &server.directory.numbers) ?? []
        server.note("cookie \(String(decoding: cookie, as: UTF8.self))")
        let marks = follower.position.marks.map { part in
            part.name.contains("ou=") ? SyncPosition.Part(part.name, cookie) : part
        }
        follower.position = SyncPosition(method: "sync", belongsTo: [], marks: marks)
    }

    /// Plays a history; what differs at its first step that goes wrong, nil when none does.
    private func play(_ seed: UInt64, steps: Int, _ tally: inout Tally) throws -> String? {
        let server = ModelServer(ModelDirectory(seed: seed), .openLDAP)
        var follower = try Follower(server)
        for step in 0..<steps {
            server.note("step \(step)")
            for _ in 0..<Int.random(in: 0...4, using: &server.directory.numbers) { server.change() }
            disturb(server, &follower)
            let changes = server.changesDuringReads
            try follower.follow(server, &tally)
            tally.meanwhile += changes - server.changesDuringReads
            server.changesDuringReads = 0
            let expected = lines(try server.directory.pulled())
            let found = lines(follower.mirror)
            guard found != expected else { continue }
            return """
                seed \(seed) after \(server.done)
                missing \(expected.filter { !found.contains($0) })
                extra \(found.filter { !expected.contains($0) })
                """
        }
        return nil
    }

    /// Somebody comes and goes while everything is listed, round after round: the last list has the word.
    @Test(arguments: [9_061]) func historyThatOnceWentWrongGoesWell(seed: UInt64) throws {
        var tally = Tally()
        #expect(try play(seed, steps: 6, &tally) == nil)
    }

    @Test func mirrorThatFollowsChangesIsThatOfAFullPull() throws {
        var tally = Tally()
        for seed in Figures.caseSeeds {
            if let failure = try play(seed, steps: 6, &tally) {
                Issue.record("\(failure)")
                return
            }
        }
        Figures.note(
            "changes followed: \(tally.applied), removals \(tally.removals), during reads \(tally.meanwhile), doubts \(tally.doubts)"
        )
        guard Figures.hasAllSeeds else { return }
        #expect(tally.applied > 2 * Figures.cases)
        #expect(tally.removals > Figures.cases / 2)
        #expect(tally.meanwhile > Figures.cases / 4)
        #expect(tally.doubts.count > 5)
    }

    /// Of 389 DS it holds while nobody leaves what is read and no deletion is lost; who does stays until everything is read, and nobody
    /// is ever missing.
    @Test func mirrorThatFollows389LosesNobody() throws {
        var tally = Tally()
        var equal = 0
        for seed in Figures.caseSeeds {
            let server = ModelServer(ModelDirectory(seed: seed), .ds389)
            server.lostDeletion = 4
            var follower = try Follower(server)
            for _ in 0..<6 {
                for _ in 0..<Int.random(in: 0...4, using: &server.directory.numbers) { server.change() }
                try follower.follow(server, &tally)
                let pulled = try server.directory.pulled()
                let ids = Set(follower.mirror.mirror.people.map(\.contentHash))
                let missing = pulled.mirror.people.filter { !ids.contains($0.contentHash) }
                #expect(missing.isEmpty, "seed \(seed) after \(server.done)")
                guard follower.mirror.mirror.people.map(\.id) == pulled.mirror.people.map(\.id),
                    follower.mirror.mirror.groups.map(\.id) == pulled.mirror.groups.map(\.id)
                else { continue }
                equal += 1
                #expect(lines(follower.mirror) == lines(pulled), "seed \(seed) after \(server.done)")
            }
        }
        #expect(!Figures.hasAllSeeds || equal > Figures.cases)
    }

    @Test func somebodyToldGoneWhoIsThereIsInDoubt() throws {
        let server = ModelServer(ModelDirectory(seed: 1), .openLDAP)
        let follower = try Follower(server)
        let liar = LyingServer(server, tellsGone: follower.mirror.mirror.people.map(\.id.bytes))
        let pull = ChangePull(
            settings: Self.settings, server: liar, mirror: MirrorRows(follower.mirror), links: .staysWithName,
            units: Self.units)
        #expect(throws: ChangeDoubt.self) { try pull.run(since: follower.position) }
    }

    @Test func nobodyIsGoneWhereNobodyIsFound() throws {
        let server = ModelServer(ModelDirectory(seed: 1), .openLDAP)
        let follower = try Follower(server)
        let liar = LyingServer(server, tellsGone: [follower.mirror.mirror.people[1].id.bytes])
        liar.findsNobody = true
        let pull = ChangePull(
            settings: Self.settings, server: liar, mirror: MirrorRows(follower.mirror), links: .staysWithName,
            units: Self.units)
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
        guard var refresh = try? SyncRefresh(since: mark, .openLDAP) else { return .failed(code: 1) }
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
