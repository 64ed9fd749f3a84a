package import DirectoryModel
package import LDAPClient

/// Which attributes of an entry say what about a person.
package struct AttributeSettings: Sendable, Equatable {
    /// The immutable id.
    package var id: String
    package var login: String
    package var email: String
    package var aliases: [String]
    /// The name for display: the first of these that an entry has.
    package var names: [String]
    package var disabled: DisabledWhen?
    package var lastSignIn: String?
    /// When the account ends.
    package var expires: String?

    package init(
        id: String, login: String, email: String, aliases: [String] = [], names: [String] = ["displayName", "cn"],
        disabled: DisabledWhen? = nil, lastSignIn: String? = nil, expires: String? = nil
    ) {
        self.id = id
        self.login = login
        self.email = email
        self.aliases = aliases
        self.names = names
        self.disabled = disabled
        self.lastSignIn = lastSignIn
        self.expires = expires
    }

    /// What a kind of directory calls things.
    package init(_ kind: DirectoryKind) {
        let standard = kind.attributes
        self.init(
            id: standard.id, login: standard.login, email: standard.email, aliases: standard.aliases,
            lastSignIn: standard.lastSignIn, expires: standard.expires)
    }
}

/// The attribute by which the organization marks people who may not come in.
package struct DisabledWhen: Sendable, Equatable {
    package var attribute: String
    /// The value that says so, compared without regard to case.
    package var equals: String

    package init(attribute: String, equals: String) {
        self.attribute = attribute
        self.equals = equals
    }
}

/// Where people or groups are found: under which entries, and which of those there.
package struct BranchSettings: Sendable {
    package var bases: [String]
    /// nil takes the dialect's.
    package var filter: LDAPFilter?
    package var exclude: LDAPFilter?

    package init(bases: [String], filter: LDAPFilter? = nil, exclude: LDAPFilter? = nil) {
        self.bases = bases
        self.filter = filter
        self.exclude = exclude
    }
}
