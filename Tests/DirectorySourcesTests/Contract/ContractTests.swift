import DirectoryModel
import DirectorySources
import LDAPClient
import TestSupport
import Testing

/// What a read of people and groups comes to, the same on every kind of server.
struct ContractTests {
    @Test(arguments: ServerKind.allCases)
    func everybodyAndEveryGroupIsRead(_ kind: ServerKind) throws {
        let server = try ContractServer.shared(kind)
        let pull = try server.source().completePull()
        let mirror = pull.mirror
        #expect(mirror.people.count == ContractCompany.count)
        #expect(mirror.groups.count == ContractCompany.groups.count)
        #expect(pull.setAside.isEmpty)
        for person in ContractCompany.people {
            let row = try #require(mirror.person(person.login))
            #expect(row.id == (try server.id(person.number)))
            #expect(row.state.isEnabled == !person.isDisabled)
            #expect(row.problems.isEmpty)
        }
        for group in ContractCompany.groups {
            #expect(mirror.logins(in: group.name) == group.people.sorted())
            #expect(mirror.groups(in: group.name) == group.groups.sorted())
            let index = try #require(mirror.group(group.name))
            #expect(mirror.groups[Int(index)].unresolvedMembers == 0)
        }
    }

    @Test(arguments: ServerKind.allCases, [nil, Figures.isSoak ? 100 : 1, 5, 22, 1_000, 2_000] as [Int32?])
    func everyPageSizeGivesTheSame(_ kind: ServerKind, size: Int32?) throws {
        let server = try ContractServer.shared(kind)
        if kind == .stub, size == nil, ContractCompany.count > 1_000 {
            // Without pages Microsoft's server ends after a thousand.
            #expect(try server.source(try server.settings(pageSize: .some(nil))).failedPull().message.contains("(4)"))
            return
        }
        let usual = try server.source().completePull().mirror
        let paged = try server.source(try server.settings(pageSize: .some(size))).completePull().mirror
        #expect(MirrorText.lines(usual).sorted() == MirrorText.lines(paged).sorted())
    }

    @Test(arguments: ServerKind.allCases)
    func disabledAccountIsDisabledByTheServersOwnMark(_ kind: ServerKind) throws {
        let mirror = try ContractServer.shared(kind).source().completePull().mirror
        let expected: PersonState = kind == .slapd ? .disabledByAttribute : .disabledByFlag
        #expect(mirror.person("p1")?.state == expected)
    }

    @Test(arguments: ServerKind.allCases)
    func missingBaseIsNeverTakenForEmpty(_ kind: ServerKind) throws {
        let server = try ContractServer.shared(kind)
        let people = try server.source(try server.settings(people: ["ou=nowhere,\(server.suffix)"])).failedPull()
        #expect(people.kind == .incomplete)
        expectNamed(people, "(32)", kind)
        let groups = try server.source(try server.settings(groups: ["ou=nowhere,\(server.suffix)"])).failedPull()
        #expect(groups.kind == .incomplete)
        expectNamed(groups, "ou=nowhere", kind)
    }

    /// 389 Directory Server says success when it is asked for pages below a base that is not there, and sends no control.
    private func expectNamed(_ failure: PullFailure, _ words: String, _ kind: ServerKind) {
        #expect(failure.message.contains(words), "\(failure.message)")
    }

    @Test(arguments: ServerKind.allCases)
    func wrongPasswordIsTriedOnce(_ kind: ServerKind) throws {
        let server = try ContractServer.shared(kind)
        let proxy = try server.proxy()
        let wrong = Account(dn: server.reader.dn, password: "not the password")
        let failure = try server.source(url: proxy.url, account: wrong).failedPull()
        #expect(failure.kind == .refused)
        #expect(failure.message.contains("(49)"), "\(failure.message)")
        #expect(proxy.requests.filter { $0.kind == .bindRequest }.count == 1)
        #expect(proxy.connections == 1)
    }

