/// Access follows the rules as far as there are seats; who does not fit waits.
struct ModelSeats {
    /// A role that needs a seat that is not there yet, or a joiner who needs a place in the night's pace.
    private struct Wish {
        var person: String
        var scope: String
        var claim: ModelClaim
        var priority: Int
        var since: Int64
        /// A joiner's way in, for all that needs no seat.
        var isEntry = false
        var isFirst = false

        var key: String { "\(person) \(isEntry ? "entry" : scope)" }
    }

    private let draft: ModelDraft
    private let target: ModelTarget
    private(set) var cases: [String: ModelDraft.Case]
    private(set) var line: [ModelPlace] = []
    private var wishes: [Wish] = []
    private var pace: Int
    /// What somebody has before any wish is granted.
    private var before: [String: ModelAccess] = [:]
    private var entered: Set<String> = []
    private var refusedByPace: Set<String> = []

    init(draft: ModelDraft) {
        self.draft = draft
        target = draft.night.target
        cases = draft.cases
        pace = target.pace
    }

    mutating func allocate() {
        for person in cases.keys.sorted() { prepare(person) }
        wishes.sort { left, right in
            if left.isFirst != right.isFirst { return left.isFirst }
            if left.priority != right.priority { return left.priority > right.priority }
            if left.since != right.since { return left.since < right.since }
            if left.person != right.person { return left.person < right.person }
            return left.isEntry == right.isEntry ? left.scope > right.scope : left.isEntry
        }
        var granted: Set<Int> = []
        var isMoving = true
        while isMoving {
            isMoving = false
            for (place, wish) in wishes.enumerated() where !granted.contains(place) && grant(wish) {
                granted.insert(place)
                isMoving = true
            }
        }
        for place in granted.sorted().reversed() { wishes.remove(at: place) }
        finish()
    }

    // MARK: What everybody has before seats are given

    private mutating func prepare(_ person: String) {
        guard var item = cases[person] else { return }
        recordGroups(&item)
        moveEmail(&item)
        defer { cases[person] = item }
        guard item.mayChange || item.isReturning || item.isJoining else { return }
        let had = item.isJoining ? ModelAccess() : item.old?.access ?? ModelAccess()
        let seats = item.isJoining ? [] : target.seats(had, item.old?.status ?? .removed)
        var access = ModelAccess()
        access.templates = item.desire.hasTemplateConflict ? had.templates : item.desire.templates
        access.switches = item.desire.switches
        var waits: [(scope: String, claim: ModelClaim)] = []
        for (scope, claim) in item.desire.claims.sorted(by: { $0.key < $1.key }) {
            if needs(scope, claim).isSubset(of: seats) {
                set(scope, claim, &access)
            } else {
                waits.append((scope, claim))
                keep(scope, claim, had, seats, item, &access)
            }
        }
        if target.protected.contains(person), !item.isJoining, loses(had, access, waits) {
            access = had
            waits = []
        }
        if item.isKept { return }
        before[person] = access
        wish(item, waits, isFree: !access.roles.isEmpty)
        if item.isJoining { return }
        if item.isReturning, access.roles.isEmpty { return }
        if item.isReturning { come(&item) }
        item.new?.access = access
    }

    /// A wish for each seat that is missing, and a joiner's for coming in at all.
    private mutating func wish(_ item: ModelDraft.Case, _ waits: [(scope: String, claim: ModelClaim)], isFree: Bool) {
        let places = draft.night.before.line.filter { $0.person == item.person }
        for (scope, claim) in waits {
            let since = places.first { $0.scope == scope }?.since ?? draft.night.now
            wishes.append(
                Wish(
                    person: item.person, scope: scope, claim: claim, priority: claim.priority, since: since,
                    isFirst: item.isReturning && item.isFirst))
        }
        guard item.isJoining, isFree, let first = item.desire.claims.min(by: { $0.key < $1.key }) else { return }
        let priorities = waits.isEmpty ? item.desire.claims.values.map(\.priority) : waits.map(\.claim.priority)
        wishes.append(
            Wish(
                person: item.person, scope: first.key, claim: first.value, priority: priorities.max() ?? 0,
                since: places.map(\.since).min() ?? draft.night.now, isEntry: true))
    }

    /// Whether somebody protected would have less, once every wish is granted.
    private func loses(_ had: ModelAccess, _ access: ModelAccess, _ waits: [(scope: String, claim: ModelClaim)]) -> Bool
    {
        var all = access
        for (scope, claim) in waits { set(scope, claim, &all) }
        return ModelGuards.loses(had, all, target.platform)
    }

    private func recordGroups(_ item: inout ModelDraft.Case) {
        guard item.new != nil, draft.night.directory.isThere(item.person), !item.isSetAside, !item.isOutside else {
            return
        }
        item.new?.groups = draft.night.mapped.filter { draft.night.counts(item.person, in: $0, isNegated: false) }
    }

    private func moveEmail(_ item: inout ModelDraft.Case) {
        guard let user = item.new, user.status != .removed, draft.isMoving(item.person) else { return }
        item.new?.email = draft.wantedEmail(item.person) ?? user.email
    }

    /// Scopes of the pools in which a role needs a seat.
    private func needs(_ scope: String, _ claim: ModelClaim) -> Set<String> {
        target.seats(ModelAccess(roles: [scope: claim.role], grants: claim.grants), .active)
    }

    private func set(_ scope: String, _ claim: ModelClaim, _ access: inout ModelAccess) {
        access.roles[scope] = claim.role
        access.grants.subtract(access.grants(in: scope))
        access.grants.formUnion(claim.grants)
    }

