import AccessModel
import DirectoryModel
import MappingLanguage
import Reconciliation

/// What of a plan is not about single users: reasons, the line, findings, seats, guards, what the next run compares with.
extension PlanCoder {
    mutating func state(_ plan: inout TargetPlan) throws(PlanFault) {
        try key("waiting")
        try list(&plan.waiting, empty: .none) { (coder, place) throws(PlanFault) in try coder.code(&place) }
        try key("findings")
        try list(&plan.findings, empty: Finding(code: "", weight: .note, message: "")) {
            (coder, finding) throws(PlanFault) in try coder.code(&finding)
        }
        try key("seats")
        try list(&plan.ledger, empty: .none) { (coder, row) throws(PlanFault) in try coder.code(&row) }
        try key("guards")
        try list(&plan.tally, empty: GuardTally(kind: .remove, count: 0, limit: 0, limitText: "", approved: 0)) {
            (coder, tally) throws(PlanFault) in
            try coder.begin(.list)
            try coder.name(&tally.kind)
            try coder.code(&tally.count)
            try coder.code(&tally.limit)
            try coder.code(&tally.limitText)
            try coder.code(&tally.approved)
            try coder.code(&tally.earlier)
            try coder.code(&tally.window)
            try coder.code(&tally.isExceeded)
            try coder.end(.list)
        }
        try key("holds")
        try list(&plan.holds, empty: .none) { (coder, hold) throws(PlanFault) in try coder.code(&hold) }
        try key("baseline")
        try optional(&plan.baseline, empty: .none) { (coder, baseline) throws(PlanFault) in try coder.code(&baseline) }
        try key("protected")
        try list(&plan.protected, empty: .nobody) { (coder, key) throws(PlanFault) in
            try coder.code(&key.directory, &key.id)
        }
        try key("approvals_spent")
        try list(&plan.approvalsSpent, empty: ApprovalUse(digest: "", file: "", AllowedKind(.remove), count: 0)) {
            (coder, use) throws(PlanFault) in
            try coder.begin(.list)
            try coder.code(&use.digest)
            try coder.code(&use.file)
            try coder.name(&use.allowed.kind)
            try coder.code(&use.allowed.group)
            try coder.code(&use.count)
            try coder.end(.list)
        }
        try key("guard_counts")
        try list(&plan.guardCounts, empty: GuardCount(run: 0, time: 0, kind: .remove, people: 0)) {
            (coder, count) throws(PlanFault) in
            try coder.begin(.list)
            try coder.code(&count.run)
            try coder.code(&count.time)
            try coder.name(&count.kind)
            try coder.code(&count.people)
            try coder.end(.list)
        }
        try key("nested")
        try list(&plan.nested, empty: NestedMembership(subject: 0, chain: [])) { (coder, way) throws(PlanFault) in
            try coder.begin(.list)
            try coder.integer(&way.subject)
            try coder.code(&way.chain)
            try coder.end(.list)
        }
        try key("accounts")
        try list(&plan.accounts, empty: PlannedAccount(account: "", subject: 0)) { (coder, account) throws(PlanFault) in
            try coder.begin(.list)
            try coder.code(&account.account)
            try coder.integer(&account.subject)
            try coder.end(.list)
        }
        try key("unread")
        try list(&plan.unread, empty: UnreadDirectory(name: "", cause: "", sinceRun: 0, since: 0)) {
            (coder, directory) throws(PlanFault) in
            try coder.begin(.list)
            try coder.code(&directory.name)
            try coder.code(&directory.cause)
            try coder.code(&directory.hint)
            try coder.code(&directory.sinceRun)
            try coder.code(&directory.since)
            try coder.code(&directory.sinceText)
            try coder.code(&directory.users)
            try coder.end(.list)
        }
        try key("edited_files")
        try code(&plan.editedFiles)
    }

    mutating func code(_ reason: inout Reason) throws(PlanFault) {
        try begin(.list)
        var (kind, first, second) = reason.parts
        try code(&kind)
        try code(&first)
        try code(&second)
        var rules: [RuleReason] = []
        if case .rules(let given) = reason { rules = given }
        try list(&rules, empty: RuleReason(rule: "", place: "", captured: nil, groups: [])) {
            (coder, rule) throws(PlanFault) in
            try coder.begin(.list)
            try coder.code(&rule.rule)
            try coder.code(&rule.place)
            try coder.code(&rule.captured)
            try coder.code(&rule.groups)
            try coder.end(.list)
        }
        try end(.list)
        guard let found = Reason(kind, first, second, rules) else { throw fault }
        reason = found
    }

    private mutating func code(_ place: inout PlaceInLine) throws(PlanFault) {
        try begin(.list)
        try code(&place.person.directory, &place.person.id)
        try code(&place.scope)
        try code(&place.role)
        try code(&place.seatPriority)
        try code(&place.since)
        try code(&place.forPace)
        try code(&place.isFirst)
        try end(.list)
    }

    private mutating func code(_ finding: inout Finding) throws(PlanFault) {
        try begin(.list)
        try code(&finding.code)
        var weight = Int(finding.weight.rawValue)
        try code(&weight)
        guard let known = UInt8(exactly: weight).flatMap(Finding.Weight.init(rawValue:)) else { throw fault }
        finding.weight = known
        try optional(&finding.person, empty: .nobody) { (coder, key) throws(PlanFault) in
            try coder.code(&key.directory, &key.id)
        }
        try code(&finding.label)
        try code(&finding.message)
        try code(&finding.hint)
        try end(.list)
    }

