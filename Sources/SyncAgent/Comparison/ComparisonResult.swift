package import Reconciliation

/// What an edit, or a change of domain, comes to.
package struct ComparisonResult: Sendable {
    /// One for each target of the new side: what it changes for people who had what the old side gives.
    package var plans: [TargetPlan]
    /// Findings of the new side alone.
    package var newFindings: [TargetFinding]
    /// What was compared, in words.
    package var old: String
    package var new: String
    /// Of when people and groups are, seconds since 1970, and of which run.
    package var time: Int64
    package var run: Int64
    package var people: Int
    package var groups: Int
    /// Whether they come from a file with pseudonyms.
    package var isPseudonymous: Bool
    /// What a reader must know to judge the rest, one sentence each.
    package var notes: [String]
    package var version: String
    /// Emails of people who would wait for a seat; of very many the first.
    package var namesInLine: [PersonKey: String] = [:]
}
