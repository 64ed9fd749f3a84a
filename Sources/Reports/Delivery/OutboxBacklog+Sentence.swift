package import Reconciliation

extension OutboxBacklog {
    /// `desk: 3 suspensions not delivered for 6 hours`.
    package func sentence(at now: Int64) -> String {
        let (count, noun, since) =
            suspensions > 0
            ? (suspensions, "suspension", oldestSuspension ?? oldest) : (messages, "message", oldest)
        let age = OutboxBacklog.words(max(0, now.subtractingReportingOverflow(since).partialValue))
        return "\(target): \(Counted.text(count, noun)) not delivered\(age)"
    }

    /// Whole minutes, hours or days, whichever says most; nothing for less than a minute.
    private static func words(_ seconds: Int64) -> String {
        let minutes = Int(clamping: seconds / 60)
        if minutes < 1 { return " yet" }
        if minutes < 60 { return " for \(Counted.text(minutes, "minute"))" }
        if minutes < 48 * 60 { return " for \(Counted.text(minutes / 60, "hour"))" }
        return " for \(Counted.text(minutes / 1440, "day"))"
    }
}
