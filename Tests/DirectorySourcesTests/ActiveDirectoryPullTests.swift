import DirectoryModel
import DirectorySources
import LDAPClient
import TestSupport
import Testing

/// Pulls from a server that behaves as Active Directory does.
struct ActiveDirectoryPullTests {
    private static let users = "CN=Users,\(ADDomain.suffix)"

    private func domain(people: Int = 3, more: (inout ADDomain) -> Void = { _ in }) -> ADDomain {
        var domain = ADDomain()
        for place in 0..<people { domain.addUser("p\(place)", number: 1_000 + place) }
        domain.addGroup("Domain Users", number: 513, relativeID: 513)
        domain.addGroup("support", number: 1, members: ["CN=p0,\(ActiveDirectoryPullTests.users)"])
        more(&domain)
        return domain
    }

    private func source(_ url: String, base: String = ADDomain.suffix, dialect: Dialect = .activeDirectory)
        -> LDAPSource
    {
        let settings = SourceSettings(
            name: "ad", dialect: dialect, people: BranchSettings(bases: [base]), groups: BranchSettings(bases: [base]))
        return SampleSources.ldap([url], settings, bind: ADStub.reader.bind)
    }

    private func source(_ stub: ADStub, base: String = ADDomain.suffix) -> LDAPSource { source(stub.url, base: base) }

    private func guid(_ number: Int) throws -> ImmutableID {
        try #require(ADDomain.guid(number).withUnsafeBytes { IDSyntax.objectGUID.id($0) })
    }

    private func members(_ name: String, _ mirror: Mirror) throws -> [String] {
        let place = try #require(mirror.groups.firstIndex { $0.name == Array(name.utf8) })
        return mirror.directPeople(of: GroupIndex(place)).compactMap { mirror.record($0).text(.login) }
    }

    @Test func wholeDomainIsReadFromItsRoot() throws {
        let stub = try ADStub(
            domain { domain in
                domain.set("CN=p1,CN=Users,\(ADDomain.suffix)", "userAccountControl", ["514"])
                domain.addUser("other", number: 9, more: ["primaryGroupID": ["514"]])
            })
        let pull = try source(stub).completePull()
        #expect(pull.mirror.people.count == 4)
        #expect(pull.mirror.people.map(\.state).filter { $0 == .disabledByFlag }.count == 1)
        #expect(try members("Domain Users", pull.mirror) == ["p0", "p1", "p2"])
        #expect(try members("support", pull.mirror) == ["p0"])
        #expect(pull.setAside.isEmpty)
        #expect(pull.stamp.changeStamps.contains { $0.hasPrefix("domain=S-1-5-21-") })
        #expect(pull.stamp.changeStamps.contains { $0.hasPrefix("usn=") })
        #expect(pull.stamp.changeStamps.contains("suffix=\(ADDomain.suffix)"))
    }

    @Test func pagesAreTakenToTheLast() throws {
        let stub = try ADStub(domain(people: 2_001))
        #expect(try source(stub).completePull().mirror.people.count == 2_001)
    }

    @Test(arguments: [1_499, 1_500, 1_501, 3_000, 5_000])
    func membersInPartsAreRead(count: Int) throws {
        let gone = (1..<count).map { "CN=gone\($0),\(ActiveDirectoryPullTests.users)" }
        let stub = try ADStub(
            domain {
                $0.set("CN=support,CN=Users,\(ADDomain.suffix)", "member", gone + ["CN=p2,CN=Users,\(ADDomain.suffix)"])
            })
        let mirror = try source(stub).completePull().mirror
        #expect(try members("support", mirror) == ["p2"])
        #expect(mirror.groups.map(\.unresolvedMembers).max() == UInt32(count - 1))
    }

    @Test func addressesInPartsAreRead() throws {
        let addresses = (0..<10).map { "smtp:a\($0)@example.org" }
        let stub = try ADStub(
            domain { $0.set("CN=p1,CN=Users,\(ADDomain.suffix)", "proxyAddresses", addresses) },
            options: .init(maxValRange: 3))
        let mirror = try source(stub).completePull().mirror
        let place = try #require(mirror.people.indices.first { mirror.record(PersonIndex($0)).text(.login) == "p1" })
        #expect(mirror.record(PersonIndex(place)).values(.alias).count == 10)
    }

