package import AccessModel
import DirectoryModel
import MappingLanguage

/// A human gives somebody access beside the directory, or takes back what was given so.
package struct GrantAct: Sendable, Equatable {
    package enum Deed: Sendable, Equatable {
        /// Until when, seconds since 1970; nil for good.
        case grant(until: Int64?)
        /// What rules give the person today: it stays when a grant goes.
        case revoke(rules: Access)
    }

    package var deed: Deed
    package var person: PersonKey
    package var parts: [ManualGrant.Part]
    /// Name of the human, and what they said.
    package var name: String
    package var reason: String

    package init(deed: Deed, person: PersonKey, parts: [ManualGrant.Part], name: String, reason: String) {
        self.deed = deed
        self.person = person
        self.parts = parts
        self.name = name
        self.reason = reason
    }
}

/// Somebody of the mirror who may become a user by a grant.
package struct Newcomer: Sendable, Equatable {
    package var key: PersonKey
    package var email: [UInt8]
    package var name: [UInt8]

    package init(key: PersonKey, email: [UInt8], name: [UInt8]) {
        self.key = key
        self.email = email
        self.name = name
    }
}

/// Why an act by hand is not done.
struct ActRefusal: Error {
    var code: String
    var message: String
    var hint: String

    init(_ code: String, _ message: String, hint: String = "") {
        self.code = code
        self.message = message
        self.hint = hint
    }

    func finding(_ person: PersonKey) -> Finding {
        Finding(code: code, weight: .severe, person: person, message: message, hint: hint)
    }
}

extension Reconciler {
    /// The plan of a grant or revocation: at most one user changes, or is invited.
    ///
    /// When it cannot be done, the plan has no change and a finding says why, seats with their numbers.
    package func plan(_ act: GrantAct, roster: TargetRoster, newcomer: Newcomer?, now: Int64) -> TargetPlan {
        var plan = TargetPlan(target: settings.name, mode: settings.mode)
        plan.waiting = roster.waiting
        plan.protected = roster.protected
        plan.directories = roster.directories
        do throws(ActRefusal) {
            var draft = try GrantDraft(act, settings, roster, newcomer, now)
            switch act.deed {
            case .grant(let until): try draft.grant(until: until)
            case .revoke(let rules): try draft.revoke(rules: rules)
            }
            draft.write(into: &plan)
        } catch {
            plan.findings = [error.finding(act.person)]
        }
        return plan
    }

    /// Who of the mirror could be invited; the finding says why somebody cannot.
    ///
    /// Own causes count where the input has the rules evaluated: a run would suspend on the next night whom they hold for.
    package func newcomer(_ person: PersonKey, in input: ReconcileInput) -> (newcomer: Newcomer?, refusal: Finding?) {
        let mirror = input.mirror
        func refused(_ code: String, _ message: String, _ hint: String) -> (Newcomer?, Finding?) {
            (nil, ActRefusal(code, message, hint: hint).finding(person))
        }
        guard let place = mirror.person(person) else {
            return refused(
                "act.no-user", "no user of target \(settings.name), and not in the directory as it was last read",
                "people are known once `rollcall sync` has read them; `apply` does not ask the directory")
        }
        let row = mirror.people[Int(place)]
        guard row.state.isEnabled, row.problems.isEmpty else {
            return refused(
                "act.disabled", "not invited: the entry is disabled or cannot be read", "correct the entry first")
        }
        if let cause = ownCause(of: place, in: input) {
            return refused(
                "act.own-cause",
                "not invited: \(cause.beginning), and the next run would suspend them for it",
                "grant it when that is over, or change `suspend_when`")
        }
        let domains = settings.policy.emailDomains.map { Array($0.utf8) }
        return mirror.arena.withUnsafeBufferPointer { arena in
            let scan = PersonScan(arena: arena)
            let nobody = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
            guard case .other(let from, let count) = scan.email(row, current: nobody, domains: domains) else {
                return refused(
                    "act.no-email", "not invited: no email in a domain where invitations may go",
                    "correct the entry, or `email_domains`")
            }
            let name = scan.name(row).map { Array(scan.bytes($0.from, $0.count)) }
            return (Newcomer(key: person, email: Array(scan.bytes(from, count)), name: name ?? []), nil)
        }
    }
}

extension Reconciler {
    /// The first own cause that holds for somebody of the mirror.
    private func ownCause(of place: PersonIndex, in input: ReconcileInput) -> CauseKind? {
        let names = settings.policy.ownCauses.map(\.name)
        return zip(names, input.evaluation.causes).first { $1.contains(place) }.map { .own($0.0) }
    }
}

/// A grant or revocation on its way into a plan.
private struct GrantDraft {
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
            throw ActRefusal("act.no-user", "not a user of target \(settings.name)")
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
            throw ActRefusal("act.no-user", "not a user of target \(settings.name)")
        }
        var given: [ManualGrant.Part] = []
        for part in act.parts {
            guard details.manual.contains(where: { $0.part == part }) else {
                throw ActRefusal(
                    "act.not-by-hand", "\(part.words) was not given by hand",
                    hint: "`rollcall explain` tells what gives it; change the group or the mapping")
            }
            details.manual.removeAll { $0.part == part }
            given += rules.parts(besides: part)
            acts.append(Change(kind: .revokeByHand, evidence: .positive, subject: 0, reason: 0, before: part.words))
        }
        after = before.without(act.parts).joined(with: details.manual.map(\.part), on: settings.platform)
        for part in given { keep(part) }
        settleGrants()
        giveBackSeats()
        try checkSeats()
        guard let floor = floorBroken() else { return }
        throw ActRefusal(
            "admins.kept", "not taken back, since fewer than \(floor.least) active `\(floor.role)` would be left",
            hint: "give `\(floor.role)` to somebody else first")
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

