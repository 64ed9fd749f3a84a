package import AccessModel
import DirectoryModel
import GRDBSQLite
package import Reconciliation

/// A run as it is remembered, and whether it was applied.
package struct RecordedRun: Sendable, Equatable {
    package var record: RunRecord
    package var applied: Bool
}

/// One line of the audit.
package struct AuditEntry: Sendable, Equatable {
    package var entry: Int64
    package var run: Int64
    /// When the run started, seconds since 1970.
    package var time: Int64
    package var actor: String
    package var target: String
    package var person: PersonKey
    /// The user's email today, or as it was for somebody who is no user.
    package var email: String
    package var kind: ChangeKind
    package var evidence: Evidence
    package var scope: ScopePath
    package var before: String?
    package var after: String?
    package var reason: String
    /// The whole access after the change; nil where only a place in line changed.
    package var access: Access?
}

extension SQLiteRoster {
    /// Runs, newest first.
    package func runs(limit: Int = Int.max) throws -> [RecordedRun] {
        try read { try RunReader(connection: $0).runs("ORDER BY run DESC LIMIT \(limit)") }
    }

    /// The same without the keys of findings, of which there may be very many.
    package func runHeads(limit: Int) throws -> [RunRecord] {
        try read {
            try RunReader(connection: $0, readsFindings: false).runs("ORDER BY run DESC LIMIT \(limit)").map(\.record)
        }
    }

    /// The same of the nightly runs alone.
    package func nightHeads(limit: Int) throws -> [RunRecord] {
        let commands = RunRecord.nightly.sorted().map { "'\($0)'" }.joined(separator: ", ")
        return try read {
            try RunReader(connection: $0, readsFindings: false)
                .runs("WHERE command IN (\(commands)) ORDER BY run DESC LIMIT \(limit)").map(\.record)
        }
    }

    package func run(_ number: Int64) throws -> RecordedRun? {
        try read { try RunReader(connection: $0).runs("WHERE run = \(number)").first }
    }

    /// The changes of a run, in the order of its plan.
    package func changes(ofRun number: Int64) throws -> [AuditEntry] {
        var entries: [AuditEntry] = []
        try forEachChange(ofRun: number) { entries.append($0) }
        return entries
    }

    /// Hands the changes of a run to `body` one by one, in the order of its plan.
    package func forEachChange(ofRun number: Int64, _ body: (AuditEntry) throws -> Void) throws {
        try read {
            try AuditReader($0).list(
                "audit_runs i CROSS JOIN audit a ON i.run = \(number) AND a.entry BETWEEN i.first AND i.last", body)
        }
    }

    /// Everything that ever changed for a person, oldest first.
    package func history(of person: PersonKey) throws -> [AuditEntry] {
        try read { connection in
            guard let directory = try DirectoryNumbers(connection).known(person.directory),
                let number = try PersonNumbers(connection).known(directory: directory, id: person.id)
            else { return [] }
            var entries: [AuditEntry] = []
            try AuditReader(connection).list(
                "audit_people i CROSS JOIN audit a ON i.person = \(number) AND a.entry = i.entry"
            ) { entries.append($0) }
            return entries
        }
    }
}

/// Reads records of runs.
struct RunReader {
    var connection: OpaquePointer
    var readsFindings = true

    /// Reads what runs did on their targets.
    private final class TargetRecords {
        private let rows: SQLStatement
        private let texts: SQLStatement
        /// Lists of keys by the number of their text: nights often find the same, and very much of it.
        private var lists: [Int64: [String]] = [:]

        init(_ connection: OpaquePointer) throws {
            rows = try SQLStatement(
                connection,
                """
                SELECT target, mode, held, counts, holds, finding_keys FROM run_targets WHERE run = ? ORDER BY place
                """)
            texts = try SQLStatement(connection, "SELECT text FROM texts WHERE text_number = ?")
        }

