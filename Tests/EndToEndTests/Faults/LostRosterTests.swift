import Foundation
import TestSupport
import Testing

/// A roster that is gone though there were runs, and one that was never there, for each command that looks at it.
struct LostRosterTests {
    static let looking = [
        ["users"], ["seats"], ["groups"], ["runs"], ["show", "last"], ["history", "p1"], ["explain", "p1"],
    ]
    private static let deciding = [["plan"], ["sync", "--yes"]]

    private func site() throws -> Site { try Site(ldif: Array(Company.firstNight(20).utf8)) }

    @Test(arguments: looking + deciding) func aRosterThatIsGoneIsDamage(_ command: [String]) throws {
        var site = try site()
        _ = try site.prepare()
        site.hour = 24
        #expect(try site.sync().status == 0)
        try FileManager.default.removeItem(atPath: site.folder.path("state/roster.sqlite"))
        let ended = try site.run(command)
        #expect(ended.status == 74, "\(ended.text)\(ended.message)")
        #expect(ended.message.contains("is gone, though run 2 was recorded"), "\(ended.message)")
        #expect(ended.message.contains("hint: restore it from a backup"), "\(ended.message)")
        #expect(ended.output.isEmpty)
    }

    @Test(arguments: looking) func aRosterThatWasEmptiedIsDamage(_ command: [String]) throws {
        let site = try site()
        _ = try site.prepare()
        try site.write([], to: "state/roster.sqlite")
        let ended = try site.run(command)
        #expect(ended.status == 74, "\(ended.text)\(ended.message)")
        #expect(ended.message.contains("is empty, though run 1 was recorded"), "\(ended.message)")
    }

    @Test(arguments: looking) func beforeTheFirstRunThereIsNone(_ command: [String]) throws {
        let ended = try site().run(command)
        #expect(ended.status == 66, "\(ended.message)")
        #expect(ended.message.contains("there is no roster"), "\(ended.message)")
        #expect(ended.message.contains("the first `rollcall sync` makes it"), "\(ended.message)")
    }
}
