package import Reconciliation

/// After a directory gave everybody new ids: how old and new entries are told to be one person.
package struct RekeyRequest: Sendable {
    package enum Key: Sendable, Equatable {
        /// `dn`, `login`, or a trusted attribute.
        case attribute(String)
        /// Path of a CSV file with the columns `old` and `new`.
        case map(String)
    }

    package var key: Key
    /// Needed where there are several.
    package var directory: String?
    package var reason: String

    package init(key: Key, directory: String? = nil, reason: String) {
        self.key = key
        self.directory = directory
        self.reason = reason
    }
}

/// What a change of ids came to, or would.
package struct RekeyResult: Sendable {
    /// Nil where nothing was applied.
    package var record: RunRecord?
    package var directory: String
    package var rekeying: Rekeying
    /// One for each target with people of the directory.
    package var plans: [TargetPlan]
    /// Lock files that name groups by their old ids.
    package var locks: [String]

    package init(
        record: RunRecord?, directory: String, rekeying: Rekeying, plans: [TargetPlan], locks: [String]
    ) {
        self.record = record
        self.directory = directory
        self.rekeying = rekeying
        self.plans = plans
        self.locks = locks
    }
}
