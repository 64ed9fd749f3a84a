import AccessModel
import DirectoryModel

/// What a human does to one user: suspend, or resume.
package struct ManualAct: Sendable, Equatable {
    package enum Deed: Sendable, Equatable { case suspend, resume }

    package var deed: Deed
    package var person: PersonKey
    /// Name of the human, and what they said.
    package var name: String
    package var reason: String

    package init(deed: Deed, person: PersonKey, name: String, reason: String) {
        self.deed = deed
        self.person = person
        self.name = name
        self.reason = reason
    }
}

extension Reconciler {
    /// The plan of an act by hand: at most one user changes.
    ///
    /// A human may suspend somebody protected, but not one of the last admins, and nobody on a target that is only observed.
    /// When nothing can be done, the plan has no change and a finding says why.
    package func plan(_ act: ManualAct, roster: TargetRoster, now: Int64) -> TargetPlan {
        var plan = TargetPlan(target: settings.name, mode: settings.mode)
        plan.waiting = roster.waiting
        plan.protected = roster.protected
        guard let place = roster.users.indices.first(where: { roster.key(of: $0) == act.person }) else {
            plan.findings = [noUser(act)]
            return plan
        }
        var writing = ActWriting(settings: settings, roster: roster, place: place, now: now)
        carryOut(act, &writing, &plan)
        writing.settle(plan)
        plan.ledger = writing.ledger()
        return plan
    }

    /// Does an act about the user at whom `writing` stands, or says in a finding why not.
    func carryOut(_ act: ManualAct, _ writing: inout ActWriting, _ plan: inout TargetPlan) {
        let row = writing.row
        guard row.managed, row.status != .removed || act.deed == .resume else {
            plan.findings = [noUser(act)]
            return
        }
        switch act.deed {
        case _ where settings.mode == .observe:
            plan.findings = [Finding.observed(act.person, "not \(act.deed == .suspend ? "suspended" : "resumed")")]
        case .suspend: suspend(act, &writing, &plan)
        case .resume: resume(act, &writing, &plan)
        }
        for place in plan.findings.indices { plan.findings[place].label = writing.roster.texts[row.email] }
    }

    func noUser(_ act: ManualAct) -> Finding {
        refusal(
            "act.no-user", act, "not a managed user of target \(settings.name)",
            "`rollcall explain PERSON --why-not \(settings.name)` says why")
    }

    private func refusal(_ code: String, _ act: ManualAct, _ message: String, _ hint: String) -> Finding {
        Finding(code: code, weight: .severe, person: act.person, message: message, hint: hint)
    }

    private func suspend(_ act: ManualAct, _ writing: inout ActWriting, _ plan: inout TargetPlan) {
        var details = writing.details
        let row = writing.row
        if details.causes.contains(where: { $0.kind == .manual }) {
            plan.findings = [refusal("act.already", act, "already suspended by hand", "`rollcall resume` lifts it")]
            return
        }
        if let floor = writing.floorBroken() {
            let hint = "give `\(floor.role)` to somebody else first"
            let message = "not suspended, since fewer than \(floor.least) active `\(floor.role)` would be left"
            plan.findings = [refusal("admins.kept", act, message, hint)]
            return
        }
        details.causes.append(Cause(kind: .manual, since: writing.now, by: act.name, reason: act.reason))
        details.causes.sort { $0.kind < $1.kind }
        var kind = ChangeKind.setCause
        if row.status != .suspended {
            details.statusBefore = row.status
            details.statusSince = writing.now
            kind = .suspend
        }
        writing.write(.suspended, details, into: &plan)
        plan.reasons = [.human(name: act.name, reason: act.reason)]
        plan.changes = [
            Change(
                kind: kind, evidence: .positive, subject: 0, reason: 0,
                before: kind == .suspend ? row.status.rawValue : nil,
                after: kind == .suspend ? UserStatus.suspended.rawValue : CauseKind.manual.rawValue)
        ]
    }

    /// Lifts every cause and remembers those that the agent may not set again before it has seen them absent.
    private func resume(_ act: ManualAct, _ writing: inout ActWriting, _ plan: inout TargetPlan) {
        var details = writing.details
        let row = writing.row
        if row.status == .removed, !details.causes.isEmpty {
            clear(act, details.causes.map(\.kind), &writing, &plan)
            return
        }
        if row.status != .suspended, details.pending.contains(where: { $0.kind == .reclaimed }) {
            details.pending.removeAll { $0.kind == .reclaimed }
            details.lifted = Set(details.lifted + [.reclaimed]).sorted()
            writing.write(row.status, details, into: &plan)
            plan.reasons = [.human(name: act.name, reason: act.reason)]
            plan.changes = [
                Change(
                    kind: .clearCause, evidence: .positive, subject: 0, reason: 0,
                    before: CauseKind.reclaimed.rawValue)
            ]
            return
        }
        guard row.status == .suspended else {
            plan.findings = [
                refusal("act.not-suspended", act, "not suspended", "`rollcall users --status suspended` lists who is")
            ]
            return
        }
        let kinds = details.causes.map(\.kind)
        details.lifted = Set(details.lifted + kinds.filter { $0 != .manual }).sorted()
        details.causes = []
        var status = details.statusBefore ?? .invited
        if status == .suspended || status == .removed { status = .invited }
        if let pool = writing.poolWithoutRoom(for: status) {
            let message =
                "not resumed yet: every cause is lifted, and the first run with a free seat of `\(pool)` brings them back"
            plan.findings = [refusal("act.no-seat", act, message, "free a seat, or buy one")]
            writing.write(.suspended, details, into: &plan)
            plan.reasons = [.human(name: act.name, reason: act.reason)]
            plan.changes = kinds.map {
                Change(kind: .clearCause, evidence: .positive, subject: 0, reason: 0, before: $0.rawValue)
            }
            return
        }
        details.statusBefore = nil
        details.statusSince = nil
        writing.write(status, details, into: &plan)
        plan.reasons = [.human(name: act.name, reason: act.reason)]
        plan.changes = [
            Change(
                kind: .resume, evidence: .positive, subject: 0, reason: 0, before: row.status.rawValue,
                after: status.rawValue)
        ]
    }
}

