import AccessModel
import DirectoryModel
import MappingLanguage
import Reconciliation

/// Makes runs that fit the roster they are computed from, and change a bit of everything.
struct RandomRun {
    static let targets = ["desk", "tenant"]
    static let accesses: [Access] = [
        .none, Access(roles: [ScopedRole(scope: ScopePath(["support"]), role: "agent")]),
        Access(roles: [ScopedRole(scope: .root, role: "admin")], templates: ["editor"], switches: ["crm_access"]),
        Access(
            roles: [ScopedRole(scope: ScopePath(["sales"]), role: "viewer")],
            grants: [ScopedRole(scope: ScopePath(["sales", "bot"]), role: "editor")],
            permissions: [AreaSetting(area: "build/knowledge", values: ["view", "edit"])]),
    ]

    static func make(after roster: Roster, _ dice: inout Dice) -> RunToApply {
        let mirror = dice.chance(80) ? RandomMirror.make(&dice) : nil
        let number = roster.lastRun + 1
        var plans: [TargetPlan] = []
        for target in roster.targets where dice.chance(85) {
            plans.append(plan(target, run: number, mirror: mirror, &dice))
        }
        let record = RunRecord(
            number: number, command: "sync", actor: "root", started: number * 100, ended: number * 100 + 5,
            outcome: .applied, exitStatus: 0, summary: "run \(number)", version: "0.1.0",
            targets: plans.map { plan in
                TargetRunRecord(
                    target: plan.target, mode: .manage, held: dice.chance(10),
                    counts: ["invite": dice.below(9), "change role": 1], holds: ["one\nline", "back\\slash"],
                    findingKeys: dice.chance(50) ? [] : ["a b", ""])
            })
        let stamps =
            mirror == nil
            ? roster.stamps
            : ["corp": DirectoryStamp(server: "ldap://x", identity: "me", changeStamps: ["\(number)", "z"])]
        let key = GroupKey(directory: "corp", id: madeUpID(100))
        let pins = dice.chance(50) ? [GroupPin(target: "desk", reference: "g", key: key, name: "g0", dn: "cn=g0")] : []
        return RunToApply(
            record: record, generation: roster.generation, mirror: mirror, stamps: stamps, pins: pins, plans: plans,
            signInsImported: dice.chance(20) ? ["desk": number] : [:])
    }

    private static func plan(_ roster: TargetRoster, run: Int64, mirror: Mirror?, _ dice: inout Dice) -> TargetPlan {
        var draft = PlanDraft(roster: roster, run: run, mirror: mirror)
        draft.addSubjects(&dice)
        draft.addState(&dice)
        return draft.plan
    }
}

/// A plan in the making.
struct PlanDraft {
    let roster: TargetRoster
    let run: Int64
    let mirror: Mirror?
    var plan: TargetPlan

    init(roster: TargetRoster, run: Int64, mirror: Mirror?) {
        self.roster = roster
        self.run = run
        self.mirror = mirror
        plan = TargetPlan(target: roster.target, mode: .manage)
        plan.directories = RandomMirror.directories
        plan.accesses = RandomRun.accesses
        plan.effective = RandomRun.accesses.indices.map {
            ["", "support:agents=view+edit", ":all=full;+crm_access", ""][$0]
        }
        plan.groupSets = [[], [key(100)], [key(100), key(101)]]
        plan.reasons = [
            .rules([RuleReason(rule: "Support", place: "m.yaml:3", captured: nil, groups: ["support"])]),
            .cause(.disabled, detail: "the directory says so"),
        ]
    }

    private func key(_ number: Int) -> GroupKey {
        GroupKey(directory: RandomMirror.directories[number % 2], id: madeUpID(number))
    }

    mutating func addSubjects(_ dice: inout Dice) {
        for number in 0..<RandomMirror.population where dice.chance(40) {
            let directory = RandomMirror.directories[RandomMirror.directory(of: number)]
            let id = madeUpID(number)
            let known = roster.users.firstIndex { roster.directories[Int($0.directory)] == directory && $0.id == id }
            add(number, known: known.map { roster.users[$0] }, &dice)
        }
    }