        func of(run: Int64, readsFindings: Bool) throws -> [TargetRunRecord] {
            rows.bind(1, run)
            var targets: [TargetRunRecord] = []
            try rows.forEach {
                var counts: [String: Int] = [:]
                for line in LineList.lines(rows.text(3)) {
                    let parts = line.utf8.split(
                        separator: UInt8(ascii: " "), maxSplits: 1, omittingEmptySubsequences: false)
                    if parts.count == 2, let count = Int(Substring(parts[0])) {
                        counts[String(Substring(parts[1]))] = count
                    }
                }
                targets.append(
                    TargetRunRecord(
                        target: rows.text(0), mode: TargetSettings.Mode(rawValue: rows.text(1)) ?? .observe,
                        held: rows.integer(2) == 1, counts: counts, holds: LineList.lines(rows.text(4)),
                        findingKeys: readsFindings ? try list(rows.integer(5)) : []))
            }
            return targets
        }

        private func list(_ number: Int64) throws -> [String] {
            if let list = lists[number] { return list }
            texts.bind(1, number)
            try texts.forEach { lists[number] = LineList.lines(texts.bytes(0)) }
            return lists[number] ?? []
        }
    }

    func runs(_ clause: String) throws -> [RecordedRun] {
        let rows = try SQLStatement(
            connection,
            """
            SELECT run, command, actor, started, ended, outcome, exit_status, summary, version, applied FROM runs \(clause)
            """)
        let targets = try TargetRecords(connection)
        var runs: [RecordedRun] = []
        try rows.forEach {
            let record = RunRecord(
                number: rows.integer(0), command: rows.text(1), actor: rows.text(2), started: rows.integer(3),
                ended: rows.integer(4), outcome: RunRecord.Outcome(rawValue: rows.text(5)) ?? .failed,
                exitStatus: Int(rows.integer(6)), summary: rows.text(7), version: rows.text(8),
                targets: try targets.of(run: rows.integer(0), readsFindings: readsFindings))
            runs.append(RecordedRun(record: record, applied: rows.integer(9) == 1))
        }
        return runs
    }
}

/// Reads lines of the audit.
final class AuditReader {
    private let connection: OpaquePointer
    private let texts: TextReader
    private let directories: DirectoryNumbers

    init(_ connection: OpaquePointer) throws {
        self.connection = connection
        texts = try TextReader(connection)
        directories = try DirectoryNumbers(connection)
    }

    /// Hands the lines of a source that calls the audit `a` to `body`, oldest first.
    func list(_ source: String, _ body: (AuditEntry) throws -> Void) throws {
        let rows = try SQLStatement(
            connection,
            """
            SELECT a.entry, a.run, r.started, r.actor, t.name, m.directory, m.entry_id,
              coalesce((SELECT l.text FROM texts l WHERE l.text_number = a.label),
                (SELECT u.email FROM users u WHERE u.person = a.person AND u.target = a.target), ''),
              a.kind, a.evidence, a.scope, a.before, a.after, a.reason, x.text
            FROM \(source) JOIN runs r ON r.run = a.run JOIN targets t ON t.target = a.target
              JOIN mirror_people m ON m.person = a.person LEFT JOIN accesses x ON x.access = a.access
            ORDER BY a.entry
            """)
        try rows.forEach {
            guard let kind = StoredCode.change(rows.integer(8)) else {
                throw SQLFailure(code: SQLITE_CORRUPT, message: "audit entry \(rows.integer(0)) cannot be read")
            }
            try body(
                AuditEntry(
                    entry: rows.integer(0), run: rows.integer(1), time: rows.integer(2), actor: rows.text(3),
                    target: rows.text(4),
                    person: PersonKey(directory: directories.name(of: rows.integer(5)), id: try rows.id(6)),
                    email: rows.text(7), kind: kind, evidence: rows.integer(9) == 0 ? .positive : .absence,
                    scope: ScopePath(try texts.text(rows.optionalInteger(10)) ?? ""),
                    before: try texts.text(rows.optionalInteger(11)), after: try texts.text(rows.optionalInteger(12)),
                    reason: try texts.text(rows.optionalInteger(13)) ?? "",
                    access: rows.optionalText(14).flatMap { Access(canonicalText: $0) }))
        }
    }
}
