import Reconciliation

/// Writes what only few users have: causes, what is not due yet, what a human lifted or gave.
final class DetailsWriter {
    private let clearing: [SQLStatement]
    private let details: SQLStatement
    private let cause: SQLStatement
    private let pending: SQLStatement
    private let lifted: SQLStatement
    private let manual: SQLStatement

    init(_ connection: OpaquePointer) throws {
        clearing = try ["user_details", "user_causes", "user_pending", "user_lifted", "manual_grants"].map {
            try SQLStatement(connection, "DELETE FROM \($0) WHERE user = ?")
        }
        details = try SQLStatement(
            connection, "INSERT INTO user_details (user, status_before, status_since) VALUES (?, ?, ?)")
        cause = try SQLStatement(
            connection, "INSERT INTO user_causes (user, kind, since, set_by, reason) VALUES (?, ?, ?, ?, ?)")
        pending = try SQLStatement(
            connection, "INSERT INTO user_pending (user, kind, first_seen, runs) VALUES (?, ?, ?, ?)")
        lifted = try SQLStatement(connection, "INSERT INTO user_lifted (user, kind) VALUES (?, ?)")
        manual = try SQLStatement(
            connection,
            """
            REPLACE INTO manual_grants (user, part, kind, scope, name, value, given_by, reason, since, until)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
    }

    func clear(user: Int64) throws {
        for statement in clearing {
            statement.bind(1, user)
            try statement.run()
        }
    }

    /// Writes the details of a user who has none in the file.
    func write(_ value: UserDetails, user: Int64) throws {
        if value.statusBefore != nil || value.statusSince != nil {
            details.bind(1, user)
            details.bind(2, optional: value.statusBefore.map(StoredCode.code))
            details.bind(3, optional: value.statusSince)
            try details.run()
        }
        for one in value.causes {
            cause.bind(1, user)
            cause.bind(2, text: one.kind.rawValue)
            cause.bind(3, one.since)
            cause.bind(4, text: one.by)
            cause.bind(5, text: one.reason)
            try cause.run()
        }
        for one in value.pending {
            pending.bind(1, user)
            pending.bind(2, text: one.kind.rawValue)
            pending.bind(3, one.firstSeen)
            pending.bind(4, one.runs)
            try pending.run()
        }
        for kind in value.lifted {
            lifted.bind(1, user)
            lifted.bind(2, text: kind.rawValue)
            try lifted.run()
        }
        for grant in value.manual { try write(grant, user: user) }
    }

    private func write(_ grant: ManualGrant, user: Int64) throws {
        guard let piece = AccessPart.parts(of: grant.part.access).first else { return }
        manual.bind(1, user)
        manual.bind(2, text: grant.part.canonicalText)
        manual.bind(3, text: piece.kind.rawValue)
        manual.bind(4, text: piece.scope)
        manual.bind(5, text: piece.name)
        manual.bind(6, text: piece.value)
        manual.bind(7, text: grant.by)
        manual.bind(8, text: grant.reason)
        manual.bind(9, grant.since)
        manual.bind(10, optional: grant.until)
        try manual.run()
    }
}
