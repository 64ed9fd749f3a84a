package import DirectoryModel
package import MappingLanguage

/// The boundary to whatever keeps the roster: load it, apply one run atomically if the state is still the one it was computed from.
package protocol RosterStore: AnyObject {
    /// The state that a run is computed from; targets that the roster does not know yet come back empty.
    func load(targets: [String]) throws -> Roster

    /// The same with the users of these people alone, and of all others how many there are.
    ///
    /// What it costs hardly depends on how many those are.
    func load(targets: [String], people: [PersonKey]) throws -> Roster

    /// Writes one run in one transaction: all of it or nothing.
    ///
    /// Throws `RosterMoved` when the roster is no longer the one that was loaded.
    func apply(_ run: RunToApply) throws

    /// Records a run that failed or was wholly held, in a transaction of its own, and nothing else.
    func record(_ run: RunRecord) throws
}

extension RosterStore {
    /// For stores that are small anyway.
    package func load(targets: [String], people: [PersonKey]) throws -> Roster { try load(targets: targets) }
}

/// The roster is no longer the one that a plan was computed from.
package struct RosterMoved: Error, Sendable, Equatable {
    /// What moved, in one sentence.
    package var message: String

    package init(message: String) { self.message = message }
}

/// What a run is computed from.
package struct Roster: Sendable {
    /// Counts the transactions that wrote; a plan is applied only to the generation it was computed from.
    package var generation: Int64
    /// The highest number of a recorded run; 0 before the first.
    package var lastRun: Int64
    /// When the latest of the recorded runs started, seconds since 1970; of those since a human accepted the clock.
    package var lastRunTime: Int64?
    /// The run that started then.
    package var latestRun: Int64?
    /// What each directory said of itself in the last applied run, by name.
    package var stamps: [String: DirectoryStamp]
    /// Groups pinned when first seen, where there is no lock file.
    package var pins: [GroupPin]
    /// How much of each approval is used up, by digest.
    package var approvalsUsed: [String: [AllowedKind: Int]]
    package var targets: [TargetRoster]
    /// Findings that humans acknowledged, also those whose time is over, by target and key.
    package var acknowledgements: [Acknowledgement] = []

    package init(
        generation: Int64, lastRun: Int64, lastRunTime: Int64?, latestRun: Int64? = nil,
        stamps: [String: DirectoryStamp], pins: [GroupPin], approvalsUsed: [String: [AllowedKind: Int]],
        targets: [TargetRoster]
    ) {
        self.generation = generation
        self.lastRun = lastRun
        self.lastRunTime = lastRunTime
        self.latestRun = latestRun
        self.stamps = stamps
        self.pins = pins
        self.approvalsUsed = approvalsUsed
        self.targets = targets
    }
}

/// A group that a reference in a target's mapping was found to mean, remembered by id.
package struct GroupPin: Sendable, Equatable {
    package var target: String
    /// The reference as the mapping writes it; for a captured name, with the word filled in.
    package var reference: String
    package var key: GroupKey
    package var name: String
    package var dn: String

    package init(target: String, reference: String, key: GroupKey, name: String, dn: String) {
        self.target = target
        self.reference = reference
        self.key = key
        self.name = name
        self.dn = dn
    }
}

/// Everything that one transaction writes.
package struct RunToApply: Sendable {
    package var record: RunRecord
    /// The generation that was loaded.
    package var generation: Int64
    /// The mirror as just read; nil for acts by hand, which leave it as it is, and where `changes` tell everything.
    package var mirror: Mirror?
    /// For each directory that was pulled whole what the next run can follow it from; nil for one that cannot be followed.
    ///
    /// A directory of the mirror that stands neither here nor in `changes` stays followed only if none of its rows changes.
    package var starts: [String: StartOfFollowing?] = [:]
    /// What changed in the directories that were followed; written before `mirror`, where there is one.
    package var changes: [String: DirectoryChanges] = [:]
    package var stamps: [String: DirectoryStamp]
    /// All pins, new ones included.
    package var pins: [GroupPin]
    /// Plans of the targets in `manage` mode, holds already taken out.
    package var plans: [TargetPlan]
    /// When sign-ins were imported for a target, seconds since 1970.
    package var signInsImported: [String: Int64]
    /// People whom a directory knows by another id now; the plans and the mirror have the new ones.
    package var newIDs: [IDChange] = []
    /// Targets that pause from now on: this run was undoing another.
    package var pauses: Set<String>
    /// Targets that go on.
    package var continues: Set<String>

    package init(
        record: RunRecord, generation: Int64, mirror: Mirror?, stamps: [String: DirectoryStamp], pins: [GroupPin],
        plans: [TargetPlan], signInsImported: [String: Int64] = [:], pauses: Set<String> = [],
        continues: Set<String> = []
    ) {
        self.record = record
        self.generation = generation
        self.mirror = mirror
        self.stamps = stamps
        self.pins = pins
        self.plans = plans
        self.signInsImported = signInsImported
        self.pauses = pauses
        self.continues = continues
    }
}

