/// Moments since the last decision and until now at which the clock alone may change something about somebody.
package struct ClockWindow: Sendable, Equatable {
    /// The last decision, and now; seconds since 1970.
    package let last: Int64
    package let now: Int64
    private let policy: Policy

    package init(last: Int64, now: Int64, policy: Policy) {
        self.last = min(last, now)
        self.now = now
        self.policy = policy
    }

    /// Times that became old enough since the last decision: after the first and not after the second.
    package struct Span: Sendable, Equatable {
        package var after: Int64
        package var until: Int64

        package init(after: Int64, until: Int64) {
            self.after = after
            self.until = until
        }
    }

    private func span(_ age: Int64) -> Span {
        let (after, early) = last.subtractingReportingOverflow(age)
        let (until, late) = now.subtractingReportingOverflow(age)
        return Span(after: early ? Int64.min : after, until: late ? Int64.min : until)
    }

    /// Accounts and grants that end.
    package var ends: Span { span(0) }

    /// Causes that wait until they are due: by when they must have been seen first.
    package var settled: Int64 { span(policy.unmapped.settleSeconds).until }

    /// Absences that wait until they are due: by when they must have been seen first.
    package var missed: Int64 { span(policy.missing.seconds).until }

    /// When those were invited of whom a reminder tells from now on.
    package var invited: Span { span(policy.inviteReminderSeconds) }

    /// Last sign-ins, and beginnings of accounts, that are too long ago from now on.
    package var signedIn: Span { span(policy.inactive.afterSeconds) }

    /// Beginnings of causes for which somebody is removed from now on.
    package var removed: [Span] {
        guard policy.removes else { return [] }
        let ages = Set(policy.removeAfter.values).union([policy.removeAfterSeconds].compactMap { $0 })
        return ages.sorted().map { span(max($0, 1)) }
    }

    /// Whether a feed of sign-ins, imported then, became too old in the meantime.
    package func isFeedOutdated(_ imported: Int64?) -> Bool {
        guard let imported else { return false }
        let age = policy.inactive.feedNotOlderThanSeconds
        return last.subtractingReportingOverflow(imported).partialValue <= age
            && now.subtractingReportingOverflow(imported).partialValue > age
    }
}
