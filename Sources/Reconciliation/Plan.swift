package import AccessModel
package import DirectoryModel
package import MappingLanguage

/// What one run would do to one target, and why: pure data, complete before the first write, the same bytes for the same input.
package struct TargetPlan: Sendable {
    package var target: String
    package var mode: TargetSettings.Mode
    /// Whether everybody was looked at, as a run does each night: its findings then take the place of the last night's.
    ///
    /// An act by hand looks at few people and leaves them.
    package var isNightly = false
    /// Everybody whom a change, a new row or a place in line is about, sorted by email, then immutable id.
    package var subjects: [Subject]
    /// Names of directories that subjects refer to by place.
    package var directories: [String]
    /// Emails and names of the subjects.
    package var texts: TextTable
    package var accesses: [Access]
    /// For each access its effective permissions now, in canonical text.
    package var effective: [String]
    package var groupSets: [[GroupKey]]
    package var reasons: [Reason]
    /// Ordered: leavers, then role, template and email changes, then joiners; within each by email, then id.
    package var changes: [Change]
    /// Details of subjects that have any, by place in `subjects`; a subject without loses those it had.
    package var details: [Int: UserDetails]
    /// The whole line for seats after this plan, sorted by scope, order in line, id.
    package var waiting: [PlaceInLine]
    package var findings: [Finding]
    package var ledger: [LedgerRow]
    /// What guards counted, held or not: part of every dry run.
    package var tally: [GuardTally]
    package var holds: [Hold]
    /// What becomes the baseline when this plan is applied; nil keeps the old one (the target was held).
    package var baseline: TargetBaseline?
    /// People to pin as protected.
    package var protected: [PersonKey]
    /// Approvals that this plan uses up: file and how many of each kind.
    package var approvalsSpent: [ApprovalUse]
    /// What this plan does without an approval, as later runs count it in their rolling windows.
    package var guardCounts: [GuardCount]
    /// Files that changed since the last applied run, by the names humans know, sorted.
    package var editedFiles: [String]
    /// The run that paused the target; a plan of a paused target is shown and not written.
    package var pausedBy: Int64?
    /// By which groups people are in those that rules name, where not directly; by subject.
    package var nested: [NestedMembership]
    /// Account ids of the platform to remember.
    package var accounts: [PlannedAccount]

    package init(target: String, mode: TargetSettings.Mode) {
        self.target = target
        self.mode = mode
        subjects = []
        directories = []
        texts = TextTable()
        accesses = [.none]
        effective = [""]
        groupSets = [[]]
        reasons = []
        changes = []
        details = [:]
        waiting = []
        findings = []
        ledger = []
        tally = []
        holds = []
        baseline = nil
        protected = []
        approvalsSpent = []
        guardCounts = []
        editedFiles = []
        nested = []
        accounts = []
    }
}

/// Somebody a plan is about, with the row to write.
package struct Subject: Sendable, Equatable {
    /// The row as it should be; nil when only a place in line changes.
    package var row: UserRow?
    /// The version that the roster's row must still have; 0 for a new user.
    package var version: UInt32
    package var id: ImmutableID
    package var email: TextSpan
    package var name: TextSpan
    package var directory: UInt8
    /// Place in the mirror; nil for somebody who is not in it.
    package var person: PersonIndex?

    package init(
        row: UserRow?, version: UInt32, id: ImmutableID, email: TextSpan, name: TextSpan, directory: UInt8,
        person: PersonIndex?
    ) {
        self.row = row
        self.version = version
        self.id = id
        self.email = email
        self.name = name
        self.directory = directory
        self.person = person
    }
}

/// The kinds of change, in the order in which a plan lists them.
package enum ChangeKind: UInt8, Sendable, CaseIterable, Hashable {
    // leavers and everything that frees seats
    case suspend
    case remove
    case leaveScope
    // changes of those who stay
    case setCause
    case clearCause
    case changeEmail
    case changeName
    case changeRole
    case addTemplate
    case removeTemplate
    case switchOn
    case switchOff
    case addGrant
    case removeGrant
    case changePermissions
    case activate
    // returners and joiners
    case resume
    case joinScope
    case invite
    case wait
    case stopWaiting
    // what humans give beside the directory
    case grantByHand
    case revokeByHand
    // new ids after a directory was restored or moved
    case changeID
    // accounts found on the platform
    case adopt
    case note
}

/// One typed difference between what is and what should be.
package struct Change: Sendable, Equatable {
    package var kind: ChangeKind
    /// What the change rests on.
    package var evidence: Evidence
    /// Place in the plan's subjects.
    package var subject: UInt32
    /// Place in the plan's reasons.
    package var reason: UInt32
    package var scope: ScopePath
    /// Names, levels or statuses; an invitation has its whole access in the subject's row.
    package var before: String?
    package var after: String?

    package init(
        kind: ChangeKind, evidence: Evidence, subject: UInt32, reason: UInt32, scope: ScopePath = .root,
        before: String? = nil, after: String? = nil
    ) {
        self.kind = kind
        self.evidence = evidence
        self.subject = subject
        self.reason = reason
        self.scope = scope
        self.before = before
        self.after = after
    }
}

/// What a change rests on: something read, or something not found.
package enum Evidence: UInt8, Sendable { case positive, absence }

/// Why a change is made.
package enum Reason: Sendable, Hashable {
    /// Rules give it: each with name, place in the file and the groups its condition names.
    case rules([RuleReason])
    /// No rule gives it any more; the rules that did, as recorded.
    case noRule(before: String)
    /// A cause began or ended; the detail is a sentence for humans.
    case cause(CauseKind, detail: String)
    /// A seat came free, or is short.
    case seats(pool: String, detail: String)
    /// A file was edited.
    case edited(file: String)
    /// The directory's own data changed: email, name.
    case directory(detail: String)
    /// A human did it.
    case human(name: String, reason: String)
    /// What the roster recorded before, put back by an undo.
    case recorded(String)
}

