import AccessModel
import Diagnostics
import DirectoryModel
import MappingLanguage
import Reconciliation
import TestSupport
import Testing

/// The target over a `PartWorld`: rules with nesting, attributes, captured names and negation, seats, and a policy with every clock.
struct PartTarget {
    var settings: TargetSettings
    var mapping: Mapping
    var trust: GroupTrust

    static let rules = """
        version: 1
        platform: desk
        rules:
          - {name: Directors, when: {group: directors, nested: false}, give: {role: account-admin}, privileged: true}
          - {name: Support, when: {group: support}, give: {workspace: support, role: agent}, otherwise: {role: viewer}}
          - {name: Leads, when: {all: [{group: leads}, {not: {group: sales}}]}, give: {workspace: support, role: manager}}
          - {name: Sellers, when: {any: [{group: sales}, {attribute: {name: title, equals: Seller}}]}, give: {workspace: sales, role: chatter}}
          - {name: Closers, when: {group: closers}, give: {workspace: sales, role: agent}, seat_priority: 5}
          - name: Crews
            when: {group: "desk-{workspace}-crew", groups_under: "ou=groups,dc=x"}
            give: {workspace: "{workspace}", role: chatter}
          - {name: Contractors, when: {group: "ext:contractors"}, give: {workspace: support, role: chatter}}
        """

    /// With a role that needs no seat, which `otherwise` can give.
    private static let platform = Platform(
        name: "desk", title: "Desk", scopes: Platform.desk.scopes, areas: Platform.desk.areas,
        roles: Platform.desk.roles + [
            Role(
                name: "viewer", title: "viewer", scope: 1, privileged: false,
                permissions: [AreaSetting(area: "chat", values: ["read"])], switches: [])
        ],
        defaultRole: nil, templatesPerUser: .none, shippedTemplates: [], switches: [],
        statuses: Platform.desk.statuses, seatClasses: Platform.desk.seatClasses,
        keepAtLeast: Platform.desk.keepAtLeast)

    init(_ dice: inout Dice) throws {
        let pools = ["sales", "support"].map {
            SeatPool(scope: ScopePath($0), seatClass: "seat", limit: dice.chance(40) ? 2 + dice.below(6) : 1_000)
        }
        let scopes = [ScopePath.root, ScopePath("sales"), ScopePath("support")].map { ScopeInstance(path: $0) }
        let topology = Topology(scopes: scopes, pools: pools)
        let context = MappingContext(
            platform: PartTarget.platform, topology: topology,
            directories: PartWorld.directories.map { .init(name: $0, trustedAttributes: ["title"]) })
        var diagnostics = DiagnosticList()
        let read = MappingFile.mapping(
            SourceFile(name: "mapping.yaml", text: PartTarget.rules), in: context, into: &diagnostics)
        var mapping = try #require(read, "\(diagnostics.sorted)")
        settings = TargetSettings(
            name: "desk", mode: .manage, platform: PartTarget.platform, topology: topology, templates: [],
            policy: PartTarget.policy(&dice), limits: PartTarget.limits(&dice), protect: PartTarget.protect(&dice),
            fingerprints: ["mapping.yaml": "1"])
        if !settings.policy.ownCauses.isEmpty {
            mapping.causes = [
                CauseCondition(
                    name: "away", position: SourcePosition(file: "x", line: 1, column: 1),
                    condition: .group(
                        GroupReference(
                            name: .name("away"), directory: nil, base: nil, nested: true,
                            position: SourcePosition(file: "x", line: 1, column: 1))))
            ]
        }
        self.mapping = mapping
        trust = PartTarget.lock { _ in true }
    }

