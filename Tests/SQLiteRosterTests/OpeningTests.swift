import Foundation
import SQLiteRoster
import TestSupport
import Testing

/// What may be opened, how, and what is refused and left as it is.
struct OpeningTests {
    private func kind(_ body: () throws -> Void) -> RosterError.Kind? {
        do {
            try body()
            return nil
        } catch let error as RosterError {
            #expect(!error.message.isEmpty && !error.hint.isEmpty && !error.message.hasSuffix("."))
            return error.kind
        } catch {
            Issue.record("\(error)")
            return nil
        }
    }

    private func mode(_ path: String) throws -> Int {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int ?? -1
    }

    @Test func newRosterIsMarkedAndClosedToOthers() throws {
        let scratch = try ScratchRoster()
        try scratch.open().close()
        #expect(try mode(scratch.path) == 0o600)
        let raw = try RawDatabase(scratch.path)
        #expect(try raw.rows("PRAGMA application_id") == [["1383033964"]])
        #expect(try raw.rows("PRAGMA user_version") == [["2"]])
        let steps = [["first roster"], ["acknowledged findings"]]
        #expect(try raw.rows("SELECT name FROM migrations ORDER BY number") == steps)
        let loose = try raw.rows(
            "SELECT name FROM pragma_table_list WHERE type = 'table' AND strict = 0 AND name NOT LIKE 'sqlite%'")
        #expect(loose.isEmpty)
    }

    @Test func readersGetTheirGroup() throws {
        let scratch = try ScratchRoster()
        try SQLiteRoster(RosterOpening(path: scratch.path, use: .create, readers: getegid())).close()
        #expect(try mode(scratch.path) == 0o640)
        #expect(kind { _ = try scratch.open(.write) } == .unsafe)
    }

    @Test(arguments: [RosterOpening.Use.read, .write]) func lookingMakesNoRoster(_ use: RosterOpening.Use) throws {
        let scratch = try ScratchRoster()
        #expect(kind { _ = try scratch.open(use) } == .missing)
        #expect(!FileManager.default.fileExists(atPath: scratch.path))
        try scratch.folder.write("", to: "roster.sqlite")
        #expect(chmod(scratch.path, 0o600) == 0)
        #expect(kind { _ = try scratch.open(use) } == .missing)
        #expect(try scratch.bytes().isEmpty)
    }

    @Test(arguments: ["PRAGMA application_id = 77", "CREATE TABLE theirs (a)", "PRAGMA user_version = 3"])
    func databaseOfAnotherProgramIsRefusedUntouched(_ sql: String) throws {
        let scratch = try ScratchRoster()
        try RawDatabase(scratch.path).execute("\(sql); PRAGMA secure_delete")
        #expect(chmod(scratch.path, 0o600) == 0)
        let before = try scratch.bytes()
        #expect(!before.isEmpty)
        for use in [RosterOpening.Use.read, .write, .create] {
            #expect(kind { _ = try scratch.open(use) } == .foreign)
        }
        #expect(try scratch.bytes() == before)
    }

    @Test func newerRosterIsRefusedUntouched() throws {
        let scratch = try ScratchRoster()
        try scratch.open().close()
        try RawDatabase(scratch.path).execute("PRAGMA user_version = 99")
        let before = try scratch.bytes()
        for use in [RosterOpening.Use.read, .write, .create] {
            #expect(kind { _ = try scratch.open(use) } == .newer)
        }
        #expect(try scratch.bytes() == before)
    }

    @Test func textFileIsRefusedUntouched() throws {
        let scratch = try ScratchRoster()
        let text = String(repeating: "not a database\n", count: 100)
        try scratch.folder.write(text, to: "roster.sqlite")
        #expect(chmod(scratch.path, 0o600) == 0)
        #expect(kind { _ = try scratch.open() } == .damaged)
        #expect(try scratch.bytes() == Data(text.utf8))
    }

