import Reconciliation

/// Writes the findings of one target: all of them, or those about the people whom the plan looked at.
struct FindingsWriter {
    let context: PlanContext

    private var connection: OpaquePointer { context.connection }

    func write() throws {
        if let people = context.plan.lookedAt { try exchange(people) } else { try replace() }
    }

    /// Findings mostly stay from night to night: a digest tells whether there is anything to write.
    private func replace() throws {
        var digest = FindingsDigest()
        for finding in context.plan.findings { digest.add(finding) }
        guard try set(digest) else { return }
        let delete = try SQLStatement(connection, "DELETE FROM findings WHERE target = ?")
        delete.bind(1, context.target)
        try delete.run()
        try insert(context.plan.findings, from: 0)
    }

    /// Returns whether it was another.
    private func set(_ digest: FindingsDigest) throws -> Bool {
        let update = try SQLStatement(
            connection, "UPDATE targets SET findings_digest = ?1 WHERE target = ?2 AND findings_digest IS NOT ?1")
        update.bind(1, digest.value)
        update.bind(2, context.target)
        try update.run()
        return update.changes > 0
    }

    /// Findings about people who were not looked at stay, and so does each that still holds.
    private func exchange(_ people: Set<PersonKey>) throws {
        var old: [(finding: Finding, place: Int64)] = []
        let reader = FindingsReader(connection: connection)
        func collect(_ rows: SQLStatement) throws {
            rows.bind(1, context.target)
            try rows.forEach { old.append((try FindingsReader.finding(rows), rows.integer(7))) }
        }
        try collect(reader.statement(about: false))
        let rows = try reader.statement(about: true)
        for person in people {
            rows.bind(2, text: person.directory)
            rows.bind(3, id: person.id)
            try collect(rows)
        }
        let stays = Set(old.map(\.finding)).intersection(context.plan.findings)
        let gone = old.filter { !stays.contains($0.finding) }
        let new = context.plan.findings.filter { !stays.contains($0) }
        if gone.isEmpty, new.isEmpty { return }
        var digest = FindingsDigest(value: try storedDigest())
        let delete = try SQLStatement(connection, "DELETE FROM findings WHERE target = ? AND place = ?")
        for (finding, place) in gone {
            digest.take(finding)
            delete.bind(1, context.target)
            delete.bind(2, place)
            try delete.run()
        }
        for finding in new { digest.add(finding) }
        _ = try set(digest)
        try insert(new, from: try nextPlace())
    }

    private func storedDigest() throws -> Int64 {
        let row = try SQLStatement(connection, "SELECT findings_digest FROM targets WHERE target = ?")
        row.bind(1, context.target)
        var digest: Int64 = 0
        try row.forEach { digest = row.optionalInteger(0) ?? 0 }
        return digest
    }

    private func nextPlace() throws -> Int64 {
        let row = try SQLStatement(connection, "SELECT max(place) FROM findings WHERE target = ?")
        row.bind(1, context.target)
        var next: Int64 = 0
        try row.forEach { if let last = row.optionalInteger(0) { next = last + 1 } }
        return next
    }

    private func insert(_ findings: [Finding], from first: Int64) throws {
        let insert = try SQLStatement(
            connection,
            """
            INSERT INTO findings (target, place, code, weight, directory, entry_id, label, message, hint)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        for (place, finding) in findings.enumerated() {
            insert.bind(1, context.target)
            insert.bind(2, first + Int64(place))
            insert.bind(3, text: finding.code)
            insert.bind(4, Int64(finding.weight.rawValue))
            insert.bind(5, optionalText: finding.person?.directory)
            if let person = finding.person { insert.bind(6, id: person.id) } else { insert.bind(6, optional: nil) }
            insert.bind(7, text: finding.label)
            insert.bind(8, text: finding.message)
            insert.bind(9, text: finding.hint)
            try insert.run()
        }
    }
}
