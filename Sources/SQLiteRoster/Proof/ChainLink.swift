import Diagnostics

/// One run's link in the chain: what it is, what it did, how it left the roster, and the run before.
struct ChainLink {
    /// Every value of the record and its targets, as text, in the order of the tables.
    var values: [String]
    var audit: [UInt8]
    var roster: [UInt8]
    var previous: [UInt8]

    /// What the first run has in the place of the one before.
    static let start = [UInt8](repeating: 0, count: 32)

    var hash: [UInt8] {
        var hash = SHA256()
        hash.add(previous)
        hash.add(audit)
        hash.add(roster)
        hash.add(LineList.text(values))
        return hash.finish()
    }
}

/// The digest of the audit rows of one run, in order.
struct AuditDigest {
    private var digest = RowDigest()
    private(set) var rows = 0

    /// A row by its numbers, and by which of them it has.
    mutating func add(_ values: [Int64?]) {
        for value in values { digest.add(optional: value) }
        rows += 1
    }

    /// Nothing for a run without changes.
    var bytes: [UInt8] { rows == 0 ? [] : digest.value.bytes }
}
