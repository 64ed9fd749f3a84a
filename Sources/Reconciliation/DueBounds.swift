/// Which users of a target can have something falling due, told by single columns: all of those, and some more, so that nobody else is read.
package struct DueBounds: Sendable, Equatable {
    package var target: String
    /// An invitation of later than this is not overdue yet, seconds since 1970.
    package var invitedAfter: Int64
    /// An invitation of then or before is due for a reminder.
    package var invitedUntil: Int64
    /// Whoever signed in last, or came, then or before is suspended for it; nil where nobody is.
    package var quietUntil: Int64?
    /// Whether anybody suspended is ever removed.
    package var removes: Bool
    /// What was given by hand ends then or before.
    package var grantsUntil: Int64
}

extension Reconciler {
    /// Nil where only everybody together tells: in a pilot.
    package func dueBounds(now: Int64, until: Int64) -> DueBounds? {
        let policy = settings.policy
        guard policy.onlyGroup == nil else { return nil }
        return DueBounds(
            target: settings.name, invitedAfter: Reconciler.before(now, policy.inviteReminderSeconds),
            invitedUntil: Reconciler.before(until, policy.inviteReminderSeconds),
            quietUntil: policy.inactive.deed == .suspend
                ? Reconciler.before(until, policy.inactive.afterSeconds) : nil,
            removes: policy.removes, grantsUntil: until)
    }

    /// So many seconds before a time, or the earliest time that there is.
    private static func before(_ time: Int64, _ seconds: Int64) -> Int64 {
        let (earlier, overflow) = time.subtractingReportingOverflow(seconds)
        return overflow ? Int64.min : earlier
    }
}
