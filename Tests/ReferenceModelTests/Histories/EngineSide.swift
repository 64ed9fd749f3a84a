import AccessModel
import Diagnostics
import DirectoryModel
import MappingLanguage
import Reconciliation
import TestSupport

/// The engine's side of a history: the same state as real mirrors, mappings and settings, and a roster in memory.
struct EngineSide {
    private(set) var roster = InMemoryRoster()
    private(set) var plan = TargetPlan(target: "acme", mode: .manage)
    private(set) var used: [String: [AllowedKind: Int]] = [:]
    /// What the last night found that was not held.
    private var told: [Finding] = []
    /// What was wrong with applying a plan.
    private(set) var faults: [String] = []

    mutating func night(_ state: HistoryState) throws {
        let mirror = state.mirror()
        let compiled = try CompiledMapping(state.mapping, mirror: mirror, trust: .locked(state.lock))
        let population = compiled.population(in: MembershipGraph(mirror))
        plan = Reconciler(settings: state.settings).decide(input(mirror, state)) {
            compiled.evaluate(mirror, population: population, frozen: $0)
        }
        if plan.heldBack == nil { told = plan.findings }
        apply()
    }

    /// What questions about people are answered from, as the directory is now; throws where the mapping does not fit it.
    func inquiry(_ state: HistoryState) throws -> TargetInquiry {
        let mirror = state.mirror()
        let compiled = try CompiledMapping(state.mapping, mirror: mirror, trust: .locked(state.lock))
        return TargetInquiry(state.settings, compiled, input(mirror, state))
    }

    /// The same by what is on record alone, as `explain` has it: nobody is looked for by id.
    func inquiryAsLastRead(_ state: HistoryState) throws -> TargetInquiry {
        let mirror = state.mirror()
        let compiled = try CompiledMapping(state.mapping, mirror: mirror, trust: .locked(state.lock))
        let absences = RememberedAbsences(Array(state.absences.keys), of: roster.roster, told: told)
        var input = input(mirror, state)
        input.absences = absences.findings
        var inquiry = TargetInquiry(state.settings, compiled, input)
        inquiry.assumedGone = absences.assumed
        return inquiry
    }

    private func input(_ mirror: Mirror, _ state: HistoryState) -> ReconcileInput {
        ReconcileInput(
            mirror: mirror,
            evaluation: Evaluation(
                instances: [], groups: [], effectivePeople: [], grantSet: [], grantSets: [], desired: [], groupSet: [],
                groupSets: [], findings: []),
            rules: state.presentRules.enumerated().map { RuleLabel(name: $1.name, place: "m.yaml:\($0 + 1)") },
            roster: roster.roster, absences: state.absences, approvals: state.approvals(used: used), now: state.now,
            run: state.run)
    }

    mutating func act(_ deed: ManualAct.Deed, _ person: String, _ state: HistoryState) {
        let key = PersonKey(directory: state.home(of: person), id: World.id(person))
        let act = ManualAct(deed: deed, person: key, name: "root", reason: "asked")
        plan = Reconciler(settings: state.settings).plan(act, roster: roster.roster, now: state.now)
        apply()
    }

    mutating func grant(_ grant: ModelGrant, to person: String, _ state: HistoryState) {
        let key = PersonKey(directory: state.home(of: person), id: World.id(person))
        let reconciler = Reconciler(settings: state.settings)
        var newcomer: Newcomer?
        if roster.status(person) == nil || roster.status(person) == .removed {
            newcomer = reconciler.newcomer(key, in: input(state.mirror(), state)).newcomer
            if newcomer == nil { return }
        }
        let act = GrantAct(
            deed: .grant(until: grant.until), person: key, parts: [ManualGrant.Part(grant.part)], name: "root",
            reason: "asked")
        plan = reconciler.plan(act, roster: roster.roster, newcomer: newcomer, now: state.now)
        apply()
    }

    mutating func revoke(_ part: ModelPart, from person: String, _ state: HistoryState) {
        let key = PersonKey(directory: state.home(of: person), id: World.id(person))
        guard let rules = accessByRules(key, state) else { return }
        let act = GrantAct(
            deed: .revoke(rules: rules), person: key, parts: [ManualGrant.Part(part)], name: "root", reason: "asked")
        plan = Reconciler(settings: state.settings).plan(act, roster: roster.roster, newcomer: nil, now: state.now)
        apply()
    }

    /// What the rules of today give somebody, groups frozen as the night would.
    private func accessByRules(_ person: PersonKey, _ state: HistoryState) -> Access? {
        let mirror = state.mirror()
        guard let compiled = try? CompiledMapping(state.mapping, mirror: mirror, trust: .locked(state.lock)) else {
            return nil
        }
        let population = compiled.population(in: MembershipGraph(mirror))
        var input = input(mirror, state)
        _ = Reconciler(settings: state.settings).freeze(&input) {
            compiled.evaluate(mirror, population: population, frozen: $0)
        }
        guard let place = mirror.people.firstIndex(where: { $0.id == person.id }) else {
            return Access.none
        }
        return input.evaluation.desired[Int(input.evaluation.grantSet[place])].access
    }

