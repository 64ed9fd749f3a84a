import DirectoryModel
import DirectorySources
import LDAPClient
import TestSupport
import Testing

/// Limits that servers set to accounts: whoever runs into one is told, and nothing is taken for whole.
struct ServerLimitsTests {
    private static let data = SampleCompany.frame + SampleCompany.people(20)
    private static let account = Account(dn: "cn=sync,dc=example,dc=org", password: "sync secret")

    /// Lines of slapd.conf, whether pages are asked for, and the code that comes.
    @Test(
        arguments: [
            ("size=7", nil, 4), ("size=7", 5, 4), ("size.soft=7 size.hard=100", nil, 4), ("size.prtotal=7", 5, 4),
            ("size.soft=7 size.hard=7 size.prtotal=disabled", 5, 11),
            ("size.soft=7 size.hard=7 size.pr=3 size.prtotal=unlimited", 5, 11),
        ] as [(String, Int32?, Int)])
    func slapdLimitsAreTold(_ limits: String, pages: Int32?, code: Int) throws {
        let server = try SlapdFixture(
            ldif: ServerLimitsTests.data,
            options: .init(database: ["limits dn.exact=\"\(ServerLimitsTests.account.dn)\" \(limits)"]))
        let failure = try FaultBench.source(
            [server.url], pages: pages, account: ServerLimitsTests.account
        ).failedPull()
        #expect(failure.kind == .incomplete)
        #expect(failure.message.contains("(\(code))"), "\(failure.message)")
        #expect(failure.hint.contains("limits"), "\(failure.hint)")
    }

    @Test func pagesWithinALimitAreWhole() throws {
        let limits = "size.soft=7 size.hard=7 size.pr=7 size.prtotal=unlimited"
        let server = try SlapdFixture(
            ldif: ServerLimitsTests.data + SampleCompany.group("g", number: 1, members: [SampleCompany.personDN("p1")]),
            options: .init(database: ["limits dn.exact=\"\(ServerLimitsTests.account.dn)\" \(limits)"]))
        let source = try FaultBench.source([server.url], pages: 5, account: ServerLimitsTests.account)
        #expect(try source.completePull().mirror.people.count == 20)
    }

    @Test(arguments: ["nsSizeLimit", "nsLookThroughLimit"])
    func limitsOf389AreTold(_ limit: String) throws {
        let server = try ContractServer.shared389WithLimits()
        try server.replace(limit, of: server.ordinary.dn, with: ["7"])
        defer { try? server.replace(limit, of: server.ordinary.dn, with: []) }
        let settings = try ContractServer.shared(.ds389).settings()
        let source = SampleSources.ldap([server.url], settings, bind: server.ordinary.bind)
        let failure = try source.failedPull()
        #expect(failure.kind == .incomplete)
        #expect(failure.message.contains("(4)") || failure.message.contains("(11)"), "\(failure.message)")
    }

    /// Without pages Microsoft's server ends after 1,000; larger pages come smaller than asked, and all of them together are whole.
    @Test func pagesOfActiveDirectoryAreWhole() throws {
        var domain = ADDomain()
        let base = "OU=people,\(ADDomain.suffix)"
        domain.add(base, ["objectClass": ["top", "organizationalUnit"], "ou": ["people"]])
        for number in 0..<1_203 { domain.addUser("p\(number)", number: 1_000 + number, below: base) }
        domain.addGroup("g", number: 1, members: ["CN=p7,\(base)"], below: base)
        let stub = try ADStub(domain)
        for size in [nil, 1_000, 5_000] as [Int32?] {
            var dialect = Dialect.activeDirectory
            dialect.pageSize = size
            let settings = SourceSettings(
                name: "corp", dialect: dialect, people: BranchSettings(bases: [base]),
                groups: BranchSettings(bases: [base]))
            let source = SampleSources.ldap([stub.url], settings, bind: ADStub.reader.bind)
            if size == nil {
                #expect(try source.failedPull().message.contains("(4)"))
            } else {
                #expect(try source.completePull().mirror.people.count == 1_203)
            }
        }
    }
}

extension ContractServer {
    /// A 389 Directory Server whose ordinary account tests give limits to.
    static func shared389WithLimits() throws -> DS389Fixture { try limited389.get() }

    private static let limited389 = Result { try DS389Fixture(ldif: ContractText(.ds389).ldif) }
}