/// A rule as a reason.
package struct RuleReason: Sendable, Hashable {
    package var rule: String
    /// `mappings/vivi.yaml:14`.
    package var place: String
    package var captured: String?
    /// Names of the groups that give: those the condition names, but for the ones under a `not`.
    package var groups: [String]

    package init(rule: String, place: String, captured: String?, groups: [String]) {
        self.rule = rule
        self.place = place
        self.captured = captured
        self.groups = groups
    }
}

/// Something a human should know, no change in itself.
package struct Finding: Sendable, Hashable {
    package enum Weight: UInt8, Sendable, Comparable {
        case note, warning, severe

        package static func < (left: Weight, right: Weight) -> Bool { left.rawValue < right.rawValue }
    }
    /// Stable dotted code: `person.no-email`.
    package var code: String
    package var weight: Weight
    /// Whom it is about, if one person.
    package var person: PersonKey?
    /// Name to show for the person: email, login or DN.
    package var label: String
    /// One sentence, lower-case, no final period.
    package var message: String
    package var hint: String

    package init(
        code: String, weight: Weight, person: PersonKey? = nil, label: String = "", message: String, hint: String = ""
    ) {
        self.code = code
        self.weight = weight
        self.person = person
        self.label = label
        self.message = message
        self.hint = hint
    }
}

/// One seat pool through one plan.
package struct LedgerRow: Sendable, Equatable {
    package var pool: SeatPool
    package var heldBefore: Int
    package var freed: Int
    package var given: Int
    package var heldAfter: Int
    package var waiting: Int
    /// Since when the first in line waits, seconds since 1970.
    package var oldestWaiting: Int64?
    /// Seats of people inactive for as long as `reclaim_seats` says, which a newcomer would get.
    package var reclaimable: Int
    /// People who gave their seat back while a cause stands, and come back to one.
    package var onLeave: Int

    package init(
        pool: SeatPool, heldBefore: Int, freed: Int, given: Int, heldAfter: Int, waiting: Int, oldestWaiting: Int64?,
        reclaimable: Int = 0, onLeave: Int = 0
    ) {
        self.reclaimable = reclaimable
        self.onLeave = onLeave
        self.pool = pool
        self.heldBefore = heldBefore
        self.freed = freed
        self.given = given
        self.heldAfter = heldAfter
        self.waiting = waiting
        self.oldestWaiting = oldestWaiting
    }
}

/// What a guard counted.
package struct GuardTally: Sendable, Equatable {
    package var kind: GuardKind
    package var count: Int
    package var limit: Int
    /// `25 (50, halved: mappings/vivi.yaml changed since run 811)`.
    package var limitText: String
    /// How many of the count an approval covers.
    package var approved: Int
    /// How many earlier runs changed within the window; they are not in `count`.
    package var earlier: Int
    /// The rolling window, as a person would write it: `24h`, `7 days`.
    package var window: String
    /// Whether more would happen than the limit lets through, of the plan alone or with what earlier runs did.
    package var isExceeded: Bool

    package init(
        kind: GuardKind, count: Int, limit: Int, limitText: String, approved: Int, earlier: Int = 0,
        window: String = "", isExceeded: Bool? = nil
    ) {
        self.kind = kind
        self.earlier = earlier
        self.window = window
        self.count = count
        self.limit = limit
        self.limitText = limitText
        self.approved = approved
        let own = count - approved
        self.isExceeded = isExceeded ?? (own > limit || own > 0 && own + earlier > limit)
    }
}

extension GuardTally {
    /// The window of the limits of `week`.
    package static let week = "7 days"
}

/// What a guard did not let through.
package struct Hold: Sendable, Equatable {
    package enum Extent: Sendable, Equatable {
        /// Nothing of the target is written but suspensions of disabled people; or nothing at all.
        case target(evenDisabled: Bool)
        /// The group gives what it gave in the last applied run.
        case group(GroupKey, name: String)
        /// One privileged grant is withheld.
        case grant(PersonKey, what: String)
    }
    package var kind: GuardKind
    package var extent: Extent
    /// The figures, in one sentence: `group corp:sales-emea lost 212 of 230 members since run 811 (limit 30 %)`.
    package var message: String
    package var count: Int
    package var limit: Int
    /// People whom it concerns: what an approval would have to name.
    package var people: [PersonKey]
    /// What would have happened, counted: `188 suspended`.
    package var wouldHave: [String]
    /// What the figures leave out, in one sentence; empty where they say everything.
    package var note: String
    /// The ten largest causes, largest first.
    package var causes: [HoldCause]
    /// How many there were before, where some of so many went.
    package var before: Int?

    package init(
        kind: GuardKind, extent: Extent, message: String, count: Int, limit: Int, people: [PersonKey],
        wouldHave: [String], causes: [HoldCause], before: Int? = nil, note: String = ""
    ) {
        self.kind = kind
        self.extent = extent
        self.message = message
        self.count = count
        self.limit = limit
        self.people = people
        self.wouldHave = wouldHave
        self.causes = causes
        self.before = before
        self.note = note
    }
}

/// One cause behind a hold, with how many people.
package struct HoldCause: Sendable, Equatable {
    package var text: String
    package var people: Int

    package init(text: String, people: Int) {
        self.text = text
        self.people = people
    }
}