/// One execution, as it is remembered.
package struct RunRecord: Sendable, Equatable {
    package enum Outcome: String, Sendable {
        case applied
        /// Some target, group or grant was held; the rest was applied.
        case partlyHeld = "partly_held"
        /// Every target was held and nothing was written.
        case held
        case failed
    }
    package var number: Int64
    /// The command: `sync`, `suspend`, `resume`, `import`.
    package var command: String
    /// Who ran it: the name of the operating system's user.
    package var actor: String
    /// Seconds since 1970.
    package var started: Int64
    package var ended: Int64
    package var outcome: Outcome
    package var exitStatus: Int
    /// One sentence.
    package var summary: String
    /// Version of Rollcall.
    package var version: String
    package var targets: [TargetRunRecord]

    package init(
        number: Int64, command: String, actor: String, started: Int64, ended: Int64, outcome: Outcome, exitStatus: Int,
        summary: String, version: String, targets: [TargetRunRecord]
    ) {
        self.number = number
        self.command = command
        self.actor = actor
        self.started = started
        self.ended = ended
        self.outcome = outcome
        self.exitStatus = exitStatus
        self.summary = summary
        self.version = version
        self.targets = targets
    }
}

/// What a run did to one target.
package struct TargetRunRecord: Sendable, Equatable {
    package var target: String
    package var mode: TargetSettings.Mode
    package var held: Bool
    /// Applied changes by kind (`invite`), and findings under `findings`; for a held target what was applied anyway.
    ///
    /// Beside them the figures that charts are drawn from.
    package var counts: [String: Int]
    /// Messages of the holds, in order, withheld grants last.
    package var holds: [String]
    /// Codes and subjects of findings, to tell new ones from known ones the next night; without those acknowledged.
    ///
    /// Of a run that looked at part of the people those about them only.
    package var findingKeys: [String]

    /// Key in `counts` of how many people were looked at, where those were not everybody.
    package static let peopleLookedAt = "people looked at"

    /// Key in `counts` of how many people the directories had, where that became the target's baseline.
    package static let peopleRead = "people read"

    /// Key in `counts` of how many seats are held after the run, of all pools of the target.
    package static let seatsHeld = "seats held"

    /// Key in `counts` of how many of the findings are acknowledged.
    package static let findingsAcknowledged = "acknowledged"

    /// Key in `counts` of how many of the findings are severe and not acknowledged, of a target whose findings no run writes.
    package static let findingsSevere = "severe"

    /// Key in `counts` of how many of the holds are privileged grants that are withheld; they are the last of `holds`.
    package static let withheld = "withheld"

    /// Keys in `counts` of what is neither a kind of change nor found: they stand in charts and marks, not in sentences.
    package static let figures: Set = [peopleRead, seatsHeld, withheld]

    /// The holds that are no withheld grants, and those that are.
    package var holdsApart: (others: ArraySlice<String>, withheld: ArraySlice<String>) {
        let count = min(max(0, counts[TargetRunRecord.withheld] ?? 0), holds.count)
        return (holds.dropLast(count), holds.suffix(count))
    }

    /// Whether the run looked at part of the people only.
    package var isPart: Bool { counts[TargetRunRecord.peopleLookedAt] != nil }

    package init(
        target: String, mode: TargetSettings.Mode, held: Bool, counts: [String: Int], holds: [String],
        findingKeys: [String]
    ) {
        self.target = target
        self.mode = mode
        self.held = held
        self.counts = counts
        self.holds = holds
        self.findingKeys = findingKeys
    }
}

extension RunRecord {
    /// Command of the runs that read only what changed.
    package static let incremental = "sync --incremental"

    /// Whether a run looked at everybody, so that its findings are all there are: what the clock starts.
    package var isRegular: Bool {
        RunRecord.nightly.contains(command) || command == RunRecord.incremental
    }

    /// Command of the nightly runs.
    package static let regular = "sync"

    /// Commands of the runs that read everything, as a night does.
    package static let nightly: Set = [regular, acceptingClock, acceptingDirectory]

    /// Command of the runs at which a human said that the clock is right, whatever earlier runs say.
    package static let acceptingClock = "sync --accept-clock"

    /// Command of the runs at which a human said that what a directory has is right, although it is older, or shows less, than before.
    package static let acceptingDirectory = "sync --accept-directory"

    /// Command of the runs in which the daemon suspended people whom a directory said are disabled, between two nights.
    package static let following = "follow"
}
