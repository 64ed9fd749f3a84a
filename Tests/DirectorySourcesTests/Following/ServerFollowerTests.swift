import DirectoryModel
import LDAPClient
import TestSupport
import Testing

@testable import DirectorySources

/// What following a real server tells, and what it does not.
struct ServerFollowerTests {
    private static let now: Int64 = 1_800_000_000

    private func server(overlays: Set<SlapdOverlay> = [.syncprov]) throws -> SlapdFixture {
        let groups = SampleCompany.group("support", number: 1, members: [SampleCompany.personDN("p0")])
        return try SlapdFixture(
            ldif: SampleCompany.frame + SampleCompany.people(10) + groups, options: .init(overlays: overlays))
    }

    private func settings(filter: String? = nil, stop: StopFlag? = nil, _ url: String) throws -> LDAPSourceSettings {
        var settings = SampleSources.ldapSettings(
            [url],
            try SampleSources.settings(
                filter: filter ?? "(objectClass=inetOrgPerson)",
                disabled: DisabledWhen(attribute: "employeeType", equals: "disabled")))
        settings.connection.stop = stop
        return settings
    }

    private func follower(_ server: SlapdFixture, filter: String? = nil) throws -> ServerFollower {
        ServerFollower(try settings(filter: filter, server.url))
    }

    /// The stamp of a run now.
    private func stamp(_ server: SlapdFixture) throws -> DirectoryStamp {
        let source = LDAPSource(try settings(server.url))
        defer { source.close() }
        return try source.completePull().stamp
    }

    private func id(_ login: Int) throws -> ImmutableID {
        try #require(ImmutableID(text: SampleCompany.id(1000 + login)))
    }

    private func disable(_ login: Int, _ server: SlapdFixture, _ value: String = "disabled") throws {
        try server.replace("employeeType", of: SampleCompany.personDN("p\(login)"), with: [value])
    }

    /// The first news that is any.
    private func news(_ follower: ServerFollower) -> FollowerNews {
        for _ in 0..<600 {
            let news = follower.watch(for: .milliseconds(100), now: Self.now)
            if news != .quiet { return news }
        }
        return .quiet
    }

    @Test func disabledPersonIsTold() throws {
        let slapd = try server()
        let follower = try follower(slapd)
        #expect(follower.start(since: try stamp(slapd)) == .following)
        try disable(3, slapd, "clerk")
        try disable(4, slapd)
        #expect(news(follower) == .disabled([try id(4)]))
    }

    @Test func changesSinceTheStampAreTold() throws {
        let slapd = try server()
        let stamp = try stamp(slapd)
        try disable(5, slapd)
        try disable(6, slapd, "clerk")
        let follower = try follower(slapd)
        #expect(follower.start(since: stamp) == .following)
        #expect(news(follower) == .disabled([try id(5)]))
    }

    @Test func withoutAStampItBeginsNow() throws {
        let slapd = try server()
        try disable(5, slapd)
        let follower = try follower(slapd)
        #expect(follower.start(since: nil) == .fromNow("what happened since the last run is not known"))
        try disable(6, slapd)
        #expect(news(follower) == .disabled([try id(6)]))
    }

