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
        #expect(try integer(raw.handle, "PRAGMA user_version") == 1)
        #expect(try integer(raw.handle, "SELECT count(*) FROM sqlite_schema WHERE name = 'half'") == 0)
        #expect(try scratch.open(.write).dump() == before)
    }

    @Test func stepsAreCountedAndNamed() throws {
        let (scratch, roster) = try ScratchRoster.filled(seed: 64)
        let before = try roster.dump()
        try roster.close()
        let raw = try RawConnection(scratch.path)
        let steps = Migration.all + [Migration(name: "second", statements: ["CREATE TABLE more (a INTEGER) STRICT"])]
        try Migrator(connection: raw.handle, migrations: steps).migrate()
        try Migrator(connection: raw.handle, migrations: steps).migrate()
        #expect(try integer(raw.handle, "PRAGMA user_version") == 2)
        #expect(try integer(raw.handle, "SELECT count(*) FROM migrations WHERE name = 'second'") == 1)
        try execute(raw.handle, "PRAGMA user_version = 1")
        #expect(try scratch.open(.write).dump() == before)
    }
}
