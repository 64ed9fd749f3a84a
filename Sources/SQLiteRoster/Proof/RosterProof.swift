import Diagnostics
import DirectoryModel
package import Reconciliation

/// What looking through the whole roster found.
package struct ProofReport: Sendable, Equatable {
    package var runs = 0
    package var changes = 0
    package var users = 0
    package var head: AuditHead?
    /// What does not fit, one sentence each, in the order of the look; empty for a roster as it should be.
    package var problems: [String] = []
}

extension SQLiteRoster {
    /// The last run and its hash; nil before the first.
    package func head() throws -> AuditHead? {
        try read { connection in
            try ChainReader(connection: connection).last().map {
                AuditHead(run: $0.run, hash: Hexadecimal.text($0.hash))
            }
        }
    }

    /// The hash of one run, in hexadecimal digits.
    package func hash(ofRun run: Int64) throws -> String? {
        try read { try ChainReader(connection: $0).hash(ofRun: run).map { Hexadecimal.text($0) } }
    }

    /// Looks through every run, every change and every user for what is not as it was written.
    package func verify() throws -> ProofReport {
        try check(thoroughly: true)
        return try read { try RosterProof(connection: $0).report() }
    }

    /// Records a run that takes the roster as it is now, whoever edited it; what follows from users and accesses is made anew.
    ///
    /// Nothing is accepted where no run could go on from it. Plans made before find another generation.
    package func accept(_ record: RunRecord) throws {
        try write { connection in
            try DerivedTables(connection: connection).rebuild()
            try execute(connection, "UPDATE roster SET generation = generation + 1")
            let proof = RosterProof(connection: connection)
            try proof.digestFindings()
            let digests = try proof.digests()
            try execute(connection, "DELETE FROM digests")
            try PartDigests(connection: connection).store(digests, over: [:])
            try RunRecordWriter(connection: connection, texts: TextNumbers(connection)).write(record, applied: false)
            _ = try RosterReader(connection).roster(targets: proof.targetNames().values.sorted())
        }
    }
}

/// Works everything out anew and compares.
struct RosterProof {
    var connection: OpaquePointer

    func report() throws -> ProofReport {
        var report = ProofReport()
        try checkChain(&report)
        try checkParts(&report)
        try checkDerived(&report)
        report.problems += try MirrorProof(connection: connection).problems()
        return report
    }

    private func checkChain(_ report: inout ProofReport) throws {
        var previous = ChainLink.start
        var covered = 0
        try ChainReader(connection: connection).forEach { run, link, hash in
            report.runs += 1
            if link.previous != previous {
                report.problems.append("run \(run) does not follow the run before it: one was taken out or put in")
            }
            if link.hash != hash { report.problems.append("the record of run \(run) was changed") }
            let audit = try audit(ofRun: run)
            covered += audit.rows
            if audit.bytes != link.audit { report.problems.append("the changes of run \(run) are not those it made") }
            previous = hash
            report.head = AuditHead(run: run, hash: Hexadecimal.text(hash))
        }
        report.changes = Int(try integer(connection, "SELECT count(*) FROM audit") ?? 0)
        if report.changes != covered {
            report.problems.append("\(report.changes - covered) changes belong to no run")
        }
    }

    private func audit(ofRun run: Int64) throws -> AuditDigest {
        let rows = try SQLStatement(
            connection,
            """
            SELECT a.entry, a.run, a.target, a.person, a.kind, a.evidence, a.scope, a.before, a.after, a.reason, a.access,
              a.label FROM audit_runs r CROSS JOIN audit a ON a.entry BETWEEN r.first AND r.last
            WHERE r.run = ? ORDER BY a.entry
            """)
        rows.bind(1, run)
        var digest = AuditDigest()
        try rows.forEach { digest.add(try (0..<12).map { try rows.optionalWholeNumber($0) }) }
        return digest
    }

