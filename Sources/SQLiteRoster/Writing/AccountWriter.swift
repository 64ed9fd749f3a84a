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
    func write() throws {
        if context.plan.accounts.isEmpty { return }
        let insert = try SQLStatement(
            context.connection, "REPLACE INTO accounts (target, account, user) VALUES (?, ?, ?)")
        insert.bind(1, context.target)
        for planned in context.plan.accounts {
            guard Int(planned.subject) < users.count, users[Int(planned.subject)] != 0, !planned.account.isEmpty
            else { continue }
            insert.bind(2, text: planned.account)
            insert.bind(3, users[Int(planned.subject)])
            try insert.run()
        }
    }
}
