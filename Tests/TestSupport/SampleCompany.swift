/// A small company for tests, as LDIF with ids.
package enum SampleCompany {
    /// The suffix, its two branches and a bind account.
    package static let frame = """
        dn: dc=example,dc=org
        objectClass: dcObject
        objectClass: organization
        dc: example
        o: Example

        dn: ou=people,dc=example,dc=org
        objectClass: organizationalUnit
        ou: people

        dn: ou=groups,dc=example,dc=org
        objectClass: organizationalUnit
        ou: groups

        dn: cn=sync,dc=example,dc=org
        objectClass: organizationalRole
        objectClass: simpleSecurityObject
        cn: sync
        userPassword: sync secret


        """

    /// A part right below the suffix that is on another server.
    package static let abroad = """
        dn: ou=abroad,dc=example,dc=org
        objectClass: referral
        objectClass: extensibleObject
        ou: abroad
        ref: ldap://ldap.example.net/ou=people,dc=example,dc=net


        """

    /// A person whose id ends in the number; `more` are further lines.
    package static func person(_ login: String, number: Int, more: [String] = []) -> String {
        var lines = [
            "dn: uid=\(login),ou=people,dc=example,dc=org",
            "objectClass: inetOrgPerson",
            "uid: \(login)",
            "cn: \(login) Example",
            "sn: Example",
            "mail: \(login)@example.org",
            "entryUUID: \(id(number))",
        ]
        lines += more
        return lines.joined(separator: "\n") + "\n\n"
    }

    /// A groupOfNames with the members' DNs.
    package static func group(_ name: String, number: Int, members: [String]) -> String {
        var lines = [
            "dn: cn=\(name),ou=groups,dc=example,dc=org",
            "objectClass: groupOfNames",
            "cn: \(name)",
            "entryUUID: \(id(number))",
        ]
        lines += members.map { "member: \($0)" }
        return lines.joined(separator: "\n") + "\n\n"
    }

    package static func personDN(_ login: String) -> String { "uid=\(login),ou=people,dc=example,dc=org" }
    package static func groupDN(_ name: String) -> String { "cn=\(name),ou=groups,dc=example,dc=org" }

    /// The UUID that ends in the number.
    package static func id(_ number: Int) -> String {
        let digits = String(number, radix: 16)
        return "00000000-0000-4000-8000-" + String(repeating: "0", count: 12 - digits.count) + digits
    }

    /// `count` people, p0 onward, with ids from 1000.
    package static func people(_ count: Int) -> String {
        (0..<count).map { person("p\($0)", number: 1000 + $0) }.joined()
    }
}
