import AccessModel
import DirectoryModel

/// A grant or revocation on its way into a plan.
struct GrantDraft {
    let act: GrantAct
    let settings: TargetSettings
    let roster: TargetRoster
    let now: Int64
    let newcomer: Newcomer?
    /// Place in the roster; nil for somebody new.
    let place: Int?
    var book: AccessBook
    let census: AccessCensus
    var details: UserDetails
    let oldStatus: UserStatus
    var status: UserStatus
    let before: Access
    var after: Access
    var acts: [Change] = []

    init(
        _ act: GrantAct, _ settings: TargetSettings, _ roster: TargetRoster, _ newcomer: Newcomer?, _ now: Int64
    ) throws(ActRefusal) {
        self.act = act
        self.settings = settings
        self.roster = roster
        self.now = now
        book = AccessBook(settings: settings, known: roster.accesses)
        census = AccessCensus(roster: roster, accesses: roster.accesses.count)
        let found = roster.users.indices.first { roster.users[$0].managed && roster.key(of: $0) == act.person }
        place = found
        details = found.flatMap { roster.details[$0] } ?? UserDetails()
        let row = found.map { roster.users[$0] }
        let present = row?.status ?? .removed
        oldStatus = present
        status = present
        self.newcomer = newcomer
        let access = row.map { present == .removed ? Access.none : roster.access($0) } ?? .none
        before = access
        after = access
        if oldStatus == .removed, case .grant = act.deed { try arrive() }
    }

    /// Somebody who is no user, or was removed, is invited.
    private mutating func arrive() throws(ActRefusal) {
        guard let newcomer else {
            throw ActRefusal(
                "act.no-user", "not a user of target \(settings.name)",
                hint: "`rollcall explain PERSON --why-not \(settings.name)` says why")
        }
        if details.causes.contains(where: { $0.kind == .manual }) {
            throw ActRefusal(
                "act.removed-by-hand", "was suspended by hand before being removed",
                hint: "lift it with `rollcall resume`")
        }
        let taken = newcomer.email.withUnsafeBufferPointer { wanted in
            roster.texts.bytes.withUnsafeBufferPointer { texts in
                roster.users.contains { row in
                    row.status != .removed && EmailFold.same(wanted, Planning.slice(texts, row.email))
                }
            }
        }
        if taken {
            throw ActRefusal(
                "person.email-collision", "not invited: another user has the same email",
                hint: "give one of the two another email in the directory")
        }
        details = UserDetails()
        status = settings.policy.new == .invite ? .invited : .active
    }

    mutating func grant(until: Int64?) throws(ActRefusal) {
        if let until, until <= now {
            throw ActRefusal("act.past", "`--until` is in the past", hint: "give a later time, or none")
        }
        for part in act.parts {
            if let problem = settings.problem(with: part) {
                throw ActRefusal("act.unknown-part", problem.message, hint: problem.hint)
            }
            try check(template: part)
            details.manual.removeAll { $0.part == part }
            details.manual.append(
                ManualGrant(part: part, by: act.name, reason: act.reason, since: now, until: until))
            acts.append(Change(kind: .grantByHand, evidence: .positive, subject: 0, reason: 0, after: part.words))
        }
        details.manual.sort()
        after = before.joined(with: details.manual.map(\.part), on: settings.platform)
        giveBackSeats()
        try checkSeats()
    }

    /// Whoever is on leave and gave their seats back takes none before they return.
    private mutating func giveBackSeats() {
        guard status == .suspended, details.causes.contains(where: { settings.releasesSeat($0.kind) }) else { return }
        let rest = book.released(book.number(of: after), status, on: settings.platform)
        after = book[rest]
    }

    private func check(template part: ManualGrant.Part) throws(ActRefusal) {
        guard case .template(let name) = part else { return }
        if settings.templates.contains(where: { $0.name == name && $0.retired }) {
            throw ActRefusal("template.retired", "template `\(name)` is retired", hint: "give another one")
        }
        guard settings.platform.templatesPerUser == .one else { return }
        for held in details.manual {
            if case .template(let other) = held.part, other != name {
                throw ActRefusal(
                    "act.one-template", "has template `\(other)` by hand, and one is allowed per user",
                    hint: "take it back first: `rollcall revoke --template \(other)`")
            }
        }
    }

