import Reconciliation

/// Reads what only few users have, user by user.
struct UserDetailsReader {
    private let head: SQLStatement
    private let causes: SQLStatement
    private let pending: SQLStatement
    private let lifted: SQLStatement
    private let manual: SQLStatement

    init(_ connection: OpaquePointer) throws {
        head = try SQLStatement(connection, "SELECT status_before, status_since FROM user_details WHERE user = ?")
        causes = try SQLStatement(
            connection, "SELECT kind, since, set_by, reason FROM user_causes WHERE user = ? ORDER BY kind")
        pending = try SQLStatement(
            connection, "SELECT kind, first_seen, runs FROM user_pending WHERE user = ? ORDER BY kind")
        lifted = try SQLStatement(connection, "SELECT kind FROM user_lifted WHERE user = ? ORDER BY kind")
        manual = try SQLStatement(
            connection,
            "SELECT part, given_by, reason, since, until FROM manual_grants WHERE user = ? ORDER BY part")
    }

    func details(ofUser user: Int64) throws -> UserDetails {
        var details = UserDetails()
        for statement in [head, causes, pending, lifted, manual] { statement.bind(1, user) }
        try head.forEach {
            details.statusBefore = head.optionalInteger(0).flatMap(StoredCode.status)
            details.statusSince = head.optionalInteger(1)
        }
        try causes.forEach {
            guard let kind = CauseKind(rawValue: causes.text(0)) else { return }
            details.causes.append(
                Cause(kind: kind, since: causes.integer(1), by: causes.text(2), reason: causes.text(3)))
        }
        try pending.forEach {
            guard let kind = CauseKind(rawValue: pending.text(0)) else { return }
            details.pending.append(
                PendingCause(kind: kind, firstSeen: pending.integer(1), runs: Int(pending.integer(2))))
        }
        try lifted.forEach { if let kind = CauseKind(rawValue: lifted.text(0)) { details.lifted.append(kind) } }
        try manual.forEach { if let grant = ManualGrant(manual, from: 0) { details.manual.append(grant) } }
        return details
    }
}