    @Test func groupThatChangesBetweenItsPartsIsReadAgain() throws {
        let gone = (1..<10).map { "CN=gone\($0),\(ActiveDirectoryPullTests.users)" }
        let group = "CN=support,CN=Users,\(ADDomain.suffix)"
        let stub = try ADStub(domain { $0.set(group, "member", gone) }, options: .init(maxValRange: 3))
        let parts = Count()
        let proxy = try LDAPProxy(
            to: stub.port,
            .requests { message, _ in
                if message.search?.attributes.contains(where: { $0.hasPrefix("member;range=") }) == true,
                    parts.next() == 2
                {
                    stub.change {
                        $0.set(group, "member", gone.dropFirst() + ["CN=p0,\(ActiveDirectoryPullTests.users)"])
                    }
                }
                return [.pass(message)]
            })
        let mirror = try source(proxy.url).completePull().mirror
        #expect(try members("support", mirror) == ["p0"])
        #expect(mirror.groups.map(\.unresolvedMembers).max() == 8)
    }

    @Test func groupThatNeverRestsIsIncomplete() throws {
        let gone = (1..<10).map { "CN=gone\($0),\(ActiveDirectoryPullTests.users)" }
        let group = "CN=support,CN=Users,\(ADDomain.suffix)"
        let stub = try ADStub(domain { $0.set(group, "member", gone) }, options: .init(maxValRange: 3))
        stub.onSearch { [weak stub] number in stub?.change { $0.set(group, "description", ["\(number)"]) } }
        let failure = try source(stub).failedPull()
        #expect(failure.kind == .incomplete)
        #expect(failure.message == "`\(group)` changed each of 3 times while its values were read in parts")
    }

