import Foundation
import TestSupport
import Testing

/// The connection to the directory ends, or stalls, after so many bytes: whatever had come by then, nothing is written.
struct CutConnectionTests {
    /// Whether the cause is told: the end of the connection, or the limit where a busy machine was slower than that.
    private static func isNamed(_ ended: Child.Ended) -> Bool {
        ended.message.contains("ended in the middle") || ended.message.contains("`timeouts.pull`")
    }

    @Test(arguments: [false, true]) func cutAnywhereWritesNothing(isReset: Bool) throws {
        let slapd = try SlapdFixture(ldif: Company.firstNight(3))
        var site = try Site(server: Site.plain(slapd.url))
        _ = try site.prepare()
        let measure = try ByteProxy(to: slapd.port, fault: .none)
        try site.replace(slapd.url, with: measure.url)
        #expect(try site.sync().status == 0)
        let before = try site.saved()
        let total = measure.bytesFromServer
        #expect(total > 500)

        site.hour = 24
        var asked = measure.url
        var cuts = 0
        // No time for a second attempt, which would be cut as well.
        try site.replace("pull: 60s", with: "pull: 2s")
        for length in stride(from: 0, to: total, by: Figures.of(max(1, total / 12), soak: 1)) {
            let proxy = try ByteProxy(
                to: slapd.port, fault: isReset ? .reset(after: length) : .cut(after: length))
            try site.replace(asked, with: proxy.url)
            asked = proxy.url
            let ended = try site.sync(within: 2)
            let told: Comment = "cut after \(length) of \(total) bytes: \(ended.message)"
            #expect(ended.status == 4 || ended.status == 69, told)
            #expect(ended.message.hasPrefix("error: directory `corp`: ") && ended.message.contains("\nhint: "), told)
            #expect(CutConnectionTests.isNamed(ended), told)
            cuts += 1
        }
        #expect(try site.saved() == before)
        try site.replace("pull: 2s", with: "pull: 60s")
        let whole = try ByteProxy(to: slapd.port, fault: .cut(after: total))
        try site.replace(asked, with: whole.url)
        let last = try site.sync()
        #expect(last.status == 0, "\(last.message)")
        Figures.note(
            "connections \(isReset ? "reset" : "cut"): \(cuts) places in an exchange of \(total) bytes; none took a part for the whole"
        )
    }

    /// What the program sends is cut: a server that got half of a question answers none.
    @Test(arguments: [false, true]) func cutRequestWritesNothing(isReset: Bool) throws {
        let slapd = try SlapdFixture(ldif: Company.firstNight(3))
        var site = try Site(server: Site.plain(slapd.url))
        _ = try site.prepare()
        let measure = try ByteProxy(to: slapd.port, fault: .none)
        try site.replace(slapd.url, with: measure.url)
        #expect(try site.sync().status == 0)
        let before = try site.saved()
        // The last bytes are a goodbye, which nobody answers.
        let total = measure.bytesFromClient - 7
        site.hour = 24
        var asked = measure.url
        try site.replace("pull: 60s", with: "pull: 2s")
        var cuts = 0
        for length in stride(from: 0, to: total, by: Figures.of(max(1, total / 12), soak: 1)) {
            let proxy = try ByteProxy(to: slapd.port, fault: .cutRequests(after: length, isReset: isReset))
            try site.replace(asked, with: proxy.url)
            asked = proxy.url
            let ended = try site.sync(within: 2)
            #expect(ended.status == 69, "cut after \(length) of \(total) bytes: \(ended.message)")
            #expect(ended.message.hasPrefix("error: directory `corp`: ") && ended.message.contains("\nhint: "))
            #expect(CutConnectionTests.isNamed(ended), "\(ended.message)")
            cuts += 1
        }
        #expect(try site.saved() == before)
        Figures.note("requests \(isReset ? "reset" : "cut"): \(cuts) places in \(total) bytes; nothing was written")
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
        @Sendable func site(_ proxy: ByteProxy) throws -> Site {
            let url = "\(scheme)://127.0.0.1:\(proxy.port)"
            return try Site(server: stall.isUnderTLS ? Site.encrypted(url, authority: authority) : Site.plain(url))
        }
        let measure = try ByteProxy(to: port, fault: .none)
        let first = try site(measure)
        let before = try first.prepare()
        // The last bytes of the client are a goodbye, which nobody answers.
        let total =
            [.server, .serverUnderTLS].contains(stall)
            ? measure.bytesFromServer : measure.bytesFromClient - ByteProxy.goodbye(underTLS: stall.isUnderTLS)
        let places = (0..<Figures.of(16, soak: 64)).map { $0 * total / Figures.of(16, soak: 64) }
        let ended = try Waiting.map(places, width: 8) { place in
            let proxy = try ByteProxy(to: port, fault: stall.fault(after: place))
            var night = try site(proxy)
            try night.restore(before)
            // No time for a second attempt.
            try night.replace("connect: 2s, idle: 2s, pull: 60s", with: "connect: 1s, idle: 1s, pull: 2s")
            night.hour = 24
            let ended = try night.sync(within: 2)
            return (ended: ended, isAsBefore: try night.saved() == before)
        }
        for (place, night) in zip(places, ended) {
            let told: Comment = "\(stall) after \(place) of \(total) bytes: \(night.ended.message)"
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
