package import AccessModel
package import DirectoryModel
package import MappingLanguage

/// One target as the next run would decide about it if the directory were still as it was last read: what questions about people are
/// answered from.
package struct TargetInquiry: Sendable {
    package let settings: TargetSettings
    package let compiled: CompiledMapping
    /// With what the rules give, groups frozen where they must be.
    package let input: ReconcileInput
    /// With its guards; of a paused target as if it went on.
    package let plan: TargetPlan
    /// Users who are taken for gone, although nothing on record tells what became of them.
    package var assumedGone: Set<PersonKey> = []
    let graph: MembershipGraph
    private let frozen: FrozenMembers

    /// The input's own evaluation is not looked at.
    package init(_ settings: TargetSettings, _ compiled: CompiledMapping, _ input: ReconcileInput) {
        self.settings = settings
        self.compiled = compiled
        var input = input
        let mirror = input.mirror
        let graph = MembershipGraph(mirror)
        let population = compiled.population(in: graph)
        let reconciler = Reconciler(settings: settings)
        let freezes = reconciler.freeze(&input) { compiled.evaluate(mirror, population: population, frozen: $0) }
        var plan = reconciler.guardedPlan(input, freezes: freezes)
        plan.traceNesting(in: mirror, groups: compiled.groups)
        input.hasFrozenGroups = !freezes.members.isEmpty
        self.input = input
        self.plan = plan
        self.graph = graph
        frozen = freezes.members
    }

    /// The same from the people alone whom a question can concern, with all other users as numbers; throws where it takes everybody.
    package init(
        _ settings: TargetSettings, _ mapping: Mapping, trust: GroupTrust, part input: ReconcileInput,
        others: [RosterRest.Users]
    ) throws(EverybodyReason) {
        let decision = PartialDecision(settings: settings, mapping: mapping, trust: trust)
        let result = try decision.decide(input, before: input.mirror, others: others)
        var input = input
        let graph = MembershipGraph(input.mirror)
        // No group is frozen: then a part is not enough.
        input.evaluation = result.compiled.evaluate(
            input.mirror, population: result.compiled.population(in: graph), frozen: [:])
        self.settings = settings
        self.input = input
        self.graph = graph
        compiled = result.compiled
        frozen = [:]
        var plan = result.plan
        plan.traceNesting(in: input.mirror, groups: compiled.groups)
        self.plan = plan
    }

    package var mirror: Mirror { input.mirror }

    /// The plan if no guard held the target as a whole.
    package var openPlan: TargetPlan { plan.heldBack?.plan ?? plan }

    package var explainer: Explainer<MembershipGraph> {
        Explainer(
            Explainer(compiled, input.evaluation, mirror, graph), frozen: frozen, since: input.roster.baseline?.run ?? 0
        )
    }

    /// The place of somebody in the mirror: of the identity that stands for the person, where several are one; nil for somebody who is
    /// not in it.
    package func place(of person: PersonKey) -> PersonIndex? {
        guard let place = mirror.person(person) else { return nil }
        let other = mirror.standsFor[place] ?? place
        return other == IdentityLinks.nobody ? place : other
    }

    /// Everything about one person.
    package func answer(about person: PersonKey) -> PersonAnswer {
        let place = place(of: person)
        let key = place.map { mirror.key(of: Int($0)) } ?? person
        return PersonAnswer(
            explanation: place.map { settled(explainer.explain($0), of: key) },
            roster: input.roster.explanation(of: key, plan: plan),
            pilot: place.flatMap { PilotStanding($0, input) },
            held: plan.heldBack?.plan.changes(of: key) ?? [],
            isHeld: plan.heldBack != nil, withheld: withheld(from: key), isAssumedGone: assumedGone.contains(key))
    }

    /// Privileged grants of somebody that the next run would withhold.
    func withheld(from person: PersonKey) -> [Hold] {
        plan.holds.filter { hold in
            if case .grant(person, _) = hold.extent { true } else { false }
        }
    }

    /// Every group that somebody is in, each with the shortest way up to it, by name.
    package func memberships(of person: PersonIndex) -> [GroupMembership] {
        let mapped = Dictionary(
            compiled.groups.compactMap { group in group.index.map { ($0, group) } },
            uniquingKeysWith: { first, _ in first })
        return graph.groups(of: person).compactMap { group in
            guard let way = graph.chain(from: person, to: group) else { return nil }
            let row = mirror.groups[Int(group)]
            let directory =
                mirror.directories.indices.contains(Int(row.directory)) ? mirror.directories[Int(row.directory)] : ""
            return GroupMembership(
                key: GroupKey(directory: directory, id: row.id), name: name(of: group),
                dn: String(decoding: row.dn, as: UTF8.self), chain: way.map(name(of:)), isMapped: mapped[group] != nil)
        }.sorted { $0.name == $1.name ? $0.key < $1.key : precedes($0.name, $1.name) }
    }

    func name(of group: GroupIndex) -> String { String(decoding: mirror.groups[Int(group)].name, as: UTF8.self) }

    /// What somebody has after a plan, and in which status; nil for somebody who is no user then.
    package func standing(of person: PersonKey, after plan: TargetPlan?) -> (access: Access, status: UserStatus)? {
        if let plan {
            for subject in plan.subjects where subject.id == person.id {
                guard let row = subject.row, plan.directories.indices.contains(Int(subject.directory)),
                    plan.directories[Int(subject.directory)] == person.directory
                else { continue }
                let access = plan.accesses.indices.contains(Int(row.access)) ? plan.accesses[Int(row.access)] : .none
                return (access, row.status)
            }
        }
        let roster = input.roster
        guard
            let place = roster.users.indices.first(where: {
                roster.users[$0].id == person.id && roster.users[$0].managed && roster.key(of: $0) == person
            })
        else { return nil }
        let row = roster.users[place]
        return (
            roster.accesses.indices.contains(Int(row.access)) ? roster.accesses[Int(row.access)] : .none, row.status
        )
    }
}

/// What one target knows of one person.
package struct PersonAnswer: Sendable {
    /// Nil for somebody who is not in the mirror.
    package var explanation: Explanation?
    /// Nil for somebody of whom neither the roster nor the next plan knows anything.
    package var roster: RosterExplanation?
    /// Nil where the target is no pilot, and for somebody who is not in the mirror.
    package var pilot: PilotStanding?
    /// What the next run would change as well if no guard held it, each with its reason.
    package var held: [ReasonedChange]
    /// Whether a guard would hold the target.
    package var isHeld: Bool
    /// Privileged grants that the next run would withhold until somebody approves them.
    package var withheld: [Hold]
    /// Whether the person is taken for gone, although nothing on record tells what became of them.
    package var isAssumedGone: Bool
}

/// A change of a plan with its reason.
package struct ReasonedChange: Sendable, Equatable {
    package var change: Change
    package var reason: Reason

    package init(change: Change, reason: Reason) {
        self.change = change
        self.reason = reason
    }
}

/// A group that somebody is in, and how.
package struct GroupMembership: Sendable, Equatable {
    package var key: GroupKey
    package var name: String
    package var dn: String
    /// Names of groups, from the one that holds the person directly up to this one, which alone stands here for a direct member.
    package var chain: [String]
    /// Whether a rule, a cause or a pilot of some target names it.
    package var isMapped: Bool

    package init(key: GroupKey, name: String, dn: String, chain: [String], isMapped: Bool) {
        self.key = key
        self.name = name
        self.dn = dn
        self.chain = chain
        self.isMapped = isMapped
    }
}