    private mutating func checkSeats() throws(ActRefusal) {
        let (old, new) = (book.number(of: before), book.number(of: after))
        let held = book.pools(old, oldStatus)
        let used = census.seatsHeld(in: &book)
        for pool in book.pools(new, status) where !held.contains(pool) {
            let seats = settings.topology.pools[Int(pool)]
            if used[Int(pool)] < seats.limit { continue }
            throw ActRefusal(
                "act.no-seat", "no seat of `\(seats.name)` is free: \(used[Int(pool)]) of \(seats.limit) are held",
                hint: "free a seat, or buy one; `rollcall seats` shows who waits")
        }
    }

    mutating func revoke(rules: Access) throws(ActRefusal) {
        guard place != nil, oldStatus != .removed else {
            throw ActRefusal(
                "act.no-user", "not a user of target \(settings.name)",
                hint: "`rollcall explain PERSON --why-not \(settings.name)` says why")
        }
        var given: [ManualGrant.Part] = []
        for part in act.parts {
            guard details.manual.contains(where: { $0.part == part }) else {
                throw notByHand(part)
            }
            details.manual.removeAll { $0.part == part }
            given += rules.parts(besides: part)
            acts.append(Change(kind: .revokeByHand, evidence: .positive, subject: 0, reason: 0, before: part.words))
        }
        after = before.without(act.parts)
        // What a human gave beside it and comes to light now is like what rules give: power is taken away without a seat.
        for part in details.manual.map(\.part) + given { keep(part) }
        settleGrants()
        giveBackSeats()
        guard let floor = floorBroken() else { return }
        throw ActRefusal(
            "admins.kept", "not taken back, since fewer than \(floor.least) active `\(floor.role)` would be left",
            hint: "give `\(floor.role)` to somebody else first")
    }

    /// Says what is by hand, and how it is named, where there is anything.
    private func notByHand(_ part: ManualGrant.Part) -> ActRefusal {
        let held = details.manual.map(\.part)
        let same = held.filter { $0.isNamed(like: part) }
        let named = (same.isEmpty ? held : same).map { "`\($0.words)` (`\($0.options)`)" }
        return ActRefusal(
            "act.not-by-hand", "\(part.words) was not given by hand",
            hint: named.isEmpty
                ? "`rollcall explain` tells what gives it; change the group or the mapping"
                : "by hand \(named.count == 1 ? "is" : "are") \(named.joined(separator: ", "))")
    }

    /// What rules give stays as far as the person has as much already, with no privilege and no seat that they have not:
    /// the rest is for the next run to give, under its guards and in the order of the line.
    private mutating func keep(_ part: ManualGrant.Part) {
        if case .role(let role, let scope) = part, !hasAsMuch(role, in: scope) { return }
        let more = after.joined(with: [part], on: settings.platform)
        let (old, new) = (book.number(of: before), book.number(of: more))
        let held = book.pools(old, oldStatus)
        guard book.gained(new, beside: old).isEmpty, book.pools(new, status).allSatisfy(held.contains) else { return }
        after = more
    }

    /// Roles on assistants stay beside what is left, where they still have an effect.
    private mutating func settleGrants() {
        for grant in before.without(act.parts).grants where !after.grants.contains(where: { $0.scope == grant.scope }) {
            after.grants.append(grant)
        }
        after.grants.sort()
        after = after.withoutIdleGrants(on: settings.platform)
    }

    private func hasAsMuch(_ role: String, in scope: ScopePath) -> Bool {
        guard let rank = settings.platform.rank(of: role) else { return false }
        return before.roles.contains { held in
            if held.scope == scope { return settings.platform.rank(of: held.role).map { $0 <= rank } ?? false }
            return scope.isInside(held.scope) && settings.platform.covers(held.role, role)
        }
    }

    private func floorBroken() -> FloorOfAdmins.Floor? {
        FloorOfAdmins(settings: settings, census: census, book: book).floors.first { floor in
            floor.counts(status) && before.roles.contains { $0.role == floor.role }
                && !after.roles.contains { $0.role == floor.role } && floor.before - 1 < floor.least
        }
    }
}

extension TargetRoster {
    fileprivate func access(_ row: UserRow) -> Access {
        Int(row.access) < accesses.count ? accesses[Int(row.access)] : .none
    }
}
