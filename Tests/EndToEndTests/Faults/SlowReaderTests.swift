import Foundation
import Glibc
import TestSupport
import Testing

/// A list that nobody reads to its end keeps no run from being written.
struct SlowReaderTests {
    @Test func aListLeftOpenInAPagerLosesNoNight() throws {
        var site = try Site(ldif: Array(Company.firstNight(2_000).utf8))
        #expect(try site.sync().status == 0)
        let path = site.folder.path("unread")
        #expect(mkfifo(path, 0o600) == 0)
        let pipe = open(path, O_RDWR | O_CLOEXEC)
        defer { close(pipe) }
        let list = try site.start(
            ["users", "--format", "csv"], through: ["/bin/sh", "-c", "exec \"$@\" > unread", "sh"])
        defer { list.kill() }
        // Once something has come, the rest, which no pipe holds, is on its way.
        var waiting = pollfd(fd: pipe, events: Int16(POLLIN), revents: 0)
        #expect(poll(&waiting, 1, 120_000) == 1)
        try site.write(Array(Company.secondNight(2_000).utf8), to: "people.ldif")
        site.hour = 24
        let night = try site.sync()
        #expect(night.status == 0, "\(night.message)")
    }

    @Test func deliveryWorksWhereTheCallerIgnoresTheEndsOfChildren() throws {
        let site = try Site(ldif: Array(Company.firstNight(3).utf8))
        try site.tellProgram()
        let night = try site.run(["sync", "--yes"], through: ["/usr/bin/env", "--ignore-signal=CHLD"])
        #expect(night.status == 0, "\(night.message)")
        #expect(!night.message.contains("delivery:"), "\(night.message)")
        #expect(try !site.told().isEmpty)
    }
}