    /// What somebody who waits has meanwhile: what they had, or the stand-in if that is more; who waits for the whole
    /// keeps the parts.
    private func keep(
        _ scope: String, _ claim: ModelClaim, _ had: ModelAccess, _ seats: Set<String>, _ item: ModelDraft.Case,
        _ access: inout ModelAccess
    ) {
        var choices: [ModelClaim] = []
        if let role = had.roles[scope] {
            choices.append(ModelClaim(role: role, otherwise: nil, priority: 0, grants: had.grants(in: scope)))
        }
        if target.shortage == .otherwise, let role = claim.otherwise {
            choices.append(ModelClaim(role: role, otherwise: nil, priority: 0, grants: []))
        }
        choices.sort { target.platform.rank($0.role) < target.platform.rank($1.role) }
        if let best = choices.first(where: { needs(scope, $0).isSubset(of: seats) }) { set(scope, best, &access) }
        if scope == "" {
            for (inner, role) in had.roles where inner != "" && item.desire.claims[inner] == nil {
                let kept = ModelClaim(role: role, otherwise: nil, priority: 0, grants: had.grants(in: inner))
                if needs(inner, kept).isSubset(of: seats) { set(inner, kept, &access) }
            }
        }
    }

    private func come(_ item: inout ModelDraft.Case) {
        item.new?.status = item.old?.statusBefore ?? .invited
        item.new?.statusBefore = nil
        item.new?.statusSince = nil
    }

    // MARK: Giving

    private mutating func grant(_ wish: Wish) -> Bool {
        guard var item = cases[wish.person] else { return false }
        let isNew = item.isJoining && !entered.contains(wish.person)
        let comes = item.isReturning && item.new?.status == .suspended
        var access = isNew || comes ? before[wish.person] ?? ModelAccess() : item.new?.access ?? ModelAccess()
        if !wish.isEntry {
            set(wish.scope, wish.claim, &access)
            if wish.scope == "" { dropCovered(item, &access) }
        }
        let status = item.isJoining ? newcomer : comes ? .active : item.new?.status ?? .removed
        let has = isNew ? [] : target.seats(item.new?.access ?? ModelAccess(), item.new?.status ?? .removed)
        guard target.seats(access, status).subtracting(has).allSatisfy({ held($0) < limit($0) }) else { return false }
        if isNew && pace <= 0 {
            refusedByPace.insert(wish.key)
            return false
        }
        if isNew { enter(&item) }
        if comes { come(&item) }
        item.new?.access = access
        cases[wish.person] = item
        return true
    }

    private var newcomer: ModelStatus { target.activatesNewUsers ? .active : .invited }

    /// Once the whole is there, the parts that it covers go.
    private func dropCovered(_ item: ModelDraft.Case, _ access: inout ModelAccess) {
        for scope in access.roles.keys where scope != "" && item.desire.claims[scope] == nil {
            access.grants.subtract(access.grants(in: scope))
            access.roles[scope] = nil
        }
    }

    /// A joiner becomes a user.
    private mutating func enter(_ item: inout ModelDraft.Case) {
        pace -= 1
        entered.insert(item.person)
        var user = ModelUser(email: draft.wantedEmail(item.person) ?? "", status: newcomer)
        user.lastSignIn = item.old?.lastSignIn
        user.since = draft.night.now
        item.new = user
        recordGroups(&item)
    }

    private func held(_ scope: String) -> Int {
        cases.values.count { item in item.new.map { target.seats($0.access, $0.status).contains(scope) } ?? false }
    }

    private func limit(_ scope: String) -> Int { target.pools.first { $0.scope == scope }?.limit ?? Int.max }

    // MARK: The line

    private mutating func finish() {
        for wish in wishes {
            if wish.isEntry, wishes.contains(where: { $0.person == wish.person && !$0.isEntry }) { continue }
            let isForPace = refusedByPace.contains(wish.key) && !entered.contains(wish.person)
            line.append(
                ModelPlace(
                    person: wish.person, scope: wish.scope, role: wish.claim.role, priority: wish.claim.priority,
                    since: wish.since, forPace: isForPace, isFirst: wish.isFirst))
        }
        for place in draft.night.before.line where staysInLine(place) { line.append(place) }
        line.sort { left, right in
            if left.scope != right.scope { return left.scope < right.scope }
            if left.isFirst != right.isFirst { return left.isFirst }
            if left.priority != right.priority { return left.priority > right.priority }
            return left.since == right.since ? left.person < right.person : left.since < right.since
        }
    }

    /// Places of people about whom nothing is known tonight, or whose group is frozen.
    private func staysInLine(_ place: ModelPlace) -> Bool {
        guard !line.contains(where: { $0.person == place.person && $0.scope == place.scope }) else { return false }
        guard let item = cases[place.person] else { return false }
        if place.forPace, item.isJoining { return false }
        if item.isOutside, item.new != nil || draft.night.directory.isThere(place.person) { return true }
        if item.new?.causes.isEmpty == false || item.new?.status == .removed && !item.isSetAside { return false }
        let directory = draft.night.directory
        if directory.isUnread(place.person) { return true }
        if !directory.isThere(place.person) { return item.new != nil }
        if item.isSetAside, let user = item.new, user.status != .removed { return true }
        if directory.people[place.person]?.isDisabled != false { return false }
        if item.new.map({ $0.status == .removed }) ?? true, draft.night.isOnLeave(place.person) {
            return !draft.night.frozen.isEmpty && !item.claimed.contains(place.scope)
        }
        if item.isSetAside, item.new != nil || !item.claimed.isEmpty { return true }
        return !draft.night.frozen.isEmpty && !item.claimed.contains(place.scope)
    }
}
