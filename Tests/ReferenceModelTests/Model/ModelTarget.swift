/// One limit: `max(floor, min(count, percent of a base rounded down))`.
struct ModelLimit: Sendable, Equatable {
    var count: Int?
    var percent: Int?
    var floor: Int

    static let any = ModelLimit(count: nil, percent: nil, floor: 1_000_000)

    func most(of base: Int) -> Int {
        guard let percent, base > 0 else { return max(floor, count ?? floor) }
        return max(floor, min(count ?? Int.max, base * percent / 100))
    }
}

/// A cause of one's own: whoever meets the condition is suspended while it holds.
struct ModelLeave: Sendable, Equatable {
    var condition: ModelCondition
    var releasesSeat: Bool
    var returnsFirst: Bool
}

/// What a target wants done: policy and limits.
struct ModelTarget: Sendable {
    enum Shortage: String, Sendable { case wait, otherwise, hold }

    var platform: ModelPlatform
    var pools: [ModelPool]
    /// Workspaces in which who owns the whole takes a seat, too.
    var ownersHoldSeats: Set<String> = []
    var activatesNewUsers = false
    var reportsDisabled = false
    var missingRuns = 2
    var missingSeconds: Int64 = 20 * 3600
    var suspendsOutOfScope = false
    var settleSeconds: Int64 = 24 * 3600
    var suspendsInactive = false
    var inactiveSeconds: Int64 = 90 * 86_400
    var feedSeconds: Int64 = 7 * 86_400
    var removeAfter: Int64?
    /// By cause; one that is not named then never leads to removal.
    var removeAfterCause: [ModelCause: Int64] = [:]
    var leave: ModelLeave?
    /// How long without a sign-in before others may have somebody's seat.
    var reclaimSeconds: Int64?
    /// The group of a pilot.
    var only: String?
    var shortage = Shortage.wait
    var emailDomain: String?
    /// Ids.
    var protected: Set<String> = []
    /// Beyond the platform's own.
    var floors: [String: Int] = [:]
    var limits: [ModelGuard: ModelLimit] = [:]
    var windowSeconds: Int64 = 86_400
    /// Limits over a week.
    var weekly: [ModelGuard: ModelLimit] = [:]
    var withholdsPrivileges = false
    var pace = 1_000_000
    /// Changes with each edit of a file.
    var fingerprint = 1

    func limit(_ guardKind: ModelGuard) -> ModelLimit { limits[guardKind] ?? .any }

    func floor(_ role: String) -> Int { max(platform.floors[role] ?? 0, floors[role] ?? 0) }

    /// How much of the office's talks each template lets see: 0 none, 1 read, 2 full.
    var talks = ["sales": 1, "support": 2]

    /// How much of the talks somebody sees.
    func talks(_ access: ModelAccess) -> Int {
        access.roles[""] == "admin" ? 2 : access.templates.compactMap { talks[$0] }.max() ?? 0
    }

    /// Scopes of the pools in which somebody holds a seat.
    func seats(_ access: ModelAccess, _ status: ModelStatus) -> Set<String> {
        switch status {
        case .removed: return []
        case .suspended: if !platform.keepsSeatWhileSuspended { return [] }
        case .invited, .active: break
        }
        return Set(
            pools.map(\.scope).filter { scope in
                if let role = access.roles[scope] {
                    if platform.seated.contains(role) { return true }
                    if platform.seatedWithGrant.contains(role), !access.grants(in: scope).isEmpty { return true }
                }
                guard let outer = access.roles[""], scope != "" else { return false }
                return ownersHoldSeats.contains(scope) && platform.seatedOwners.contains(outer)
            })
    }
}

/// What guards count.
enum ModelGuard: String, Sendable, CaseIterable {
    case suspendDisabled = "suspend_disabled"
    case suspendOther = "suspend_other"
    case loseAccess = "lose_access"
    case changeEmail = "change_email"
    case changePermissions = "change_permissions"
    case privilegedGain = "privileged_gain"
    case privilegedLoss = "privileged_loss"
    case remove
    case returns = "return"
    case peopleShrink = "people_shrink"
    case groupShrink = "group_shrink"
    case seats
}

/// A human's leave for what a guard would hold.
struct ModelApproval: Sendable {
    var name: String
    var people: Set<String>
    var allow: [ModelGuard: Int] = [:]
    var groups: [String: Int] = [:]
    var from: Int64
    var until: Int64
}
