import Foundation
import TestSupport
import Testing

/// The connection to the directory ends, or stalls, after so many bytes: whatever had come by then, nothing is written.
struct CutConnectionTests {
    /// Whether the cause is told: the end of the connection, or the limit where a busy machine was slower than that.
    private static func isNamed(_ ended: Child.Ended) -> Bool {
        ended.message.contains("ended in the middle") || ended.message.contains("`timeouts.pull`")
    }

    /// What became of a night in which the connection broke at one place.
    private struct Night: Sendable {
        let place: Int
        let ended: Child.Ended
        /// Whether the state directory is what the night before left.
        let isAsBefore: Bool
    }

    /// A second night for each place, through a proxy that does something there, each on a site of its own.
    ///
    /// Most of a night is waiting for its limit, so many go on at a time.
    private func nights(
        _ places: [Int], over before: SavedState, to port: UInt16, limits: String, width: Int,
        _ fault: @escaping @Sendable (Int) -> ByteProxy.Fault, on site: @escaping @Sendable (ByteProxy) throws -> Site
    ) throws -> [Night] {
        try Waiting.map(places, width: width) { place in
            let proxy = try ByteProxy(to: port, fault: fault(place))
            var night = try site(proxy)
            try night.restore(before)
            try night.replace("connect: 2s, idle: 2s, pull: 60s", with: limits)
            night.hour = 24
            let ended = try night.sync(within: 2)
            return Night(place: place, ended: ended, isAsBefore: try night.saved() == before)
        }
    }

    /// No time for a second attempt, which would be cut as well.
    private static let oneAttempt = "connect: 2s, idle: 2s, pull: 2s"

    /// Every place in so many bytes, or a dozen of them.
    private static func places(in total: Int) -> [Int] {
        Array(stride(from: 0, to: total, by: Figures.of(max(1, total / 12), soak: 1)))
    }

    @Test(arguments: [false, true]) func cutAnywhereWritesNothing(isReset: Bool) throws {
        let slapd = try SlapdFixture(ldif: Company.firstNight(3))
        let site: @Sendable (ByteProxy) throws -> Site = { try Site(server: Site.plain($0.url)) }
        let measure = try ByteProxy(to: slapd.port, fault: .none)
        let before = try site(measure).prepare()
        let total = measure.bytesFromServer
        #expect(total > 500)
        let nights = try nights(
            Self.places(in: total), over: before, to: slapd.port, limits: Self.oneAttempt, width: 8,
            { isReset ? .reset(after: $0) : .cut(after: $0) }, on: site)
        for night in nights {
            let message = night.ended.message
            let told: Comment = "cut after \(night.place) of \(total) bytes: \(message)"
            #expect(night.ended.status == 4 || night.ended.status == 69, told)
            #expect(message.hasPrefix("error: directory `corp`: ") && message.contains("\nhint: "), told)
            #expect(CutConnectionTests.isNamed(night.ended), told)
            #expect(night.isAsBefore, told)
        }
        let whole = try ByteProxy(to: slapd.port, fault: .cut(after: total))
        var last = try site(whole)
        try last.restore(before)
        last.hour = 24
        let ended = try last.sync()
        #expect(ended.status == 0, "\(ended.message)")
        Figures.note(
            "connections \(isReset ? "reset" : "cut"): \(nights.count) places in an exchange of \(total) bytes; none took a part for the whole"
        )
    }

    /// What the program sends is cut: a server that got half of a question answers none.
    @Test(arguments: [false, true]) func cutRequestWritesNothing(isReset: Bool) throws {
        let slapd = try SlapdFixture(ldif: Company.firstNight(3))
        let site: @Sendable (ByteProxy) throws -> Site = { try Site(server: Site.plain($0.url)) }
        let measure = try ByteProxy(to: slapd.port, fault: .none)
        let before = try site(measure).prepare()
        let total = measure.bytesFromClient - ByteProxy.goodbye(underTLS: false)
        let nights = try nights(
            Self.places(in: total), over: before, to: slapd.port, limits: Self.oneAttempt, width: 8,
            { .cutRequests(after: $0, isReset: isReset) }, on: site)
        for night in nights {
            let message = night.ended.message
            let told: Comment = "cut after \(night.place) of \(total) bytes: \(message)"
            #expect(night.ended.status == 69, told)
            #expect(message.hasPrefix("error: directory `corp`: ") && message.contains("\nhint: "), told)
            #expect(CutConnectionTests.isNamed(night.ended), told)
            #expect(night.isAsBefore, told)
        }
        Figures.note(
            "requests \(isReset ? "reset" : "cut"): \(nights.count) places in \(total) bytes; nothing was written")
    }

    /// Which side falls silent, and how it is reached.
    enum Stall: String, CaseIterable, Sendable {
        case server, client, serverUnderTLS, clientUnderTLS

