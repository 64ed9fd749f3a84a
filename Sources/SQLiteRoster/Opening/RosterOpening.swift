import Dispatch
import GRDB
import GRDBSQLite
import Glibc
package import Reconciliation

/// How to open a roster.
package struct RosterOpening: Sendable {
    package enum Use: Sendable, Equatable {
        /// Looks only; the file must be there.
        case read
        /// Reads and writes; the file must be there.
        case write
        /// Reads and writes, and makes the file where there is none: `sync` and `init`.
        case create
    }
    package var path: String
    package var use: Use
    /// System group that may read the roster (mode 0640 instead of 0600).
    package var readers: UInt32?
    /// How long to wait for another program's lock, in seconds.
    package var patience: Double
    /// How long a run that is written waits for others who still read, in seconds.
    package var commitPatience: Double = 60
    /// Told now and then while it waits for them.
    package var waiting: (@Sendable () -> Void)?
    /// Makes the messages that a run leaves in the outbox; nil where nobody is told of changes.
    package var composer: Composer?

    /// A subject's changes as a message with its key: plan, place of the subject, its changes, number of the user, run.
    ///
    /// Nil where nobody has to be told.
    package typealias Composer =
        @Sendable (TargetPlan, Int, [Change], Int64, RunRecord) -> (key: String, body: [UInt8])?

    package init(
        path: String, use: Use, readers: UInt32? = nil, patience: Double = 5,
        composer: Composer? = nil
    ) {
        self.path = path
        self.use = use
        self.readers = readers
        self.patience = patience
        self.composer = composer
    }

    /// Throws where the file is not one that this user of the machine could open to write; it is not opened.
    package func check(writer: UInt32) throws {
        _ = try RosterFile(path: path, readers: readers).inspect(writer: writer)
    }
}

/// Opens the file in the order that keeps foreign, newer and damaged files untouched.
struct RosterConnection {
    /// `Roll` in ASCII: marks the file as a roster.
    static let applicationID: Int64 = 0x526f_6c6c

    var opening: RosterOpening

    func open() throws -> DatabaseQueue {
        let file = RosterFile(path: opening.path, readers: opening.readers)
        var state = try file.inspect(writer: opening.use == .read ? nil : geteuid())
        if state == .absent {
            guard opening.use == .create else { throw missing }
            try file.create()
            state = .empty
        }
        if state == .empty, opening.use != .create { throw missing }
        let cutShort = file.hasJournal
        let queue = try naming { try DatabaseQueue(path: opening.path, configuration: configuration(cutShort)) }
        try naming {
            try queue.inDatabase { database in
                guard let connection = database.sqliteConnection else {
                    throw DatabaseError(resultCode: .SQLITE_MISUSE)
                }
                try identify(connection, isNew: state == .empty)
                try settle(connection)
                if opening.use != .read { try Migrator(connection: connection).migrate() }
                if cutShort, opening.use != .read {
                    try RosterCheck(connection: connection, path: opening.path).quick()
                }
            }
        }
        if opening.use != .read { try file.openToReaders() }
        return queue
    }

    /// Looking writes nothing, but to take back what a killed run had begun: SQLite cannot read past an open journal.
    private func configuration(_ cutShort: Bool) -> Configuration {
        var configuration = Configuration()
        configuration.readonly = opening.use == .read && !cutShort
        configuration.busyMode = .timeout(opening.patience)
        configuration.label = "roster"
        // No thread of a higher class: an unprivileged process may not have one, and the attempt would be logged each night.
        configuration.qos = .default
        return configuration
    }

    /// Whose file it is and who wrote it last: read before anything else, so that nothing is written to another's file.
    private func identify(_ connection: OpaquePointer, isNew: Bool) throws {
        let application = try integer(connection, "PRAGMA application_id") ?? 0
        let version = try integer(connection, "PRAGMA user_version") ?? 0
        let tables = try integer(connection, "SELECT count(*) FROM sqlite_schema") ?? 0
        if application == 0, version == 0, tables == 0, opening.use == .create { return }
        guard application == RosterConnection.applicationID else {
            if application == 0, version == 0, tables == 0 { throw missing }
            throw RosterError(
                kind: .foreign, message: "`\(opening.path)` is a database of another program, not a roster",
                hint: "name another file in `state:`; this one was left as it is")
        }
        let known = Migration.all.count
        guard version <= known else {
            throw RosterError(
                kind: .newer,
                message:
                    "the roster `\(opening.path)` was written by a newer Rollcall (schema \(version), this one knows \(known))",
                hint: "run the newer Rollcall, or put back the copy from before its first run")
        }
        guard version >= Migration.oldestReadable || opening.use != .read else {
            throw RosterError(
                kind: .newer,
                message: "the roster `\(opening.path)` was written by an older Rollcall (schema \(version))",
                hint: "run `rollcall sync` once: it brings the roster up to date")
        }
    }

    /// Settings of the connection; those that matter for safety are read back.
    ///
    /// The hook by which GRDB follows what statements read is taken out: nobody observes a roster, and it would look at each
    /// column of each statement.
    private func settle(_ connection: OpaquePointer) throws {
        sqlite3_set_authorizer(connection, nil, nil)
        try execute(
            connection,
            """
            PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0; PRAGMA foreign_keys = ON;
            PRAGMA temp_store = MEMORY; PRAGMA cache_size = -32768
            """)
        guard try integer(connection, "PRAGMA foreign_keys") == 1 else { throw setting("foreign_keys") }
        guard opening.use != .read else {
            try execute(connection, "PRAGMA query_only = ON")
            return
        }
        try execute(connection, "PRAGMA synchronous = EXTRA; PRAGMA secure_delete = FAST")
        guard try integer(connection, "PRAGMA synchronous") == 3 else { throw setting("synchronous") }
        let journal = try SQLStatement(connection, "PRAGMA journal_mode = DELETE")
        defer { journal.reset() }
        guard try journal.step(), journal.text(0) == "delete" else { throw setting("journal_mode") }
    }

    private var missing: RosterError {
        RosterError(
            kind: .missing, message: "there is no roster at `\(opening.path)`",
            hint: "the first `rollcall sync` makes it; or look whether `state:` names the right folder")
    }

    private func setting(_ name: String) -> RosterError {
        RosterError(
            kind: .cannotWrite, message: "the roster `\(opening.path)` does not take the setting `\(name)`",
            hint: "another program may hold it open; see who has it: `fuser \(opening.path)`")
    }

    private func naming<Value>(_ body: () throws -> Value) throws -> Value {
        try namingFailures(path: opening.path, body)
    }
}

/// Runs `body` and tells failures of SQLite in the words of a roster.
func namingFailures<Value>(path: String, _ body: () throws -> Value) throws -> Value {
    do {
        return try body()
    } catch let failure as SQLFailure {
        throw failure.rosterError(path: path)
    } catch let error as DatabaseError {
        throw SQLFailure(error).rosterError(path: path)
    } catch let unusable as RosterUnusable {
        throw RosterError(
            kind: .edited, message: "no run could go on from the roster `\(path)` as it is: \(unusable.problem)",
            hint: "set that right first, or put back a copy with `rollcall restore`; nothing was accepted")
    } catch let edited as RosterEdited {
        let told =
            edited.run == 0
            ? "holds users of runs that it does not know" : "is not as run \(edited.run) left it: \(edited.part) differ"
        throw RosterError(
            kind: .edited, message: "the roster `\(path)` \(told)",
            hint: "put back a copy with `rollcall restore`; or, once you know who edited it and why, "
                + "`rollcall audit accept --reason …` goes on from what is there")
    }
}