    private mutating func code(_ row: inout LedgerRow) throws(PlanFault) {
        try begin(.list)
        try code(&row.pool.scope)
        try code(&row.pool.seatClass)
        try code(&row.pool.limit)
        try code(&row.pool.price)
        try code(&row.heldBefore)
        try code(&row.freed)
        try code(&row.given)
        try code(&row.heldAfter)
        try code(&row.waiting)
        try code(&row.oldestWaiting)
        try code(&row.reclaimable)
        try code(&row.onLeave)
        try end(.list)
    }

    private mutating func code(_ hold: inout Hold) throws(PlanFault) {
        try begin(.list)
        try name(&hold.kind)
        try code(&hold.extent)
        try code(&hold.message)
        try code(&hold.count)
        try code(&hold.limit)
        try list(&hold.people, empty: .nobody) { (coder, key) throws(PlanFault) in
            try coder.code(&key.directory, &key.id)
        }
        try code(&hold.wouldHave)
        try list(&hold.causes, empty: HoldCause(text: "", people: 0)) { (coder, cause) throws(PlanFault) in
            try coder.begin(.list)
            try coder.code(&cause.text)
            try coder.code(&cause.people)
            try coder.end(.list)
        }
        var before = hold.before.map(Int64.init)
        try code(&before)
        hold.before = before.flatMap { Int(exactly: $0) }
        try code(&hold.note)
        var doubt = hold.doubt?.rawValue ?? ""
        try code(&doubt)
        hold.doubt = GroupDoubt(rawValue: doubt)
        if hold.doubt == nil, !doubt.isEmpty { throw fault }
        try end(.list)
    }

    private mutating func code(_ extent: inout Hold.Extent) throws(PlanFault) {
        try begin(.list)
        var (kind, person, text) = extent.parts
        try code(&kind)
        try code(&person.directory, &person.id)
        try code(&text)
        try end(.list)
        guard let found = Hold.Extent(kind, person, text) else { throw fault }
        extent = found
    }

    mutating func code(_ baseline: inout TargetBaseline) throws(PlanFault) {
        try begin(.object)
        try key("run")
        try code(&baseline.run)
        try key("time")
        try code(&baseline.time)
        try key("people")
        try code(&baseline.people, empty: 0) { (coder, count) throws(PlanFault) in try coder.code(&count) }
        try key("groups")
        try code(&baseline.groups, empty: 0) { (coder, count) throws(PlanFault) in try coder.code(&count) }
        try key("mapped_groups")
        let empty = GroupBaseline(key: GroupKey(directory: "", id: .zero), name: "", dn: "", people: 0)
        try list(&baseline.mappedGroups, empty: empty) { (coder, group) throws(PlanFault) in
            try coder.begin(.list)
            try coder.code(&group.key.directory, &group.key.id)
            try coder.code(&group.name)
            try coder.code(&group.dn)
            try coder.code(&group.people)
            try coder.code(&group.countedIn)
            try coder.end(.list)
        }
        try key("fingerprints")
        try code(&baseline.fingerprints, empty: "") { (coder, digest) throws(PlanFault) in try coder.code(&digest) }
        try end(.object)
    }
}

// What values start from before they are read.

extension PersonKey {
    static let nobody = PersonKey(directory: "", id: .zero)
}

extension PlaceInLine {
    static let none = PlaceInLine(person: .nobody, scope: .root, role: "", seatPriority: 0, since: 0, forPace: false)
}

extension LedgerRow {
    static let none = LedgerRow(
        pool: SeatPool(scope: .root, seatClass: "", limit: 0), heldBefore: 0, freed: 0, given: 0, heldAfter: 0,
        waiting: 0, oldestWaiting: nil)
}

extension TargetBaseline {
    static let none = TargetBaseline(run: 0, time: 0, people: [:], groups: [:], mappedGroups: [], fingerprints: [:])
}

extension Hold {
    static let none = Hold(
        kind: .remove, extent: .target(evenDisabled: false), message: "", count: 0, limit: 0, people: [],
        wouldHave: [], causes: [])
}

extension Hold.Extent {
    fileprivate var parts: (kind: String, person: PersonKey, text: String) {
        switch self {
        case .target(let evenDisabled): (evenDisabled ? "target_whole" : "target", .nobody, "")
        case .group(let key, let name): ("group", PersonKey(directory: key.directory, id: key.id), name)
        case .grant(let person, let what): ("grant", person, what)
        }
    }

    fileprivate init?(_ kind: String, _ person: PersonKey, _ text: String) {
        switch kind {
        case "target": self = .target(evenDisabled: false)
        case "target_whole": self = .target(evenDisabled: true)
        case "group": self = .group(GroupKey(directory: person.directory, id: person.id), name: text)
        case "grant": self = .grant(person, what: text)
        default: return nil
        }
    }
}

extension Reason {
    fileprivate var parts: (kind: String, first: String, second: String) {
        switch self {
        case .rules: ("rules", "", "")
        case .noRule(let before): ("no_rule", before, "")
        case .cause(let kind, let detail): ("cause", kind.rawValue, detail)
        case .seats(let pool, let detail): ("seats", pool, detail)
        case .edited(let file): ("edited", file, "")
        case .directory(let detail): ("directory", detail, "")
        case .human(let name, let reason): ("human", name, reason)
        case .recorded(let text): ("recorded", text, "")
        }
    }

    fileprivate init?(_ kind: String, _ first: String, _ second: String, _ rules: [RuleReason]) {
        switch kind {
        case "rules": self = .rules(rules)
        case "no_rule": self = .noRule(before: first)
        case "cause":
            guard let kind = CauseKind(rawValue: first) else { return nil }
            self = .cause(kind, detail: second)
        case "seats": self = .seats(pool: first, detail: second)
        case "edited": self = .edited(file: first)
        case "directory": self = .directory(detail: first)
        case "human": self = .human(name: first, reason: second)
        case "recorded": self = .recorded(first)
        default: return nil
        }
    }
}
