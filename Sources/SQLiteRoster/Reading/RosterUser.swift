package import AccessModel
package import Reconciliation

/// A user as the commands show one.
package struct RosterUser: Sendable, Equatable {
    package var target: String
    /// The roster's own number of the user.
    package var user: Int64
    package var person: PersonKey
    package var email: String
    package var name: String
    package var status: UserStatus
    package var managed: Bool
    package var access: Access
    /// Effective permissions in canonical text; empty for a suspended or removed user.
    package var effective: String
    /// Why the access is as it is: one sentence; empty when unknown.
    package var reason: String
    /// Seconds since 1970.
    package var since: Int64
    /// Seconds since 1970; nil when unknown.
    package var lastSignIn: Int64?
    package var details: UserDetails
    package var version: UInt32
}

/// Which users to list; every part narrows.
package struct UserQuery: Sendable {
    /// Nil is all targets.
    package var target: String?
    /// Nil is everybody who is not removed.
    package var statuses: Set<UserStatus>?
    /// A role held anywhere in the target, directly or as a grant.
    package var role: String?
    /// Part of the email or the name, in any case.
    package var text: String?
    /// Nil is managed and unmanaged users.
    package var managed: Bool?
    package var limit: Int?

    package init(
        target: String? = nil, statuses: Set<UserStatus>? = nil, role: String? = nil, text: String? = nil,
        managed: Bool? = nil, limit: Int? = nil
    ) {
        self.target = target
        self.statuses = statuses
        self.role = role
        self.text = text
        self.managed = managed
        self.limit = limit
    }
}
