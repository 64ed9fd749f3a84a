/// Where a user stands in the life cycle.
package enum UserStatus: String, Sendable, CaseIterable, Hashable {
    /// Invited; has not accepted.
    case invited
    /// May sign in.
    case active
    /// May not sign in; kept, with the access on record.
    case suspended
    /// Gone; the row is kept as a tombstone for the audit.
    case removed
}
