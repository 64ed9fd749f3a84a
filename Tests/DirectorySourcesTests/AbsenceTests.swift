import DirectoryModel
import DirectorySources
import LDAPClient
import TestSupport
import Testing

/// Who was not in a pull: gone, elsewhere, or unknown; the same from a server and from its export.
struct AbsenceTests {
    private static let ldif =
        SampleCompany.frame + SampleCompany.people(5)
        + SampleCompany.person("temp", number: 50, more: ["employeeType: service"])
        + SampleCompany.group("g", number: 1, members: [SampleCompany.personDN("p0")])
            + """
            dn: uid=moved,dc=example,dc=org
            objectClass: inetOrgPerson
            uid: moved
            cn: moved
            sn: moved
            entryUUID: \(SampleCompany.id(51))

            dn: uid=left,dc=example,dc=org
            objectClass: inetOrgPerson
            uid: left
            cn: left
            sn: left
            employeeType: disabled
            entryUUID: \(SampleCompany.id(52))


            """

    private func settings() throws -> SourceSettings {
        try SampleSources.settings(
            exclude: "(employeeType=service)", disabled: DisabledWhen(attribute: "employeeType", equals: "disabled"))
    }

    private func ids(_ numbers: [Int]) throws -> [ImmutableID] {
        try numbers.map { try #require(ImmutableID(text: SampleCompany.id($0))) }
    }

    private func check(_ source: any DirectorySource) throws {
        _ = try source.completePull()
        let asked = try ids([900, 51, 52, 50, 1001])
        guard case .answered(let findings) = source.confirmAbsence(of: asked, knownPresent: try ids([1000])[0]) else {
            Issue.record("failed")
            return
        }
        #expect(
            findings == [
                .gone, .outOfScope(dn: "uid=moved,dc=example,dc=org", state: .enabled),
                .outOfScope(dn: "uid=left,dc=example,dc=org", state: .disabledByAttribute),
                .outOfScope(dn: "uid=temp,ou=people,dc=example,dc=org", state: .enabled), .unknown,
            ])
        guard case .answered(let blind) = source.confirmAbsence(of: asked, knownPresent: try ids([901])[0]) else {
            Issue.record("failed")
            return
        }
        #expect(blind == Array(repeating: .unknown, count: 5))
    }

    @Test func serverTellsWhoIsGoneAndWhoIsElsewhere() throws {
        let slapd = try SlapdFixture(ldif: AbsenceTests.ldif)
        try check(SampleSources.ldap([slapd.url], settings()))
    }

    @Test func exportTellsTheSame() throws {
        let directory = try TemporaryDirectory()
        let path = try directory.write(AbsenceTests.ldif, to: "people.ldif")
        try check(LDIFSource(settings(), path: path))
    }

    @Test func manyAreAskedForInBatches() throws {
        let slapd = try SlapdFixture(ldif: AbsenceTests.ldif)
        let source = try SampleSources.ldap([slapd.url], settings())
        _ = try source.completePull()
        let asked = try ids(Array(2000..<2350) + [1002])
        guard case .answered(let findings) = source.confirmAbsence(of: asked, knownPresent: try ids([1000])[0]) else {
            Issue.record("failed")
            return
        }
        #expect(findings.count == 351)
        #expect(findings.dropLast().allSatisfy { $0 == .gone })
        #expect(findings.last == .unknown)
    }

    @Test func hiddenControlMeansUnknown() throws {
        let slapd = try SlapdFixture(
            ldif: AbsenceTests.ldif,
            options: .init(database: [
                "access to dn.exact=\"uid=p0,ou=people,dc=example,dc=org\" attrs=entryUUID by * none",
                "access to * by * read",
            ]))
        let bind = BindMethod.simple(dn: "cn=sync,dc=example,dc=org", password: Secret(Array("sync secret".utf8)))
        let source = try SampleSources.ldap([slapd.url], settings(), bind: bind)
        _ = try source.completePull()
        guard case .answered(let findings) = source.confirmAbsence(of: try ids([900]), knownPresent: try ids([1000])[0])
        else {
            Issue.record("failed")
            return
        }
        #expect(findings == [.unknown])
    }

    /// Of each base of people somebody must be found again: who is found in one proves nothing of another.
    @Test(arguments: [false, true]) func baseInWhichNobodyIsFoundAnyMoreMeansUnknown(isHidden: Bool) throws {
        let externals = """
            dn: ou=externals,dc=example,dc=org
            objectClass: organizationalUnit
            ou: externals


            """
        let people = (0..<2).map {
            SampleCompany.person("e\($0)", number: 70 + $0).replacing("ou=people", with: "ou=externals")
        }
        let slapd = try SlapdFixture(ldif: AbsenceTests.ldif + externals + people.joined())
        let proxy = try LDAPProxy(
            to: slapd.port,
            .responses { message, exchange in
                guard isHidden, exchange.request?.search?.base == SlapdFixture.suffix,
                    message.entry?.dn.hasSuffix(",ou=externals,\(SlapdFixture.suffix)") == true
                else { return [.pass(message)] }
                return []
            })
        var settings = try settings()
        settings.people.bases.append("ou=externals,\(SlapdFixture.suffix)")
        let source = SampleSources.ldap([proxy.url], settings)
        #expect(try source.completePull().mirror.people.count == 7)
        guard case .answered(let findings) = source.confirmAbsence(of: try ids([900]), knownPresent: try ids([1000])[0])
        else {
            Issue.record("failed")
            return
        }
        #expect(findings == [isHidden ? .unknown : .gone])
    }

    @Test func serverGoneMeanwhileFails() throws {
        let slapd = try SlapdFixture(ldif: AbsenceTests.ldif)
        let source = try SampleSources.ldap([slapd.url], settings())
        _ = try source.completePull()
        slapd.stop()
        guard case .failed(let failure) = source.confirmAbsence(of: try ids([900]), knownPresent: try ids([1000])[0])
        else {
            Issue.record("answered")
            return
        }
        #expect(failure.kind == .unreachable)
    }
}
