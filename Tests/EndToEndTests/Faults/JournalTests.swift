import Foundation
import TestSupport
import Testing

/// D11 and D15: a journal that is missing or of another moment, and an older file in the place of the roster.
struct JournalTests {
    private let act: Undisturbed
    private var site: Site { act.site }
    private var roster: String { site.statePath + "/roster.sqlite" }

    init() throws { act = try Act.sync.undisturbed(people: 60) }

    /// Kills the run in the midst of its writing, so that a journal is left.
    private func killInTheMidst() throws {
        try act.reset()
        let trace = site.folder.path("trace")
        let strace = try Command.path("strace")
        let whole = try site.run(act.command, through: [strace, "-o", trace, "-e", "trace=pwrite64"])
        try #require(whole.status == 0)
        let writes = try String(contentsOfFile: trace, encoding: .utf8).split(separator: "\n").count
        try act.reset()
        _ = try site.run(
            act.command, through: [strace, "-o", trace, "-e", "inject=pwrite64:signal=KILL:when=\(writes * 3 / 4)"])
        try #require(FileManager.default.fileExists(atPath: roster + "-journal"))
    }

    /// Refused with the way out, or as if nothing had happened: never something in between.
    private func expectRefusedOrWhole(_ what: Comment) throws {
        let ended = try site.sync()
        if ended.status == 0 {
            #expect(try site.saved().people == act.after.people, what)
        } else {
            #expect(ended.status == 74, "\(what): \(ended.message)")
            #expect(ended.message.contains("\nhint: "), "\(what): \(ended.message)")
        }
    }

    @Test func journalThatIsGone() throws {
        try killInTheMidst()
        try FileManager.default.removeItem(atPath: roster + "-journal")
        try expectRefusedOrWhole("without its journal")
        // The copy of before is the way out, with the journal of nobody beside it.
        try Data("rubbish".utf8).write(to: URL(fileURLWithPath: roster + "-journal"))
        let restored = try site.run(["restore", "copy.sqlite"])
        #expect(restored.status == 0, "\(restored.message)")
        #expect(try site.sync().status == 0)
        #expect(try site.saved().people == act.after.people)
        #expect(try site.run(["audit", "verify"]).status == 0)
    }

    @Test func journalOfAnotherMoment() throws {
        try killInTheMidst()
        let journal = try Data(contentsOf: URL(fileURLWithPath: roster + "-journal"))
        try act.reset()
        #expect(try site.sync().status == 0)
        try journal.write(to: URL(fileURLWithPath: roster + "-journal"))
        try expectRefusedOrWhole("with the journal of a run before it")
    }

    /// D15: an older file is refused until a human has said that it is to be.
    @Test func olderFileInTheNewOnesPlace() throws {
        try act.reset()
        let older = try Data(contentsOf: URL(fileURLWithPath: roster))
        #expect(try site.sync().status == 0)
        try older.write(to: URL(fileURLWithPath: roster), options: [])
        for command in [["sync", "--yes"], ["plan"], ["undo", "1", "--yes"], ["backup", "third.sqlite"]] {
            let ended = try site.run(command)
            #expect(ended.status == 74, "\(command): \(ended.message)")
            #expect(ended.message.contains("went backwards"), "\(command): \(ended.message)")
        }
        #expect(try Data(contentsOf: URL(fileURLWithPath: roster)) == older)
        #expect(try site.run(["audit", "accept", "--reason", "the disk was changed"]).status == 0)
        #expect(try site.sync().status == 0)
        #expect(try site.saved().people == act.after.people)
    }
}
