import Reconciliation
import Reports

/// Since when directories could not be read, as earlier runs recorded it.
struct UnreadHistory {
    /// Recorded runs, the newest first.
    let runs: [RunRecord]
    /// Number of this run, and when it started, seconds since 1970.
    let run: Int64
    let now: Int64

    /// What plans tell of a directory that was not read: the first of the nightly runs without a gap that did not read it either.
    ///
    /// Runs that failed tell nothing of it.
    func directory(_ name: String, _ failure: AgentFailure) -> UnreadDirectory {
        var directory = UnreadDirectory(
            name: name, cause: UnreadHistory.cause(failure, of: name), hint: failure.hint, sinceRun: run, since: now)
        let key = "\(UnreadDirectory.code) \(directory.label)"
        for record in runs where FindingKey.isNightly(record) && record.outcome != .failed {
            guard record.targets.contains(where: { $0.findingKeys.contains(key) }) else { break }
            directory.sinceRun = record.number
            directory.since = record.started
        }
        directory.sinceText = "run \(directory.sinceRun), \(Timestamp.text(directory.since))"
        return directory
    }

    /// The failure's sentence without the directory's name, which stands before it anyway.
    private static func cause(_ failure: AgentFailure, of name: String) -> String {
        let lead = "directory `\(name)`: "
        let message = failure.message
        return message.hasPrefix(lead) ? String(message.dropFirst(lead.count)) : message
    }
}
