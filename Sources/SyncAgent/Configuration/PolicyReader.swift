import AccessModel
import Diagnostics
import DirectoryModel
import Reconciliation

/// Resolves mode, policy and limits of one target: its own keys over the defaults.
struct PolicyReader {
    var settings: LayeredSettings
    let domains: [String]
    var diagnostics: DiagnosticList
    private(set) var mode = TargetSettings.Mode.observe
    private(set) var policy = Policy()
    private(set) var limits = Limits()
    private(set) var protect: [ProtectedReference] = []

    init(settings: LayeredSettings, domains: [String], diagnostics: DiagnosticList) {
        self.settings = settings
        self.domains = domains
        self.diagnostics = diagnostics
    }

    mutating func read() {
        mode = settings.choice("mode", default: TargetSettings.Mode.observe)
        readCauses()
        readRest()
        readLimits()
        policy.emailDomains = domains
    }

    private mutating func readCauses() {
        policy.new = settings.choice("policy.new", default: Policy.NewUsers.invite)
        policy.disabled = settings.choice("policy.disabled.do", default: Policy.Deed.suspend)
        policy.missing = Policy.Missing(
            deed: settings.choice("policy.missing.do", default: .suspend),
            runs: settings.integer("policy.missing.after.runs", default: 2) ?? 2,
            seconds: Int64(settings.integer("policy.missing.after.hours", default: 20) ?? 20) * 3600)
        policy.outOfScope = settings.choice("policy.out_of_scope.do", default: Policy.Deed.report)
        policy.unmapped = Policy.Unmapped(
            deed: settings.choice("policy.unmapped.do", default: .suspend),
            settleSeconds: settings.seconds("policy.unmapped.settle", default: 86_400))
        policy.inactive = Policy.Inactive(
            deed: settings.choice("policy.inactive.do", default: .report),
            afterSeconds: settings.seconds("policy.inactive.after", default: 90 * 86_400),
            feedNotOlderThanSeconds: settings.seconds("policy.inactive.feed_not_older_than", default: 7 * 86_400))
    }

    private mutating func readRest() {
        let removal = settings.node("policy.remove_after")
        policy.removeAfterSeconds = removal?.duration?.components.seconds
        settings.note("policy.remove_after", removal?.word ?? "never", from: removal)
        policy.whenSeatsRunOut = settings.choice("policy.when_seats_run_out", default: Policy.SeatShortage.wait)
        settings.note("policy.reclaim_seats", "never", from: settings.node("policy.reclaim_seats"))
        readFloors()
        readProtected()
        policy.inviteReminderSeconds = settings.seconds("policy.invite_reminder", default: 14 * 86_400)
    }

    /// Roles exist only in a platform; whether these do is checked with it.
    private mutating func readFloors() {
        let node = settings.node("policy.keep_at_least")
        policy.keepAtLeast = (node?.fields ?? []).compactMap { field in
            field.value.integer.map { RoleFloor(role: field.key, count: $0) }
        }.sorted { precedes($0.role, $1.role) }
        settings.note("policy.keep_at_least", node?.shownText ?? "{}", from: node)
    }

    private mutating func readProtected() {
        let node = settings.node("policy.protect")
        settings.note("policy.protect", node?.shownText ?? "[]", from: node)
        for entry in (node?.items ?? []).compactMap(\.object) {
            if let email = entry["email"]?.text {
                if !email.utf8.contains(UInt8(ascii: "@")) {
                    diagnostics.error(
                        "config.bad-email", at: entry["email"]?.position, "expected an email, found `\(email)`")
                }
                protect.append(.email(email))
            } else if let group = entry["group"]?.text {
                protect.append(.group(group))
            } else if let id = entry["id"]?.text {
                if ImmutableID(text: id) == nil {
                    diagnostics.error(
                        "config.bad-id", at: entry["id"]?.position, "expected an immutable id, found `\(id)`",
                        hint: "write it as the directory shows it, for example a UUID")
                }
                protect.append(.id(id))
            }
        }
    }

    private mutating func readLimits() {
        let standard = Limits()
        settings.note(
            "limits.per", "24h (limits count one run; the rolling window comes later; only 24h is accepted)",
            from: settings.node("limits.per"))
        limits.suspendDisabled = limit("suspend_disabled", standard.suspendDisabled)
        limits.suspendOther = limit("suspend_other", standard.suspendOther)
        limits.loseAccess = limit("lose_access", standard.loseAccess)
        limits.changeEmail = limit("change_email", standard.changeEmail)
        limits.changePermissions = limit("change_permissions", standard.changePermissions)
        limits.privilegedGain = limit("privileged_gain", standard.privilegedGain)
        limits.privilegedLoss = limit("privileged_loss", standard.privilegedLoss)
        limits.remove = limit("remove", standard.remove)
        limits.peopleShrink = limit("people_shrink", standard.peopleShrink)
        limits.groupShrink = limit("group_shrink", standard.groupShrink)
        limits.invitePace = settings.integer("pace.invite", default: standard.invitePace) ?? standard.invitePace
    }

    private mutating func limit(_ name: String, _ standard: Limit) -> Limit {
        Limit(
            count: settings.integer("limits.\(name).count", default: standard.count),
            percent: settings.integer("limits.\(name).percent", default: standard.percent),
            floor: settings.integer("limits.\(name).floor", default: standard.floor) ?? standard.floor)
    }
}
