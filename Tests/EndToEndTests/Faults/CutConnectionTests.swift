import Foundation
import TestSupport
import Testing

/// The connection to the directory ends, or stalls, after so many bytes: whatever had come by then, nothing is written.
struct CutConnectionTests {
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
            cuts += 1
        }
        #expect(try site.saved() == before)
        Figures.note("requests \(isReset ? "reset" : "cut"): \(cuts) places in \(total) bytes; nothing was written")
    }

    @Test func stallEndsWithTheTimeout() throws {
        let slapd = try SlapdFixture(ldif: Company.firstNight(3))
        var site = try Site(server: Site.plain(slapd.url))
        let before = try site.prepare()
        try site.replace("connect: 2s, idle: 2s", with: "connect: 1s, idle: 1s")
        site.hour = 24
        var asked = slapd.url
        for length in Figures.isSoak ? [0, 7, 14, 60, 150, 400, 800] : [0, 14, 400] {
            let proxy = try ByteProxy(to: slapd.port, fault: .stall(after: length))
            try site.replace(asked, with: proxy.url)
            asked = proxy.url
            let ended = try site.sync(within: 15)
            #expect(ended.status == 4 || ended.status == 69, "\(length): \(ended.message)")
            #expect(ended.message.contains("\nhint: "))
        }
        #expect(try site.saved() == before)
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