    /// A server, or somebody between, that takes any password: who is bound is nobody, and nothing is read as complete.
    @Test(arguments: ServerKind.allCases)
    func anyPasswordTakenIsNoBind(_ kind: ServerKind) throws {
        let server = try ContractServer.shared(kind)
        let proxy = try server.proxy(.result(0, at: .bind))
        let wrong = Account(dn: server.reader.dn, password: "not the password")
        let failure = try server.source(url: proxy.url, account: wrong).failedPull()
        #expect(failure.kind == .refused, "\(failure.message)")
        #expect(failure.message.contains("takes us for anonymous"), "\(failure.message)")
        #expect(!failure.isTransient && !failure.hint.isEmpty)
    }

    @Test(arguments: ServerKind.allCases)
    func serverTellsWhoWeAre(_ kind: ServerKind) throws {
        let server = try ContractServer.shared(kind)
        let identity = try server.source().completePull().stamp.identity.lowercased()
        switch kind {
        case .slapd, .ds389: #expect(identity.contains(server.reader.dn.lowercased()), "\(identity)")
        // Samba does not know the operation.
        case .samba: #expect(identity.isEmpty)
        case .stub: #expect(identity == "u:corp\\5csync" || identity == "u:corp\\sync", "\(identity)")
        }
    }

    @Test(arguments: ServerKind.allCases)
    func hiddenAttributeMakesTheReadIncomplete(_ kind: ServerKind) throws {
        let server = try ContractServer.shared(kind)
        let last = try server.source().completePull().stamp
        let all = try server.proxy(.hide("mail"))
        #expect(try server.source(url: all.url).failedPull().message.contains("`mail`"))
        let some = try server.proxy(.hide("mail", every: 4))
        var request = PullRequest(lastStamp: last)
        request.lastStamp?.server = some.url
        let failure = try server.source(url: some.url).failedPull(request)
        #expect(failure.message.contains("`mail`"), "\(failure.message)")
    }

    @Test(arguments: ServerKind.allCases)
    func hiddenBranchIsNoticedByItsSentinel(_ kind: ServerKind) throws {
        let server = try ContractServer.shared(kind)
        let settings = try server.settings(
            people: ["ou=people,\(server.suffix)"], sentinels: [1005])
        _ = try server.source(settings).completePull()
        let proxy = try server.proxy(.hideEntries { $0.dn.lowercased().hasPrefix("cn=p5,") })
        #expect(try server.source(settings, url: proxy.url).failedPull().message.contains("sentinel"))
    }

    @Test(arguments: ServerKind.allCases)
    func hiddenFlagIsNotTakenForEnabled(_ kind: ServerKind) throws {
        // Only Active Directory has a flag that is always there.
        guard kind.isActiveDirectory else { return }
        let server = try ContractServer.shared(kind)
        let proxy = try server.proxy(.hide("userAccountControl"))
        #expect(try server.source(url: proxy.url).failedPull().kind == .incomplete)
    }

    @Test(arguments: ServerKind.allCases)
    func connectionThatEndsMidwayIsAFailure(_ kind: ServerKind) throws {
        let server = try ContractServer.shared(kind)
        for entry in [1, 9, 24] {
            let proxy = try server.proxy(.at(.entry(entry, under: "ou="), .close))
            let failure = try server.source(url: proxy.url).failedPull()
            #expect(failure.kind == .unreachable, "\(entry): \(failure.message)")
        }
    }

    @Test(arguments: ServerKind.allCases, LDAPFault.RangeFault.allCases)
    func membersInRangesAreReadWholeOrNotAtAll(_ kind: ServerKind, _ fault: LDAPFault.RangeFault) throws {
        let server = try ContractServer.shared(kind)
        let usual = try server.source().completePull().mirror
        let proxy = try server.proxy(.ranges("member", of: 3, fault))
        let source = try server.source(url: proxy.url)
        guard fault != .none else {
            let mirror = try source.completePull().mirror
            #expect(MirrorText.lines(mirror).sorted() == MirrorText.lines(usual).sorted())
            return
        }
        let failure = try source.failedPull()
        #expect(failure.kind == .incomplete)
        #expect(failure.message.contains("member"), "\(failure.message)")
    }
}