    /// Every digest, worked out from what is there.
    func digests() throws -> [String: DigestSum] {
        let parts = PartDigests(connection: connection)
        var digests = try users().parts
        digests.merge(try lines()) { $1 }
        for table in PartDigests.tables + PartDigests.accessTables { digests[table] = try parts.content(of: table) }
        for table in KeptRows.tables { digests[table] = try KeptRows(connection: connection).content(of: table) }
        digests[PartDigests.texts] = try texts()
        digests[PartDigests.accounts] = try AccountWriter.digest(connection)
        digests[OutboxDigest.part] = try OutboxDigest.content(connection)
        return digests
    }

    /// Takes the findings as they are.
    func digestFindings() throws {
        let update = try SQLStatement(connection, "UPDATE targets SET findings_digest = ? WHERE target = ?")
        for target in try targetNames().keys.sorted() {
            update.bind(1, try FindingsDigest.stored(target: target, connection))
            update.bind(2, target)
            try update.run()
        }
    }

    private func checkParts(_ report: inout ProofReport) throws {
        let parts = PartDigests(connection: connection)
        let stored = try parts.stored()
        if report.runs == 0 { return }
        let tables = PartDigests.tables + PartDigests.accessTables
        for table in tables where try parts.content(of: table) != stored[table] ?? DigestSum() {
            report.problems.append("table `\(table)` is not as the last run left it")
        }
        let users = try users()
        report.users = users.count
        let names = try targetNames()
        for (part, digest) in users.parts.sorted(by: { $0.key < $1.key }) where digest != stored[part] {
            let name = names.first { PartDigests.users($0.key) == part }?.value ?? "an unknown target"
            report.problems.append("users of `\(name)` are not as the last run left them")
        }
        for (part, digest) in try lines().sorted(by: { $0.key < $1.key }) where digest != stored[part] ?? DigestSum() {
            let name = names.first { PartDigests.line($0.key) == part }?.value ?? "an unknown target"
            report.problems.append("the line for seats of `\(name)` is not as the last run left it")
        }
        if try texts() != stored[PartDigests.texts] ?? DigestSum() {
            report.problems.append("the texts of the audit are not those that were written")
        }
        if try AccountWriter.digest(connection) != stored[PartDigests.accounts] ?? DigestSum() {
            report.problems.append("the platform's account ids are not as the last run left them")
        }
        try checkKept(stored, &report)
        var last: [UInt8] = []
        let row = try SQLStatement(connection, "SELECT roster_digest FROM runs ORDER BY run DESC LIMIT 1")
        try row.forEach { last = Array(row.bytes(0)) }
        if last != PartDigests.seal(stored) { report.problems.append("the digests are not those of the last run") }
    }

    /// What no run decides by before somebody asks for it: what undo goes by, what waits to be delivered, findings.
    private func checkKept(_ stored: [String: DigestSum], _ report: inout ProofReport) throws {
        let kept = KeptRows(connection: connection)
        for table in KeptRows.tables where try kept.content(of: table) != stored[table] ?? DigestSum() {
            report.problems.append("table `\(table)` is not as runs left it")
        }
        if try OutboxDigest.content(connection) != stored[OutboxDigest.part] ?? DigestSum() {
            report.problems.append("messages that wait to be delivered are not those that were written")
        }
        let rows = try SQLStatement(connection, "SELECT target, name, findings_digest FROM targets NOT INDEXED")
        try rows.forEach {
            guard let digest = rows.optionalInteger(2) else { return }
            if try FindingsDigest.stored(target: rows.integer(0), connection) != digest {
                report.problems.append("findings of `\(rows.text(1))` are not those that were written")
            }
        }
    }

    func targetNames() throws -> [Int64: String] {
        let rows = try SQLStatement(connection, "SELECT target, name FROM targets NOT INDEXED")
        var names: [Int64: String] = [:]
        try rows.forEach { names[rows.integer(0)] = rows.text(1) }
        return names
    }

