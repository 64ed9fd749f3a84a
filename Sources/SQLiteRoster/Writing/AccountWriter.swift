import Reconciliation

/// Writes which account of the platform is which user's.
struct AccountWriter {
    private let context: PlanContext
    /// For each subject of the plan the number of the user; 0 where there is none.
    private let users: [Int64]

    init(_ context: PlanContext, users: [Int64]) {
        self.context = context
        self.users = users
    }

    /// An account is one user's, and a user has one: whoever had it before gives it up.
    ///
    /// What the digest of accounts changes by.
    func write() throws -> DigestSum {
        var difference = DigestSum()
        if context.plan.accounts.isEmpty { return difference }
        let insert = try SQLStatement(
            context.connection, "REPLACE INTO accounts (target, account, user) VALUES (?, ?, ?)")
        let touched = try SQLStatement(
            context.connection,
            "SELECT target, account, user FROM accounts WHERE target = ?1 AND account = ?2 OR user = ?3")
        insert.bind(1, context.target)
        touched.bind(1, context.target)
        for planned in context.plan.accounts {
            guard Int(planned.subject) < users.count, users[Int(planned.subject)] != 0, !planned.account.isEmpty
            else { continue }
            for statement in [touched, insert] {
                statement.bind(2, text: planned.account)
                statement.bind(3, users[Int(planned.subject)])
            }
            try touched.forEach { difference -= AccountWriter.digest(touched) }
            try insert.run()
            try touched.forEach { difference += AccountWriter.digest(touched) }
        }
        return difference
    }

    /// The digest of all accounts.
    static func digest(_ connection: OpaquePointer) throws -> DigestSum {
        let rows = try SQLStatement(connection, "SELECT target, account, user FROM accounts")
        var sum = DigestSum()
        try rows.forEach { sum += digest(rows) }
        return sum
    }

    private static func digest(_ row: SQLStatement) -> DigestSum {
        var digest = RowDigest()
        digest.add(row: row)
        return digest.value
    }
}
