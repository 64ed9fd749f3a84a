import Foundation
import Glibc
import TestSupport
import Testing

/// State directories that cannot be written.
struct DiskTests {
    private static func eve() throws -> (site: Site, before: SavedState) {
        var site = try Site(ldif: Array(Company.firstNight(200).utf8))
        let before = try site.prepare()
        try site.write(Array(Company.secondNight(200).utf8), to: "people.ldif")
        site.hour = 24
        return (site, before)
    }

    /// Blocks of 512 bytes that a file may have.
    @Test(arguments: [1, 8, 64, 128])
    func limitOnFileSizesEndsTheRunInOrder(blocks: Int) throws {
        let (site, before) = try DiskTests.eve()
        let ended = try site.run(
            ["sync", "--yes"], through: ["/bin/sh", "-c", "ulimit -f \(blocks); exec \"$0\" \"$@\""])
        #expect(ended.status == 73, "\(ended)")
        #expect(ended.message.hasPrefix("error: ") && ended.message.contains("\nhint: "), "\(ended.message)")
        #expect(try site.saved() == before)
        #expect(try site.sync().status == 0)
        #expect(try site.litter() == [])
    }

    @Test func stateDirectoryThatIsNotThere() throws {
        let site = try Site(ldif: Array(Company.firstNight(5).utf8))
        try FileManager.default.removeItem(atPath: site.statePath)
        let ended = try site.sync()
        #expect(ended.status == 73)
        #expect(ended.message.contains("there is no state directory") && ended.message.contains("\nhint: create it"))
    }

    @Test func stateDirectoryThatOthersMayWrite() throws {
        let (site, before) = try DiskTests.eve()
        chmod(site.statePath, 0o777)
        let ended = try site.sync()
        #expect(ended.status == 73)
        #expect(ended.message.contains("\nhint: chmod go-w"))
        chmod(site.statePath, 0o700)
        #expect(try site.saved() == before)
    }

    @Test func rosterOfAnotherProgramIsLeftAsItIs() throws {
        let site = try Site(ldif: Array(Company.firstNight(5).utf8))
        let roster = site.folder.path("state/roster.sqlite")
        try Command.run(
            "sqlite3", [roster, "CREATE TABLE theirs (a); INSERT INTO theirs VALUES (1)"], in: site.folder.url)
        chmod(roster, 0o600)
        let before = try Data(contentsOf: URL(fileURLWithPath: roster))
        let ended = try site.sync()
        #expect(ended.status == 74)
        #expect(try Data(contentsOf: URL(fileURLWithPath: roster)) == before)
    }

    @Test(arguments: [0, 100, 5_000, 40_000])
    func damagedRosterIsNeitherUsedNorRepaired(place: Int) throws {
        let (site, _) = try DiskTests.eve()
        let roster = URL(fileURLWithPath: site.folder.path("state/roster.sqlite"))
        var bytes = try Data(contentsOf: roster)
        try #require(bytes.count > place + 4_096)
        bytes.replaceSubrange(place..<(place + 96), with: Data(repeating: 0xA5, count: 96))
        try bytes.write(to: roster, options: [])
        let ended = try site.sync()
        // Damage in a page that nothing reads stays unseen; what is seen is said.
        #expect(ended.status == 74 || ended.status == 0, "\(ended.message)")
        if ended.status == 74 { #expect(ended.message.contains("\nhint: ")) }
    }
}