    private mutating func add(_ number: Int, known: UserRow?, _ dice: inout Dice) {
        let directory = UInt8(RandomMirror.directory(of: number))
        let email = plan.texts.append(
            Array("\(dice.chance(50) ? "P" : "p")\(number).\(dice.below(2))@Exämple.org".utf8))
        let name = plan.texts.append(Array((dice.chance(10) ? "" : "Person \(number)").utf8))
        let status = dice.pick(UserStatus.allCases)
        let row = UserRow(
            user: known?.user ?? 0, id: madeUpID(number), email: email, name: name,
            lastSignIn: dice.chance(50) ? Int64.min : Int64(dice.below(99)), since: known?.since ?? run,
            access: UInt32(dice.below(plan.accesses.count)), groupSet: UInt32(dice.below(plan.groupSets.count)),
            reason: UInt32(dice.below(2)), version: (known?.version ?? 0) + 1, directory: directory, status: status,
            managed: dice.chance(90))
        let person = mirror?.people.firstIndex { $0.id == row.id && $0.directory == directory }
        let place = plan.subjects.count
        plan.subjects.append(
            Subject(
                row: dice.chance(90) ? row : nil, version: known?.version ?? 0, id: row.id, email: email, name: name,
                directory: directory, person: person.map(PersonIndex.init)))
        if number % 7 == 0 {
            plan.accounts.append(PlannedAccount(account: "u-\(number % 3)", subject: UInt32(place)))
        }
        if dice.chance(40) { plan.details[place] = details(&dice) }
        plan.changes.append(
            Change(
                kind: dice.pick(ChangeKind.allCases), evidence: dice.chance(50) ? .positive : .absence,
                subject: UInt32(place), reason: UInt32(dice.below(2)),
                scope: dice.chance(50) ? .root : ScopePath(["support"]), before: dice.chance(50) ? nil : "viewer",
                after: dice.chance(50) ? nil : "editor"))
        if dice.chance(30) {
            plan.waiting.append(
                PlaceInLine(
                    person: PersonKey(directory: RandomMirror.directories[Int(directory)], id: row.id),
                    scope: ScopePath(["support"]), role: dice.pick(["agent", "viewer"]),
                    seatPriority: dice.below(3), since: Int64(dice.below(4)), forPace: dice.chance(50),
                    isFirst: dice.chance(20)))
        }
    }

    private func details(_ dice: inout Dice) -> UserDetails {
        var details = UserDetails()
        if dice.chance(50) { details.statusBefore = dice.pick(UserStatus.allCases) }
        if dice.chance(50) { details.statusSince = run }
        if dice.chance(50) { details.causes = [Cause(kind: .disabled, since: run, by: "run \(run)", reason: "x'y")] }
        if dice.chance(20) { details.causes.append(Cause(kind: .own("long-leave"), since: run, by: "run \(run)")) }
        if dice.chance(50) { details.pending = [PendingCause(kind: .missing, firstSeen: run, runs: dice.below(4))] }
        if dice.chance(50) { details.lifted = [.inactive, .manual] }
        if dice.chance(50) {
            let parts: [ManualGrant.Part] = [
                .permission(area: "talks", values: ["read", "edit"]), .role("viewer", scope: ScopePath("support")),
                .switchOn("crm"), .template("q'a"),
            ]
            details.manual = parts.filter { _ in dice.chance(50) }.map {
                ManualGrant(part: $0, by: "ada", reason: "x'y", since: run, until: dice.chance(50) ? run + 9 : nil)
            }
        }
        return details
    }

    mutating func addState(_ dice: inout Dice) {
        plan.isNightly = true
        plan.waiting.sort { LineOrder.key($0).lexicographicallyPrecedes(LineOrder.key($1)) }
        plan.ledger = [
            LedgerRow(
                pool: SeatPool(scope: ScopePath(["support"]), seatClass: "seat", limit: 5, price: nil),
                heldBefore: dice.below(5), freed: 1, given: 2, heldAfter: dice.below(5), waiting: plan.waiting.count,
                oldestWaiting: plan.waiting.first?.since, reclaimable: dice.below(3), onLeave: dice.below(3))
        ]
        if dice.chance(50) {
            plan.findings = [
                Finding(
                    code: "person.no-email", weight: .warning,
                    person: PersonKey(directory: "corp", id: madeUpID(3)), label: "x", message: "no email", hint: "h")
            ]
        }
        if dice.chance(80) {
            plan.baseline = TargetBaseline(
                run: run, time: run * 100, people: ["corp": dice.below(9)], groups: ["corp": 2, "old": 1],
                mappedGroups: [GroupBaseline(key: key(100), name: "g0", dn: "cn=g0", people: dice.below(9))],
                fingerprints: ["m.yaml": "\(dice.below(2))"])
        }
        if dice.chance(30) {
            plan.guardCounts = [GuardCount(run: run, time: run * 100, kind: .remove, people: 1 + dice.below(4))]
        }
        if dice.chance(50) { plan.protected = [PersonKey(directory: "corp", id: madeUpID(dice.below(9)))] }
        if dice.chance(30) {
            plan.approvalsSpent = [ApprovalUse(digest: "d", file: "a.yaml", AllowedKind(.remove), count: dice.below(4))]
        }
    }
}

/// The order of a line for seats, as something that compares: scope, priority, since, id.
enum LineOrder {
    static func key(_ place: PlaceInLine) -> [UInt64] {
        [
            UInt64(place.scope.depth), place.isFirst ? 0 : 1, UInt64(1000 - place.seatPriority), UInt64(place.since),
            place.person.id.high,
            place.person.id.low, UInt64(place.person.id.count),
        ]
    }
}

extension RandomRun {
    /// The record of a run without targets.
    static func emptyRecord(_ number: Int64, outcome: RunRecord.Outcome = .failed) -> RunRecord {
        RunRecord(
            number: number, command: "sync", actor: "root", started: number * 100, ended: number * 100,
            outcome: outcome, exitStatus: 4, summary: "s", version: "v", targets: [])
    }
}
