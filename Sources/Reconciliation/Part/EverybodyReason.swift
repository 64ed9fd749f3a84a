/// Why a run that read only changes decides about everybody all the same: any doubt that part of the people is enough.
package struct EverybodyReason: Error, Sendable, Equatable {
    package enum Kind: String, Sendable, CaseIterable {
        /// No run has decided about the target yet, or the counts of the last are missing or do not add up.
        case noBaseline, counts
        /// The last run did not settle everything: it held something, or could not read a directory.
        case unsettled
        /// Something else than a run or an act by hand wrote the roster since.
        case otherRun
        /// The target pauses.
        case paused
        /// A file that decides was edited.
        case edited
        /// What the configuration asks for takes a look at everybody.
        case pilot, reclaiming, leave, samePerson
        /// Somebody gave leave for what a guard would hold.
        case approvals
        /// A feed of sign-ins has become too old: nobody is inactive any more.
        case feed
        /// A directory was not read, or one that the roster knows is not configured any more.
        case directories
        /// Groups came, went or were renamed, or a mapped group is not the one that is meant.
        case groups
        /// The mapping means something else than at the last run, or does not fit the directory.
        case mapping
        /// More people are concerned than a look at part of them is worth, or more wait for a seat.
        case tooMany, line
        /// A guard holds something: its figures are to be those of everybody.
        case guarded
        /// The store cannot tell part of the roster.
        case store
    }
    package var kind: Kind
    /// One sentence: what stands in the way.
    package var message: String

    package init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }
}

extension EverybodyReason {
    /// What in a target's policy takes a look at everybody; nil where nothing does.
    package static func of(_ settings: TargetSettings) -> EverybodyReason? {
        let name = settings.name
        if settings.policy.onlyGroup != nil {
            return EverybodyReason(.pilot, "`\(name)` is a pilot, which counts whom it leaves as they are")
        }
        if settings.policy.reclaimInactiveSeconds != nil {
            return EverybodyReason(.reclaiming, "`\(name)` takes seats back from whoever signed in least recently")
        }
        if settings.policy.ownCauses.contains(where: \.releasesSeat) {
            return EverybodyReason(.leave, "`\(name)` counts everybody whose seat is given back for a time")
        }
        return nil
    }

    /// Commands that change single users: these are looked at again.
    private static let byHand: Set = ["suspend", "resume", "grant", "revoke"]

    /// What recorded runs say against going on from the one that the baselines are of; `runs` has the newest first.
    package static func of(_ runs: [RunRecord], targets: [String], since baseline: Int64) -> EverybodyReason? {
        for run in runs where run.number > baseline {
            if run.outcome == .failed || byHand.contains(run.command) && run.outcome == .applied { continue }
            if let held = targets.first(where: { run.held($0) == true }) {
                return EverybodyReason(.unsettled, "run \(run.number) held something of `\(held)`")
            }
            return EverybodyReason(.otherRun, "run \(run.number) (`\(run.command)`) came in between")
        }
        guard let last = runs.first(where: { $0.number == baseline }) else {
            return EverybodyReason(.otherRun, "run \(baseline), the last that looked at everybody, is long ago")
        }
        guard last.isRegular else {
            return EverybodyReason(
                .otherRun, "run \(baseline) (`\(last.command)`) kept no mirror of what it decided by")
        }
        let held = targets.first { last.held($0) ?? true }
        if let held { return EverybodyReason(.unsettled, "run \(baseline) held something of `\(held)`") }
        guard last.outcome == .applied, last.exitStatus == 0 else {
            return EverybodyReason(.unsettled, "run \(baseline) left something open (exit \(last.exitStatus))")
        }
        return nil
    }
}

extension RunRecord {
    /// Whether something of a target was held; nil where the run was not about it.
    fileprivate func held(_ target: String) -> Bool? {
        targets.first { $0.target == target }.map { $0.held || !$0.holds.isEmpty }
    }
}
