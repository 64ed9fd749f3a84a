import AccessModel
import Reconciliation
import SQLiteRoster
import TestSupport
import Testing

/// After a human accepted an edited roster, later runs go on from it, and it proves whole.
struct AcceptTests {
    private func error(_ body: () throws -> Void) -> RosterError? {
        do {
            try body()
            return nil
        } catch let error as RosterError {
            return error
        } catch {
            Issue.record("\(error)")
            return nil
        }
    }

    /// A roster some nights old, edited by another program.
    private func edited(_ sql: String, seed: UInt64 = 6) throws -> (scratch: ScratchRoster, roster: SQLiteRoster) {
        let (scratch, roster) = try ScratchRoster.filled(seed: seed, nights: 3)
        try roster.close()
        try RawDatabase(scratch.path).execute("PRAGMA ignore_check_constraints = ON; \(sql)")
        return (scratch, try scratch.open(.write))
    }

    /// An access that nobody has is written again for the edits to point at.
    private static let unusedAccess =
        "INSERT INTO accesses (target, text, effective) SELECT target, 'roles=:owner', '' FROM users WHERE user = 1"

    @Test(arguments: [
        "UPDATE users SET name = 'Somebody' WHERE user = 1",
        "UPDATE users SET email = 'new@example.org' WHERE user = (SELECT min(user) FROM users WHERE status < 3)",
        "UPDATE users SET status = 1", "UPDATE users SET status = 3",
        "\(unusedAccess); UPDATE users SET access = (SELECT max(access) FROM accesses) WHERE user = 1",
        "DELETE FROM access_parts", "DELETE FROM access_permissions", "DELETE FROM user_emails",
        "DELETE FROM waiting", "DELETE FROM user_images", "UPDATE findings SET message = 'fine'",
    ])
    func anAcceptedRosterGoesOnAndProvesWhole(_ sql: String) throws {
        let (scratch, roster) = try edited(sql)
        try roster.accept(RandomRun.emptyRecord(50, outcome: .applied))
        #expect(try roster.verify().problems == [])
        var dice = Dice(seed: 1)
        for _ in 0..<3 { try roster.apply(RandomRun.make(after: try roster.load(targets: RandomRun.targets), &dice)) }
        #expect(try roster.verify().problems == [])
        withExtendedLifetime(scratch) {}
    }

    @Test(arguments: [
        (
            "UPDATE users SET email = 'ONE@example.org', status = 1 WHERE target = 1",
            "of `desk` have one email"
        ), ("UPDATE users SET access = 999 WHERE user = 1", "user 1 has an access that is not there"),
        ("UPDATE users SET status = 9 WHERE user = 1", "user 1 cannot be read"),
        ("UPDATE accesses SET text = 'what?' WHERE access = 2", "access 2 cannot be read"),
        ("UPDATE users SET group_set = 77777 WHERE user = 1", "a set of groups is missing"),
        ("DELETE FROM directories", "user 1 cannot be read"),
    ])
    func whatNoRunCouldGoOnFromIsNotAccepted(_ sql: String, _ words: String) throws {
        let (scratch, roster) = try edited(sql)
        let before = try roster.head()
        let refused = error { try roster.accept(RandomRun.emptyRecord(50, outcome: .applied)) }
        #expect(refused?.message.contains(words) == true, "\(refused?.message ?? "accepted")")
        #expect(try roster.head() == before)
        withExtendedLifetime(scratch) {}
    }

    /// A plan made before the edit was accepted was made from another roster.
    @Test func aPlanOfBeforeMeetsAnotherGeneration() throws {
        let (scratch, roster) = try ScratchRoster.filled(seed: 6, nights: 3)
        var dice = Dice(seed: 1)
        let run = RandomRun.make(after: try roster.load(targets: RandomRun.targets), &dice)
        try roster.accept(RandomRun.emptyRecord(4, outcome: .applied))
        var late = run
        late.record.number = 5
        #expect(throws: RosterMoved.self) { try roster.apply(late) }
        withExtendedLifetime(scratch) {}
    }
}
