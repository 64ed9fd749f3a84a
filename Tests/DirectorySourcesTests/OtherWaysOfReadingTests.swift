import DirectoryModel
import LDAPClient
import TestSupport
import Testing

@testable import DirectorySources

/// What a kind of directory does by default can be given otherwise.
struct OtherWaysOfReadingTests {
    private static let reader = "cn=reader,\(SlapdFixture.suffix)"

    private static let company =
        SampleCompany.frame + SampleCompany.people(30)
        + SampleCompany.group("g", number: 1, members: (0..<30).map { SampleCompany.personDN("p\($0)") })
            + """
            dn: \(reader)
            objectClass: organizationalRole
            objectClass: simpleSecurityObject
            cn: reader
            userPassword: \(SlapdFixture.password)


            """

    private func source(_ slapd: SlapdFixture, _ change: (inout Dialect) -> Void) throws -> LDAPSource {
        var settings = try SampleSources.settings()
        change(&settings.dialect)
        let bind = BindMethod.simple(dn: Self.reader, password: Secret(Array(SlapdFixture.password.utf8)))
        return SampleSources.ldap([slapd.url], settings, bind: bind)
    }

    /// An account that may read by pages what it may not read at once.
    @Test func pagesReadWhatALimitKeepsBack() throws {
        let limits = "limits dn.exact=\"\(Self.reader)\" size.soft=10 size.hard=10 size.prtotal=unlimited"
        let slapd = try SlapdFixture(ldif: Self.company, options: .init(database: [limits]))
        let failure = try source(slapd) { _ in }.failedPull()
        #expect(failure.message.contains("Size limit exceeded (4)"))
        #expect(failure.hint.contains("`page_size`"))
        let pull = try source(slapd) { $0.pageSize = 7 }.completePull()
        #expect(pull.mirror.people.count == 30)
        #expect(pull.mirror.memberPeople.count == 30)
    }

    /// Members are those of the attributes that are named, each as it is known, and of no others.
    @Test(arguments: [
        (["member"], 30), (["MEMBER", "uniqueMember"], 30), (["seeAlso"], 1), (["uniqueMember"], 0),
        (["memberUid"], 0), (["seeAlso", "member"], 30),
    ])
    func membersAreThoseOfTheNamedAttributes(names: [String], count: Int) throws {
        let ldif = Self.company.replacing(
            "cn: g\n", with: "cn: g\nseeAlso: \(SampleCompany.personDN("p0"))\n")
        let slapd = try SlapdFixture(ldif: ldif)
        let pull = try source(slapd) { $0.readMembers(names) }.completePull()
        #expect(pull.mirror.memberPeople.count == count)
        var dialect = Dialect.openLDAP
        dialect.readMembers(names)
        #expect(dialect.memberWithUIDAttributes == names.filter { $0 == "uniqueMember" })
        #expect(dialect.memberLoginAttributes == names.filter { $0 == "memberUid" })
    }

    @Test func aFlagThatIsOffDisablesNobody() throws {
        let locked = SampleCompany.person("p3", number: 1_003).replacing(
            "sn: ", with: "pwdAccountLockedTime: 000001010000Z\nsn: ")
        let folder = try TemporaryDirectory()
        let path = try folder.write(
            SampleCompany.frame + SampleCompany.person("p1", number: 1_001) + locked, to: "people.ldif")
        func disabled(_ change: (inout Dialect) -> Void) throws -> [Bool] {
            var settings = try SampleSources.settings(groupBases: [])
            change(&settings.dialect)
            return try LDIFSource(settings, path: path).completePull().mirror.people.map { !$0.state.isEnabled }
        }
        #expect(try disabled { _ in } == [false, true])
        #expect(try disabled { $0.flags = [] } == [false, false])
    }
}
