import DirectoryModel
import LDAPClient
import Reports
import TestSupport
import Testing

@testable import DirectorySources

/// Healthy servers of every kind, examined without a configuration and with one.
struct DoctorServerTests {
    @Test(arguments: ServerKind.allCases)
    func withoutAConfigurationEverythingIsFound(kind: ServerKind) throws {
        let server = try ContractServer.shared(kind)
        let found = DoctorBench.examine(server.url, server.reader.bind)
        #expect(found.failures == [])
        #expect(found.steps.map(\.step) == ExaminationStep.allCases)
        #expect(found.skipped == [])
        let proposal = try #require(found.proposal)
        #expect(proposal.kind == kind.dialect.kind)
        #expect(!proposal.peopleBases.isEmpty && !proposal.groupBases.isEmpty)
        #expect(proposal.emailDomains.first == "example.org")
    }

    @Test(arguments: ServerKind.allCases)
    func withAConfigurationWhatARunReadsIsTold(kind: ServerKind) throws {
        let server = try ContractServer.shared(kind)
        let source = try server.settings()
        let found = DoctorBench.examine(server.url, server.reader.bind, source: source)
        #expect(found.failures == [])
        #expect(found.proposal == nil)
        let pull = try server.source(source).completePull()
        guard case .reading(let facts) = found[.reading]?.facts else {
            Issue.record("nothing was read")
            return
        }
        #expect(facts.people == pull.mirror.people.count)
        #expect(facts.groups == pull.mirror.groups.count)
        guard case .server(let server) = found[.server]?.facts else {
            Issue.record("no server")
            return
        }
        #expect(server.kind == kind.dialect.kind)
        let id = server.settings.first { $0.key == "attributes.id" }
        #expect(id?.standard == kind.dialect.attributes.id)
    }

    /// Only binds, searches and the question who we are go out, and one bind for each connection.
    @Test(arguments: ServerKind.allCases)
    func nothingIsWritten(kind: ServerKind) throws {
        let server = try ContractServer.shared(kind)
        let proxy = try server.proxy()
        let found = DoctorBench.examine(proxy.url, server.reader.bind)
        #expect(found.failures == [])
        let kinds = Set(proxy.requests.map(\.kind))
        #expect(kinds.isSubset(of: [.bindRequest, .searchRequest, .extendedRequest, .unbindRequest, .abandonRequest]))
        #expect(proxy.requests.count { $0.kind == .bindRequest } == 2)
    }

    /// What is printed for a human is what was asked: the tools take it, and the password stands in none.
    @Test(arguments: ServerKind.allCases)
    func everyCommandRuns(kind: ServerKind) throws {
        let server = try ContractServer.shared(kind)
        let folder = try TemporaryDirectory()
        var request = DoctorBench.request([server.url], server.reader.bind)
        request.passwordFile = try folder.write(server.reader.password, to: "pass word")
        let found = DirectoryDoctor(request).examine()
        let command = SearchCommand(found.access)
        let reads = found.steps.flatMap(\.reads)
        #expect(reads.count > 8)
        for read in reads {
            let line = command.text(read)
            #expect(!line.contains(server.reader.password))
            let status = try Command.output(
                "/bin/bash", ["-c", "\(line) > /dev/null 2> said; code=$?; cat said; echo \"status $code\""],
                in: folder.url)
            // The codes of LDAP: success, limit of size, unknown extension, no such object, no access.
            let allowed = ["status 0", "status 4", "status 2", "status 32", "status 50", "status 12", "status 1"]
            #expect(allowed.contains { status.contains($0) }, "\(line)\n\(status)")
            #expect(!status.contains("usage:"), "\(line)\n\(status)")
        }
    }

