import AccessModel
import DirectoryModel
import Reconciliation
import SQLiteRoster
import TestSupport
import Testing

/// Messages are written with the changes they are about, and leave one by one.
struct OutboxTests {
    struct BrokenOff: Error {}

    /// Tells of every subject with the kinds of its changes.
    private func open(_ scratch: ScratchRoster) throws -> SQLiteRoster {
        try SQLiteRoster(
            RosterOpening(path: scratch.path, use: .create) { plan, place, changes, user, run in
                let version = plan.subjects[place].row?.version ?? 0
                let kinds = changes.map { "\($0.kind)" }.joined(separator: ",")
                return ("\(plan.target)/\(user)/\(version)@\(run.number)", Array(kinds.utf8))
            })
    }

    private func apply(
        _ world: World, _ target: TargetRoster, to roster: SQLiteRoster, with mirror: Mirror? = nil
    ) throws {
        let loaded = try roster.load(targets: ["acme"])
        let record = RunRecord(
            number: loaded.lastRun + 1, command: "sync", actor: "ada", started: world.now, ended: world.now,
            outcome: .applied, exitStatus: 0, summary: "", version: "1", targets: [])
        try roster.apply(
            RunToApply(
                record: record, generation: loaded.generation, mirror: mirror, stamps: [:], pins: [],
                plans: [world.plan(target)]))
    }

    private func desk() -> World {
        var world = World(.desk)
        world.rules = [World.Rule("Support", group: "support", scope: "support", role: "agent")]
        world.settings.topology.scopes.append(ScopeInstance(path: ScopePath("support")))
        world.people = ["anna", "ben"].map { World.Person($0, groups: ["support"]) }
        return world
    }

    private func users(_ roster: SQLiteRoster) throws -> TargetRoster {
        try #require(try roster.load(targets: ["acme"]).targets.first)
    }

    @Test func aMessageForEachUserThatChanged() throws {
        let scratch = try ScratchRoster()
        let roster = try open(scratch)
        var world = desk()
        try apply(world, try users(roster), to: roster)
        #expect(try roster.messages().map(\.label) == ["anna@example.org", "ben@example.org"])
        world.change("ben") { $0.state = .disabledByFlag }
        try apply(world, try users(roster), to: roster)
        let messages = try roster.messages()
        #expect(messages.map(\.body).map { String(decoding: $0, as: UTF8.self) } == ["invite", "invite", "suspend"])
        #expect(messages.map(\.key) == ["acme/1/1@1", "acme/2/1@1", "acme/2/2@2"])
        try apply(world, try users(roster), to: roster)
        #expect(try roster.messages().count == 3)
    }

