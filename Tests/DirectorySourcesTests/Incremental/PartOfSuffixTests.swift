import DirectoryModel
import Glibc
import LDAPClient
import TestSupport
import Testing

@testable import DirectorySources

/// Servers of which a part beside every base is elsewhere, or closed to the account: changes are read all the same.
struct PartOfSuffixTests {
    private static let suffix = SlapdFixture.suffix
    private static let sync = Account(dn: "cn=sync,\(suffix)", password: "sync secret")

    private static let company =
        SampleCompany.frame + SampleCompany.people(12)
        + SampleCompany.group("g", number: 1, members: [SampleCompany.personDN("p0")])

    private static let abroad = """
        dn: ou=abroad,\(suffix)
        objectClass: referral
        objectClass: extensibleObject
        ou: abroad
        ref: ldap://ldap.example.net/ou=people,dc=example,dc=net


        """

    private func expect(
        _ follower: inout LDAPFollower, _ expected: LDAPFollower.Step, at place: SourceLocation = #_sourceLocation
    ) throws {
        let step = try follower.follow()
        #expect(step == expected, "\(step)", sourceLocation: place)
    }

    @Test func changesBesideAReferralAreRead() throws {
        let slapd = try SlapdFixture(
            ldif: PartOfSuffixTests.company + PartOfSuffixTests.abroad, options: .init(overlays: [.syncprov]))
        var follower = try LDAPFollower {
            SampleSources.ldap([slapd.url], try SampleSources.settings())
        }
        #expect(follower.position.method == "sync")
        try expect(&follower, .changes(people: 0, removed: 0))
        try slapd.replace("title", of: SampleCompany.personDN("p1"), with: ["boss"])
        try slapd.modify(
            ldif: SampleCompany.person("new", number: 9).replacing("entryUUID: \(SampleCompany.id(9))\n", with: ""))
        try expect(&follower, .changes(people: 2, removed: 0))
        #expect(try follower.difference() == nil)
        // Who is gone may be on the other server: a whole reading is needed, and its own question.
        try slapd.delete(SampleCompany.personDN("p3"))
        try expect(
            &follower, .fullPull("who is gone cannot be told: not all of `\(PartOfSuffixTests.suffix)` can be searched")
        )
        try expect(&follower, .changes(people: 0, removed: 0))
    }

    /// The server hides the rest as if there were nothing (code 32), or says that it may not be seen (50).
    @Test(arguments: ["none", "disclose"]) func changesOfAnAccountThatMayReadTheBasesAreRead(rest: String) throws {
        let branches = ["ou=people", "ou=groups"].map {
            "access to dn.subtree=\"\($0),\(PartOfSuffixTests.suffix)\" by dn.exact=\"\(PartOfSuffixTests.sync.dn)\" read"
        }
        let slapd = try SlapdFixture(
            ldif: PartOfSuffixTests.company,
            options: .init(
                database: branches + [
                    "access to attrs=userPassword by anonymous auth by * none", "access to * by * \(rest)",
                ], overlays: [.syncprov]))
        var follower = try LDAPFollower(now: Int64(time(nil)) + 60) {
            SampleSources.ldap(
                [slapd.url], try SampleSources.settings(), bind: PartOfSuffixTests.sync.bind)
        }
        #expect(follower.position.method == "times")
        try expect(&follower, .changes(people: 0, removed: 0))
        try slapd.replace("title", of: SampleCompany.personDN("p1"), with: ["boss"])
        try slapd.replace(
            "member", of: SampleCompany.groupDN("g"), with: ["p0", "p2"].map(SampleCompany.personDN))
        try expect(&follower, .changes(people: 1, removed: 0))
        #expect(try follower.difference() == nil)
        try slapd.delete(SampleCompany.personDN("p3"))
        try expect(&follower, .changes(people: 0, removed: 0))
    }

    /// A part of 389 Directory Server may hold definitions of roles, which nothing else tells of: it is read whole each time.
    @Test func fullPullOf389BesideAReferralIsComplete() throws {
        let server = try DS389Fixture(
            ldif: PartOfSuffixTests.company + PartOfSuffixTests.abroad, options: .init(contentSync: true))
        var settings = try SampleSources.settings()
        settings.dialect = .ds389
        settings.attributes = Dialect.ds389.attributes
        settings.attributes.lastSignIn = nil
        let source = SampleSources.ldap([server.url], settings, bind: server.administrator.bind)
        let pull = try source.completePull(PullRequest(now: 1_800_000_000, key: LDAPFollower.key))
        #expect(pull.mirror.people.count == 12)
        #expect(pull.position == nil)
    }

    // MARK: A child domain

    private static let branch = "OU=people,\(ADDomain.suffix)"

    private static func name(_ number: Int) -> String { "CN=p\(number),\(branch)" }

