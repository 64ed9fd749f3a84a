/// The families of directories, as configured under `kind`, and what each calls things.
package enum DirectoryKind: String, Sendable, CaseIterable {
    case openldap
    case activeDirectory = "active-directory"
    case ds389 = "389ds"
    case freeipa
    case ldif

    /// The attributes that say what about a person, where the configuration names no others.
    package struct Attributes: Sendable, Equatable {
        package var id: String
        package var login: String
        package var email: String
        package var aliases: [String]
        package var lastSignIn: String?
        /// When the account ends.
        package var expires: String?
    }

    package var attributes: Attributes {
        switch self {
        case .openldap, .ldif:
            Attributes(id: "entryUUID", login: "uid", email: "mail", aliases: [])
        case .activeDirectory:
            Attributes(
                id: "objectGUID", login: "sAMAccountName", email: "mail", aliases: ["proxyAddresses"],
                lastSignIn: "lastLogonTimestamp", expires: "accountExpires")
        case .ds389:
            Attributes(id: "nsUniqueId", login: "uid", email: "mail", aliases: [], lastSignIn: "lastLoginTime")
        case .freeipa:
            Attributes(
                id: "ipaUniqueID", login: "uid", email: "mail", aliases: [], lastSignIn: "krbLastSuccessfulAuth",
                expires: "krbPrincipalExpiration")
        }
    }

    /// Which entries are people, as RFC 4515 writes it.
    package var peopleFilter: String {
        switch self {
        case .openldap, .ldif, .freeipa: "(objectClass=inetOrgPerson)"
        case .activeDirectory: "(&(objectCategory=person)(objectClass=user))"
        case .ds389: "(|(objectClass=inetOrgPerson)(objectClass=nsPerson))"
        }
    }

    /// Which entries are groups.
    package var groupFilter: String {
        switch self {
        case .openldap, .ldif:
            "(|(objectClass=groupOfNames)(objectClass=groupOfUniqueNames)(objectClass=groupOfMembers)(objectClass=posixGroup))"
        case .activeDirectory: "(objectClass=group)"
        case .ds389:
            "(|(objectClass=groupOfNames)(objectClass=groupOfUniqueNames)(objectClass=posixGroup)"
                + "(&(objectClass=ldapSubEntry)(objectClass=nsRoleDefinition)))"
        case .freeipa: "(objectClass=ipaUserGroup)"
        }
    }
}
