package import Reconciliation

extension SQLiteRoster {
    /// Replaces emails and names of users who were removed before a time by pseudonyms, as a run of its own; how many.
    ///
    /// The chain stays whole: what it is made of are numbers of people and texts, and only the texts go.
    package func pseudonymize(removedBefore time: Int64, record: RunRecord) throws -> Int {
        var count = 0
        try write { connection in
            var work = try Pseudonyms(connection, removedBefore: time)
            try work.renameUsers()
            try work.forgetTexts()
            count = work.users.count
            try execute(connection, "UPDATE roster SET generation = generation + 1")
            try RunRecordWriter(
                connection: connection, texts: TextNumbers(connection), differences: work.differences
            ).write(record, applied: true)
        }
        return count
    }

    /// How many users `pseudonymize` would change.
    package func countRemoved(before time: Int64) throws -> Int {
        try read { try Pseudonyms($0, removedBefore: time).users.count }
    }
}

/// Emails and names of people long gone, on their way out.
struct Pseudonyms {
    struct Gone {
        var user: Int64
        var target: Int64
        var person: Int64
    }
    /// Somebody on one target.
    private struct Account: Hashable {
        var person: Int64
        var target: Int64
    }
    let connection: OpaquePointer
    private(set) var users: [Gone] = []
    /// What the digests change by, by part.
    private(set) var differences: [String: DigestSum] = [:]

    /// What stands in the place of an email; followed by the user's number.
    static let prefix = "removed-"

    init(_ connection: OpaquePointer, removedBefore time: Int64) throws {
        self.connection = connection
        let rows = try SQLStatement(
            connection,
            """
            SELECT u.user, u.target, u.person FROM users u JOIN user_details d ON d.user = u.user
            WHERE u.status = 3 AND d.status_since < ? AND u.email <> '\(Pseudonyms.prefix)' || u.user
            """)
        rows.bind(1, time)
        try rows.forEach {
            users.append(Gone(user: rows.integer(0), target: rows.integer(1), person: rows.integer(2)))
        }
    }

    mutating func renameUsers() throws {
        let row = try SQLStatement(connection, "SELECT \(UserDigest.columns) FROM users WHERE user = ?")
        let rename = try SQLStatement(
            connection,
            "UPDATE users SET email = '\(Pseudonyms.prefix)' || user, name = '', version = version + 1 WHERE user = ?")
        let past = try SQLStatement(
            connection, "UPDATE user_images SET email = '\(Pseudonyms.prefix)' || user, name = '' WHERE user = ?")
        let kept = KeptRows(connection: connection)
        for gone in users {
            var difference = DigestSum()
            row.bind(1, gone.user)
            try row.forEach { difference -= UserDigest.of(row, id: try row.id(3)) }
            differences["user_images", default: DigestSum()] -= try kept.images(ofUser: gone.user)
            for statement in [rename, past] {
                statement.bind(1, gone.user)
                try statement.run()
            }
            differences["user_images", default: DigestSum()] += try kept.images(ofUser: gone.user)
            row.bind(1, gone.user)
            try row.forEach { difference += UserDigest.of(row, id: try row.id(3)) }
            differences[PartDigests.users(gone.target), default: DigestSum()] += difference
        }
    }

    /// Takes out the emails and names that only changes of these users mention: a person may be a user elsewhere still.
    mutating func forgetTexts() throws {
        let gone = Set(users.map { Account(person: $0.person, target: $0.target) })
        if gone.isEmpty { return }
        let personal = [StoredCode.code(.changeEmail), StoredCode.code(.changeName)]
        var theirs: Set<Int64> = []
        var others = try usedElsewhere()
        let rows = try SQLStatement(
            connection, "SELECT person, kind, scope, before, after, reason, label, target FROM audit")
        try rows.forEach {
            let isPersonal = personal.contains(rows.integer(1))
            let isTheirs = gone.contains(Account(person: rows.integer(0), target: rows.integer(7)))
            for place: Int32 in 2..<7 {
                guard let text = rows.optionalInteger(place) else { continue }
                let isName = place == 6 || (isPersonal && (place == 3 || place == 4))
                if isTheirs && isName { theirs.insert(text) } else { others.insert(text) }
            }
        }
        try forget(theirs.subtracting(others))
    }

    /// Texts that rows outside the audit refer to: a name may be the same word as a role.
    private func usedElsewhere() throws -> Set<Int64> {
        let rows = try SQLStatement(
            connection,
            """
            SELECT reason FROM users WHERE reason IS NOT NULL UNION SELECT reason FROM user_images WHERE reason IS NOT NULL
            UNION SELECT scope FROM waiting UNION SELECT role FROM waiting UNION SELECT scope FROM waiting_images
            UNION SELECT role FROM waiting_images UNION SELECT finding_keys FROM run_targets
            """)
        var texts: Set<Int64> = []
        try rows.forEach { texts.insert(rows.integer(0)) }
        return texts
    }

    private mutating func forget(_ texts: Set<Int64>) throws {
        let find = try SQLStatement(connection, "SELECT text FROM texts WHERE text_number = ?")
        let forget = try SQLStatement(connection, "DELETE FROM texts WHERE text_number = ?")
        for number in texts.sorted() {
            find.bind(1, number)
            try find.forEach {
                differences[PartDigests.texts, default: DigestSum()] -= TextNumbers.digest(number, find.text(0))
            }
            forget.bind(1, number)
            try forget.run()
        }
    }
}
