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
        readOwnCauses()
        readRemoval()
        policy.whenSeatsRunOut = settings.choice("policy.when_seats_run_out", default: Policy.SeatShortage.wait)
        let reclaiming = settings.node("policy.reclaim_seats")
        policy.reclaimInactiveSeconds = reclaiming?.object?["inactive_for"]?.duration?.components.seconds
        settings.note("policy.reclaim_seats", reclaiming?.shownText ?? "never", from: reclaiming)
        let only = settings.node("policy.only")
        policy.onlyGroup = only?.object?["group"]?.text
        settings.note("policy.only", policy.onlyGroup.map { "{group: \($0)}" } ?? "null", from: only)
        readFloors()
        readProtected()
        policy.inviteReminderSeconds = settings.seconds("policy.invite_reminder", default: 14 * 86_400)
    }

    /// Names and seats of own causes; their conditions are read beside the mapping.
    private mutating func readOwnCauses() {
        let node = settings.node("policy.suspend_when")
        settings.note("policy.suspend_when", node?.shownText ?? "[]", from: node)
        let reserved = CauseKind.builtIn.map(\.rawValue)
        for entry in (node?.items ?? []).compactMap(\.object) {
            guard let name = entry["name"]?.text else { continue }
            if reserved.contains(name) || policy.ownCauses.contains(where: { $0.name == name }) {
                diagnostics.error(
                    "config.cause-name", at: entry["name"]?.position,
                    reserved.contains(name)
                        ? "`\(name)` is the name of a cause that every target has" : "two causes are named `\(name)`",
                    hint: "give the cause a name of its own")
                continue
            }
            policy.ownCauses.append(
                OwnCause(
                    name: name, releasesSeat: entry["seat"]?.word == "release",
                    returnsFirst: entry["return"]?.word == "first_in_line"))
        }
    }

    private mutating func readRemoval() {
        let node = settings.node("policy.remove_after")
        policy.removeAfterSeconds = node?.duration?.components.seconds
        settings.note("policy.remove_after", node?.shownText ?? "never", from: node)
        let names = (CauseKind.builtIn.filter { $0 != .manual }.map(\.rawValue) + policy.ownCauses.map(\.name))
        for field in node?.fields ?? [] {
            guard names.contains(field.key) else {
                diagnostics.error(
                    "config.unknown-cause", at: field.keyPosition,
                    field.key == CauseKind.manual.rawValue
                        ? "nobody is removed for having been suspended by hand" : "there is no cause `\(field.key)`",
                    hint: NearestName.hint(for: field.key, in: names, called: "the causes are"))
                continue
            }
            if let seconds = field.value.duration?.components.seconds { policy.removeAfter[field.key] = seconds }
        }
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
                if ImmutableID(written: id) == nil {
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
        limits.windowSeconds = settings.seconds("limits.per", default: standard.windowSeconds)
        limits.suspendDisabled = limit("suspend_disabled", standard.suspendDisabled)
        limits.suspendOther = limit("suspend_other", standard.suspendOther)
        limits.loseAccess = limit("lose_access", standard.loseAccess)
        limits.changeEmail = limit("change_email", standard.changeEmail)
        limits.changePermissions = limit("change_permissions", standard.changePermissions)
        limits.privilegedGain = limit("privileged_gain", standard.privilegedGain)
        limits.privilegedLoss = limit("privileged_loss", standard.privilegedLoss)
        limits.remove = limit("remove", standard.remove)
        limits.returns = limit("return", standard.returns)
        limits.peopleShrink = limit("people_shrink", standard.peopleShrink)
        limits.groupShrink = limit("group_shrink", standard.groupShrink)
        readWeek(standard)
        limits.invitePace = settings.integer("pace.invite", default: standard.invitePace) ?? standard.invitePace
    }

    /// Limits over a week: those that have a default, and those that the file gives.
    private mutating func readWeek(_ standard: Limits) {
        limits.week = [:]
        for kind in GuardKind.allCases {
            let known = standard.week[kind]
            guard known != nil || settings.node("limits.week.\(kind.rawValue)") != nil else { continue }
            limits.week[kind] = limit("week.\(kind.rawValue)", known ?? Limit(count: nil, percent: nil, floor: 0))
        }
    }

    private mutating func limit(_ name: String, _ standard: Limit) -> Limit {
        Limit(
            count: settings.integer("limits.\(name).count", default: standard.count),
            percent: settings.integer("limits.\(name).percent", default: standard.percent),
            floor: settings.integer("limits.\(name).floor", default: standard.floor) ?? standard.floor)
    }
}