    @Test func limitsAreTold() throws {
        let options = SlapdFixture.Options(database: [
            "access to * by * read",
            "limits dn.exact=\"cn=sync,dc=example,dc=org\" size.soft=3 size.hard=3 size.prtotal=5",
        ])
        let slapd = try SlapdFixture(ldif: SampleCompany.frame + SampleCompany.people(10), options: options)
        let sync = BindMethod.simple(dn: "cn=sync,dc=example,dc=org", password: Secret(Array("sync secret".utf8)))
        let found = DoctorBench.examine(slapd.url, sync, source: try SampleSources.settings(groupBases: []))
        guard case .limits(let facts) = found[.limits]?.facts else {
            Issue.record("no facts")
            return
        }
        #expect(facts.counts.map(\.entries) == [3, 5])
        #expect(facts.counts.map(\.code) == [4, 4])
        #expect(found.failures == ["limits", "reading incomplete"])
        #expect(found[.people]?.skippedBecause == .reading)
        #expect(found[.rights]?.verdict != .skipped)
    }

    @Test func membersInPartsAreTold() throws {
        var domain = ADDomain()
        let base = "OU=people,\(ADDomain.suffix)"
        domain.add(base, ["objectClass": ["top", "organizationalUnit"], "ou": ["people"]])
        let people = (0..<1_600).map { "p\($0)" }
        for (number, name) in people.enumerated() { domain.addUser(name, number: 1_000 + number, below: base) }
        domain.addGroup("large", number: 1, members: people.map { "CN=\($0),\(base)" }, below: base)
        let stub = try ADStub(domain)
        let found = DoctorBench.examine(stub.url, ADStub.reader.bind)
        #expect(found.failures == [])
        guard case .ranges(let ranges) = found[.ranges]?.facts, case .limits(let limits) = found[.limits]?.facts else {
            Issue.record("no facts")
            return
        }
        #expect(ranges.partSize == 1_500)
        #expect(ranges.group?.count == 1_600)
        #expect(limits.counts.map(\.entries) == [1_000, 1_600])
        #expect(found.warnings(of: .limits).map(\.weight) == [.note])
    }

    @Test func aBaseThatIsNotThereIsNamed() throws {
        let slapd = try SlapdFixture(ldif: SampleCompany.frame + SampleCompany.people(2))
        let source = try SampleSources.settings(peopleBase: "ou=peple,dc=example,dc=org")
        let found = DoctorBench.examine(slapd.url, slapd.reader.bind, source: source)
        #expect(
            found.warnings(of: .bases).first
                == .baseMissing(dn: "ou=peple,dc=example,dc=org", branch: .people, above: "dc=example,dc=org"))
        #expect(found[.reading]?.skippedBecause == .bases)
        #expect(found[.clock]?.verdict != .skipped)
    }

    @Test func theWrongKindIsNamed() throws {
        let slapd = try SlapdFixture(ldif: SampleCompany.frame + SampleCompany.people(2))
        var source = try SampleSources.settings(groupBases: [])
        source.dialect = .ds389
        let found = DoctorBench.examine(slapd.url, slapd.reader.bind, source: source)
        #expect(found.warnings(of: .server).contains(.otherKind(found: .openldap, configured: .ds389)))
        #expect(found.failure?.kind == .badConfiguration)
    }

    @Test func anonymousIsAWarning() throws {
        let slapd = try SlapdFixture(ldif: SampleCompany.frame + SampleCompany.people(2))
        let found = DoctorBench.examine(slapd.url, through: .bases)
        #expect(found.failures == [])
        #expect(found.warnings(of: .identity) == [.isAnonymous(wasAsked: true)])
    }

    @Test func nobodyIsFoundWhereNothingMayBeSeen() throws {
        let hidden = SlapdFixture.Options(database: [
            "access to dn.subtree=\"ou=people,dc=example,dc=org\" by * none", "access to * by * read",
        ])
        let slapd = try SlapdFixture(ldif: SampleCompany.frame + SampleCompany.people(2), options: hidden)
        let found = DoctorBench.examine(slapd.url)
        #expect(found.warnings(of: .bases).first == .nobodyFound(filter: "(objectClass=inetOrgPerson)"))
        #expect(found.failure?.kind == .incomplete)
    }
}
