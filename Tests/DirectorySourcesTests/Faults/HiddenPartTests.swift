import DirectoryModel
import DirectorySources
import LDAPClient
import TestSupport
import Testing

/// Attributes that an access rule took from a part of the people, servers that are behind, and branches that disappeared.
struct HiddenPartTests {
    private static let many = Result {
        try SlapdFixture(
            ldif: SampleCompany.frame + SampleCompany.people(400)
                + SampleCompany.group("g", number: 1, members: [SampleCompany.personDN("p1")]),
            options: SlapdFixture.Options(overlays: [.syncprov]))
    }

    private func pull(_ faults: LDAPFault..., last: DirectoryStamp? = nil) throws -> PullOutcome {
        let proxy = try LDAPProxy(to: try HiddenPartTests.many.get().port, faults)
        var request = PullRequest(lastStamp: last)
        request.lastStamp?.server = proxy.url
        return try FaultBench.source([proxy.url], pages: 100).pull(request, progress: { _ in })
    }

    private func stamp() throws -> DirectoryStamp {
        guard case .complete(let whole) = try pull() else {
            throw Command.Failure(description: "the first pull was not complete")
        }
        return whole.stamp
    }

    /// One percent may come and go with people; more is an access rule.
    @Test(arguments: [(1, true), (20, true), (50, true), (100, false)])
    func attributeHiddenOnAPartIsNoticed(every: Int, isNoticed: Bool) throws {
        let outcome = try pull(.hide("mail", every: every, under: FaultCase.peopleBase), last: try stamp())
        switch outcome {
        case .complete: #expect(!isNoticed)
        case .failed(let failure):
            #expect(isNoticed)
            #expect(failure.kind == .incomplete)
            #expect(failure.message.contains("`mail`"), "\(failure.message)")
        }
    }

    @Test func replicaThatIsBehindIsNoticed() throws {
        let last = try stamp()
        let older = LDAPFault.changing(LDAPPlace(.searchEntry)) { message in
            guard let place = message.entry?.place(of: "contextCSN") else { return }
            let values = message.entry?.attributes[place].values ?? []
            message.entry?.attributes[place].values = values.map { Array("20200101".utf8) + $0.dropFirst(8) }
        }
        guard case .failed(let failure) = try pull(older, last: last) else {
            Issue.record("taken for whole")
            return
        }
        #expect(failure.kind == .incomplete)
        #expect(failure.message.contains("behind"), "\(failure.message)")
    }

    /// Success without some of the people, at every search: only a sentinel, or the guards, can tell.
    @Test func peopleHiddenEverywhereAreMissedByTheirSentinel() throws {
        let server = try HiddenPartTests.many.get()
        let proxy = try LDAPProxy(to: server.port, .hideEntries { $0.dn.hasPrefix("uid=p1") })
        let source = try FaultBench.source([proxy.url], pages: 100)
        _ = try source.completePull()
        let asked = try #require(ImmutableID(text: SampleCompany.id(1001)))
        let present = try #require(ImmutableID(text: SampleCompany.id(1000)))
        // The rule that hides somebody hides from the confirmation, too: that is what sentinels and guards are for.
        guard case .answered(let findings) = source.confirmAbsence(of: [asked], knownPresent: present) else {
            Issue.record("no answer")
            return
        }
        #expect(findings == [.gone])
        let careful = try FaultBench.source([proxy.url], pages: 100, sentinels: [1001])
        #expect(try careful.failedPull().message.contains("sentinel"))
    }

    // MARK: The account's own entry

    private static let sync = Account(dn: "cn=sync,dc=example,dc=org", password: "sync secret")

    /// A pull by an account that has an entry, or by one that has none.
    private func pull(as account: Account?, hidden: Bool, last: DirectoryStamp? = nil) throws -> PullOutcome {
        let faults = hidden ? [LDAPFault.hideEntries { $0.dn.hasPrefix("cn=sync,") }] : []
        let proxy = try LDAPProxy(to: try HiddenPartTests.many.get().port, faults)
        var request = PullRequest(lastStamp: last)
        request.lastStamp?.server = proxy.url
        return try FaultBench.source([proxy.url], pages: 100, account: account).pull(request, progress: { _ in })
    }

    private func stamp(_ outcome: PullOutcome) throws -> DirectoryStamp {
        guard case .complete(let pull) = outcome else { throw Command.Failure(description: "\(outcome)") }
        return pull.stamp
    }

    @Test func accountThatLostSightOfItselfIsASentinel() throws {
        let seen = try stamp(try pull(as: HiddenPartTests.sync, hidden: false))
        #expect(seen.changeStamps.contains { $0.hasPrefix("own=") })
        _ = try stamp(try pull(as: HiddenPartTests.sync, hidden: false, last: seen))
        guard case .failed(let failure) = try pull(as: HiddenPartTests.sync, hidden: true, last: seen) else {
            Issue.record("taken for whole")
            return
        }
        #expect(failure.kind == .incomplete)
        #expect(failure.message.contains("no longer sees its own entry"), "\(failure.message)")
        #expect(failure.message.contains("cn=sync,dc=example,dc=org"), "\(failure.message)")
    }

    /// What was never seen is not missed, and another account is another account.
    @Test func accountsWithoutAnEntryAreNotAskedForOne() throws {
        let blind = try stamp(try pull(as: HiddenPartTests.sync, hidden: true))
        #expect(!blind.changeStamps.contains { $0.hasPrefix("own=") })
        let seen = try stamp(try pull(as: HiddenPartTests.sync, hidden: false, last: blind))
        let administrator = try stamp(try pull(as: nil, hidden: false, last: seen))
        #expect(!administrator.changeStamps.contains { $0.hasPrefix("own=") })
    }
}
