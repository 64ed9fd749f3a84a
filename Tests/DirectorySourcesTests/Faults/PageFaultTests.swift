import DirectoryModel
import DirectorySources
import LDAPClient
import TestSupport
import Testing

/// Pages that repeat, overlap, never end, come without their control or from another server.
struct PageFaultTests {
    static let cases: [FaultCase] = [
        FaultCase("a page comes again", .incomplete, "sent before") { [.forgetCookie(ofPage: 2)] },
        FaultCase("pages overlap", .incomplete, "two entries have the") { [lateDuplicate] },
        FaultCase("a page is larger than asked", .incomplete, "more entries than were asked for") {
            [.pageSize(9)]
        },
        FaultCase("a page without control", .incomplete, "without the control") {
            [.cookie(at: .done(1, under: FaultCase.peopleBase)) { _ in nil }]
        },
        FaultCase("the last page without control", .incomplete, "without the control") {
            [.cookie(at: .done(5, under: FaultCase.peopleBase)) { _ in nil }]
        },
        FaultCase("a control that cannot be read", .incomplete, "cannot be read") {
            [.garbledPageControl(at: .done(2, under: FaultCase.peopleBase))]
        },
        FaultCase("an invalid cookie, in the words of slapd", .incomplete, "(2)") {
            [.result(2, text: "paged results cookie is invalid", at: .done(2, under: FaultCase.peopleBase))]
        },
        FaultCase("an invalid cookie, in the words of Samba", .incomplete, "(53)") {
            [.result(53, at: .done(2, under: FaultCase.peopleBase))]
        },
        FaultCase("pages without end, one cookie", .incomplete, "empty pages in a row") {
            [.endlessPages(after: 2, cookieChanges: false)]
        },
        FaultCase("pages without end, new cookies", .incomplete, "empty pages in a row") {
            [.endlessPages(after: 2, cookieChanges: true)]
        },
    ]

    @Test(arguments: cases)
    func faultIsNeverTakenForAnAnswer(_ fault: FaultCase) throws {
        try FaultBench.pull(fault.faults()).expect(fault.kind, fault.words)
    }

    /// In the last page, which is not full.
    private static var lateDuplicate: LDAPFault {
        .repeatEntry(.entry(19, under: FaultCase.peopleBase), before: .entry(22, under: FaultCase.peopleBase))
    }

    /// Nothing in the answer shows that a page was lost; what was in it is looked for, and proves to be there.
    @Test func lostPageMakesNobodyGone() throws {
        let proxy = try LDAPProxy(
            to: try FaultBench.shared.get().port, .dropPage(2, under: FaultCase.peopleBase))
        let source = try FaultBench.source([proxy.url])
        let mirror = try source.completePull().mirror
        #expect(mirror.people.count == FaultBench.people - Int(FaultBench.pageSize))
        let all = try (0..<FaultBench.people).map { number in
            try #require(ImmutableID(text: SampleCompany.id(1000 + number)))
        }
        let seen = Set(mirror.people.map(\.id))
        let missing = all.filter { !seen.contains($0) }
        let present = try #require(all.first { seen.contains($0) })
        guard case .answered(let findings) = source.confirmAbsence(of: missing, knownPresent: present) else {
            Issue.record("nobody was looked for")
            return
        }
        #expect(findings == missing.map { _ in .unknown })
    }

    @Test func emptyPageWithACookieIsGoneOnFrom() throws {
        try FaultBench.pull([.emptyPage(after: 2)]).expectWhole()
    }

    @Test(arguments: [nil, 1, 5, 23, 24, 1000] as [Int32?])
    func everyPageSizeGivesTheSame(size: Int32?) throws {
        try FaultBench.pull([], pages: size).expectWhole()
    }

    @Test func restartBetweenPagesEndsThePull() throws {
        let server = try SlapdFixture(ldif: SampleCompany.frame + SampleCompany.people(FaultBench.people))
        let restart = LDAPFault.at(.done(2), .perform { try? server.restart() })
        let proxy = try LDAPProxy(to: server.port, restart)
        let source = try FaultBench.source([proxy.url, server.url])
        let failure = try source.failedPull()
        #expect(failure.kind == .unreachable, "\(failure.message)")
        #expect(failure.message.contains("ended in the middle"), "\(failure.message)")
        #expect(proxy.connections == 1)
    }

    @Test func pagesOfTwoServersAreNeverMixed() throws {
        let target = try FaultBench.shared.get().port
        let first = try LDAPProxy(to: target, .at(.done(2, under: FaultCase.peopleBase), .close))
        let second = try LDAPProxy(to: target)
        let source = try FaultBench.source([first.url, second.url])
        #expect(try source.failedPull().kind == .unreachable)
        #expect(second.connections == 0)
    }

    @Test func deadServersLeadToOneThatLives() throws {
        let dead = try (0..<3).map { _ in "ldap://127.0.0.1:\(try SlapdFixture.freePort())" }
        let live = try LDAPProxy(to: try FaultBench.shared.get().port)
        let pull = try FaultBench.source(dead + [live.url]).completePull()
        #expect(pull.mirror.people.count == FaultBench.people)
        #expect(pull.stamp.server == live.url)
        let failure = try FaultBench.source(dead).failedPull()
        #expect(failure.kind == .unreachable)
        for url in dead { #expect(failure.message.contains(url)) }
    }

    @Test func missingSentinelMakesThePullIncomplete() throws {
        let hidden = "uid=p7,"
        let proxy = try LDAPProxy(
            to: try FaultBench.shared.get().port, .hideEntries { $0.dn.hasPrefix(hidden) })
        let source = try FaultBench.source([proxy.url], sentinels: [1007])
        #expect(try source.failedPull().message.contains("sentinel"))
    }
}
