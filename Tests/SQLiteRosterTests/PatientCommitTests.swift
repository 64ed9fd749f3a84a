import Reconciliation
import SQLiteRoster
import Synchronization
import TestSupport
import Testing

/// A run that is written whole is not lost because somebody looks at the roster.
struct PatientCommitTests {
    /// A connection that reads until it is told to stop.
    private final class Reader: @unchecked Sendable {
        private let database: Mutex<RawDatabase>
        private let tries = Atomic<Int>(0)

        init(_ path: String) throws {
            let raw = try RawDatabase(path)
            try raw.execute("BEGIN")
            _ = try raw.rows("SELECT count(*) FROM runs")
            database = Mutex(raw)
        }

        var waits: Int { tries.load(ordering: .relaxed) }

        func end() {
            tries.add(1, ordering: .relaxed)
            database.withLock { try? $0.execute("COMMIT") }
        }
    }

    private func run(_ roster: SQLiteRoster) throws -> RunToApply {
        var dice = Dice(seed: 7)
        return RandomRun.make(after: try roster.load(targets: RandomRun.targets), &dice)
    }

    @Test func aRunWaitsForWhoeverReads() throws {
        let (scratch, first) = try ScratchRoster.filled(seed: 7)
        try first.close()
        let reader = try Reader(scratch.path)
        var opening = RosterOpening(path: scratch.path, use: .write, patience: 0)
        opening.waiting = { reader.end() }
        let roster = try SQLiteRoster(opening)
        let before = try roster.load(targets: RandomRun.targets).generation
        try roster.apply(try run(roster))
        #expect(reader.waits == 1)
        #expect(try roster.load(targets: RandomRun.targets).generation == before + 1)
    }

    @Test func whoNeverStopsReadingIsNamed() throws {
        let (scratch, first) = try ScratchRoster.filled(seed: 7)
        try first.close()
        let reader = try Reader(scratch.path)
        var opening = RosterOpening(path: scratch.path, use: .write, patience: 0)
        opening.commitPatience = 0.1
        let roster = try SQLiteRoster(opening)
        let run = try run(roster)
        #expect(throws: RosterError.self) { try roster.apply(run) }
        reader.end()
        try roster.apply(run)
    }
}