    /// Locks the groups with these names.
    static func lock(_ isLocked: (String) -> Bool) -> GroupTrust {
        .locked(
            GroupLock(
                file: "groups.lock.yaml",
                groups: PartWorld.names.indices.filter { isLocked(PartWorld.names[$0]) }.map { place in
                    let directory = PartWorld.directories[PartWorld.directory(ofGroup: place)]
                    return KnownGroup(
                        key: GroupKey(directory: directory, id: PartWorld.id(ofGroup: place)),
                        name: PartWorld.names[place], dn: "cn=\(PartWorld.names[place]),ou=groups,dc=x")
                }))
    }

    private static func policy(_ dice: inout Dice) -> Policy {
        var policy = Policy()
        policy.new = dice.chance(50) ? .invite : .activate
        policy.inactive.deed = dice.chance(50) ? .suspend : .report
        if dice.chance(50) { policy.inactive.afterSeconds = 2 * 86_400 }
        policy.outOfScope = dice.chance(50) ? .suspend : .report
        policy.missing.runs = dice.chance(50) ? 1 : 2
        policy.missing.seconds = dice.chance(50) ? 0 : 20 * 3_600
        policy.unmapped.settleSeconds = dice.chance(30) ? 0 : 24 * 3_600
        if dice.chance(40) { policy.removeAfterSeconds = dice.chance(50) ? 86_400 : 3_600 }
        if dice.chance(30) { policy.removeAfter["disabled"] = 2 * 86_400 }
        policy.inviteReminderSeconds = dice.chance(50) ? 86_400 : 14 * 86_400
        policy.whenSeatsRunOut = dice.pick([.wait, .otherwise])
        if dice.chance(50) { policy.keepAtLeast = [RoleFloor(role: "account-admin", count: 2)] }
        if dice.chance(50) { policy.ownCauses = [OwnCause(name: "away")] }
        if dice.chance(20) { policy.emailDomains = ["example.org"] }
        return policy
    }

    private static func limits(_ dice: inout Dice) -> Limits {
        var limits = dice.chance(80) ? Limits.none : Limits()
        if dice.chance(20) { limits.invitePace = 2 }
        return limits
    }

    private static func protect(_ dice: inout Dice) -> [ProtectedReference] {
        let all: [ProtectedReference] = [
            .email("p2@example.org"), .email("p9@example.org"), .id(madeUpID(4).description), .group("guards"),
            .email("nobody@example.org"),
        ]
        return all.filter { _ in dice.chance(20) }
    }

    // MARK: Deciding

    func input(_ mirror: Mirror, _ roster: Roster, _ night: PartNight) -> ReconcileInput {
        ReconcileInput(
            mirror: mirror, evaluation: .none,
            rules: mapping.rules.map { RuleLabel(name: $0.name, place: "mapping.yaml:\($0.position.line)") },
            roster: roster.targets[0], absences: night.absences, now: night.now, run: roster.lastRun + 1)
    }

    /// The plan over everybody.
    func plan(_ mirror: Mirror, _ roster: Roster, _ night: PartNight) throws -> TargetPlan {
        let compiled = try CompiledMapping(mapping, mirror: mirror, trust: trust)
        let population = compiled.population(in: MembershipGraph(mirror))
        var plan = Reconciler(settings: settings).decide(input(mirror, roster, night)) {
            compiled.evaluate(mirror, population: population, frozen: $0)
        }
        plan.traceNesting(in: mirror, groups: compiled.groups)
        return plan
    }

    /// The plan over the people whom the changes can affect.
    ///
    /// `edit` changes what it is made from.
    func plan(
        _ part: RosterPart, _ night: PartNight, edit: (inout ReconcileInput) -> Void = { _ in }
    ) throws(EverybodyReason) -> TargetPlan {
        let decision = PartialDecision(settings: settings, mapping: mapping, trust: trust)
        var input = input(part.after, part.roster, night)
        edit(&input)
        var result = try decision.decide(input, before: part.before, others: part.others[0])
        result.plan.traceNesting(in: part.after, groups: result.compiled.groups)
        return result.plan
    }
}

/// What a run meets besides the mirror and the roster.
struct PartNight {
    var now: Int64
    var absences: [PersonKey: AbsenceFinding] = [:]
}
