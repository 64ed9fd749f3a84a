package import LDAPClient

/// What differs between families of directory servers, as values: another family is another value, not another source.
package struct Dialect: Sendable {
    /// As configured under `kind`.
    package var kind: String
    package var attributes: AttributeSettings
    package var peopleFilter: LDAPFilter
    package var groupFilter: LDAPFilter
    /// Attributes of groups that name members by DN.
    package var memberAttributes: [String]
    /// Those whose values may carry a bit string after the DN (RFC 4517 §3.3.21).
    package var memberWithUIDAttributes: [String]
    /// Those that name members by login.
    package var memberLoginAttributes: [String]
    /// The attribute whose one value locks an account for good, and that value; other values of it lock for a while and mean nothing here.
    package var permanentLock: (attribute: String, value: String)?
    /// Attribute of a suffix that tells the state of its data.
    package var changeStampAttribute: String?
    /// Entries in a page where the server limits answers; nil asks for everything at once.
    package var pageSize: Int32?

    /// OpenLDAP with the usual schemas (RFC 2798, RFC 2307).
    package static let openLDAP = Dialect(
        kind: "openldap",
        attributes: AttributeSettings(
            id: "entryUUID", login: "uid", email: "mail", names: ["displayName", "cn"], lastSignIn: "authTimestamp"),
        peopleFilter: .equal("objectClass", "inetOrgPerson"),
        groupFilter: .or(
            ["groupOfNames", "groupOfUniqueNames", "groupOfMembers", "posixGroup"].map { .equal("objectClass", $0) }),
        memberAttributes: ["member"],
        memberWithUIDAttributes: ["uniqueMember"],
        memberLoginAttributes: ["memberUid"],
        permanentLock: ("pwdAccountLockedTime", "000001010000Z"),
        changeStampAttribute: "contextCSN",
        pageSize: nil)
}

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
    /// A GeneralizedTime.
    package var lastSignIn: String?

    package init(
        id: String, login: String, email: String, aliases: [String] = [], names: [String] = ["displayName", "cn"],
        disabled: DisabledWhen? = nil, lastSignIn: String? = nil
    ) {
        self.id = id
        self.login = login
        self.email = email
        self.aliases = aliases
        self.names = names
        self.disabled = disabled
        self.lastSignIn = lastSignIn
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