    @Test func hiddenMemberIsFoundOut() throws {
        let stub = try ADStub(domain())
        let proxy = try LDAPProxy(
            to: stub.port,
            .responses { message, exchange in
                guard var entry = message.entry, exchange.request?.search?.scope == 2,
                    let place = entry.place(of: "member")
                else { return [.pass(message)] }
                entry.attributes[place].values = []
                return [.pass(LDAPMessage(id: message.id, entry))]
            })
        let failure = try source(proxy.url).failedPull()
        #expect(failure.kind == .incomplete)
        #expect(
            failure.message.hasSuffix(
                "counts `CN=p0,CN=Users,\(ADDomain.suffix)` in the group `CN=support,CN=Users,\(ADDomain.suffix)`, "
                    + "whose members as they were read do not hold that person"), "\(failure.message)")
    }

    @Test func groupByAGroupThatIsNotReadIsOnlyNoted() throws {
        let staff = "OU=Staff,\(ADDomain.suffix)"
        let stub = try ADStub(
            domain { domain in
                domain.add(staff, ["objectClass": ["organizationalUnit"], "ou": ["Staff"]])
                domain.addUser("ann", number: 77, below: staff)
                domain.addGroup("hidden", number: 78, members: ["CN=ann,\(staff)"])
                domain.addGroup(
                    "seen", number: 79, members: ["CN=hidden,\(ActiveDirectoryPullTests.users)"], below: staff)
            })
        let pull = try source(stub, base: staff).completePull()
        #expect(pull.setAside == [SetAsideEntry(dn: "CN=ann,\(staff)", reason: .hiddenNesting)])
    }

    @Test func personWhoMovesDuringTheReadKeepsTheMembership() throws {
        let stub = try ADStub(domain())
        let groups = Count()
        let proxy = try LDAPProxy(
            to: stub.port,
            .requests { message, _ in
                if message.search?.attributes.contains("member") == true, groups.next() == 1 {
                    stub.change {
                        $0.rename(
                            "CN=p0,\(ActiveDirectoryPullTests.users)", to: "CN=p zero,\(ActiveDirectoryPullTests.users)"
                        )
                    }
                }
                return [.pass(message)]
            })
        let mirror = try source(proxy.url).completePull().mirror
        #expect(try members("support", mirror) == ["p0"])
        #expect(groups.current == 2)
    }

    @Test func harmlessChangeDuringTheReadIsNotReadAgain() throws {
        let stub = try ADStub(domain())
        let groups = Count()
        let proxy = try LDAPProxy(
            to: stub.port,
            .requests { message, _ in
                if message.search?.attributes.contains("member") == true, groups.next() == 1 {
                    stub.change { $0.set("CN=p0,\(ActiveDirectoryPullTests.users)", "title", ["Lead"]) }
                }
                return [.pass(message)]
            })
        _ = try source(proxy.url).completePull()
        #expect(groups.current == 1)
    }

    @Test func absenceIsAskedOfTheWholeDomain() throws {
        let outside = "OU=Left,\(ADDomain.suffix)"
        let stub = try ADStub(
            domain { domain in
                domain.add(outside, ["objectClass": ["organizationalUnit"], "ou": ["Left"]])
                domain.addUser("left", number: 88, below: outside, more: ["userAccountControl": ["514"]])
                domain.addUser("gone", number: 89)
                domain.delete("CN=gone,\(ActiveDirectoryPullTests.users)")
            })
        let source = source(stub, base: ActiveDirectoryPullTests.users)
        let mirror = try source.completePull().mirror
        let known = try #require(mirror.people.first?.id)
        guard case .answered(let found) = source.confirmAbsence(of: [try guid(88), try guid(89)], knownPresent: known)
        else {
            Issue.record("failed")
            return
        }
        #expect(found == [.outOfScope(dn: "CN=left,\(outside)", state: .disabledByFlag), .gone])
    }

    /// A child domain beside the base hides nobody of it; one below the base does.
    @Test func absenceIsToldBesideAChildDomain() throws {
        let stub = try ADStub(
            domain { domain in
                domain.addUser("gone", number: 89)
                domain.delete("CN=gone,\(ActiveDirectoryPullTests.users)")
            })
        stub.configure { $0.hasChild = true }
        let beside = source(stub, base: ActiveDirectoryPullTests.users)
        let known = try #require(try beside.completePull().mirror.people.first?.id)
        guard case .answered(let found) = beside.confirmAbsence(of: [try guid(89)], knownPresent: known) else {
            Issue.record("failed")
            return
        }
        #expect(found == [.gone])
        #expect(try source(stub).failedPull().message.contains("/DC=child,\(ADDomain.suffix)`"))
    }

    @Test func deletedEntryIsProofWhereAbsenceIsNone() throws {
        let stub = try ADStub(domain { $0.addUser("gone", number: 89) })
        // Somebody without a readable id: then nobody's absence alone tells anything.
        let proxy = try LDAPProxy(
            to: stub.port,
            .responses { message, exchange in
                guard var entry = message.entry, entry.dn.hasPrefix("CN=p2,"), exchange.request?.search?.scope == 2,
                    let place = entry.place(of: "objectGUID")
                else { return [.pass(message)] }
                entry.attributes.remove(at: place)
                return [.pass(LDAPMessage(id: message.id, entry))]
            })
        stub.change { $0.delete("CN=gone,\(ActiveDirectoryPullTests.users)") }
        let source = source(proxy.url)
        let known = try #require(try source.completePull().mirror.people.first?.id)
        let gone = try guid(89)
        func findings() -> [AbsenceFinding]? {
            if case .answered(let found) = source.confirmAbsence(of: [gone], knownPresent: known) { found } else { nil }
        }
        #expect(findings() == [.unknown])
        stub.configure { $0.mayReadDeleted = true }
        #expect(findings() == [.gone])
    }

    @Test func otherKindOfServerIsAMistakeInTheConfiguration() throws {
        let stub = try ADStub(domain())
        let failure = try source(stub.url, dialect: .openLDAP).failedPull()
        #expect(failure.kind == .badConfiguration)
        #expect(failure.message == "`\(stub.url)` is a server of kind `active-directory`, and `kind` says `openldap`")
        #expect(failure.hint.hasPrefix("write `kind: active-directory`"))
    }

    @Test(arguments: [
        ("DC=child,\(ADDomain.suffix)", false), ("DC=ForestDnsZones,\(ADDomain.suffix)", true),
        ("OU=abroad,\(ADDomain.suffix)", false),
    ])
    func onlyReferencesWithinTheForestArePassedOver(name: String, isHarmless: Bool) throws {
        let stub = try ADStub(domain())
        let proxy = try LDAPProxy(
            to: stub.port,
            .reference("ldap://child.example.org/\(name)", before: .done(scope: 2, base: ADDomain.suffix, number: 1)))
        guard !isHarmless else {
            _ = try source(proxy.url).completePull()
            return
        }
        let failure = try source(proxy.url).failedPull()
        #expect(failure.message.contains("is on another server, which is not asked: `ldap://child.example.org/"))
    }

    @Test func domainAndSequenceOfTheLastRunAreRemembered() throws {
        let stub = try ADStub(domain())
        var stamp = try source(stub).completePull().stamp
        #expect(try source(stub).completePull(PullRequest(lastStamp: stamp)).stamp == stamp)
        let now = stub.domain
        stub.change { $0 = self.domain() }
        #expect(stub.domain.sequence <= now.sequence)
        stamp.changeStamps = stamp.changeStamps.map {
            $0.hasPrefix("usn=") ? String($0.prefix { $0 != ":" }) + ":99999" : $0
        }
        #expect(try source(stub).failedPull(PullRequest(lastStamp: stamp)).message.contains("is behind"))
        stamp.changeStamps = stamp.changeStamps.filter { !$0.hasPrefix("usn=") }.map {
            $0.hasPrefix("domain=") ? "domain=S-1-5-21-9-9-9" : $0
        }
        #expect(
            try source(stub).failedPull(PullRequest(lastStamp: stamp)).message.hasSuffix(
                ", the last run read S-1-5-21-9-9-9"))
    }
}