    @Test func aRunBrokenOffLeavesNoMessage() throws {
        let scratch = try ScratchRoster()
        let roster = try open(scratch)
        let world = desk()
        let loaded = try roster.load(targets: ["acme"])
        let record = RunRecord(
            number: 1, command: "sync", actor: "ada", started: 1, ended: 1, outcome: .applied, exitStatus: 0,
            summary: "",
            version: "1", targets: [])
        let run = RunToApply(
            record: record, generation: loaded.generation, mirror: world.mirror(), stamps: [:], pins: [],
            plans: [world.plan(loaded.targets[0])])
        #expect(throws: BrokenOff.self) {
            try roster.apply(run) { step in if step == .recorded { throw BrokenOff() } }
        }
        #expect(try roster.messages().isEmpty)
    }

    @Test func aUserWithAFailedMessageWaitsAndOthersGoOn() throws {
        let scratch = try ScratchRoster()
        let roster = try open(scratch)
        var world = desk()
        try apply(world, try users(roster), to: roster)
        world.change("ben") { $0.state = .disabledByFlag }
        try apply(world, try users(roster), to: roster)
        #expect(try roster.due(at: 10, most: 10).map(\.number) == [1, 2, 3])
        #expect(try roster.due(at: 10, most: 2).map(\.number) == [1, 2])
        let failure = OutboxFailure(number: 2, attempts: 1, nextTry: 100, isDead: false, problem: "down")
        try roster.settle(delivered: [1], failed: [failure])
        #expect(try roster.due(at: 99, most: 10).isEmpty)
        #expect(try roster.due(at: 100, most: 10).map(\.number) == [2, 3])
        try roster.settle(
            delivered: [], failed: [OutboxFailure(number: 2, attempts: 10, nextTry: 0, isDead: true, problem: "down")])
        #expect(try roster.due(at: 1000, most: 10).isEmpty)
        let raw = try RawDatabase(scratch.path)
        #expect(
            try raw.rows("SELECT state, attempts FROM roster_outbox ORDER BY message") == [
                ["given up", "10"], ["waiting", "0"],
            ])
        #expect(try roster.retry(nil) == 1)
        #expect(try roster.due(at: 0, most: 10).map(\.number) == [2, 3])
        try roster.drop(2, recording: RandomRun.emptyRecord(3, outcome: .applied))
        #expect(try roster.messages().map(\.number) == [3])
        #expect(try roster.run(3) != nil)
        #expect(try roster.verify().problems == [])
    }

    /// A number that a human noted never means another message later.
    @Test func aNumberIsNeverGivenAgain() throws {
        let scratch = try ScratchRoster()
        let roster = try open(scratch)
        var world = desk()
        try apply(world, try users(roster), to: roster)
        try roster.settle(delivered: [1, 2], failed: [])
        world.change("ben") { $0.state = .disabledByFlag }
        try apply(world, try users(roster), to: roster)
        #expect(try roster.messages().map(\.number) == [3])
        #expect(throws: RosterMoved.self) {
            try roster.drop(1, recording: RandomRun.emptyRecord(3, outcome: .applied))
        }
        #expect(try roster.run(3) == nil)
    }

    /// A run that cannot be recorded drops nothing.
    @Test func aMessageIsDroppedWithItsRecordOrNotAtAll() throws {
        let scratch = try ScratchRoster()
        let roster = try open(scratch)
        try apply(desk(), try users(roster), to: roster)
        #expect(throws: RosterMoved.self) {
            try roster.drop(1, recording: RandomRun.emptyRecord(1, outcome: .applied))
        }
        #expect(try roster.messages().map(\.number) == [1, 2])
        #expect(try roster.verify().problems == [])
    }

    @Test(arguments: [
        "DELETE FROM outbox WHERE message = 2", "UPDATE outbox SET body = 'remove' WHERE message = 1",
        "UPDATE outbox SET dead = 1",
    ])
    func editedMessagesAreRefused(_ sql: String) throws {
        let scratch = try ScratchRoster()
        let roster = try open(scratch)
        try apply(desk(), try users(roster), to: roster)
        try roster.settle(
            delivered: [], failed: [OutboxFailure(number: 1, attempts: 1, nextTry: 9, isDead: false, problem: "down")])
        #expect(try roster.verify().problems == [])
        _ = try roster.load(targets: ["acme"])
        try roster.close()
        try RawDatabase(scratch.path).execute(sql)
        let edited = try open(scratch)
        #expect(throws: RosterError.self) { try edited.load(targets: ["acme"]) }
        #expect(try edited.verify().problems.contains { $0.contains("messages") })
    }

    /// Who waits is shown by the email that they have, not by that of the night they came.
    @Test func aWaitersEmailIsThatOfToday() throws {
        let scratch = try ScratchRoster()
        let roster = try open(scratch)
        var world = World(
            .desk, pools: [SeatPool(scope: ScopePath("support"), seatClass: "seat", limit: 1, price: nil)])
        world.rules = [World.Rule("Support", group: "support", scope: "support", role: "agent")]
        world.people = ["anna", "ben"].map { World.Person($0, groups: ["support"]) }
        try apply(world, try users(roster), to: roster, with: world.mirror())
        let waiter = try #require(try roster.load(targets: ["acme"]).targets[0].waiting.first).person
        let name = waiter == World.key("anna") ? "anna" : "ben"
        world.change(name) { $0.emails = ["\(name).new@example.org"] }
        try apply(world, try users(roster), to: roster, with: world.mirror())
        let raw = try RawDatabase(scratch.path)
        #expect(try raw.rows("SELECT email FROM roster_waiting") == [["\(name).new@example.org"]])
        #expect(try roster.images(ofRun: 2).allSatisfy { $0.placesTaken.isEmpty })
    }

    @Test func whatWaitsIsCountedByTargetWithSuspensionsApart() throws {
        let scratch = try ScratchRoster()
        let roster = try SQLiteRoster(
            RosterOpening(path: scratch.path, use: .create) { plan, place, changes, user, run in
                let kinds = changes.map { "{\"kind\":\"\($0.kind)\"}" }.joined(separator: ",")
                return ("\(plan.target)/\(user)@\(run.number)", Array(kinds.utf8))
            })
        var world = desk()
        try apply(world, try users(roster), to: roster)
        #expect(try roster.backlog() == [OutboxBacklog(target: "acme", messages: 2, oldest: world.now)])
        let began = world.now
        world.now += 3600
        world.change("ben") { $0.state = .disabledByFlag }
        try apply(world, try users(roster), to: roster)
        #expect(
            try roster.backlog() == [
                OutboxBacklog(
                    target: "acme", messages: 3, oldest: began, suspensions: 1, oldestSuspension: world.now)
            ])
        let first = try #require(try roster.due(at: world.now, most: 1).first)
        try roster.settle(
            delivered: [],
            failed: [
                OutboxFailure(number: first.number, attempts: 10, nextTry: world.now, isDead: true, problem: "no")
            ])
        #expect(try roster.deadLetters() == [OutboxBacklog(target: "acme", messages: 1, oldest: began)])
        #expect(try roster.backlog().map(\.messages) == [2])
    }
}
