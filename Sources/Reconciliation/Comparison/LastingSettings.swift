extension TargetSettings {
    /// The settings without what only spreads things over several nights: limits, pace, time to settle.
    ///
    /// What is planned by them is what files come to in the end.
    package var lasting: TargetSettings {
        var settings = self
        let everything = Limit(count: nil, percent: nil, floor: Int.max)
        settings.limits.suspendDisabled = everything
        settings.limits.suspendOther = everything
        settings.limits.loseAccess = everything
        settings.limits.changeEmail = everything
        settings.limits.changePermissions = everything
        settings.limits.privilegedGain = everything
        settings.limits.privilegedLoss = everything
        settings.limits.remove = everything
        settings.limits.returns = everything
        settings.limits.peopleShrink = everything
        settings.limits.groupShrink = everything
        settings.limits.week = [:]
        settings.limits.invitePace = Int.max
        settings.policy.unmapped.settleSeconds = 0
        if settings.policy.whenSeatsRunOut == .hold { settings.policy.whenSeatsRunOut = .wait }
        return settings
    }
}

extension Limits {
    /// What guards of a night would say to such a plan: what it counts, against these limits, halved where an edit halves them.
    ///
    /// `users` is how many managed users there are before it, of which percentages are.
    package func judging(_ counted: [GuardTally], users: Int, edited: Bool) -> [GuardTally] {
        counted.filter { $0.kind != .groupShrink && $0.kind != .peopleShrink }.map { tally in
            var tally = tally
            let full = limit(of: tally.kind).value(base: users)
            let half = max(limit(of: tally.kind).floor, full / 2 + full % 2)
            let isHalved = edited && Guards.isHalved(tally.kind) && half < full
            tally.limit = isHalved ? half : full
            tally.limitText = isHalved ? "\(half) (\(full), halved after an edit)" : "\(full)"
            tally.approved = 0
            tally.earlier = 0
            tally.isExceeded = tally.count > tally.limit
            return tally
        }
    }
}
