import DirectoryModel
import GRDB
import GRDBSQLite
package import Reconciliation
import Synchronization

/// The roster in one SQLite file.
///
/// Every call is one transaction. Reading and writing go through prepared statements on the connection of a `DatabaseQueue`, so
/// that a million users cost what SQLite itself costs.
package final class SQLiteRoster: RosterStore, Sendable {
    package let path: String
    private let queue: DatabaseQueue
    private let composer: RosterOpening.Composer?
    private let patience: Double
    private let patientCommit: PatientCommit
    /// As which the file was last found to be as the last run left it.
    private let proven = Mutex<FileVersion?>(nil)

    /// Opens the file; foreign, newer and damaged files are refused and left as they are.
    package init(_ opening: RosterOpening) throws {
        path = opening.path
        composer = opening.composer
        patience = opening.patience
        patientCommit = PatientCommit(seconds: opening.commitPatience, waiting: opening.waiting)
        queue = try RosterConnection(opening: opening).open()
    }

    package func load(targets: [String]) throws -> Roster {
        try read { connection in
            let roster = try RosterReader(connection).roster(targets: targets)
            let version = try FileVersion(connection)
            proven.withLock { $0 = version }
            return roster
        }
    }

    /// Whether nobody wrote the file since it was found to be as the last run left it.
    func isProven(_ connection: OpaquePointer) throws -> Bool {
        let version = try FileVersion(connection)
        return proven.withLock { $0 == version }
    }

    package func load(targets: [String], people: [PersonKey]) throws -> Roster {
        try read { try RosterReader($0).roster(targets: targets, people: people) }
    }

    package func apply(_ run: RunToApply) throws {
        try apply(run) { _ in }
    }

    /// Applies a run and tells after each step; an error thrown there leaves the roster as it was before.
    package func apply(_ run: RunToApply, step: (ApplyStep) throws -> Void) throws {
        try write { try RunWriter($0, run, composer: composer).write(step) }
    }

    package func record(_ run: RunRecord) throws {
        try write { try RunRecordWriter(connection: $0, texts: TextNumbers($0)).write(run, applied: false) }
    }

    /// Looks through the whole file for damage.
    package func check(thoroughly: Bool) throws {
        try namingFailures(path: path) {
            try queue.inDatabase { database in
                let check = RosterCheck(connection: try raw(database), path: path)
                if thoroughly { try check.thorough() } else { try check.quick() }
            }
        }
    }

    /// Ends the connection.
    ///
    /// Afterwards the roster is not used again.
    package func close() throws {
        try namingFailures(path: path) { try queue.close() }
    }

    /// Runs `body` over one consistent state; `patiently`, it waits for a run that is just becoming durable.
    func read<Value>(patiently: Bool = false, _ body: (OpaquePointer) throws -> Value) throws -> Value {
        try namingFailures(path: path) {
            var value: Result<Value, any Error>?
            try queue.inDatabase { database in
                let connection = try raw(database)
                defer { if patiently { sqlite3_busy_timeout(connection, Int32(patience * 1000)) } }
                if patiently { patientCommit.begin(on: connection) }
                try database.inTransaction(.deferred) {
                    value = .success(try body(raw(database)))
                    return .commit
                }
            }
            guard let value else { throw DatabaseError(resultCode: .SQLITE_ABORT) }
            return try value.get()
        }
    }

    /// Runs `body` without a transaction around it: for single questions, each of which sees the file as it is.
    func asking<Value>(_ body: (OpaquePointer) throws -> Value) throws -> Value {
        try namingFailures(path: path) { try queue.inDatabase { try body(raw($0)) } }
    }

    /// Runs `body` in one transaction, and is patient with others who still read when it is to become durable.
    ///
    /// With `waitingToBegin` it waits as long for another who writes.
    func write(waitingToBegin: Bool = false, _ body: (OpaquePointer) throws -> Void) throws {
        try namingFailures(path: path) {
            try queue.inDatabase { database in
                let connection = try raw(database)
                defer { sqlite3_busy_timeout(connection, Int32(patience * 1000)) }
                if waitingToBegin { patientCommit.begin(on: connection) }
                try database.inTransaction(.immediate) {
                    try body(connection)
                    patientCommit.begin(on: connection)
                    return .commit
                }
            }
        }
    }

    private func raw(_ database: Database) throws -> OpaquePointer {
        guard let connection = database.sqliteConnection else { throw DatabaseError(resultCode: .SQLITE_MISUSE) }
        return connection
    }
}