/// Writing a draft down.
extension GrantDraft {
    mutating func write(into plan: inout TargetPlan) {
        plan.reasons = [.human(name: act.name, reason: act.reason)]
        plan.changes = changes()
        plan.subjects = [subject(&plan)]
        if !details.isEmpty { plan.details = [0: details] }
        plan.waiting.removeAll { $0.person == act.person && after.role(in: $0.scope) == $0.role }
        plan.ledger = ledger(plan)
    }

    private func changes() -> [Change] {
        if oldStatus == .removed {
            return [Change(kind: .invite, evidence: .positive, subject: 0, reason: 0, after: status.rawValue)] + acts
        }
        let parts = AccessDifference.changes(from: before, to: after).map { part in
            Change(
                kind: part.kind, evidence: .positive, subject: 0, reason: 0, scope: part.scope, before: part.before,
                after: part.after)
        }
        let leaving = parts.filter { $0.kind == .leaveScope }
        let coming = parts.filter { $0.kind == .joinScope }
        return leaving + parts.filter { $0.kind != .leaveScope && $0.kind != .joinScope } + acts + coming
    }

    private mutating func subject(_ plan: inout TargetPlan) -> Subject {
        let old = place.map { roster.users[$0] }
        let email = plan.texts.append(email(old))
        let name = plan.texts.append(name(old))
        if !plan.directories.contains(act.person.directory) { plan.directories.append(act.person.directory) }
        let directory = UInt8(truncatingIfNeeded: plan.directories.firstIndex(of: act.person.directory) ?? 0)
        var access: UInt32 = 0
        if !after.isEmpty {
            plan.accesses.append(after)
            // What others have with the same access stays as it is: an edit takes effect by a run, which counts it.
            let number = book.number(of: after)
            let isKnown = Int(number) < roster.effective.count
            plan.effective.append(isKnown ? roster.effective[Int(number)] : book.effectiveText(number))
            access = 1
        }
        var groups: UInt32 = 0
        if oldStatus != .removed, let old, Int(old.groupSet) < roster.groupSets.count,
            !roster.groupSets[Int(old.groupSet)].isEmpty
        {
            plan.groupSets.append(roster.groupSets[Int(old.groupSet)])
            groups = 1
        }
        let isNew = oldStatus == .removed
        let row = UserRow(
            user: old?.user ?? 0, id: act.person.id, email: email, name: name, lastSignIn: old?.lastSignIn ?? Int64.min,
            since: isNew ? now : old?.since ?? now, access: access, groupSet: groups,
            reason: isNew ? 0 : UserRow.keepsReason, version: (old?.version ?? 0) &+ 1, directory: directory,
            status: status, managed: true)
        return Subject(
            row: row, version: old?.version ?? 0, id: act.person.id, email: email, name: name, directory: directory,
            person: nil)
    }

    private func email(_ old: UserRow?) -> ArraySlice<UInt8> {
        if oldStatus == .removed, let newcomer { return newcomer.email[...] }
        return old.map { Array(roster.texts.slice($0.email))[...] } ?? []
    }

    private func name(_ old: UserRow?) -> ArraySlice<UInt8> {
        if oldStatus == .removed, let newcomer { return newcomer.name[...] }
        return old.map { Array(roster.texts.slice($0.name))[...] } ?? []
    }

    private mutating func ledger(_ plan: TargetPlan) -> [LedgerRow] {
        var flow = SeatFlow(settings.topology)
        let (old, new) = (book.number(of: before), book.number(of: after))
        flow.move(from: (old, oldStatus), to: (new, status), &book)
        return flow.ledger(roster, waiting: plan.waiting, &book)
    }
}

extension Reconciler {
    /// The plan of sending an invitation again: the same user, the same seat; only invited people have one open.
    package func plan(
        resending person: PersonKey, by name: String, reason: String, roster: TargetRoster, now: Int64
    ) -> TargetPlan {
        var plan = TargetPlan(target: settings.name, mode: settings.mode)
        plan.waiting = roster.waiting
        plan.protected = roster.protected
        guard let place = roster.users.indices.first(where: { roster.key(of: $0) == person }),
            roster.users[place].managed, roster.users[place].status == .invited
        else {
            plan.findings = [
                ActRefusal(
                    "act.not-invited", "no invitation is open on target \(settings.name)",
                    hint: "only users with status `invited` have one; see `rollcall users --status invited`"
                ).finding(person)
            ]
            return plan
        }
        if settings.mode == .observe {
            plan.findings = [Finding.observed(person, "not sent again")]
            return plan
        }
        var writing = ActWriting(settings: settings, roster: roster, place: place, now: now)
        writing.write(.invited, writing.details, into: &plan)
        plan.subjects[0].row?.since = now
        plan.reasons = [.human(name: name, reason: reason)]
        let invited = UserStatus.invited.rawValue
        plan.changes = [
            Change(kind: .invite, evidence: .positive, subject: 0, reason: 0, before: invited, after: invited)
        ]
        plan.ledger = writing.ledger()
        return plan
    }
}
