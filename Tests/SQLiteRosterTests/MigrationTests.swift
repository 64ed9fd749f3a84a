import Foundation
import Reconciliation
import TestSupport
import Testing

@testable import SQLiteRoster

/// The schema grows by steps, each whole or not at all.
struct MigrationTests {

    @Test func failingStepLeavesTheFormerSchema() throws {
        let (scratch, roster) = try ScratchRoster.filled(seed: 63)
        let before = try roster.dump()
        try roster.close()
        let steps =
            Migration.all + [Migration(name: "broken", statements: ["CREATE TABLE half (a)", "CREATE TABLE half (a)"])]
        let raw = try RawConnection(scratch.path)
        #expect(throws: SQLFailure.self) { try Migrator(connection: raw.handle, migrations: steps).migrate() }
        #expect(try integer(raw.handle, "PRAGMA user_version") == Int64(Migration.all.count))
        #expect(try integer(raw.handle, "SELECT count(*) FROM sqlite_schema WHERE name = 'half'") == 0)
        #expect(try scratch.open(.write).dump() == before)
    }

    @Test func stepsAreCountedAndNamed() throws {
        let (scratch, roster) = try ScratchRoster.filled(seed: 64)
        let before = try roster.dump()
        try roster.close()
        let raw = try RawConnection(scratch.path)
        let steps = Migration.all + [Migration(name: "another", statements: ["CREATE TABLE more (a INTEGER) STRICT"])]
        try Migrator(connection: raw.handle, migrations: steps).migrate()
        try Migrator(connection: raw.handle, migrations: steps).migrate()
        #expect(try integer(raw.handle, "PRAGMA user_version") == Int64(steps.count))
        #expect(try integer(raw.handle, "SELECT count(*) FROM migrations WHERE name = 'another'") == 1)
        try execute(raw.handle, "PRAGMA user_version = \(Migration.all.count)")
        #expect(try scratch.open(.write).dump() == before)
    }

    /// A copy of before an upgrade can be looked at, and put back.
    @Test func aRosterOfBeforeIsReadAsItIsAndGoesOn() throws {
        let scratch = try ScratchRoster()
        let raw = try RawConnection(scratch.path)
        try Migrator(connection: raw.handle, migrations: [Migration.all[0]]).migrate()
        withExtendedLifetime(raw) {}
        #expect(chmod(scratch.path, 0o600) == 0)
        let before = try scratch.bytes()
        let reading = try scratch.open(.read)
        #expect(try reading.load(targets: []).acknowledgements == [])
        #expect(try reading.standing().targets == [])
        #expect(try reading.verify().problems == [])
        try reading.close()
        #expect(try scratch.bytes() == before)
        let roster = try scratch.open(.write)
        var dice = Dice(seed: 65)
        try roster.apply(RandomRun.make(after: try roster.load(targets: RandomRun.targets), &dice))
        #expect(try roster.verify().problems == [])
        #expect(try roster.acknowledgements() == [])
    }
}