    @Test(arguments: [LDAPSource.ChangeMethod.usn, .dirSync])
    func changesBesideAChildDomainAreRead(method: LDAPSource.ChangeMethod) throws {
        var domain = ADDomain()
        domain.add(
            PartOfSuffixTests.branch, ["objectClass": ["top", "organizationalUnit"], "ou": ["people"]])
        for number in 0..<12 { domain.addUser("p\(number)", number: 1_000 + number, below: PartOfSuffixTests.branch) }
        domain.addGroup("g", number: 1, members: [PartOfSuffixTests.name(0)], below: PartOfSuffixTests.branch)
        let stub = try ADStub(domain)
        stub.configure {
            $0.hasChild = true
            $0.mayReadDeleted = true
            $0.mayReplicate = true
        }
        var follower = try LDAPFollower {
            let settings = SourceSettings(
                name: "corp", dialect: .activeDirectory, people: BranchSettings(bases: [PartOfSuffixTests.branch]),
                groups: BranchSettings(bases: [PartOfSuffixTests.branch]))
            let source = SampleSources.ldap([stub.url], settings, bind: ADStub.reader.bind)
            source.changeMethod = method
            return source
        }
        try expect(&follower, .changes(people: 0, removed: 0))
        stub.change { $0.set(PartOfSuffixTests.name(1), "userAccountControl", ["514"]) }
        try expect(&follower, .changes(people: 1, removed: 0))
        stub.change { $0.delete(PartOfSuffixTests.name(3)) }
        try expect(&follower, .changes(people: 0, removed: 1))
        #expect(try follower.difference() == nil)
    }

    // MARK: Two suffixes

    private static let branchSuffix = "dc=branch"

    private static let branchPeople = """
        dn: dc=branch
        objectClass: dcObject
        objectClass: organization
        dc: branch
        o: Branch

        dn: ou=people,dc=branch
        objectClass: organizationalUnit
        ou: people


        """
        + (0..<3).map { number in
            """
            dn: uid=b\(number),ou=people,dc=branch
            objectClass: inetOrgPerson
            uid: b\(number)
            cn: Branch
            sn: Branch
            mail: b\(number)@example.org


            """
        }.joined()

    /// A suffix may hold groups alone: one of them tells that it is searched.
    @Test func suffixOfGroupsAloneIsSearched() throws {
        let further = [
            "database mdb", "suffix \(PartOfSuffixTests.branchSuffix)", "directory log-db", "maxsize 1073741824",
            "access to * by dn.exact=\"\(SlapdFixture.administrator)\" manage by * read", "overlay syncprov",
            "syncprov-sessionlog 1000",
        ]
        let slapd = try SlapdFixture(
            ldif: PartOfSuffixTests.company, options: .init(further: further, overlays: [.syncprov]))
        let team = "cn=team,ou=people,\(PartOfSuffixTests.branchSuffix)"
        let groups = ["team", "crew"].map {
            "dn: cn=\($0),ou=people,dc=branch\nobjectClass: groupOfNames\ncn: \($0)\nmember: \(SampleCompany.personDN("p1"))\n\n"
        }
        let frame = PartOfSuffixTests.branchPeople.split(separator: "dn: uid=")[0]
        try slapd.modify(ldif: frame + groups.joined())
        var settings = try SampleSources.settings()
        settings.groups.bases.append("ou=people,\(PartOfSuffixTests.branchSuffix)")
        var follower = try LDAPFollower { SampleSources.ldap([slapd.url], settings) }
        #expect(follower.mirror.mirror.groups.count == 3)
        try slapd.delete(SampleCompany.personDN("p3"))
        try expect(&follower, .changes(people: 0, removed: 1))
        try slapd.delete(team)
        try expect(&follower, .changes(people: 0, removed: 0))
        #expect(follower.mirror.mirror.groups.count == 2)
        #expect(try follower.difference() == nil)
    }

    /// Whoever is found in one suffix proves nothing of another.
    @Test(arguments: [false, true]) func suffixInWhichNobodyIsFoundIsInDoubt(isHidden: Bool) throws {
        let further = [
            "database mdb", "suffix \(PartOfSuffixTests.branchSuffix)", "directory log-db", "maxsize 1073741824",
            "access to * by dn.exact=\"\(SlapdFixture.administrator)\" manage by * read", "overlay syncprov",
            "syncprov-sessionlog 1000",
        ]
        let slapd = try SlapdFixture(
            ldif: PartOfSuffixTests.company,
            options: .init(further: further, overlays: [.syncprov]))
        try slapd.modify(ldif: PartOfSuffixTests.branchPeople)
        let proxy = try LDAPProxy(
            to: slapd.port,
            .responses { message, exchange in
                let search = exchange.request?.search
                let isAsked = search?.base == PartOfSuffixTests.branchSuffix && search?.scope == 2
                return isHidden && isAsked && message.entry != nil ? [] : [.pass(message)]
            })
        var settings = try SampleSources.settings()
        settings.people.bases.append("ou=people,\(PartOfSuffixTests.branchSuffix)")
        var follower = try LDAPFollower { SampleSources.ldap([proxy.url], settings) }
        #expect(follower.mirror.mirror.people.count == 15)
        try slapd.delete("uid=b1,ou=people,\(PartOfSuffixTests.branchSuffix)")
        try expect(
            &follower,
            isHidden
                ? .fullPull(
                    "who is gone cannot be told: nobody known to be there was found by id below "
                        + "`\(PartOfSuffixTests.branchSuffix)`")
                : .changes(people: 0, removed: 1))
        #expect(try follower.difference() == nil)
    }
}
