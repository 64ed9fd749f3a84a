import Foundation
import Glibc
import SQLiteRoster
import TestSupport
import Testing

/// A command, the site right before it, and how it goes when nobody disturbs it: the oracle of every test of faults.
struct Undisturbed {
    var site: Site
    let command: [String]
    let before: SavedState?
    let after: SavedState
    /// After the run that follows, and how that ends.
    let quiet: SavedState
    let nextStatus: Int32?
    let planStatus: Int32?
    /// What the receiver of messages was told by the command and the run that follows.
    let told: [String: [String]]
    /// What the command says on standard error.
    let message: String
    /// How long the command takes, in microseconds.
    let length: Int

    /// What a command that copies the roster calls the copy.
    static let copy = "second.sqlite"

    /// Plays the command and the run that follows, and goes back to before.
    init(_ site: Site, _ command: [String], from before: SavedState?) throws {
        self.site = site
        self.command = command
        self.before = before
        try site.restore(before)
        site.forgetTold()
        let start = ContinuousClock.now
        let ended = try site.run(command)
        length = Int((ContinuousClock.now - start) / .microseconds(1))
        guard ended.status == 0 else { throw Command.Failure(description: "\(command): \(ended.message)") }
        message = ended.message
        after = try site.saved()
        nextStatus = try site.sync().status
        quiet = try site.saved()
        planStatus = try site.run(["plan", "--detailed-exitcode"]).status
        told = try site.told()
        guard after.problems + quiet.problems == [], quiet.waiting == 0 else {
            throw Command.Failure(description: "\(command) undisturbed: \(after.problems + quiet.problems)")
        }
        try reset()
    }

    func reset() throws {
        try site.restore(before)
        site.forgetTold()
        for name in [Undisturbed.copy, ".\(Undisturbed.copy).part"] { unlink(site.folder.path(name)) }
    }

    /// Holds what a disturbed command left to: the roster of before or of after, whole and proven; success only where it is of
    /// after; looking works; without a human the command, or the next run, makes it what it would have been; nothing is left
    /// behind; each run has its reports; every message is told, in the order of its user; and no secret is out.
    ///
    /// Returns whether the roster was that of after.
    func check(_ ended: Child.Ended, _ what: Comment) throws -> Bool {
        let left = try site.saved()
        let isAfter = left == after
        let isBefore = before.map { left == $0 } ?? left.meaning.isEmpty
        #expect(isBefore || isAfter, "\(what): \(left.difference(from: after))")
        #expect(ended.status != 0 || isAfter, what)
        #expect(left.problems == [], what)
        if !left.meaning.isEmpty { try verify("what was left", what) }
        if !isAfter {
            let again = try site.run(command)
            #expect(again.status == 0, "\(what), once more: \(again.message)")
            try expect(after, ended, what)
        }
        let next = try site.sync()
        #expect(next.status == nextStatus, "\(what), the next run: \(next.message)")
        try expect(quiet, ended, what)
        #expect(try site.run(["plan", "--detailed-exitcode"]).status == planStatus, what)
        #expect(try site.litter() == [], what)
        #expect(try site.missingReports() == [], what)
        try verify("the end", what)
        try checkTold(what)
        try checkCopy(ended, what)
        #expect(try !site.tellsPassword(ended.errors + ended.output), what)
        return isAfter
    }

    /// A copy is there whole or not at all, and one can be made under its name afterwards.
    private func checkCopy(_ ended: Child.Ended, _ what: Comment) throws {
        guard command.last == Undisturbed.copy else { return }
        let path = site.folder.path(Undisturbed.copy)
        let isThere = FileManager.default.fileExists(atPath: path)
        #expect(ended.status != 0 || isThere, what)
        if isThere {
            let reader = try SQLiteRoster(RosterOpening(path: path, use: .read))
            try reader.check(thoroughly: true)
            defer { try? reader.close() }
            #expect(try reader.verify().problems == [], what)
            #expect(try reader.dump() == before?.meaning, what)
        }
        unlink(path)
        #expect(try site.run(command).status == 0, what)
        #expect(!FileManager.default.fileExists(atPath: site.folder.path(".\(Undisturbed.copy).part")), what)
    }

    private func verify(_ when: String, _ what: Comment) throws {
        let proof = try site.run(["audit", "verify"])
        #expect(proof.status == 0, "\(what), \(when): \(proof.text)\(proof.message)")
    }

    /// A run that could still record its failure took a number of its own: then only numbers of runs differ.
    private func expect(_ wanted: SavedState, _ ended: Child.Ended, _ what: Comment) throws {
        let now = try site.saved()
        let isWanted = now == wanted || ended.status != nil && now.people == wanted.people
        #expect(isWanted, "\(what): \(now.difference(from: wanted))")
    }

    /// What a fault kept from being told comes with a later attempt, which cron makes.
    private func checkTold(_ what: Comment) throws {
        if try site.saved().waiting > 0 {
            var later = site
            later.hour += 8
            let delivered = try later.run(["deliver"])
            #expect(delivered.status == 0, "\(what), delivery: \(delivered.message)")
            #expect(try site.saved().waiting == 0, what)
        }
        #expect(try site.told() == told, what)
    }
}
