package import AccessModel

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
