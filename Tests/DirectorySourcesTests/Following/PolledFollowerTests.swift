import DirectoryModel
import LDAPClient
import TestSupport
import Testing

@testable import DirectorySources

/// Servers that tell nothing by themselves, asked again and again: 389 Directory Server by its change log, Samba by its numbers of updates.
struct PolledFollowerTests {
    private static let now: Int64 = 1_800_000_000

    enum Kind: String, CaseIterable, CustomTestStringConvertible {
        case ds389, samba

        var testDescription: String { rawValue }
    }

    /// Ten people on a server of the kind, of whom a test marks some as disabled.
    private struct Company {
        let kind: Kind
        let server: any DirectoryServer

        init(_ kind: Kind) throws {
            self.kind = kind
            let frame =
                kind == .ds389
                ? SampleCompany.frame : "dn: \(Company.branch)\nobjectClass: organizationalUnit\nou: staff\n\n"
            let ldif = frame + (0..<10).map { Company.person(kind, $0) }.joined()
            server =
                switch kind {
                case .ds389: try DS389Fixture(ldif: ldif, options: .init(contentSync: true))
                case .samba: try SambaFixture(ldif: ldif)
                }
        }

        /// Of Samba's own accounts some are disabled, and stand elsewhere.
        private static let branch = "OU=staff,\(SambaFixture.suffix)"

        private static func person(_ kind: Kind, _ number: Int) -> String {
            switch kind {
            case .ds389:
                SampleCompany.person(
                    "p\(number)", number: 1_000 + number,
                    more: ["nsUniqueId: \(ContractText.uniqueID(1_000 + number))"])
            case .samba:
                """
                dn: CN=p\(number),\(branch)
                objectClass: user
                sAMAccountName: p\(number)
                mail: p\(number)@example.org
                \(LDIFLine.encoded("objectGUID", ADDomain.guid(1_000 + number)))
                userAccountControl: 512


                """
            }
        }

        func dn(_ number: Int) -> String {
            kind == .ds389 ? SampleCompany.personDN("p\(number)") : "CN=p\(number),\(Company.branch)"
        }

        func id(_ number: Int) throws -> ImmutableID {
            guard kind == .samba else { return try #require(ImmutableID(text: SampleCompany.id(1_000 + number))) }
            return try #require(ADDomain.guid(1_000 + number).withUnsafeBytes { ImmutableID(objectGUID: $0) })
        }

        func disable(_ number: Int) throws {
            if kind == .ds389 {
                try server.replace("nsAccountLock", of: dn(number), with: ["true"])
            } else {
                try server.replace("userAccountControl", of: dn(number), with: ["514"])
            }
        }

        /// Changes somebody in a way that disables nobody.
        func touch(_ number: Int) throws { try server.replace("description", of: dn(number), with: ["touched"]) }

        var settings: LDAPSourceSettings {
            let people = kind == .ds389 ? "ou=people,\(DS389Fixture.suffix)" : Company.branch
            var source = SourceSettings(
                name: "corp", dialect: kind == .ds389 ? .ds389 : .activeDirectory,
                people: BranchSettings(bases: [people]), groups: BranchSettings(bases: []))
            source.attributes.lastSignIn = nil
            let account = kind == .ds389 ? server.administrator : server.reader
            return SampleSources.ldapSettings([server.url], source, bind: account.bind)
        }

        func follower() -> ServerFollower { ServerFollower(settings, interval: .milliseconds(100)) }

        /// The stamp of a run now.
        func stamp() throws -> DirectoryStamp {
            let source = LDAPSource(settings)
            defer { source.close() }
            return try source.completePull().stamp
        }
    }

    /// The first news that is any.
    private func news(_ follower: ServerFollower) -> FollowerNews {
        for _ in 0..<600 {
            let news = follower.watch(for: .milliseconds(100), now: Self.now)
            if news != .quiet { return news }
        }
        return .quiet
    }

    @Test(arguments: Kind.allCases) func disabledPersonIsTold(kind: Kind) throws {
        let company = try Company(kind)
        let follower = company.follower()
        _ = follower.start(since: try company.stamp())
        try company.touch(3)
        try company.disable(4)
        #expect(news(follower) == .disabled([try company.id(4)]))
        // Who was told is not told again by the next change of somebody else.
        try company.touch(5)
        try company.disable(6)
        #expect(news(follower) == .disabled([try company.id(6)]))
        #expect(
            try follower.read([company.id(4), company.id(5)], now: Self.now).mapValues(\.isEnabled)
                == [company.id(4): false, company.id(5): true])
    }

    /// Active Directory's number is in the stamp of a run; the number of a change log is not, and the gap is told.
    @Test(arguments: Kind.allCases) func changesSinceTheStampAreToldOrTheGapIs(kind: Kind) throws {
        let company = try Company(kind)
        let stamp = try company.stamp()
        try company.disable(2)
        let follower = company.follower()
        let began = follower.start(since: stamp)
        if kind == .samba {
            #expect(began == .following)
            #expect(news(follower) == .disabled([try company.id(2)]))
        } else {
            #expect(began == .fromNow("what happened since the last run is not known"))
        }
        try company.disable(7)
        guard case .disabled(let found) = news(follower) else { return #expect(Bool(false), "nothing was told") }
        #expect(found.contains(try company.id(7)))
    }

    @Test(arguments: Kind.allCases) func lostConnectionGoesOnWhereItWas(kind: Kind) throws {
        let company = try Company(kind)
        let follower = company.follower()
        _ = follower.start(since: try company.stamp())
        try company.disable(1)
        #expect(news(follower) == .disabled([try company.id(1)]))
        company.server.stop()
        guard case .lost = news(follower) else { return #expect(Bool(false), "the loss was not told") }
        guard case .failed = follower.start(since: nil) else { return #expect(Bool(false), "nobody answers") }
        try company.server.restart()
        try company.disable(2)
        #expect(follower.start(since: nil) == .following)
        // Whoever was told before the loss may be told again, and is suspended already.
        guard case .disabled(let told) = news(follower) else { return #expect(Bool(false), "nothing was told") }
        let (first, second) = (try company.id(1), try company.id(2))
        #expect(told.contains(second) && told.isSubset(of: [first, second]))
    }

    /// What is not a suspension is no news: removals, renames, newcomers.
    @Test(arguments: Kind.allCases) func onlyDisabledPeopleAreNews(kind: Kind) throws {
        let company = try Company(kind)
        let follower = company.follower()
        _ = follower.start(since: try company.stamp())
        try company.server.delete(company.dn(8))
        try company.server.rename(company.dn(9), to: kind == .ds389 ? "uid=renamed" : "CN=renamed")
        for _ in 0..<10 { #expect(follower.watch(for: .milliseconds(100), now: Self.now) == .quiet) }
        try company.disable(3)
        #expect(news(follower) == .disabled([try company.id(3)]))
    }
}
