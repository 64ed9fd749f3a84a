import AccessModel
import DirectoryModel
import MappingLanguage
import Reconciliation
import TestSupport

/// Both answers as text, person by person; what differs is the failure.
struct Comparison {
    private(set) var differences: [String] = []

    init(_ model: ModelRoster, _ night: ModelNight?, _ engine: EngineSide, _ state: HistoryState) {
        let people = Comparison.people(engine.roster.roster)
        for person in Set(model.users.keys).union(people.keys).sorted() {
            let (mine, other) = (model.users[person].map(Comparison.compared), people[person].map(Comparison.compared))
            if mine == other { continue }
            note(person, mine.map(Comparison.text) ?? "nobody", other.map(Comparison.text) ?? "nobody")
        }
        note("line", Comparison.text(model.line), Comparison.text(engine.roster.roster.waiting))
        let seats = state.target.pools.map { model.held($0.scope, state.target) }
        note("seats", "\(seats)", "\(engine.roster.seatsHeld(state.settings))")
        if let night { compare(night, engine, state) }
        for fault in engine.faults { differences.append("the plan could not be applied: \(fault)") }
    }

    private mutating func compare(_ night: ModelNight, _ engine: EngineSide, _ state: HistoryState) {
        var target: Set<String> = []
        var groups: Set<String> = []
        var grants: Set<String> = []
        for hold in engine.plan.holds {
            switch hold.extent {
            case .target: target.insert(hold.kind.rawValue)
            case .group(let key, _):
                groups.formUnion(state.directory.groups.keys.filter { World.id("g-" + $0) == key.id })
            case .grant(let key, _): grants.insert(Comparison.name(key.id))
            }
        }
        note("target held for", "\(night.held.map(\.rawValue).sorted())", "\(target.sorted())")
        note("groups frozen", "\(night.frozen.sorted())", "\(groups.sorted())")
        note("privileges withheld from", "\(night.withheld.keys.sorted())", "\(grants.sorted())")
        let held = engine.plan.ledger.map { "\($0.heldBefore)>\($0.heldAfter)" }
        let expected = state.target.pools.map {
            "\(night.before.held($0.scope, state.target))>\(night.after.held($0.scope, state.target))"
        }
        note("ledger", "\(expected)", "\(held)")
        let used = engine.used.flatMap { file, kinds in
            kinds.map { allowed, count in
                let group = allowed.group.isEmpty ? "" : " \(allowed.group)"
                return "\(file) \(allowed.kind.rawValue)\(group) \(count)"
            }
        }
        note(
            "approvals", "\(night.after.used.filter { $0.value > 0 }.map { "\($0.key) \($0.value)" }.sorted())",
            "\(used.sorted())")
    }

    private mutating func note(_ what: String, _ model: String, _ engine: String) {
        if model != engine { differences.append("\(what): model  \(model)\n\(what): engine \(engine)") }
    }

    // MARK: Text

    private static func text(_ user: ModelUser) -> String {
        if user.status == .removed { return "removed \(user.causes.map { "\($0.rawValue)@\($1)" }.sorted())" }
        var text = "\(user.status) \(user.email) \(user.access)"
        if let before = user.statusBefore { text += " was \(before)" }
        if let since = user.statusSince { text += " since \(since)" }
        if !user.causes.isEmpty { text += " causes \(user.causes.map { "\($0.rawValue)@\($1)" }.sorted())" }
        let pending = user.pending.map { "\($0.rawValue)@\($1.firstSeen)" + ($0 == .missing ? "x\($1.runs)" : "") }
        if !pending.isEmpty { text += " pending \(pending.sorted())" }
        if let time = user.lastSignIn { text += " signed in \(time)" }
        if !user.manual.isEmpty {
            text += " by hand \(user.manual.map { "\($0.part) until \($0.until.map(String.init) ?? "ever")" })"
        }
        if !user.lifted.isEmpty { text += " lifted \(user.lifted.map(\.rawValue).sorted())" }
        return text
    }

    private static func text(_ line: [ModelPlace]) -> String {
        line.map {
            "\($0.person) \($0.scope):\($0.role) \($0.priority) \($0.since)\($0.forPace ? " pace" : "")\($0.isFirst ? " first" : "")"
        }
        .joined(separator: "; ")
    }

    private static func text(_ line: [PlaceInLine]) -> String {
        line.map {
            "\(name($0.person.id)) \($0.scope):\($0.role) \($0.seatPriority) \($0.since)\($0.forPace ? " pace" : "")\($0.isFirst ? " first" : "")"
        }.joined(separator: "; ")
    }

    private static func name(_ id: ImmutableID) -> String {
        String(decoding: id.bytes, as: UTF8.self)
    }

    /// What is compared: of somebody removed only the causes, and never what only explains.
    private static func compared(_ user: ModelUser) -> ModelUser {
        var user = user
        user.groups = []
        user.since = 0
        user.manual.sort { "\($0)" < "\($1)" }
        for cause in user.pending.keys where cause != .missing { user.pending[cause]?.runs = 0 }
        guard user.status == .removed else { return user }
        var tombstone = ModelUser(email: "", status: .removed)
        tombstone.causes = user.causes
        return tombstone
    }

    private static func people(_ roster: TargetRoster) -> [String: ModelUser] {
        var found: [String: ModelUser] = [:]
        for (place, row) in roster.users.enumerated() {
            found[name(row.id)] = user(row, roster.details[place] ?? UserDetails(), roster)
        }
        return found
    }

    private static func user(_ row: UserRow, _ details: UserDetails, _ roster: TargetRoster) -> ModelUser {
        let access = roster.accesses[Int(row.access)]
        var user = ModelUser(
            email: roster.texts[row.email], status: ModelStatus(rawValue: row.status.rawValue) ?? .removed)
        user.statusBefore = details.statusBefore.flatMap { ModelStatus(rawValue: $0.rawValue) }
        user.statusSince = details.statusSince
        user.lastSignIn = row.lastSignIn == Int64.min ? nil : row.lastSignIn
        for cause in details.causes {
            if let kind = ModelCause(rawValue: cause.kind.rawValue) { user.causes[kind] = cause.since }
        }
        for pending in details.pending {
            guard let kind = ModelCause(rawValue: pending.kind.rawValue) else { continue }
            user.pending[kind] = ModelUser.Pending(firstSeen: pending.firstSeen, runs: pending.runs)
        }
        user.lifted = Set(details.lifted.compactMap { ModelCause(rawValue: $0.rawValue) })
        user.manual = details.manual.compactMap(grant)
        user.access = ModelAccess(
            roles: Dictionary(access.roles.map { ($0.scope.description, $0.role) }) { first, _ in first },
            templates: Set(access.templates), switches: Set(access.switches),
            grants: Set(access.grants.map(\.scope.description)))
        return user
    }

    private static func grant(_ grant: ManualGrant) -> ModelGrant? {
        let part: ModelPart
        switch grant.part {
        case .role(let role, let scope): part = .role(role, scope: scope.description)
        case .template(let name): part = .template(name)
        case .switchOn(let name): part = .switchOn(name)
        case .grant(_, let scope): part = .assistant(scope.description)
        case .permission: return nil
        }
        return ModelGrant(part: part, until: grant.until)
    }
}