    /// What happened while the server, or the connection, was away is told afterwards.
    @Test func lostConnectionGoesOnWhereItWas() throws {
        let slapd = try server()
        let follower = try follower(slapd)
        #expect(follower.start(since: try stamp(slapd)) == .following)
        try disable(1, slapd)
        #expect(news(follower) == .disabled([try id(1)]))
        slapd.stop()
        guard case .lost = news(follower) else { return #expect(Bool(false), "the loss was not told") }
        guard case .failed = follower.start(since: nil) else { return #expect(Bool(false), "nobody answers") }
        try slapd.restart()
        try disable(2, slapd)
        #expect(follower.start(since: nil) == .following)
        #expect(news(follower) == .disabled([try id(2)]))
    }

    /// Somebody was told in the moment in which the connection was lost: they come first, and the loss after them.
    @Test func whoWasToldWithTheLossIsNotForgotten() throws {
        let slapd = try server()
        let follower = try follower(slapd)
        #expect(follower.start(since: try stamp(slapd)) == .following)
        #expect(follower.watch(for: .milliseconds(300), now: Self.now) == .quiet)
        try disable(1, slapd)
        slapd.stop()
        #expect(news(follower) == .disabled([try id(1)]))
        guard case .lost = news(follower) else { return #expect(Bool(false), "the loss was not told") }
        try slapd.restart()
        #expect(follower.start(since: nil) == .following)
        try disable(2, slapd)
        #expect(news(follower) == .disabled([try id(2)]))
    }

    /// What happens while an incremental run reads is told to whoever follows from its stamp.
    @Test func stampOfAnIncrementalRunIsFromBeforeItsReading() throws {
        let slapd = try server()
        let settings = try settings(slapd.url)
        let request = PullRequest(now: Self.now, key: DNHashKey(first: 7, second: 8))
        let pull = try LDAPSource(settings).completePull(request)
        let mirror = IndexedMirror(mirror: pull.mirror, index: try #require(pull.index))
        var next = request
        next.lastStamp = pull.stamp
        let incremental = IncrementalRequest(
            pull: next, position: try #require(pull.position), mirror: MirrorRows(mirror))
        let source = LDAPSource(settings)
        defer { source.close() }
        var isDisabled = false
        let outcome = source.pullChanges(incremental) { progress in
            guard progress.stage == .people, !isDisabled else { return }
            isDisabled = (try? disable(3, slapd)) != nil
        }
        guard case .changes(let changes) = outcome else { return #expect(Bool(false), "\(outcome)") }
        #expect(isDisabled && changes.changes.people.count == 1)
        let follower = try follower(slapd)
        #expect(follower.start(since: changes.stamp) == .following)
        #expect(news(follower) == .disabled([try id(3)]))
    }

    @Test func serverThatWasRestoredIsAFailureOrAGap() throws {
        let slapd = try server()
        var stamp = try stamp(slapd)
        stamp.changeStamps = stamp.changeStamps.map { $0.hasPrefix("20") ? "2099" + $0.dropFirst(4) : $0 }
        let follower = try follower(slapd)
        guard case .failed(let failure) = follower.start(since: stamp) else {
            return #expect(Bool(false), "a server that is behind was believed")
        }
        #expect(failure.message.contains("is behind"))
    }

    @Test func serverWithoutChangesCannotBeFollowed() throws {
        let slapd = try server(overlays: [])
        let follower = try follower(slapd)
        guard case .impossible = follower.start(since: nil) else {
            return #expect(Bool(false), "it cannot be followed")
        }
    }

    // MARK: Reading by id

    @Test func readingIsThatOfAPull() throws {
        let slapd = try server()
        let follower = try follower(slapd, filter: "(&(objectClass=inetOrgPerson)(!(uid=p7)))")
        try disable(3, slapd)
        try disable(7, slapd)
        let wanted = try [1, 3, 7].map(id) + [try #require(ImmutableID(text: SampleCompany.id(77)))]
        let states = try follower.read(wanted, now: Self.now)
        #expect(states == [try id(1): .enabled, try id(3): .disabledByAttribute])
    }

    @Test func manyAreReadInParts() throws {
        let slapd = try server()
        let follower = try follower(slapd)
        let wanted = try (0..<450).map { try #require(ImmutableID(text: SampleCompany.id(1000 + $0))) }
        #expect(try follower.read(wanted, now: Self.now).count == 10)
    }

    /// A flag that ends waits is seen while nothing happens.
    @Test func stopEndsTheWatch() throws {
        let slapd = try server()
        let stop = StopFlag()
        let follower = ServerFollower(try settings(stop: stop, slapd.url))
        #expect(follower.start(since: try stamp(slapd)) == .following)
        stop.raise()
        #expect(follower.watch(for: .seconds(1), now: Self.now) == .quiet)
    }
}
