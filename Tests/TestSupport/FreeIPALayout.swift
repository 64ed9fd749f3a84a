/// The tree and schema of a FreeIPA server, as far as a reader of people and groups meets them.
package enum FreeIPALayout {
    package static let people = "cn=users,cn=accounts,\(DS389Fixture.suffix)"
    package static let groups = "cn=groups,cn=accounts,\(DS389Fixture.suffix)"
    /// Where a user goes who is deleted but kept.
    package static let preserved = "cn=deleted users,cn=accounts,cn=provisioning,\(DS389Fixture.suffix)"

    static let schema = [
        attribute("ipaUniqueID", "a text that names the entry for good", single: true),
        attribute("ipaExternalMember", "a member from another forest", single: false),
        attribute("ipaCertSubject", "part of the settings", single: true),
        objectClass("ipaObject", may: "ipaUniqueID"),
        objectClass("ipaUserGroup", may: "businessCategory $ owner $ description"),
        objectClass("ipaNestedGroup", may: "memberOf"),
        objectClass("ipaExternalGroup", may: "ipaExternalMember"),
        objectClass("ipaPerson", may: "memberOf $ ipaUniqueID"),
        objectClass("ipaSettings", may: "ipaCertSubject"),
    ]

    /// Containers, the second view of the same people below `cn=compat`, and nobody in them yet.
    package static let frame =
        """
        dn: dc=example,dc=org
        objectClass: domain
        dc: example


        """
        + [
            "cn=accounts", "cn=users,cn=accounts", "cn=groups,cn=accounts", "cn=compat", "cn=users,cn=compat",
            "cn=groups,cn=compat", "cn=provisioning", "cn=accounts,cn=provisioning",
            "cn=deleted users,cn=accounts,cn=provisioning", "cn=staged users,cn=accounts,cn=provisioning",
            "cn=etc", "cn=ipa,cn=etc", "cn=sysaccounts,cn=etc",
        ].map(container).joined()
        + "dn: cn=ipaConfig,cn=etc,\(DS389Fixture.suffix)\n"
        + "objectClass: nsContainer\nobjectClass: ipaSettings\ncn: ipaConfig\nipaCertSubject: O=EXAMPLE.ORG\n\n"

    /// A user in both views.
    package static func person(_ login: String, number: Int, more: [String] = []) -> String {
        let own =
            [
                "dn: \(personDN(login))", "objectClass: inetOrgPerson", "objectClass: posixAccount",
                "objectClass: ipaObject", "objectClass: ipaPerson", "uid: \(login)", "cn: \(login) Example",
                "sn: Example", "mail: \(login)@example.org", "uidNumber: \(10_000 + number)",
                "gidNumber: \(10_000 + number)", "homeDirectory: /home/\(login)",
                "ipaUniqueID: \(SampleCompany.id(number))",
            ] + more
        let compatible = [
            "dn: uid=\(login),cn=users,cn=compat,\(DS389Fixture.suffix)", "objectClass: account",
            "objectClass: posixAccount", "uid: \(login)", "cn: \(login) Example", "uidNumber: \(10_000 + number)",
            "gidNumber: \(10_000 + number)", "homeDirectory: /home/\(login)",
        ]
        return [own, compatible].map { $0.joined(separator: "\n") + "\n\n" }.joined()
    }

    /// A group of people and of groups, by their DNs.
    package static func group(_ name: String, number: Int, members: [String]) -> String {
        let lines =
            [
                "dn: \(groupDN(name))", "objectClass: groupOfNames", "objectClass: ipaObject",
                "objectClass: ipaUserGroup", "objectClass: ipaNestedGroup", "cn: \(name)",
                "ipaUniqueID: \(SampleCompany.id(number))",
            ] + members.map { "member: \($0)" }
        return lines.joined(separator: "\n") + "\n\n"
    }

    package static func personDN(_ login: String) -> String { "uid=\(login),\(people)" }
    package static func groupDN(_ name: String) -> String { "cn=\(name),\(groups)" }

    private static func container(_ name: String) -> String {
        let own = name.prefix { $0 != "," }.dropFirst(3)
        return "dn: \(name),\(DS389Fixture.suffix)\nobjectClass: nsContainer\ncn: \(own)\n\n"
    }

    private static func attribute(_ name: String, _ about: String, single: Bool) -> String {
        "attributeTypes: ( \(name)-oid NAME '\(name)' DESC '\(about)' EQUALITY caseIgnoreMatch "
            + "SYNTAX 1.3.6.1.4.1.1466.115.121.1.15\(single ? " SINGLE-VALUE" : "") X-ORIGIN 'test' )"
    }

    private static func objectClass(_ name: String, may: String) -> String {
        "objectClasses: ( \(name)-oid NAME '\(name)' SUP top AUXILIARY MAY ( \(may) ) X-ORIGIN 'test' )"
    }
}