    mutating func signIn(_ person: String, _ time: Int64?, accepted: Bool, _ state: HistoryState) {
        let record = SignInRecord(who: [.id(World.id(person))], lastSignIn: time, accepted: accepted, line: 2)
        plan = Reconciler(settings: state.settings).plan(
            signIns: [record], by: "root", roster: roster.roster, now: state.now)
        apply()
        roster.edit { $0.signInsImported = state.now }
    }

    private mutating func apply() {
        faults += roster.apply(plan)
        for use in plan.approvalsSpent { used[use.file, default: [:]][use.allowed, default: 0] += use.count }
    }
}

extension HistoryState {
    /// Directory of somebody, there or not.
    func home(of person: String) -> String { person.hasPrefix("x") ? "labs" : "corp" }

    var absences: [PersonKey: AbsenceFinding] {
        var found: [PersonKey: AbsenceFinding] = [:]
        for person in directory.gone.keys {
            guard let absence = directory.absence(of: person) else { continue }
            found[PersonKey(directory: home(of: person), id: World.id(person))] =
                switch absence {
                case .gone: .gone
                case .outOfScope: .outOfScope(dn: "uid=\(person),dc=else", state: .enabled)
                case .outOfScopeAndDisabled: .outOfScope(dn: "uid=\(person),dc=else", state: .disabledByFlag)
                case .unknown: .unknown
                }
        }
        return found
    }

    func approvals(used: [String: [AllowedKind: Int]]) -> [Approval] {
        approvals.map { approval in
            var allow: [GuardKind: Int] = [:]
            for (kind, most) in approval.allow { allow[GuardKind(kind)] = most }
            return Approval(
                file: approval.name, digest: approval.name, reason: "asked", validFrom: approval.from,
                validUntil: approval.until, targets: nil, people: Set(approval.people.map(World.id)), allow: allow,
                groupShrink: approval.groups, used: used[approval.name] ?? [:])
        }
    }

    // MARK: The mirror

    func mirror() -> Mirror {
        var mirror = Mirror(directories: directory.read)
        let people = directory.people.keys.filter(directory.isThere).sorted { place($0) < place($1) }
        for person in people {
            guard let entry = directory.people[person] else { continue }
            var writer = PersonRecordWriter()
            writer.append(PersonField.dn.tag, Array("uid=\(person),dc=\(entry.directory)".utf8))
            writer.append(PersonField.login.tag, Array(person.utf8))
            for email in entry.emails.map({ Array($0.utf8) }).sorted(by: { $0.lexicographicallyPrecedes($1) }) {
                writer.append(PersonField.email.tag, email)
            }
            writer.append(PersonField.name.tag, Array(person.utf8))
            mirror.people.append(
                PersonRow(
                    id: World.id(person), start: UInt32(mirror.arena.count), length: UInt32(writer.bytes.count),
                    contentHash: 0, lastSignIn: Int64.min, directory: number(entry.directory),
                    state: entry.isDisabled ? .disabledByFlag : .enabled,
                    problems: entry.isUnreadable ? .invalidText : []))
            mirror.arena += writer.bytes
        }
        addGroups(to: &mirror, people)
        return mirror
    }

    private func addGroups(to mirror: inout Mirror, _ people: [String]) {
        let groups = directory.groups.keys.filter(directory.wasRead(group:)).sorted { order($0) < order($1) }
        for name in groups {
            guard let group = directory.groups[name] else { continue }
            mirror.groups.append(
                GroupRow(
                    id: groupID(name), dn: Array(dn(name).utf8), name: Array(name.utf8), unresolvedMembers: 0,
                    contentHash: 0, directory: number(group.directory)))
            for (place, person) in people.enumerated() where group.people.contains(person) {
                mirror.memberPeople.append(PersonIndex(place))
            }
            mirror.memberPeopleStart.append(UInt32(mirror.memberPeople.count))
            for (place, inner) in groups.enumerated() where group.groups.contains(inner) {
                mirror.memberGroups.append(GroupIndex(place))
            }
            mirror.memberGroupsStart.append(UInt32(mirror.memberGroups.count))
        }
    }

    private func place(_ person: String) -> String { home(of: person) + person }

    private func order(_ group: String) -> String {
        (directory.groups[group]?.directory ?? "") + (directory.groups[group]?.standing == .madeAgain ? "h" : "g")
            + group
    }

    private func number(_ name: String) -> UInt8 { UInt8(directory.read.firstIndex(of: name) ?? 0) }

    private func dn(_ group: String) -> String { "cn=\(group),dc=\(directory.groups[group]?.directory ?? "")" }

    private func groupID(_ name: String) -> ImmutableID {
        World.id((directory.groups[name]?.standing == .madeAgain ? "h-" : "g-") + name)
    }

    /// The groups as they were when everything began.
    var lock: GroupLock {
        GroupLock(
            file: "lock.yaml",
            groups: directory.groups.map { name, group in
                KnownGroup(
                    key: GroupKey(directory: group.directory, id: World.id("g-" + name)), name: name, dn: dn(name))
            })
    }
}

extension ManualGrant.Part {
    init(_ part: ModelPart) {
        self =
            switch part {
            case .role(let role, let scope): .role(role, scope: ScopePath(scope))
            case .template(let name): .template(name)
            case .switchOn(let name): .switchOn(name)
            case .assistant(let path): .grant("editor", scope: ScopePath(path))
            }
    }
}

extension GuardKind {
    init(_ kind: ModelGuard) { self = GuardKind(rawValue: kind.rawValue) ?? .remove }
}