extension Reconciler {
    /// A removed user whose causes are lifted is invited again by the next run, if rules give anything.
    private func clear(
        _ act: ManualAct, _ kinds: [CauseKind], _ writing: inout ActWriting, _ plan: inout TargetPlan
    ) {
        var details = writing.details
        details.causes = []
        writing.write(.removed, details, into: &plan)
        plan.reasons = [.human(name: act.name, reason: act.reason)]
        plan.changes = kinds.map {
            Change(kind: .clearCause, evidence: .positive, subject: 0, reason: 0, before: $0.rawValue)
        }
    }
}

/// Users' rows, one after the other, on their way into a plan made by hand.
struct ActWriting {
    /// As the acts so far leave it.
    private(set) var roster: TargetRoster
    /// At whom it stands.
    var place: Int
    let now: Int64
    let settings: TargetSettings
    var book: AccessBook
    private(set) var census: AccessCensus
    private let before: TargetRoster
    private var flow: SeatFlow

    init(settings: TargetSettings, roster: TargetRoster, place: Int, now: Int64) {
        self.settings = settings
        self.roster = roster
        self.place = place
        self.now = now
        book = AccessBook(settings: settings, known: roster.accesses)
        census = AccessCensus(roster: roster, accesses: roster.accesses.count)
        before = roster
        flow = SeatFlow(settings.topology)
    }

    var row: UserRow { roster.users[place] }
    var details: UserDetails { roster.details[place] ?? UserDetails() }

    /// Whether the user at a place has a role of which some holders must stay.
    func hasFloor(_ place: Int) -> Bool {
        let roles = book[roster.users[place].access].roles
        let floors = settings.platform.keepAtLeast + settings.policy.keepAtLeast
        return floors.contains { floor in roles.contains { $0.role == floor.role } }
    }

    /// The floor that the user's suspension would break.
    func floorBroken() -> FloorOfAdmins.Floor? {
        guard hasFloor(place) else { return nil }
        return FloorOfAdmins(settings: settings, census: census, book: book).floors.first { floor in
            floor.counts(row.status) && book[row.access].roles.contains { $0.role == floor.role }
                && floor.before - 1 < floor.least
        }
    }

    /// The pool in which the user needs a seat and none is free.
    mutating func poolWithoutRoom(for status: UserStatus) -> String? {
        let held = book.pools(row.access, row.status)
        let needed = book.pools(row.access, status).filter { !held.contains($0) }
        if needed.isEmpty { return nil }
        let used = census.seatsHeld(in: &book)
        let full = needed.first { used[Int($0)] >= settings.topology.pools[Int($0)].limit }
        return full.map { settings.topology.pools[Int($0)].name }
    }

    /// Makes the user the plan's only subject.
    func write(_ status: UserStatus, _ details: UserDetails, into plan: inout TargetPlan) {
        plan.directories = roster.directories
        var row = row
        let email = plan.texts.append(roster.texts.slice(row.email))
        let name = plan.texts.append(roster.texts.slice(row.name))
        let version = row.version
        let access = book[row.access]
        if !access.isEmpty {
            plan.accesses.append(access)
            let known = Int(row.access) < roster.effective.count ? roster.effective[Int(row.access)] : ""
            plan.effective.append(known)
            row.access = 1
        } else {
            row.access = 0
        }
        let groups = Int(row.groupSet) < roster.groupSets.count ? roster.groupSets[Int(row.groupSet)] : []
        if groups.isEmpty {
            row.groupSet = 0
        } else {
            plan.groupSets.append(groups)
            row.groupSet = 1
        }
        row.email = email
        row.name = name
        row.status = status
        row.version = version &+ 1
        row.reason = UserRow.keepsReason
        plan.subjects = [
            Subject(
                row: row, version: version, id: row.id, email: email, name: name, directory: row.directory, person: nil)
        ]
        if !details.isEmpty { plan.details = [0: details] }
    }

    /// Takes over what the plan of one act does to the user, so that the next act sees it.
    mutating func settle(_ plan: TargetPlan) {
        guard let after = plan.subjects.first?.row else { return }
        flow.move(from: (row.access, row.status), to: (row.access, after.status), &book)
        census.move(row, to: after.status)
        roster.users[place].status = after.status
        roster.users[place].version = after.version
        roster.details[place] = plan.details[0]
    }

    /// The seats after all acts.
    mutating func ledger() -> [LedgerRow] { flow.ledger(before, waiting: before.waiting, &book) }
}

extension Finding {
    /// Nothing is written for a target that is only observed.
    static func observed(_ person: PersonKey, _ what: String) -> Finding {
        Finding(
            code: "act.observed", weight: .severe, person: person,
            message: "\(what), since the target is only observed", hint: "set `mode: manage` for it first")
    }

    /// Whether an act by hand was held back; false where there was nothing to do, as for somebody who is suspended already.
    package var isRefusal: Bool {
        !["act.already", "act.not-suspended", "act.not-invited", "act.no-user"].contains(code)
    }
}
