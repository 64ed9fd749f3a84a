import AccessModel
import DirectoryModel
import Reconciliation

/// Appends the changes of a run to the audit, in the order of the plans.
final class AuditWriter {
    private let connection: OpaquePointer
    private let insert: SQLStatement
    private let first: Int64
    private var next: Int64
    /// `person << 32 | entry - first`, for the index by person.
    private var people: [UInt64] = []
    private(set) var digest = AuditDigest()

    init(_ connection: OpaquePointer) throws {
        self.connection = connection
        insert = try SQLStatement(
            connection,
            """
            INSERT INTO audit (entry, run, target, person, kind, evidence, scope, before, after, reason, access, label)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        first = (try integer(connection, "SELECT max(entry) FROM audit") ?? 0) + 1
        next = first
    }

    func append(_ context: PlanContext) throws {
        let plan = context.plan
        people.reserveCapacity(people.count + plan.changes.count)
        for change in plan.changes {
            let place = Int(change.subject)
            guard place < plan.subjects.count else { continue }
            let subject = plan.subjects[place]
            let scope = change.scope.components.isEmpty ? nil : change.scope.description
            let label = subject.row == nil ? plan.texts[subject.email] : nil
            let values: [Int64?] = [
                next, context.run, context.target, Int64(context.people[place]), StoredCode.code(change.kind),
                change.evidence == .positive ? 0 : 1, try scope.map(context.texts.number),
                try change.before.map(context.texts.number), try change.after.map(context.texts.number),
                try context.reason(change.reason), try subject.row.map { try context.accesses.number(of: $0.access) },
                try label.map(context.texts.number),
            ]
            for (column, value) in values.enumerated() {
                insert.bind(Int32(truncatingIfNeeded: column + 1), optional: value)
            }
            digest.add(values)
            try insert.run()
            people.append(UInt64(context.people[place]) << 32 | UInt64(next - first))
            next += 1
        }
    }

    /// Writes the indexes by person and by run, in the order of their keys.
    func finish(run: Int64) throws {
        guard next > first else { return }
        let range = try SQLStatement(connection, "INSERT INTO audit_runs (run, first, last) VALUES (?, ?, ?)")
        range.bind(1, run)
        range.bind(2, first)
        range.bind(3, next - 1)
        try range.run()
        people.sort()
        let index = try SQLStatement(connection, "INSERT INTO audit_people (person, entry) VALUES (?, ?)")
        for packed in people {
            index.bind(1, Int64(packed >> 32))
            index.bind(2, first + Int64(packed & 0xffff_ffff))
            try index.run()
        }
    }
}