    /// The digest of the users of each target, by part.
    func users() throws -> (parts: [String: DigestSum], count: Int) {
        var sums: [Int64: DigestSum] = [:]
        var count = 0
        for target in try targetNames().keys { sums[target] = DigestSum() }
        let details = try DetailsReader(connection)
        let rows = try SQLStatement(connection, "SELECT \(UserDigest.columns) FROM users")
        let detailed = try usersWithDetails()
        try rows.forEach {
            count += 1
            let user = rows.integer(0)
            var sum = UserDigest.of(rows, id: try rows.id(3))
            if detailed.contains(user) { sum += UserDigest.of(try details.details(user: user), user: user) }
            sums[rows.integer(1), default: DigestSum()] += sum
        }
        var parts: [String: DigestSum] = [:]
        for (target, sum) in sums where sum != DigestSum() { parts[PartDigests.users(target)] = sum }
        for (part, _) in try PartDigests(connection: connection).stored() where part.utf8.starts(with: "users ".utf8) {
            if parts[part] == nil { parts[part] = DigestSum() }
        }
        return (parts, count)
    }

    /// The digest of the line of each target, by part.
    func lines() throws -> [String: DigestSum] {
        let rows = try SQLStatement(connection, "SELECT w.target, \(LineDigest.columns) FROM \(LineDigest.source)")
        var parts: [String: DigestSum] = [:]
        for target in try targetNames().keys { parts[PartDigests.line(target)] = DigestSum() }
        try rows.forEach {
            parts[PartDigests.line(rows.integer(0)), default: DigestSum()] += try LineDigest.of(rows, from: 1)
        }
        return parts
    }

    private func usersWithDetails() throws -> Set<Int64> {
        let rows = try SQLStatement(
            connection,
            """
            SELECT user FROM user_details UNION SELECT user FROM user_causes UNION SELECT user FROM user_pending
            UNION SELECT user FROM user_lifted UNION SELECT user FROM manual_grants
            """)
        var users: Set<Int64> = []
        try rows.forEach { users.insert(rows.integer(0)) }
        return users
    }

    func texts() throws -> DigestSum {
        let rows = try SQLStatement(connection, "SELECT text_number, text FROM texts")
        var sum = DigestSum()
        try rows.forEach { sum += TextNumbers.digest(rows.integer(0), rows.text(1)) }
        return sum
    }

    /// Tables that follow from others.
    private func checkDerived(_ report: inout ProofReport) throws {
        let counts = try integer(
            connection,
            """
            WITH counted AS (SELECT access, status, count(*) AS users FROM users GROUP BY access, status)
            SELECT (SELECT count(*) FROM (SELECT * FROM counted EXCEPT SELECT access, status, users FROM access_users))
              + (SELECT count(*) FROM (SELECT access, status, users FROM access_users EXCEPT SELECT * FROM counted))
            """)
        if counts != 0 { report.problems.append("the counts of users are not those of the users") }
        let unlisted = try integer(
            connection,
            """
            SELECT (SELECT count(*) FROM (SELECT person, entry FROM audit EXCEPT SELECT person, entry FROM audit_people))
              + (SELECT count(*) FROM (SELECT person, entry FROM audit_people EXCEPT SELECT person, entry FROM audit))
            """)
        if unlisted != 0 { report.problems.append("the index of changes by person is not that of the changes") }
        let rows = try SQLStatement(
            connection,
            """
            SELECT u.email, e.email_key FROM user_emails e LEFT JOIN users u ON u.user = e.user AND u.status <> 3
            """)
        var key: [UInt8] = []
        var wrong = 0
        try rows.forEach {
            EmailKey.write(rows.bytes(0), into: &key)
            if rows.isNull(0) || !rows.bytes(1).elementsEqual(key) { wrong += 1 }
        }
        let emails = try integer(connection, "SELECT count(*) FROM user_emails") ?? 0
        let users = try integer(connection, "SELECT count(*) FROM users WHERE status <> 3") ?? 0
        if wrong > 0 || emails != users { report.problems.append("the index of emails is not that of the users") }
    }
}
