/// What a guard counts; the names are those of `limits:` in the configuration and of `allow:` in an approval.
package enum GuardKind: String, Sendable, CaseIterable, Hashable {
    case suspendDisabled = "suspend_disabled"
    case suspendOther = "suspend_other"
    case loseAccess = "lose_access"
    case changeEmail = "change_email"
    case changePermissions = "change_permissions"
    case privilegedGain = "privileged_gain"
    case privilegedLoss = "privileged_loss"
    case remove
    /// Suspended and removed users who come back because their causes end.
    case returns = "return"
    case peopleShrink = "people_shrink"
    case groupShrink = "group_shrink"
    /// People for whom there is no seat, counted where the policy says `when_seats_run_out: hold`; it has no limit of its own.
    case seats
}
