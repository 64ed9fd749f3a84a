package import AccessModel

/// What a target wants done about people: the resolved `policy:` of the configuration.
///
/// Times are seconds.
package struct Policy: Sendable, Equatable {
    package enum NewUsers: String, Sendable { case invite, activate }
    package enum Deed: String, Sendable { case suspend, report }
    package enum SeatShortage: String, Sendable { case wait, otherwise, hold }

    package struct Missing: Sendable, Equatable {
        package var deed: Deed
        /// In how many complete runs a person must be missing, and for how long.
        package var runs: Int
        package var seconds: Int64

        package init(deed: Deed, runs: Int, seconds: Int64) {
            self.deed = deed
            self.runs = runs
            self.seconds = seconds
        }
    }

    package struct Unmapped: Sendable, Equatable {
        package var deed: Deed
        package var settleSeconds: Int64

        package init(deed: Deed, settleSeconds: Int64) {
            self.deed = deed
            self.settleSeconds = settleSeconds
        }
    }

    package struct Inactive: Sendable, Equatable {
        package var deed: Deed
        package var afterSeconds: Int64
        /// A feed of sign-ins older than this suspends nobody.
        package var feedNotOlderThanSeconds: Int64

        package init(deed: Deed, afterSeconds: Int64, feedNotOlderThanSeconds: Int64) {
            self.deed = deed
            self.afterSeconds = afterSeconds
            self.feedNotOlderThanSeconds = feedNotOlderThanSeconds
        }
    }

    package var new = NewUsers.invite
    package var disabled = Deed.suspend
    package var missing = Missing(deed: .suspend, runs: 2, seconds: 20 * 3600)
    package var outOfScope = Deed.report
    package var unmapped = Unmapped(deed: .suspend, settleSeconds: 24 * 3600)
    package var inactive = Inactive(deed: .report, afterSeconds: 90 * 86_400, feedNotOlderThanSeconds: 7 * 86_400)
    /// Your own causes, in the order of the file.
    package var ownCauses: [OwnCause] = []
    /// How long suspended before removal, for causes that `removeAfter` does not name; nil is never.
    package var removeAfterSeconds: Int64?
    /// How long a cause stands before removal, by its name.
    package var removeAfter: [String: Int64] = [:]
    /// Seats of people whose last sign-in is longer ago than this are taken back for those in line; nil is never.
    package var reclaimInactiveSeconds: Int64?
    /// The group of a pilot, as the configuration names it; everybody else is left as they are.
    package var onlyGroup: String?
    package var whenSeatsRunOut = SeatShortage.wait
    /// Never below the platform's own; sorted by role.
    package var keepAtLeast: [RoleFloor] = []
    package var inviteReminderSeconds: Int64 = 14 * 86_400
    /// Invitations go to these domains only, lower-case; empty is any.
    package var emailDomains: [String] = []

    package init() {}

    /// How long a cause stands before the user is removed; nil is never.
    func removal(after kind: CauseKind) -> Int64? {
        kind == .manual ? nil : removeAfter[kind.rawValue] ?? removeAfterSeconds
    }

    /// Whether anybody is ever removed.
    package var removes: Bool { removeAfterSeconds != nil || !removeAfter.isEmpty }

    /// The cause of one's own with that name.
    func own(_ kind: CauseKind) -> OwnCause? {
        guard case .own(let name) = kind else { return nil }
        return ownCauses.first { $0.name == name }
    }
}

/// A cause of one's own: whoever meets a condition of the mapping's words is suspended while it holds.
package struct OwnCause: Sendable, Equatable {
    package var name: String
    /// Whether the seat is given back while the cause stands.
    package var releasesSeat: Bool
    /// Whether who returns stands before everybody else in line.
    package var returnsFirst: Bool

    package init(name: String, releasesSeat: Bool = false, returnsFirst: Bool = false) {
        self.name = name
        self.releasesSeat = releasesSeat
        self.returnsFirst = returnsFirst
    }
}

/// What may happen in a rolling window: the resolved `limits:` of the configuration.
package struct Limits: Sendable, Equatable {
    package var suspendDisabled = Limit(count: 100, percent: 3, floor: 5)
    package var suspendOther = Limit(count: 25, percent: 2, floor: 3)
    package var loseAccess = Limit(count: 50, percent: 3, floor: 3)
    package var changeEmail = Limit(count: 50, percent: 5, floor: 3)
    package var changePermissions = Limit(count: 50, percent: 5, floor: 3)
    package var privilegedGain = Limit(count: 0, percent: nil, floor: 0)
    package var privilegedLoss = Limit(count: 1, percent: nil, floor: 0)
    package var remove = Limit(count: 5, percent: nil, floor: 0)
    package var returns = Limit(count: 25, percent: 2, floor: 3)
    package var peopleShrink = Limit(count: nil, percent: 5, floor: 3)
    package var groupShrink = Limit(count: nil, percent: 30, floor: 3)
    /// Length of the rolling window that limits count in, seconds.
    package var windowSeconds: Int64 = 86_400
    /// Limits over seven days, besides the others.
    package var week: [GuardKind: Limit] = [
        .suspendOther: Limit(count: nil, percent: 3, floor: 5), .loseAccess: Limit(count: nil, percent: 5, floor: 5),
    ]
    /// Joiners a run; the others wait their turn.
    package var invitePace = 300

    package init() {}

    /// The limit of a kind; places in line have none.
    package func limit(of kind: GuardKind) -> Limit {
        switch kind {
        case .suspendDisabled: suspendDisabled
        case .suspendOther: suspendOther
        case .loseAccess: loseAccess
        case .changeEmail: changeEmail
        case .changePermissions: changePermissions
        case .privilegedGain: privilegedGain
        case .privilegedLoss: privilegedLoss
        case .remove: remove
        case .returns: returns
        case .peopleShrink: peopleShrink
        case .groupShrink: groupShrink
        case .seats: Limit(count: nil, percent: nil, floor: 0)
        }
    }
}

/// One limit: `max(floor, min(count, percent of a base rounded down))`.
package struct Limit: Sendable, Equatable {
    package var count: Int?
    package var percent: Int?
    package var floor: Int

    package init(count: Int?, percent: Int?, floor: Int) {
        self.count = count
        self.percent = percent
        self.floor = floor
    }

    /// The number that may not be exceeded.
    ///
    /// `base` is what percentages are of; 0 or less means there is nothing to go by.
    package func value(base: Int) -> Int {
        var most = count ?? Int.max
        if let percent, base > 0 {
            most = min(most, Int(Int64(base).multipliedReportingOverflow(by: Int64(percent)).partialValue / 100))
        } else if count == nil {
            return floor
        }
        return max(floor, most)
    }
}
