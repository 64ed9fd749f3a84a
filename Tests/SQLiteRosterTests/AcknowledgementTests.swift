import AccessModel
import DirectoryModel
import Reconciliation
import SQLiteRoster
import TestSupport
import Testing

/// What humans acknowledge is kept, proven with the rest, and recorded as a run.
struct AcknowledgementTests {
    private static func one(_ key: String, run: Int64, until: Int64 = 900) -> Acknowledgement {
        Acknowledgement(
            target: "desk", key: key, until: until, reason: "known\nto us", actor: "ada", since: 400, run: run)
    }

    private func act(_ roster: SQLiteRoster, _ act: AcknowledgementAct) throws {
        let number = try roster.load(targets: []).lastRun + 1
        try roster.acknowledge(act, recording: RandomRun.emptyRecord(number, outcome: .applied))
    }

    @Test func givenAreKeptAndTakenBackAreGone() throws {
        let (scratch, roster) = try ScratchRoster.filled(seed: 5)
        let (first, second) = (Self.one("a b", run: 5), Self.one("a c", run: 5))
        try act(roster, AcknowledgementAct(given: [first, second]))
        #expect(try roster.load(targets: []).acknowledgements == [first, second])
        let longer = Self.one("a b", run: 6, until: 1_000)
        try act(roster, AcknowledgementAct(given: [longer]))
        #expect(try roster.acknowledgements() == [longer, second])
        try act(roster, AcknowledgementAct(takenBack: [(target: "desk", key: "a c")]))
        #expect(try roster.acknowledgements() == [longer])
        withExtendedLifetime(scratch) {}
    }

    @Test func theRosterProvesWholeAndRunsGoOn() throws {
        let (scratch, roster) = try ScratchRoster.filled(seed: 6)
        try act(roster, AcknowledgementAct(given: [Self.one("a b", run: 5)]))
        #expect(try roster.verify().problems == [])
        var dice = Dice(seed: 1)
        try roster.apply(RandomRun.make(after: try roster.load(targets: RandomRun.targets), &dice))
        #expect(try roster.verify().problems == [])
        #expect(try roster.acknowledgements().count == 1)
        withExtendedLifetime(scratch) {}
    }

    /// Who could write one unseen would keep a night from speaking.
    @Test(arguments: [
        "UPDATE acknowledgements SET until = 99999", "DELETE FROM acknowledgements",
        "INSERT INTO acknowledgements VALUES ('desk', 'x y', 99999, '', 'mallory', 1, 1)",
    ])
    func anEditIsNoticed(_ sql: String) throws {
        let (scratch, roster) = try ScratchRoster.filled(seed: 7)
        try act(roster, AcknowledgementAct(given: [Self.one("a b", run: 5)]))
        try roster.close()
        try RawDatabase(scratch.path).execute(sql)
        let edited = try scratch.open(.write)
        #expect(try edited.verify().problems == ["table `acknowledgements` is not as the last run left it"])
        #expect(RosterError.kind { _ = try edited.load(targets: []) } != nil)
    }

    @Test func standingAddsUp() throws {
        let (scratch, roster) = try ScratchRoster.filled(seed: 8)
        let standing = try roster.standing()
        #expect(try roster.targets() == standing.targets.map(\.name))
        for target in standing.targets {
            let users = try roster.load(targets: [target.name]).targets[0].users
            for (status, count) in target.users { #expect(users.count { $0.status == status } == count, "\(status)") }
            #expect(target.users.values.reduce(0, +) == users.count)
            #expect(try roster.seats(target: target.name).map(\.row) == target.seats)
            let line = try roster.waiting(target: target.name)
            #expect(target.waiting == line.count { !$0.place.forPace })
            #expect(target.waitingForPace == line.count { $0.place.forPace })
            #expect(target.oldestWaiting == line.filter { !$0.place.forPace }.map(\.place.since).min())
            let names = try roster.namesInLine(target: target.name, most: 1_000)
            for person in line { #expect(names[person.place.person] != nil) }
        }
        withExtendedLifetime(scratch) {}
    }
}
