import TestSupport

/// The company in the terms of one kind of server: as LDIF for real ones, as objects for the stub.
struct ContractText {
    let kind: ServerKind

    init(_ kind: ServerKind) { self.kind = kind }

    var suffix: String {
        switch kind {
        case .slapd: SlapdFixture.suffix
        case .ds389: DS389Fixture.suffix
        case .samba: SambaFixture.suffix
        case .stub: ADDomain.suffix
        }
    }

    func dn(_ login: String, below branch: String) -> String {
        let name = ContractCompany.people.first { $0.login == login }?.name ?? login
        return "cn=\(ContractCompany.escaped(name)),ou=\(branch),\(suffix)"
    }

    private func members(of group: ContractCompany.Group) -> [String] {
        group.people.map { dn($0, below: "people") } + group.groups.map { "cn=\($0),ou=groups,\(suffix)" }
    }

    // MARK: LDIF

    var ldif: String {
        (frame + (ContractCompany.people + ContractCompany.crowdPeople).map(person) + ContractCompany.groups.map(group))
            .map { $0.joined(separator: "\n") + "\n" }.joined(separator: "\n")
    }

    private var frame: [[String]] {
        let root =
            kind == .samba
            ? []
            : [["dn: \(suffix)", "objectClass: dcObject", "objectClass: organization", "dc: example", "o: Example"]]
        return root
            + ["people", "groups", "elsewhere"].map {
                ["dn: ou=\($0),\(suffix)", "objectClass: organizationalUnit", "ou: \($0)"]
            }
    }

    private func person(_ person: ContractCompany.Person) -> [String] {
        let names = [
            LDIFLine.line("dn", dn(person.login, below: "people")), LDIFLine.line("cn", person.name),
            "mail: \(person.login)@example.org", "sn: Example", "displayName: \(person.login) Example",
        ]
        switch kind {
        case .slapd:
            return names + ["objectClass: inetOrgPerson", "uid: \(person.login)", id(person.number)]
                + (person.isDisabled ? ["employeeType: disabled"] : [])
        case .ds389:
            return names + ["objectClass: inetOrgPerson", "uid: \(person.login)", id(person.number)]
                + (person.isDisabled ? ["nsAccountLock: true"] : [])
        case .samba, .stub:
            return names + [
                "objectClass: user", "sAMAccountName: \(person.login)", id(person.number),
                "userAccountControl: \(person.isDisabled ? 514 : 512)",
            ]
        }
    }

    private func group(_ group: ContractCompany.Group) -> [String] {
        let members = members(of: group).map { LDIFLine.line("member", $0) }
        let names = ["dn: cn=\(group.name),ou=groups,\(suffix)", "cn: \(group.name)", id(group.number)]
        guard kind == .samba else { return names + ["objectClass: groupOfNames"] + members }
        // Links to what comes later in the file are not taken: groups in groups follow as changes.
        let people = group.people.map { LDIFLine.line("member", dn($0, below: "people")) }
        return names + ["objectClass: group", "sAMAccountName: \(group.name)"] + people
    }

    /// Records that put groups into groups, for servers that take only members that are there.
    var nesting: String {
        guard kind == .samba else { return "" }
        return ContractCompany.groups.filter { !$0.groups.isEmpty }.map { group in
            (["dn: cn=\(group.name),ou=groups,\(suffix)", "changetype: modify", "add: member"]
                + group.groups.map { "member: cn=\($0),ou=groups,\(suffix)" }).joined(separator: "\n") + "\n"
        }.joined(separator: "\n")
    }

    private func id(_ number: Int) -> String {
        switch kind {
        case .slapd: "entryUUID: \(SampleCompany.id(number))"
        case .ds389: "nsUniqueId: \(ContractText.uniqueID(number))"
        case .samba, .stub: LDIFLine.encoded("objectGUID", ADDomain.guid(number))
        }
    }

    /// The same 16 bytes in four groups.
    static func uniqueID(_ number: Int) -> String {
        let digits = SampleCompany.id(number).filter { $0 != "-" }
        return stride(from: 0, to: 32, by: 8).map { String(digits.dropFirst($0).prefix(8)) }.joined(separator: "-")
    }

    // MARK: The stub

    var domain: ADDomain {
        var domain = ADDomain()
        for branch in ["people", "groups", "elsewhere"] {
            domain.add("OU=\(branch),\(suffix)", ["objectClass": ["top", "organizationalUnit"], "ou": [branch]])
        }
        for person in ContractCompany.people + ContractCompany.crowdPeople {
            domain.addUser(
                ContractCompany.escaped(person.name), number: person.number, below: "OU=people,\(suffix)",
                more: [
                    "sAMAccountName": [person.login], "cn": [person.name], "mail": ["\(person.login)@example.org"],
                    "userAccountControl": [person.isDisabled ? "514" : "512"],
                ])
        }
        for group in ContractCompany.groups {
            domain.addGroup(
                group.name, number: group.number, members: members(of: group), below: "OU=groups,\(suffix)")
        }
        return domain
    }
}
