package import Reconciliation

extension SQLiteRoster {
    /// The accounts of the platform that users of a target have, sorted by account id.
    package func accounts(target: String) throws -> [KnownAccount] {
        try read { connection in
            let rows = try SQLStatement(
                connection,
                """
                SELECT a.account, a.user FROM targets t CROSS JOIN accounts a ON a.target = t.target WHERE t.name = ?
                ORDER BY a.account
                """)
            rows.bind(1, text: target)
            var accounts: [KnownAccount] = []
            try rows.forEach { accounts.append(KnownAccount(account: rows.text(0), user: rows.integer(1))) }
            return accounts
        }
    }
}
