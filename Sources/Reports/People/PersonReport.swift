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

        package init(person: PersonKey, email: String, name: String, login: String, dn: String, standing: String) {
            self.person = person
            self.email = email
            self.name = name
            self.login = login
            self.dn = dn
            self.standing = standing
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
        /// Places in line.
        package var waiting: [PlaceInLine]
        package var findings: [Finding]
        /// Nil for somebody who is not in the mirror.
        package var explanation: Explanation?
        /// The run of the undo since which the target pauses.
        package var pausedBy: Int64?
        /// What held the target as a whole, where its last run was held.
        package var held: HeldRun?
        /// Whether the last applied run protected the person.
        package var isProtected = false
        /// Nil where the target is no pilot, and for somebody who is not in the mirror.
        package var pilot: PilotStanding?

        package init(
            name: String, user: User?, waiting: [PlaceInLine], findings: [Finding], explanation: Explanation?,
            pausedBy: Int64? = nil, held: HeldRun? = nil
        ) {
            self.pausedBy = pausedBy
            self.held = held
            self.name = name
            self.user = user
            self.waiting = waiting
            self.findings = findings
            self.explanation = explanation
        }
    }

    /// A run that a guard held on a target.
    package struct HeldRun: Sendable {
        package var run: Int64
        package var messages: [String]

        package init(run: Int64, messages: [String]) {
            self.run = run
            self.messages = messages
        }
    }

    package var head: Head
    package var targets: [Target]
    /// The role that is asked about; nil explains what there is.
    package var whyNot: String?

    package init(head: Head, targets: [Target], whyNot: String?) {
        self.head = head
        self.targets = targets
        self.whyNot = whyNot
    }

    /// The rules to show: those that matched, or all that could give the role asked about.
    func rules(of target: Target) -> [RuleExplanation] {
        guard let explanation = target.explanation else { return [] }
        return whyNot.map { explanation.rules(giving: $0) }
            ?? explanation.rules.filter { $0.isMatched || $0.isMissedByNote }
    }
}
