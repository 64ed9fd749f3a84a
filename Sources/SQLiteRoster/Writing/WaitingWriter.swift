import AccessModel
import DirectoryModel
import Reconciliation

/// Writes the line for seats of one target: only places that are new, gone or different.
final class WaitingWriter {
    private let context: PlanContext
    private let insert: SQLStatement
    private let delete: SQLStatement
    private let row: SQLStatement
    /// What the digest of the target's line changes by.
    private(set) var difference = DigestSum()
    /// `person << 32 | subject`, sorted; made when the first label is needed.
    private var subjects: [UInt64]?

    /// A place in line by the key of its row, and where it stands in the plan.
    private struct Entry: Comparable {
        var directory: Int64
        var id: ImmutableID
        var scope: Int64
        var role: Int64
        var place: Int

        static func < (left: Entry, right: Entry) -> Bool {
            if left.directory != right.directory { return left.directory < right.directory }
            if left.id != right.id { return left.id < right.id }
            if left.scope != right.scope { return left.scope < right.scope }
            return left.role < right.role
        }

        func isAt(_ other: Entry) -> Bool { !(self < other) && !(other < self) }
    }

    /// A place whose label is another than the email that its person has now.
    private struct Stale {
        var entry: Entry
        var label: ArraySlice<UInt8>
    }

    init(_ context: PlanContext) throws {
        self.context = context
        insert = try SQLStatement(
            context.connection,
            """
            REPLACE INTO waiting (target, directory, entry_id, scope, role, person, seat_priority, since, for_pace, is_first, label)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        delete = try SQLStatement(
            context.connection,
            """
            DELETE FROM waiting WHERE target = ? AND directory = ? AND entry_id = ? AND scope = ? AND role = ?
            """)
        row = try SQLStatement(
            context.connection,
            """
            SELECT \(LineDigest.columns) FROM \(LineDigest.source)
            WHERE w.target = ? AND w.directory = ? AND w.entry_id = ? AND w.scope = ? AND w.role = ?
            """)
    }

    func write() throws {
        let line = context.plan.waiting
        var wanted: [Entry] = []
        wanted.reserveCapacity(line.count)
        for (place, one) in line.enumerated() {
            wanted.append(
                Entry(
                    directory: try context.directories.number(of: one.person.directory), id: one.person.id,
                    scope: try context.texts.number(of: one.scope.description),
                    role: try context.texts.number(of: one.role), place: place))
        }
        wanted.sort()
        let (removed, added, stale) = try compare(wanted)
        let images = try ImageWriter(context.connection, run: context.run)
        for entry in removed + added {
            try images.writePlace(target: context.target) { bindKey($0, entry, from: 3) }
            difference -= try digest(entry)
        }
        for entry in removed {
            delete.bind(1, context.target)
            bindKey(delete, entry)
            try delete.run()
        }
        for entry in added {
            try add(entry)
            difference += try digest(entry)
        }
        try relabel(stale)
    }

    /// Labels are for display: undo does not look at them.
    private func relabel(_ stale: [Stale]) throws {
        if stale.isEmpty { return }
        let update = try SQLStatement(
            context.connection,
            """
            UPDATE waiting SET label = ? WHERE target = ? AND directory = ? AND entry_id = ? AND scope = ? AND role = ?
            """)
        for one in stale {
            difference -= try digest(one.entry)
            update.bind(1, text: String(decoding: one.label, as: UTF8.self))
            update.bind(2, context.target)
            bindKey(update, one.entry, from: 3)
            try update.run()
            difference += try digest(one.entry)
        }
    }

    /// The digest of a place as it stands in the file; nothing where there is none.
    private func digest(_ entry: Entry) throws -> DigestSum {
        row.bind(1, context.target)
        bindKey(row, entry)
        var digest = DigestSum()
        try row.forEach { digest += try LineDigest.of(row) }
        return digest
    }

    private func compare(_ wanted: [Entry]) throws -> (
        removed: [Entry], added: [Entry], stale: [Stale]
    ) {
        let rows = try SQLStatement(
            context.connection,
            """
            SELECT directory, entry_id, scope, role, seat_priority, since, for_pace, is_first, person, label FROM waiting
            WHERE target = ? ORDER BY directory, entry_id, scope, role
            """)
        rows.bind(1, context.target)
        var removed: [Entry] = []
        var added: [Entry] = []
        var stale: [Stale] = []
        var next = 0
        try rows.forEach {
            let stored = Entry(
                directory: rows.integer(0), id: try rows.id(1), scope: rows.integer(2), role: rows.integer(3), place: 0)
            while next < wanted.count, wanted[next] < stored {
                added.append(wanted[next])
                next += 1
            }
            guard next < wanted.count, wanted[next].isAt(stored) else { return removed.append(stored) }
            let one = context.plan.waiting[wanted[next].place]
            if rows.integer(4) != Int64(one.seatPriority) || rows.integer(5) != one.since
                || (rows.integer(6) == 1) != one.forPace || (rows.integer(7) == 1) != one.isFirst
            {
                added.append(wanted[next])
            } else if let label = label(UInt32(truncatingIfNeeded: rows.integer(8))),
                !rows.bytes(9).elementsEqual(label)
            {
                stale.append(Stale(entry: stored, label: label))
            }
            next += 1
        }
        added += wanted[next...]
        return (removed, added, stale)
    }

    private func add(_ entry: Entry) throws {
        let one = context.plan.waiting[entry.place]
        let person = try context.persons.number(directory: entry.directory, id: entry.id)
        insert.bind(1, context.target)
        bindKey(insert, entry)
        insert.bind(6, Int64(person))
        insert.bind(7, one.seatPriority)
        insert.bind(8, one.since)
        insert.bind(9, one.forPace ? 1 : 0)
        insert.bind(10, one.isFirst ? 1 : 0)
        let label = label(person).map { String(decoding: $0, as: UTF8.self) }
        insert.bind(11, text: label ?? one.person.id.description)
        try insert.run()
    }

    private func bindKey(_ statement: SQLStatement, _ entry: Entry, from place: Int32 = 2) {
        statement.bind(place, entry.directory)
        statement.bind(place + 1, id: entry.id)
        statement.bind(place + 2, entry.scope)
        statement.bind(place + 3, entry.role)
    }

    /// The email of somebody the plan is about, or whom the run has read; nil where nothing is known of it.
    private func label(_ person: UInt32) -> ArraySlice<UInt8>? {
        guard let subject = subject(person) else { return context.email(ofPerson: person) }
        let email = context.plan.texts.slice(context.plan.subjects[subject].email)
        return email.isEmpty ? nil : email
    }

    private func subject(_ person: UInt32) -> Int? {
        let known = subjects ?? context.people.enumerated().map { UInt64($1) << 32 | UInt64($0) }.sorted()
        subjects = known
        var low = 0
        var high = known.count
        while low < high {
            let middle = (low + high) / 2
            if known[middle] >> 32 < UInt64(person) { low = middle + 1 } else { high = middle }
        }
        guard low < known.count, known[low] >> 32 == UInt64(person) else { return nil }
        return Int(known[low] & 0xffff_ffff)
    }
}
