package import DirectoryModel

/// What a store is asked for when only the people are wanted whom a change can affect.
package struct PartQuestion: Sendable {
    /// The targets of the run: their policies tell which facts change by the clock.
    package var targets: [TargetSettings]
    /// Rows that changed since the last applied run, by directory.
    package var changes: [String: MirrorRowChanges]
    /// People who are asked about, whatever changed; all their groups are wanted, those that rules do not name too.
    package var people: [PersonKey] = []
    /// The run's clock, seconds since 1970.
    package var now: Int64
    /// More people than these are not worth it.
    package var mostPeople = 20_000
    /// A longer line for seats is looked at with everybody.
    package var mostInLine = 2_000

    package init(targets: [TargetSettings], changes: [String: MirrorRowChanges], now: Int64) {
        self.targets = targets
        self.changes = changes
        self.now = now
    }
}

/// The people whom a change can affect, with everything that deciding about them takes.
package struct RosterPart: Sendable {
    /// What a run is computed from; its targets hold the users of these people only, but whole lines, baselines and ledgers.
    package var roster: Roster
    /// These people as they were in the last applied run, and as they are now: with the same groups, those that rules name and
    /// those by which these people are in them.
    package var before: Mirror
    package var after: Mirror
    /// By target, in the order of the roster's, how many other users have which access in which status.
    package var others: [[RosterRest.Users]]

    package init(roster: Roster, before: Mirror, after: Mirror, others: [[RosterRest.Users]]) {
        self.roster = roster
        self.before = before
        self.after = after
        self.others = others
    }
}

/// What a store answers.
package enum PartAnswer: Sendable {
    case part(RosterPart)
    case everybody(EverybodyReason)
}

extension Finding {
    /// Codes of findings about people whose case depends on what becomes of others: they are always looked at.
    package static let dependingOnOthers: Set = ["admins.kept", "person.email-collision"]
}