        var isUnderTLS: Bool { self == .serverUnderTLS || self == .clientUnderTLS }

        func fault(after count: Int) -> ByteProxy.Fault {
            switch self {
            case .server, .serverUnderTLS: .stall(after: count)
            case .client, .clientUnderTLS: .stallRequests(after: count)
            }
        }
    }

    /// After so many bytes nothing more comes, and the connection stays open.
    @Test(arguments: Stall.allCases) func stallEndsWithItsLimit(_ stall: Stall) throws {
        let slapd = try SlapdFixture(ldif: Company.firstNight(3))
        let authority = try TestCertificates.shared.get().authorityFile
        let (port, scheme) = stall.isUnderTLS ? (slapd.tlsPort, "ldaps") : (slapd.port, "ldap")
        let site: @Sendable (ByteProxy) throws -> Site = { proxy in
            let url = "\(scheme)://127.0.0.1:\(proxy.port)"
            return try Site(server: stall.isUnderTLS ? Site.encrypted(url, authority: authority) : Site.plain(url))
        }
        let measure = try ByteProxy(to: port, fault: .none)
        let before = try site(measure).prepare()
        // The last bytes of the client are a goodbye, which nobody answers.
        let total =
            [.server, .serverUnderTLS].contains(stall)
            ? measure.bytesFromServer : measure.bytesFromClient - ByteProxy.goodbye(underTLS: stall.isUnderTLS)
        let places = (0..<Figures.of(16, soak: 64)).map { $0 * total / Figures.of(16, soak: 64) }
        let nights = try nights(
            places, over: before, to: port, limits: "connect: 1s, idle: 1s, pull: 2s", width: 8, stall.fault, on: site)
        for night in nights {
            let told: Comment = "\(stall) after \(night.place) of \(total) bytes: \(night.ended.message)"
            #expect(night.ended.status == 69, told)
            #expect(night.ended.message.hasPrefix("error: directory `corp`: "), told)
            #expect(night.ended.message.contains("`timeouts.") && night.ended.message.contains("\nhint: "), told)
            #expect(night.isAsBefore, told)
        }
        Figures.note("stalls of the \(stall): \(places.count) places in \(total) bytes; nothing was written")
    }

    /// A second night with no connection to be had: it ends within the limit of connecting, and changes nothing.
    private func expectNoConnection(_ site: inout Site, _ before: SavedState) throws {
        try site.replace("connect: 2s, idle: 2s, pull: 60s", with: "connect: 1s, idle: 30s, pull: 2s")
        site.hour = 24
        let ended = try site.sync(within: 2)
        #expect(ended.status == 69, "\(ended.message)")
        #expect(ended.message.contains("`timeouts.connect`"), "\(ended.message)")
        #expect(try site.saved() == before)
    }

    /// The handshake comes in drops, each of which is something: the limit is one of the whole.
    @Test func handshakeThatDripsEndsWithItsLimit() throws {
        let slapd = try SlapdFixture(ldif: Company.firstNight(3))
        let authority = try TestCertificates.shared.get().authorityFile
        var site = try Site(server: Site.encrypted(slapd.tlsURL, authority: authority))
        let before = try site.prepare()
        let proxy = try ByteProxy(to: slapd.tlsPort, fault: .drip(bytesPerSecond: 100))
        try site.replace(slapd.tlsURL, with: "ldaps://127.0.0.1:\(proxy.port)")
        try expectNoConnection(&site, before)
    }

    /// Nobody takes the connection, and no refusal comes: the next address is tried, and where there is none the run ends.
    @Test func tarpitEndsWithTheLimitOfConnecting() throws {
        let slapd = try SlapdFixture(ldif: Company.firstNight(3))
        let tarpit = try Tarpit()
        var site = try Site(server: Site.plain(slapd.url))
        let before = try site.prepare()
        try site.replace("urls: [\(slapd.url)]", with: "urls: [\(tarpit.url)]")
        try expectNoConnection(&site, before)
        try site.replace("urls: [\(tarpit.url)]", with: "urls: [\(tarpit.url), \(slapd.url)]")
        try site.replace("pull: 2s", with: "pull: 30s")
        let other = try site.sync(within: 3)
        #expect(other.status == 0, "\(other.message)")
    }

    @Test func serverThatSaysNothingIsUnreachable() throws {
        let slapd = try SlapdFixture(ldif: Company.firstNight(3))
        let site = try Site(server: Site.plain(slapd.url))
        let before = try site.prepare()
        let silent = try ByteProxy(to: slapd.port, fault: .silent)
        try site.replace(slapd.url, with: silent.url)
        try site.replace("connect: 2s, idle: 2s", with: "connect: 1s, idle: 1s")
        let ended = try site.sync(within: 15)
        #expect(ended.status == 69, "\(ended.message)")
        #expect(try site.saved() == before)
    }
}
