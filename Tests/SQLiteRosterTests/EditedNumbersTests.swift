import Reconciliation
import SQLiteRoster
import TestSupport
import Testing

/// Numbers that somebody edited end as damage, never as a trap: rows point at rows, and room is made by them.
struct EditedNumbersTests {
    private func edited(_ sql: String) throws -> (scratch: ScratchRoster, roster: SQLiteRoster) {
        let (scratch, roster) = try ScratchRoster.filled(seed: 2, nights: 5)
        try roster.close()
        try RawDatabase(scratch.path).execute("PRAGMA ignore_check_constraints = ON; \(sql)")
        return (scratch, try scratch.open(.write))
    }

    @Test(arguments: [
        "UPDATE mirror_groups SET grp = -1 WHERE grp = (SELECT max(grp) FROM mirror_groups)",
        "UPDATE mirror_groups SET grp = 1099511627776 WHERE grp = (SELECT max(grp) FROM mirror_groups)",
        "UPDATE mirror_people SET person = 1099511627776 WHERE person = (SELECT max(person) FROM mirror_people)",
        "UPDATE mirror_people SET person = -9 WHERE person = (SELECT max(person) FROM mirror_people)",
        "UPDATE mirror_entries SET person = 1099511627776 WHERE person = (SELECT max(person) FROM mirror_entries WHERE hash IS NOT NULL)",
        "UPDATE mirror_entries SET person = -1 WHERE person = (SELECT max(person) FROM mirror_entries WHERE hash IS NOT NULL)",
        "UPDATE directories SET place = 7 WHERE place = 0", "UPDATE directories SET place = -1 WHERE place = 0",
    ])
    func theMirrorIsDamaged(_ sql: String) throws {
        let (scratch, roster) = try edited(sql)
        let kind = RosterError.kind { _ = try roster.loadMirror() }
        // Somebody numbered below zero is nobody that an entry names.
        #expect(kind == .damaged || (kind == nil && sql.contains("-9")))
        withExtendedLifetime(scratch) {}
    }

    @Test(arguments: [
        "UPDATE access_users SET users = 9223372036854775807", "UPDATE access_users SET users = -1",
        "UPDATE access_users SET users = 4294967296",
    ])
    func countsOfUsersAreDamaged(_ sql: String) throws {
        let (scratch, roster) = try edited(sql)
        #expect(RosterError.kind { _ = try roster.load(targets: RandomRun.targets) } == .damaged)
        withExtendedLifetime(scratch) {}
    }

    @Test(arguments: [
        "UPDATE access_users SET users = 4000000000",
        "UPDATE accesses SET access = 1099511627776 WHERE access = (SELECT max(access) FROM accesses)",
        "UPDATE accesses SET access = -1 WHERE access = (SELECT max(access) FROM accesses)",
        "UPDATE group_sets SET group_set = 1099511627776 WHERE group_set = 1",
        "UPDATE group_sets SET group_set = -1 WHERE group_set = 1", "DELETE FROM group_sets WHERE group_set = 1",
        "UPDATE directories SET directory = 1099511627776 WHERE directory = 1",
        "UPDATE users SET directory = 99", "UPDATE users SET directory = -1", "UPDATE users SET access = -1",
        "UPDATE users SET group_set = -1", "UPDATE users SET version = 9223372036854775807",
        "UPDATE waiting SET directory = 99", "UPDATE user_pending SET runs = 9223372036854775807",
        "UPDATE mirror_groups SET grp = -1 WHERE grp = 1",
    ])
    func nothingTrapsWhateverIsAsked(_ sql: String) throws {
        let (scratch, roster) = try edited(sql)
        _ = RosterError.kind { _ = try roster.load(targets: RandomRun.targets) }
        _ = RosterError.kind { _ = try roster.verify() }
        _ = RosterError.kind { _ = try roster.loadMirror() }
        _ = RosterError.kind { try roster.accept(RandomRun.emptyRecord(50, outcome: .applied)) }
        _ = RosterError.kind { _ = try roster.load(targets: RandomRun.targets) }
        _ = RosterError.kind { _ = try roster.users(UserQuery()) }
        for run in Int64(1)...5 { _ = RosterError.kind { _ = try roster.images(ofRun: run) } }
        #expect(try roster.head() != nil)
        withExtendedLifetime(scratch) {}
    }
}
