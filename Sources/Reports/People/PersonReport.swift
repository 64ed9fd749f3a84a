package import AccessModel
package import MappingLanguage
package import Reconciliation

/// Why somebody has what they have, or has not: what `explain` shows.
package struct PersonReport: Sendable {
    /// Who it is, as the directory had it when a run was last applied.
    package struct Head: Sendable {
        package var person: PersonKey
        package var email: String
        package var name: String
        package var login: String
        package var dn: String
        /// `enabled`, `disabled …`, or that the person is gone.
        package var standing: String
        /// Every mail value but the one above, and aliases.
        package var otherEmails: [String] = []
        /// When the account ends, seconds since 1970.
        package var ends: Int64?
        /// Last sign-in that the directory knows of, seconds since 1970.
        package var lastSignIn: Int64?
        /// Attributes that rules ask for, by name.
        package var attributes: [Attribute] = []
        /// Identities in other directories that are the same person: `labs:…`.
        package var otherIdentities: [String] = []

        package init(person: PersonKey, email: String, name: String, login: String, dn: String, standing: String) {
            self.person = person
            self.email = email
            self.name = name
            self.login = login
            self.dn = dn
            self.standing = standing
        }
    }

    /// An attribute of the person with its values.
    package struct Attribute: Sendable, Equatable {
        package var name: String
        package var values: [String]

        package init(name: String, values: [String]) {
            self.name = name
            self.values = values
        }
    }

    /// A group that the person is in.
    package struct Group: Sendable {
        package var membership: GroupMembership
        /// Targets whose rules name it.
        package var targets: [String]
        /// The run that first saw the person in it, and when that was, in seconds since 1970; known of groups that rules name.
        package var since: (run: Int64, time: Int64)?

        package init(_ membership: GroupMembership, targets: [String], since: (run: Int64, time: Int64)? = nil) {
            self.membership = membership
            self.targets = targets
            self.since = since
        }
    }

    /// The person's user on a target.
    package struct User: Sendable {
        package var email: String
        package var status: UserStatus
        package var managed: Bool
        package var access: Access
        package var reason: String
        /// Seconds since 1970.
        package var since: Int64
        package var lastSignIn: Int64?
        package var details: UserDetails
        /// Whether rules give any of it; what is left of a reason otherwise is that of before.
        package var isByRules = true
        /// What humans gave of it.
        package var byHand: [ManualGrant] = []

        package init(
            email: String, status: UserStatus, managed: Bool, access: Access, reason: String, since: Int64,
            lastSignIn: Int64?, details: UserDetails
        ) {
            self.email = email
            self.status = status
            self.managed = managed
            self.access = access
            self.reason = reason
            self.since = since
            self.lastSignIn = lastSignIn
            self.details = details
        }
    }

    /// One target.
    package struct Target: Sendable {
        package var name: String
        /// Nil where the person is no user.
        package var user: User?
        package var findings: [Finding]
        /// Nil for somebody who is not in the mirror.
        package var explanation: Explanation?
        /// Places in line, with the figures of their pools.
        package var places: [Place] = []
        /// The run of the undo since which the target pauses.
        package var pausedBy: Int64?
        /// What held the target as a whole, where its last run was held.
        package var held: HeldRun?
        /// Whether the person is taken for gone, although nothing on record tells what became of them.
        package var isAssumedGone = false
        /// Whether the last applied run protected the person.
        package var isProtected = false
        /// Nil where the target is no pilot, and for somebody who is not in the mirror.
        package var pilot: PilotStanding?
        /// Nil where that is not asked.
        package var whyNot: WhyNot?
        /// What the next run would change; nil where another question is asked.
        package var next: NextRun?
        /// What would be otherwise under the assumptions; nil where there are none.
        package var whatIf: WhatIf?
        /// Rules that match under the assumptions and not as things are, and the other way round.
        package var rulesGained: [RuleExplanation] = []
        package var rulesLost: [RuleExplanation] = []
        /// Everything that ever changed, oldest first.
        package var past: [PastChange] = []

        package init(name: String, user: User?, findings: [Finding], explanation: Explanation?) {
            self.name = name
            self.user = user
            self.findings = findings
            self.explanation = explanation
        }
    }

    /// A place in line.
    package struct Place: Sendable {
        package var place: RosterExplanation.Place
        /// Seat pools of its scope.
        package var pools: [LedgerRow]

        package init(_ place: RosterExplanation.Place, pools: [LedgerRow]) {
            self.place = place
            self.pools = pools
        }
    }

    /// What the next run would change if the directory stayed as it was last read.
    package struct NextRun: Sendable {
        package var changes: [ReasonedChange]
        /// Changes that a guard would hold back.
        package var held: [ReasonedChange]
        /// Whether the target is only observed, so that nothing is written.
        package var isObserved: Bool
        /// Privileged grants that it would withhold.
        package var withheld: [Hold]

        package init(changes: [ReasonedChange], held: [ReasonedChange], isObserved: Bool, withheld: [Hold] = []) {
            self.changes = changes
            self.held = held
            self.isObserved = isObserved
            self.withheld = withheld
        }
    }

    /// What the last run held on a target.
    package struct HeldRun: Sendable {
        package var run: Int64
        /// A sentence for each hold that is no withheld grant.
        package var messages: [String]
        /// A sentence for each privileged grant that was withheld.
        package var withheld: [String]
        /// Whether the target was held as a whole.
        package var isWhole: Bool

        package init(run: Int64, messages: [String], withheld: [String] = [], isWhole: Bool) {
            self.run = run
            self.messages = messages
            self.withheld = withheld
            self.isWhole = isWhole
        }
    }

    /// Something that a run, or somebody by hand, once changed.
    package struct PastChange: Sendable {
        package var run: Int64
        /// Seconds since 1970.
        package var time: Int64
        package var actor: String
        package var change: Change
        package var reason: String

        package init(run: Int64, time: Int64, actor: String, change: Change, reason: String) {
            self.run = run
            self.time = time
            self.actor = actor
            self.change = change
            self.reason = reason
        }
    }

    package var head: Head
    /// Every group that the person is in, by name.
    package var groups: [Group] = []
    package var targets: [Target]
    /// The role, template or target that is asked about; nil explains what there is.
    package var whyNot: String?
    /// What is assumed, in words.
    package var assumptions: [String] = []

    package init(head: Head, targets: [Target], whyNot: String?) {
        self.head = head
        self.targets = targets
        self.whyNot = whyNot
    }

    /// The rules to show: those that matched, or all that could give what is asked about.
    func rules(of target: Target) -> [RuleExplanation] {
        if let whyNot = target.whyNot { return whyNot.rules.map(\.rule) }
        return target.explanation?.rules.filter { $0.isMatched || $0.isMissedByNote } ?? []
    }
}
