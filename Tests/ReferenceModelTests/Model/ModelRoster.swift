enum ModelStatus: String, Sendable { case invited, active, suspended, removed }

enum ModelCause: String, Sendable, CaseIterable {
    case disabled, missing, outOfScope = "out_of_scope", unmapped, inactive, manual, reclaimed
    /// A cause of one's own.
    case leave = "long-leave"
}

/// One person on the target.
struct ModelUser: Sendable, Equatable {
    struct Pending: Sendable, Equatable {
        var firstSeen: Int64
        var runs: Int
    }

    var email: String
    var status: ModelStatus
    var statusBefore: ModelStatus?
    var statusSince: Int64?
    /// Causes that stand, and since when.
    var causes: [ModelCause: Int64] = [:]
    var pending: [ModelCause: Pending] = [:]
    var lifted: Set<ModelCause> = []
    var access = ModelAccess()
    /// What humans gave beside the directory.
    var manual: [ModelGrant] = []
    /// Mapped groups in the last applied run.
    var groups: Set<String> = []
    var lastSignIn: Int64?
    /// When the person was invited.
    var since: Int64 = 0

    /// Whether the person may sign in, or could accept.
    var isIn: Bool { status == .invited || status == .active }
}

/// A place in the line.
struct ModelPlace: Sendable, Equatable {
    var person: String
    var scope: String
    var role: String
    var priority: Int
    var since: Int64
    var forPace: Bool
    /// Back from a leave, and before everybody else.
    var isFirst = false
}

/// What a run did to people of one kind without an approval.
struct ModelDeed: Sendable, Equatable {
    var time: Int64
    var kind: ModelGuard
    var people: Int
}

/// How things were in the last applied run.
struct ModelBaseline: Sendable, Equatable {
    var people: [String: Int] = [:]
    var groups: [String: Int] = [:]
    /// People of each mapped group.
    var members: [String: Int] = [:]
    var fingerprint = 0
}

/// The users of one target, the line, and what guards compare with.
struct ModelRoster: Sendable {
    var users: [String: ModelUser] = [:]
    var line: [ModelPlace] = []
    var baseline: ModelBaseline?
    var signInsImported: Int64?
    /// How much of the talks each access let see when it was last written down.
    var permits: [ModelAccess: Int] = [:]
    /// How much of each approval is used up: `name kind`, and of `group_shrink` the group.
    var used: [String: Int] = [:]
    /// What runs did; never what a human did by hand.
    var deeds: [ModelDeed] = []

    /// Suspends by hand; false when refused.
    mutating func suspend(_ person: String, target: ModelTarget, now: Int64) -> Bool {
        guard var user = users[person], user.status != .removed, user.causes[.manual] == nil else { return false }
        for (role, place) in user.access.roles.map({ ($0.value, $0.key) }) where place == "" {
            let before = holders(role, target)
            if before.contains(person), before.count - 1 < target.floor(role) { return false }
        }
        user.causes[.manual] = now
        if user.status != .suspended {
            user.statusBefore = user.status
            user.statusSince = now
            user.status = .suspended
        }
        users[person] = user
        return true
    }

    /// Lifts every cause by hand; who needs a seat and finds none stays suspended without a cause.
    mutating func resume(_ person: String, target: ModelTarget) -> Bool {
        guard var user = users[person] else { return false }
        if user.isIn, user.pending[.reclaimed] != nil {
            user.pending[.reclaimed] = nil
            user.lifted.insert(.reclaimed)
            users[person] = user
            return true
        }
        guard user.status == .suspended || user.status == .removed && !user.causes.isEmpty else { return false }
        let causes = Set(user.causes.keys)
        user.causes = [:]
        if user.status == .removed {
            users[person] = user
            return true
        }
        user.lifted.formUnion(causes.subtracting([.manual]))
        let status = user.statusBefore ?? .invited
        let needed = target.seats(user.access, status).subtracting(target.seats(user.access, .suspended))
        if needed.allSatisfy({ scope in held(scope, target) < limit(scope, target) }) {
            user.status = status
            user.statusBefore = nil
            user.statusSince = nil
        }
        users[person] = user
        return true
    }

    /// Sign-ins and accepted invitations from the platform, by id.
    mutating func importSignIns(_ records: [(person: String, time: Int64?, accepted: Bool)], now: Int64) {
        for record in records {
            guard var user = users[record.person], user.status != .removed else { continue }
            var hasAccepted = record.accepted
            if let time = record.time, time <= now {
                user.lastSignIn = max(user.lastSignIn ?? time, time)
                hasAccepted = true
            }
            if hasAccepted, user.status == .invited { user.status = .active }
            if hasAccepted, user.status == .suspended, user.statusBefore == .invited { user.statusBefore = .active }
            users[record.person] = user
        }
        signInsImported = now
    }

    /// Who counts for the floor of a role: the active, or those who could become so while nobody is.
    func holders(_ role: String, _ target: ModelTarget) -> Set<String> {
        let all = users.filter { $0.value.isIn && $0.value.access.roles.values.contains(role) }
        let active = all.filter { $0.value.status == .active }
        return Set((active.isEmpty ? all : active).keys)
    }

    func held(_ scope: String, _ target: ModelTarget) -> Int {
        users.values.count { target.seats($0.access, $0.status).contains(scope) }
    }

    func limit(_ scope: String, _ target: ModelTarget) -> Int {
        target.pools.first { $0.scope == scope }?.limit ?? Int.max
    }
}
