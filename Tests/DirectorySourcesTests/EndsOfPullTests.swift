import DirectoryModel
import DirectorySources
import LDAPClient
import TestSupport
import Testing

/// Every way in which a pull from a real slapd ends: complete, or failed with its cause named.
struct EndsOfPullTests {
    private static let company =
        SampleCompany.frame + SampleCompany.people(30)
        + SampleCompany.group("support", number: 1, members: [SampleCompany.personDN("p0")])

    private let synchronizer = BindMethod.simple(
        dn: "cn=sync,dc=example,dc=org", password: Secret(Array("sync secret".utf8)))

    private func slapd(_ database: [String] = [], more: String = "", certificate: TestCertificates.Kind = .server)
        throws -> SlapdFixture
    {
        try SlapdFixture(
            ldif: EndsOfPullTests.company + more, options: .init(certificate: certificate, database: database))
    }

    @Test func wholeAnswerIsComplete() throws {
        let slapd = try slapd()
        var stages: [PullProgress] = []
        let source = try SampleSources.ldap([slapd.url], SampleSources.settings(sentinels: [1, 1000]))
        guard case .complete(let pull) = source.pull(PullRequest(), progress: { stages.append($0) }) else {
            Issue.record("failed")
            return
        }
        #expect(pull.mirror.people.count == 30)
        #expect(pull.mirror.groups.count == 1)
        #expect(pull.setAside.isEmpty)
        #expect(pull.stamp.server == slapd.url)
        #expect(
            stages == [
                PullProgress(stage: .connecting, entries: 0), PullProgress(stage: .people, entries: 0),
                PullProgress(stage: .people, entries: 30), PullProgress(stage: .groups, entries: 0),
                PullProgress(stage: .groups, entries: 1),
            ])
    }

    @Test func sizeLimitIsIncomplete() throws {
        let slapd = try slapd(["limits dn.exact=\"cn=sync,dc=example,dc=org\" size=10"])
        let failure = try SampleSources.ldap([slapd.url], SampleSources.settings(), bind: synchronizer).failedPull()
        #expect(failure.kind == .incomplete)
        #expect(failure.message.contains("Size limit exceeded (4), after 10 entries"))
        #expect(failure.hint.contains("raise the limits of the bind account"))
    }

    @Test func missingBaseIsIncomplete() throws {
        let slapd = try slapd()
        let settings = try SampleSources.settings(peopleBase: "ou=peple,dc=example,dc=org")
        let failure = try SampleSources.ldap([slapd.url], settings).failedPull()
        #expect(failure.kind == .incomplete)
        #expect(failure.message.contains("under `ou=peple,dc=example,dc=org` with No such object (32)"))
    }

    @Test func missingGroupBaseIsIncomplete() throws {
        let slapd = try slapd()
        let settings = try SampleSources.settings(groupBases: ["ou=grps,dc=example,dc=org"])
        #expect(try SampleSources.ldap([slapd.url], settings).failedPull().message.contains("ou=grps"))
    }

    @Test func referralInScopeIsIncomplete() throws {
        let referral = """
            dn: ou=abroad,ou=people,dc=example,dc=org
            objectClass: referral
            objectClass: extensibleObject
            ou: abroad
            ref: ldap://ldap.example.net/ou=people,dc=example,dc=net


            """
        let slapd = try slapd(more: referral)
        let failure = try SampleSources.ldap([slapd.url], SampleSources.settings()).failedPull()
        #expect(failure.kind == .incomplete)
        #expect(failure.message.contains("is on another server, which is not asked: `ldap://ldap.example.net/"))
    }

    @Test func filterThatMatchesNobodyIsIncomplete() throws {
        let slapd = try slapd()
        let settings = try SampleSources.settings(filter: "(objectClas=inetOrgPerson)")
        let failure = try SampleSources.ldap([slapd.url], settings).failedPull()
        #expect(failure.kind == .incomplete)
        #expect(failure.message == "no entry under `ou=people,dc=example,dc=org` matches `(objectClas=inetOrgPerson)`")
    }

    @Test func everybodyHiddenIsIncomplete() throws {
        let slapd = try slapd([
            "access to dn.children=\"ou=people,dc=example,dc=org\" by * none", "access to * by * read",
        ])
        let failure = try SampleSources.ldap([slapd.url], SampleSources.settings(), bind: synchronizer).failedPull()
        #expect(failure.kind == .incomplete)
        #expect(failure.hint.contains("let the bind account read"))
    }

    @Test(arguments: ["mail", "uid", "entryUUID"])
    func attributeHiddenEverywhereIsIncomplete(attribute: String) throws {
        let slapd = try slapd(["access to attrs=\(attribute) by * none", "access to * by * read"])
        let failure = try SampleSources.ldap([slapd.url], SampleSources.settings(), bind: synchronizer).failedPull()
        #expect(failure.kind == .incomplete)
        #expect(failure.message.contains("`\(attribute)`"))
    }

    @Test func hiddenSentinelIsIncomplete() throws {
        let slapd = try slapd([
            "access to dn.exact=\"uid=p7,ou=people,dc=example,dc=org\" by * none", "access to * by * read",
        ])
        let settings = try SampleSources.settings(sentinels: [1007])
        let failure = try SampleSources.ldap([slapd.url], settings, bind: synchronizer).failedPull()
        #expect(failure.message == "the sentinel `\(SampleCompany.id(1007))` was not among 29 people and 1 groups")
        let unguarded = try SampleSources.settings()
        #expect(
            try SampleSources.ldap([slapd.url], unguarded, bind: synchronizer).completePull().mirror.people.count == 29)
    }

    @Test func oneIDOnTwoEntriesIsIncomplete() throws {
        let slapd = try slapd(more: SampleCompany.person("twin", number: 1000))
        let failure = try SampleSources.ldap([slapd.url], SampleSources.settings()).failedPull()
        #expect(failure.message == "two entries have the id `\(SampleCompany.id(1000))`")
    }

    @Test func wrongPasswordIsRefused() throws {
        let slapd = try slapd()
        let bind = BindMethod.simple(dn: SlapdFixture.administrator, password: Secret(Array("wrong".utf8)))
        let failure = try SampleSources.ldap([slapd.url], SampleSources.settings(), bind: bind).failedPull()
        #expect(failure.kind == .refused)
    }

    @Test func unknownAuthorityAndExpiredCertificateAreUnreachable() throws {
        let certificates = try TestCertificates.shared.get()
        let good = try slapd()
        let expired = try slapd(certificate: .expired)
        for (url, file, words) in [
            (good.tlsURL, certificates.otherAuthorityFile, "does not come from an authority"),
            (expired.tlsURL, certificates.authorityFile, "has expired"),
        ] {
            let connection = ConnectionSettings(tls: TLSSettings(mode: .ldaps, caFile: file))
            let source = try SampleSources.ldap([url], SampleSources.settings(), connection: connection)
            let failure = try source.failedPull()
            #expect(failure.kind == .unreachable)
            #expect(failure.message.contains(words))
        }
    }

    @Test func nextServerIsTriedOnlyWhenOneCannotBeReached() throws {
        let slapd = try slapd()
        let dead = "ldap://127.0.0.1:\(try SlapdFixture.freePort())"
        let source = try SampleSources.ldap([dead, slapd.url], SampleSources.settings())
        #expect(try source.completePull().stamp.server == slapd.url)

        let failure = try SampleSources.ldap([dead, dead], SampleSources.settings()).failedPull()
        #expect(failure.kind == .unreachable)
        #expect(failure.message.contains("connection refused; cannot connect to"))

        let untouched = try ByteProxy(to: slapd.port, fault: .none)
        let wrong = BindMethod.simple(dn: SlapdFixture.administrator, password: Secret(Array("wrong".utf8)))
        let refused = try SampleSources.ldap([slapd.url, untouched.url], SampleSources.settings(), bind: wrong)
        #expect(try refused.failedPull().kind == .refused)
        #expect(untouched.connections == 0)
    }

    @Test func connectionCutAnywhereFails() throws {
        let slapd = try slapd()
        let measure = try ByteProxy(to: slapd.port, fault: .none)
        _ = try SampleSources.ldap([measure.url], SampleSources.settings()).completePull()
        let total = measure.bytesFromServer
        #expect(total > 1000)
        for length in stride(from: 0, to: total, by: 61) {
            let proxy = try ByteProxy(to: slapd.port, fault: .cut(after: length))
            let failure = try SampleSources.ldap([proxy.url], SampleSources.settings()).failedPull()
            #expect(failure.kind == .unreachable, "cut after \(length) of \(total): \(failure.message)")
        }
    }

    @Test func entriesWithoutIDAreSetAside() throws {
        let slapd = try slapd([
            "access to dn.exact=\"uid=p3,ou=people,dc=example,dc=org\" attrs=entryUUID by * none",
            "access to * by * read",
        ])
        let source = try SampleSources.ldap([slapd.url], SampleSources.settings(), bind: synchronizer)
        let pull = try source.completePull()
        #expect(pull.setAside == [SetAsideEntry(dn: SampleCompany.personDN("p3"), reason: .noIdentity)])
        #expect(pull.mirror.people.count == 29)
    }

    @Test func serverBehindItsLastStateIsIncomplete() throws {
        let synced = SampleCompany.frame.replacing(
            "dc: example\n", with: "dc: example\ncontextCSN: 20261101000000.000000Z#000000#000#000000\n")
        let slapd = try SlapdFixture(
            ldif: synced + SampleCompany.people(3)
                + SampleCompany.group("g", number: 1, members: [SampleCompany.personDN("p0")]),
            options: .init(database: ["overlay syncprov"], global: ["moduleload syncprov"]))
        let source = try SampleSources.ldap([slapd.url], SampleSources.settings())
        let stamp = try source.completePull().stamp
        #expect(
            stamp.changeStamps.filter { !$0.hasPrefix("scope=") } == [
                "20261101000000.000000Z#000000#000#000000", "groups=1:ou=groups,dc=example,dc=org",
                "people=3:ou=people,dc=example,dc=org", "shown=mail:3/3", "shown=pwdAccountLockedTime:0/3",
                "shown=uid:3/3", "suffix=dc=example,dc=org",
            ])
        #expect(try source.completePull(PullRequest(lastStamp: stamp)).stamp == stamp)
        var newer = stamp
        newer.changeStamps = ["29991231000000.000000Z#000000#000#000000"]
        let failure = try source.failedPull(PullRequest(lastStamp: newer))
        #expect(failure.kind == .incomplete)
        #expect(failure.message.contains("is behind"))
        #expect(failure.hint.contains("`rollcall sync --accept-directory corp` goes on with what it has"))
        // What it is known by still has to be the same.
        newer.changeStamps = ["29991231000000.000000Z#000000#000#000000", "suffix=dc=example,dc=org"]
        var request = PullRequest(lastStamp: newer)
        request.acceptsStanding = true
        #expect(try source.completePull(request).stamp == stamp)
        request.lastStamp?.changeStamps = ["suffix=ou=people,dc=example,dc=org"]
        #expect(try source.failedPull(request).message.contains("no longer has the naming context"))
    }
}
