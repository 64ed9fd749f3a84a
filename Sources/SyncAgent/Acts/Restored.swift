package import Reconciliation

/// A copy that was put in the place of the roster.
package struct Restored: Sendable {
    /// The last run of the roster now.
    package var head: AuditHead?
    /// Name of the file that holds the roster of before; nil where there was none.
    package var kept: String?
    /// What humans did that the copy does not know; nil where the roster before could not be read.
    package var lost: [RunRecord]?

    /// One act in one sentence.
    package static func line(_ record: RunRecord) -> String {
        "run \(record.number), \(record.command) by \(record.actor): \(record.summary)"
    }
}

extension RunRecord {
    /// Whether a human decided what was done, so that no later night does it by itself.
    var isByHand: Bool {
        let others = [RunRecord.following, "apply", "restore"]
        return outcome != .failed && outcome != .held && !isRegular && !others.contains(command)
    }
}
