internal import DirectoryModel
internal import LDAPClient

extension Dialect {
    /// OpenLDAP with the usual schemas (RFC 2798, RFC 2307).
    package static let openLDAP = Dialect(
        kind: .openldap,
        attributes: AttributeSettings(.openldap),
        peopleFilter: .equal("objectClass", "inetOrgPerson"),
        groupFilter: classes(["groupOfNames", "groupOfUniqueNames", "groupOfMembers", "posixGroup"]),
        memberAttributes: ["member"],
        memberWithUIDAttributes: ["uniqueMember"],
        memberLoginAttributes: ["memberUid"],
        // Other values of it lock for a while and mean nothing here (slapo-ppolicy).
        flags: [AccountFlag("pwdAccountLockedTime", .value("000001010000Z"), state: .lockedPermanently)],
        changeAttribute: "entryCSN",
        changeStamps: .suffix(attribute: "contextCSN"))

    /// Active Directory, and Samba as a domain controller.
    package static let activeDirectory = Dialect(
        kind: .activeDirectory,
        attributes: AttributeSettings(.activeDirectory),
        peopleFilter: .and([.equal("objectCategory", "person"), .equal("objectClass", "user")]),
        groupFilter: .equal("objectClass", "group"),
        memberAttributes: ["member"],
        flags: [AccountFlag("userAccountControl", .userAccountControl, isAlwaysThere: true)],
        primaryGroup: PrimaryGroupAttributes(ofPerson: "primaryGroupID", ofGroup: "objectSid"),
        changeAttribute: "uSNChanged",
        changeStamps: .updateSequence,
        pageSize: 1000)

    /// 389 Directory Server, with its own people and roles.
    package static let ds389 = Dialect(
        kind: .ds389,
        attributes: AttributeSettings(.ds389),
        peopleFilter: classes(["inetOrgPerson", "nsPerson"]),
        groupFilter: .or([
            .equal("objectClass", "groupOfNames"), .equal("objectClass", "groupOfUniqueNames"),
            .equal("objectClass", "posixGroup"),
            // Roles are subentries, which are found only by that name.
            .and([.equal("objectClass", "ldapSubEntry"), .equal("objectClass", "nsRoleDefinition")]),
        ]),
        memberAttributes: ["member"],
        memberWithUIDAttributes: ["uniqueMember"],
        memberLoginAttributes: ["memberUid"],
        flags: [AccountFlag("nsAccountLock", .truth)],
        roleAttribute: "nsRole",
        changeAttribute: "modifyTimestamp",
        changeStamps: .entrySequence,
        pageSize: 2000)

    /// FreeIPA: a 389 Directory Server with a layout of its own, which shows everybody a second time under `cn=compat`.
    package static let freeIPA = Dialect(
        kind: .freeipa,
        attributes: AttributeSettings(.freeipa),
        peopleFilter: .equal("objectClass", "inetOrgPerson"),
        groupFilter: .equal("objectClass", "ipaUserGroup"),
        memberAttributes: ["member"],
        flags: [AccountFlag("nsAccountLock", .truth)],
        changeAttribute: "modifyTimestamp",
        changeStamps: .entrySequence,
        pageSize: 2000,
        closedBranches: ["cn=compat", "cn=provisioning"])

    private static func classes(_ names: [String]) -> LDAPFilter {
        .or(names.map { .equal("objectClass", $0) })
    }
}
