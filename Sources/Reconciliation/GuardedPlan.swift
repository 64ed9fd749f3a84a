import AccessModel
import DirectoryModel
package import MappingLanguage

/// The whole decision about one target: groups frozen, the plan, its guards, and what is left of it when the target is held.
extension Reconciler {
    /// `evaluate` runs the rules with these members instead of what the directory says for some groups; it is called
    /// once, and a second time only when a group is frozen.
    ///
    /// The input's own evaluation is not looked at.
    package func decide<Failure: Error>(
        _ input: ReconcileInput, evaluate: (FrozenMembers) throws(Failure) -> Evaluation
    ) throws(Failure) -> TargetPlan {
        var input = input
        let freezes = try freeze(&input, evaluate: evaluate)
        return guardedPlan(input, freezes: freezes)
    }

    /// Puts into the input what rules give with groups frozen where they must be: what a plan is made from, and explained by.
    package func freeze<Failure: Error>(
        _ input: inout ReconcileInput, evaluate: (FrozenMembers) throws(Failure) -> Evaluation
    ) throws(Failure) -> GroupFreezes {
        input.evaluation = try evaluate([:])
        var freezes = freezes(input)
        if !freezes.members.isEmpty {
            freezes.believed = input.evaluation
            input.evaluation = try evaluate(freezes.members)
        }
        return freezes
    }

    /// The plan with its guards.
    ///
    /// The input's evaluation has the frozen groups' members in it.
    package func guardedPlan(_ input: ReconcileInput, freezes: GroupFreezes = .none) -> TargetPlan {
        var input = input
        input.hasFrozenGroups = !freezes.members.isEmpty
        let full = write(input, .everything)
        var guards = Guards(settings: settings, input: input, full: full)
        guards.count()
        let held = guards.heldKinds
        var plan = full.plan
        if !held.isEmpty {
            let allowed: AllowedChanges = held.contains(.suspendDisabled) ? .nothing : .suspensionsOfDisabled
            let rest = write(input, allowed)
            plan = rest.plan
            plan.findings = full.plan.findings
            plan.ledger = Ledger.ofHeld(rest.plan.ledger, full: full.plan.ledger)
            let approved = guards.approved(in: rest)
            plan.approvalsSpent = guards.spent(by: rest, approved)
            plan.guardCounts = guards.unapproved(approved)
            plan.heldBack = HeldBack(full.plan)
        } else {
            plan.approvalsSpent = guards.spent(by: full, guards.approved) + freezes.approvalsSpent
            plan.guardCounts = guards.unapproved(guards.approved)
            plan.baseline = baseline(input, freezes)
        }
        plan.editedFiles = full.planning.editedFiles
        plan.tally = guards.tally + [freezes.tally].compactMap { $0 }
        let done = Set(plan.heldBack == nil ? [] : plan.changes.filter { $0.kind == .suspend }.map(plan.person))
        let targetHolds = guards.targetHolds.map { hold in
            var hold = hold
            if !done.isEmpty { hold.wouldHave = HoldWords.wouldHave(full, but: done) }
            return hold
        }
        plan.holds = targetHolds + guards.grantHolds + told(freezes, input, full)
        return plan
    }

    /// The holds of frozen groups with what would have become of their members.
    private func told(_ freezes: GroupFreezes, _ input: ReconcileInput, _ full: PlanWriter) -> [Hold] {
        guard let believed = freezes.believed else { return freezes.holds }
        var open = input
        open.evaluation = believed
        open.hasFrozenGroups = false
        let groups = freezes.holds.compactMap { hold in
            if case .group(let key, _) = hold.extent { key } else { nil as GroupKey? }
        }
        let effect = FrozenEffect(open: write(open, .everything), frozen: full, groups: groups)
        return freezes.holds.map { hold in
            guard case .group(let key, _) = hold.extent, let place = groups.firstIndex(of: key) else { return hold }
            var hold = hold
            hold.wouldHave = effect.words(of: place)
            return hold
        }
    }

    /// What the next run compares with: frozen groups and directories that were not read stay as they were.
    ///
    /// So do the fingerprints of files while a group or a directory is frozen, since its people keep what they had before an edit.
    private func baseline(_ input: ReconcileInput, _ freezes: GroupFreezes) -> TargetBaseline {
        let before = input.roster.baseline
        var people = before?.people ?? [:]
        var groups = before?.groups ?? [:]
        let unread = Set(input.unread.map(\.name))
        for (place, name) in input.mirror.directories.enumerated() where !unread.contains(name) {
            people[name] = input.people(ofDirectory: place)
            groups[name] = input.groups(ofDirectory: place)
        }
        let mapped = input.evaluation.groups.enumerated().map { place, group in
            let isKept = freezes.members[group.key] != nil || unread.contains(group.key.directory)
            if isKept, var kept = before?.mappedGroups.first(where: { $0.key == group.key }) {
                kept.countedIn = kept.countedIn ?? before?.run
                return kept
            }
            return GroupBaseline(key: group.key, name: group.name, dn: group.dn, people: input.members(ofGroup: place))
        }
        return TargetBaseline(
            run: input.run, time: input.now, people: people, groups: groups, mappedGroups: mapped,
            fingerprints: freezes.members.isEmpty && unread.isEmpty || before == nil
                ? settings.fingerprints : keptFingerprints(before),
            matches: freezes.members.isEmpty && unread.isEmpty ? input.evaluation.matches : [])
    }

    /// The digests of before; a file that is new since then has an empty one, so that it counts as edited and as known.
    ///
    /// That of `protect` is today's: whom it names has nothing to do with the frozen group.
    private func keptFingerprints(_ before: TargetBaseline?) -> [String: String] {
        settings.fingerprints.mapValues { _ in "" }.merging(before?.fingerprints ?? [:]) { $1 }
            .merging(settings.fingerprints.filter { Fingerprints.isProtect($0.key) }) { $1 }
    }
}
