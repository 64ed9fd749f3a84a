import DirectoryModel
import DirectorySources
import LDAPClient
import TestSupport
import Testing

/// Groups around and far beyond the number of values that servers give at once.
struct LargeGroupTests {
    static let sizes = [
        (1_499, 1_500), (1_500, 1_500), (1_501, 1_500), (5_000, 1_500), (5_000, 5_000), (100_000, 1_500),
    ]

    /// Microsoft's server: an empty `member` beside a range, later ranges by name.
    @Test(arguments: sizes)
    func everyMemberInRangesIsRead(size: Int, maxValRange: Int) throws {
        let stub = try ADStub(
            LargeGroupTests.domain(size), options: ADStub.Options(maxValRange: maxValRange))
        let mirror = try LargeGroupTests.source(stub.url).completePull().mirror
        let group = try #require(mirror.group("large"))
        #expect(mirror.directPeople(of: group).count == 20)
        #expect(mirror.groups[Int(group)].unresolvedMembers == size - 20)
    }

    /// Others give all values at once.
    @Test(arguments: [ServerKind.slapd, .ds389])
    func everyMemberAtOnceIsRead(_ kind: ServerKind) throws {
        let suffix = ContractText(kind).suffix
        let size = 5_000
        let people = (0..<20).map { SampleCompany.person("p\($0)", number: 1_000 + $0) }.joined()
        let identified = kind == .ds389 ? people.replacing("entryUUID", with: "nsUniqueId") : people
        let members = (0..<size).map { "uid=p\($0),ou=people,\(suffix)" }
        let ldif = SampleCompany.frame + identified + SampleCompany.group("large", number: 1, members: members)
        let server: any DirectoryServer =
            kind == .slapd ? try SlapdFixture(ldif: ldif) : try DS389Fixture(ldif: LargeGroupTests.as389(ldif))
        var settings = try SampleSources.settings()
        settings.dialect = kind.dialect
        settings.attributes = kind.dialect.attributes
        settings.attributes.lastSignIn = nil
        let mirror = try SampleSources.ldap([server.url], settings, bind: server.reader.bind).completePull().mirror
        let group = try #require(mirror.group("large"))
        #expect(mirror.directPeople(of: group).count == 20)
        #expect(mirror.groups[Int(group)].unresolvedMembers == size - 20)
    }

    /// A group that changes between two ranges is read again until it stands still, or not at all.
    @Test func groupThatChangesBetweenRangesIsReadAgain() throws {
        let stub = try ADStub(LargeGroupTests.domain(4_000))
        let changes = Count()
        let group = "CN=large,OU=people,\(ADDomain.suffix)"
        stub.onSearch { [weak stub] _ in
            // Once, in the middle of the ranges.
            guard let stub, stub.searches > 6, changes.current == 0 else { return }
            _ = changes.next()
            stub.change { domain in
                let members = domain.entry(group)?.texts("member") ?? []
                domain.set(group, "member", Array(members.dropFirst(1_000)))
            }
        }
        let mirror = try LargeGroupTests.source(stub.url).completePull().mirror
        let place = try #require(mirror.group("large"))
        let count = mirror.directPeople(of: place).count + Int(mirror.groups[Int(place)].unresolvedMembers)
        #expect(changes.current == 1)
        #expect(count == 3_000)
    }

    /// Twenty people, and a group whose other members are nobody that is read.
    private static func domain(_ size: Int) -> ADDomain {
        var domain = ADDomain()
        let base = "OU=people,\(ADDomain.suffix)"
        domain.add(base, ["objectClass": ["top", "organizationalUnit"], "ou": ["people"]])
        for number in 0..<20 { domain.addUser("p\(number)", number: 1_000 + number, below: base) }
        domain.addGroup(
            "large", number: 1, members: (0..<size).map { "CN=p\($0),\(base)" }, below: base)
        return domain
    }

    private static func source(_ url: String) throws -> LDAPSource {
        let base = "OU=people,\(ADDomain.suffix)"
        let settings = SourceSettings(
            name: "corp", dialect: .activeDirectory, people: BranchSettings(bases: [base]),
            groups: BranchSettings(bases: [base]))
        let timeouts = Timeouts(connect: .seconds(5), idle: .seconds(20), pull: .seconds(300))
        return LDAPSource(
            LDAPSourceSettings(
                source: settings, urls: [url].compactMap { LDAPURL($0) },
                connection: ConnectionSettings(timeouts: timeouts), bind: ADStub.reader.bind))
    }

    /// Ids in the four groups of this server; bind accounts are its own.
    private static func as389(_ ldif: String) -> String {
        ldif.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            guard line.hasPrefix("nsUniqueId: "), let number = Int(line.suffix(12), radix: 16) else {
                return line.hasPrefix("entryUUID: ") ? "nsUniqueId: \(ContractText.uniqueID(1))" : String(line)
            }
            return "nsUniqueId: \(ContractText.uniqueID(number))"
        }.joined(separator: "\n")
    }
}