    @Test func tornPagesAreFound() throws {
        let (scratch, roster) = try ScratchRoster.filled(seed: 2)
        try roster.close()
        let whole = try scratch.bytes()
        var torn = whole
        for place in stride(from: 4096 * 3, to: torn.count, by: 4096) { torn[place] = 0xff }
        for damaged in [torn, whole.prefix(whole.count / 2 / 4096 * 4096)] {
            try damaged.write(to: URL(fileURLWithPath: scratch.path))
            #expect(chmod(scratch.path, 0o600) == 0)
            #expect(kind { try scratch.open(.write).check(thoroughly: false) } == .damaged)
            #expect(try scratch.bytes() == damaged)
        }
    }

    /// D11: what another journal mode left would be taken into the roster, or stand in for it.
    @Test(arguments: ["-wal", "-shm"]) func aLogBesideTheRosterIsRefusedUntouched(_ suffix: String) throws {
        let (scratch, roster) = try ScratchRoster.filled(seed: 2)
        try roster.close()
        let before = try scratch.bytes()
        let log = String(repeating: "older than the roster\n", count: 3000)
        try scratch.folder.write(log, to: "roster.sqlite\(suffix)")
        for use in [RosterOpening.Use.read, .write, .create] {
            #expect(kind { _ = try scratch.open(use) } == .unsafe)
        }
        #expect(try scratch.bytes() == before)
        #expect(try String(contentsOfFile: scratch.path + suffix, encoding: .utf8) == log)
    }

    /// An edit that a later run stumbles over is not told as a fault of the program's alone.
    @Test func aRefusedRowNamesTheLookThroughEverything() throws {
        let (scratch, roster) = try ScratchRoster.filled(seed: 2)
        try roster.close()
        try RawDatabase(scratch.path).execute(
            "CREATE TRIGGER theirs BEFORE INSERT ON runs BEGIN SELECT RAISE(ABORT, 'no'); END")
        let edited = try scratch.open(.write)
        let refused = #expect(throws: RosterError.self) { try edited.record(RandomRun.emptyRecord(99)) }
        #expect(refused?.hint.contains("`rollcall audit verify`") == true)
    }

    @Test func linksAndOpenModesAreRefused() throws {
        let scratch = try ScratchRoster()
        try scratch.open().close()
        let link = scratch.folder.path("link.sqlite")
        #expect(symlink(scratch.path, link) == 0)
        #expect(kind { _ = try SQLiteRoster(RosterOpening(path: link, use: .write)) } == .unsafe)
        #expect(kind { _ = try SQLiteRoster(RosterOpening(path: scratch.folder.url.path, use: .read)) } == .unsafe)
        #expect(chmod(scratch.path, 0o644) == 0)
        #expect(kind { _ = try scratch.open(.write) } == .unsafe)
        #expect(chmod(scratch.path, 0o600) == 0)
        #expect(Glibc.link(scratch.path, scratch.folder.path("second.sqlite")) == 0)
        #expect(kind { _ = try scratch.open(.read) } == .unsafe)
    }

    @Test func lockedRosterSaysSo() throws {
        let scratch = try ScratchRoster()
        try scratch.open().close()
        let other = try RawDatabase(scratch.path)
        try other.execute("BEGIN EXCLUSIVE")
        #expect(kind { _ = try SQLiteRoster(RosterOpening(path: scratch.path, use: .write, patience: 0)) } == .locked)
        try other.execute("ROLLBACK")
        try scratch.open(.write).close()
    }

    @Test func missingFolderSaysSo() throws {
        let folder = try TemporaryDirectory()
        #expect(
            kind { _ = try SQLiteRoster(RosterOpening(path: folder.path("no/roster.sqlite"), use: .create)) }
                == .cannotWrite)
    }

    @Test func readerSeesWhatWasWritten() throws {
        let (scratch, roster) = try ScratchRoster.filled(seed: 8)
        let reader = try scratch.open(.read)
        #expect(try reader.dump() == roster.dump())
        #expect(throws: RosterError.self) { try reader.record(RandomRun.emptyRecord(99)) }
    }
}
