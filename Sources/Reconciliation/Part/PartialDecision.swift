import AccessModel
package import DirectoryModel
package import MappingLanguage

/// Decides about the people whom a change can affect, so that the plan is the one that deciding about everybody would give.
///
/// Whatever is not about these people alone is known as numbers: what the last applied run counted, with the difference that
/// these people make between then and now.
package struct PartialDecision: Sendable {
    private let reconciler: Reconciler
    private let mapping: Mapping
    private let trust: GroupTrust
    private var settings: TargetSettings { reconciler.settings }

    package init(settings: TargetSettings, mapping: Mapping, trust: GroupTrust) {
        reconciler = Reconciler(settings: settings)
        self.mapping = mapping
        self.trust = trust
    }

    /// A plan with the mapping that it was made by.
    package struct Result: Sendable {
        package var plan: TargetPlan
        package var compiled: CompiledMapping
    }

    /// The plan; throws where it takes a look at everybody.
    ///
    /// `input` has the people as they are now, and their users; `others` counts all other users. Its evaluation is not looked at; `edit` may change the one that is made.
    package func decide(
        _ input: ReconcileInput, before: Mirror, others: [RosterRest.Users], edit: (inout Evaluation) -> Void = { _ in }
    ) throws(EverybodyReason) -> Result {
        let baseline = try baseline(input)
        let then = try compiled(before)
        let now = try compiled(input.mirror)
        try check(then, now, baseline)
        var evaluationBefore = then.evaluate(before, population: then.population(in: MembershipGraph(before)))
        evaluationBefore.pilot = nil
        let (rest, matches) = try rest(others, before, evaluationBefore, baseline)
        var input = input
        input.rest = rest
        let mirror = input.mirror
        let population = now.population(in: MembershipGraph(mirror))
        var plan = reconciler.decide(input) { frozen in
            var evaluation = now.evaluate(mirror, population: population, frozen: frozen, others: matches)
            edit(&evaluation)
            return evaluation
        }
        guard plan.holds.isEmpty, plan.heldBack == nil, plan.baseline != nil else {
            throw EverybodyReason(.guarded, "a guard holds something of `\(settings.name)`")
        }
        plan.lookedAt = lookedAt(input, before)
        return Result(plan: plan, compiled: now)
    }

    private func baseline(_ input: ReconcileInput) throws(EverybodyReason) -> TargetBaseline {
        if let reason = EverybodyReason.of(settings) { throw reason }
        let roster = input.roster
        guard let baseline = roster.baseline else {
            throw EverybodyReason(.noBaseline, "no run has decided about `\(settings.name)` yet")
        }
        if let run = roster.pausedBy { throw EverybodyReason(.paused, "`\(settings.name)` pauses since run \(run)") }
        let edited = Fingerprints.changed(baseline.fingerprints, settings.fingerprints)
        guard edited.isEmpty else {
            throw EverybodyReason(
                .edited, "\(edited.joined(separator: ", ")) changed since run \(baseline.run)")
        }
        let isRead = roster.directories.allSatisfy { $0.isEmpty || input.mirror.directories.contains($0) }
        guard input.unread.isEmpty, isRead, Set(baseline.people.keys) == Set(input.mirror.directories) else {
            throw EverybodyReason(
                .directories, "not every directory of `\(settings.name)` is the one of run \(baseline.run)")
        }
        if !input.moves.isEmpty || !input.mirror.standsFor.isEmpty {
            throw EverybodyReason(.samePerson, "somebody may be known by another identity")
        }
        let window = ClockWindow(last: baseline.time, now: input.now, policy: settings.policy)
        if window.isFeedOutdated(roster.signInsImported) {
            throw EverybodyReason(
                .feed, "the sign-ins that were imported for `\(settings.name)` are too old from now on")
        }
        return baseline
    }

    private func compiled(_ mirror: Mirror) throws(EverybodyReason) -> CompiledMapping {
        do {
            return try CompiledMapping(mapping, mirror: mirror, trust: trust)
        } catch {
            throw EverybodyReason(.mapping, "the mapping of `\(settings.name)` does not fit the directory")
        }
    }

    /// The rules must mean what they meant at the last applied run.
    private func check(
        _ then: CompiledMapping, _ now: CompiledMapping, _ baseline: TargetBaseline
    ) throws(EverybodyReason) {
        guard now.groups.allSatisfy(\.isBelieved), then.groups == now.groups,
            Set(baseline.mappedGroups.map(\.key)) == Set(now.groups.map(\.key)),
            baseline.mappedGroups.allSatisfy({ $0.countedIn == nil })
        else {
            throw EverybodyReason(
                .groups, "a group that rules of `\(settings.name)` name is not the one of run \(baseline.run)")
        }
        guard then.instances == now.instances, then.findings == now.findings else {
            throw EverybodyReason(.mapping, "rules of `\(settings.name)` mean other groups than in run \(baseline.run)")
        }
    }

    /// What there is beside the part: what the last applied run counted, without these people as they were.
    private func rest(
        _ users: [RosterRest.Users], _ before: Mirror, _ evaluation: Evaluation, _ baseline: TargetBaseline
    ) throws(EverybodyReason) -> (RosterRest, [MatchCount]) {
        let doubt = EverybodyReason(.counts, "what run \(baseline.run) counted for `\(settings.name)` does not add up")
        var rest = RosterRest(users: users)
        for (place, name) in before.directories.enumerated() {
            rest.people[name] = (baseline.people[name] ?? 0) - before.people.count { Int($0.directory) == place }
            rest.groups[name] = (baseline.groups[name] ?? 0) - before.groups.count { Int($0.directory) == place }
        }
        for group in baseline.mappedGroups { rest.members[group.key] = group.people }
        for (place, group) in evaluation.groups.enumerated() {
            rest.members[group.key, default: 0] -= evaluation.effectivePeople[place].count
        }
        let counts = Array(rest.people.values) + Array(rest.groups.values) + Array(rest.members.values)
        guard counts.allSatisfy({ $0 >= 0 }), rest.users.allSatisfy({ $0.count >= 0 && $0.managed >= 0 }),
            baseline.matches.reduce(0, { $0 + $1.people }) == baseline.people.values.reduce(0, +),
            let others = MatchCount.difference(baseline.matches, evaluation.matches)
        else { throw doubt }
        return (rest, others)
    }

    private func lookedAt(_ input: ReconcileInput, _ before: Mirror) -> Set<PersonKey> {
        var keys = Set(input.roster.users.indices.map { input.roster.key(of: $0) })
        for mirror in [before, input.mirror] { keys.formUnion(mirror.people.indices.map { mirror.key(of: $0) }) }
        return keys
    }
}
