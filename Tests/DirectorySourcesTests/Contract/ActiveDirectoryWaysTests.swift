import DirectoryModel
import DirectorySources
import LDAPClient
import TestSupport
import Testing

/// What only Active Directory does, on Samba where it does so too and on the stub.
struct ActiveDirectoryWaysTests {
    static let kinds: [ServerKind] = [.samba, .stub]

    /// Every search from the domain's root meets references to parts in which there are no people.
    @Test(arguments: kinds)
    func domainRootIsReadDespiteItsReferences(_ kind: ServerKind) throws {
        let server = try ContractServer.shared(kind)
        let settings = try server.settings(people: [server.suffix], groups: [server.suffix])
        let mirror = try server.source(settings).completePull().mirror
        for person in ContractCompany.people { #expect(mirror.person(person.login) != nil) }
        for group in ContractCompany.groups { #expect(mirror.logins(in: group.name) == group.people.sorted()) }
    }

    /// A reference to anything else means that a part of the domain is elsewhere.
    @Test(arguments: kinds)
    func otherReferencesAreNotIgnored(_ kind: ServerKind) throws {
        let server = try ContractServer.shared(kind)
        let settings = try server.settings(people: [server.suffix])
        let proxy = try server.proxy(
            .reference("ldap://child.example.org/DC=child,\(server.suffix)", before: .entry(2, under: server.suffix)))
        let failure = try server.source(settings, url: proxy.url).failedPull()
        #expect(failure.kind == .incomplete)
        #expect(failure.message.contains("DC=child"), "\(failure.message)")
    }

    /// Why a bind failed is in a sub-code; it is tried once, and the words say what to do.
    @Test(
        arguments: [
            ("52e", "password"), ("525", ""), ("530", ""), ("532", "expired"), ("533", "disabled"), ("701", "expired"),
            ("773", "password"), ("775", "locked"),
        ])
    func subCodeOfABindIsTold(_ code: String, _ word: String) throws {
        let stub = try ADStub(ContractText(.stub).domain)
        stub.configure { $0.bindFault = code }
        let proxy = try LDAPProxy(to: stub.port)
        let server = try ContractServer.shared(.stub)
        let failure = try server.source(url: proxy.url).failedPull()
        #expect(failure.kind == .refused)
        #expect((failure.message + failure.hint).lowercased().contains(word), "\(failure.message); \(failure.hint)")
        #expect(proxy.requests.filter { $0.kind == .bindRequest }.count == 1)
    }

    /// A restored controller counts from an earlier number, on another database.
    @Test func controllerThatWentBackIsBehind() throws {
        let stub = try ADStub(ContractText(.stub).domain)
        let server = try ContractServer.shared(.stub)
        let stamp = try server.source(url: stub.url).completePull().stamp
        let behind = try LDAPProxy(
            to: stub.port,
            .changing(LDAPPlace(.searchEntry)) { message in
                guard let place = message.entry?.place(of: "highestCommittedUSN") else { return }
                message.entry?.attributes[place].values = [Array("9000".utf8)]
            })
        var request = PullRequest(lastStamp: stamp)
        request.lastStamp?.server = behind.url
        let failure = try server.source(url: behind.url).failedPull(request)
        #expect(failure.kind == .incomplete)
        #expect(failure.message.contains("behind"), "\(failure.message)")
    }

    /// Who is in a group by the primary group only is in no list of members.
    @Test func primaryGroupCounts() throws {
        var domain = ContractText(.stub).domain
        domain.addGroup("staff", number: 4_000, below: "OU=groups,\(ADDomain.suffix)", relativeID: 513)
        let stub = try ADStub(domain)
        let mirror = try ContractServer.shared(.stub).source(url: stub.url).completePull().mirror
        #expect(
            mirror.logins(in: "staff") == (ContractCompany.people + ContractCompany.crowdPeople).map(\.login).sorted())
    }

    /// The controller's own account of somebody's groups shows members that were kept from us.
    @Test func hiddenMembersAreNoticed() throws {
        let server = try ContractServer.shared(.stub)
        let proxy = try server.proxy(.hide("member"))
        let failure = try server.source(url: proxy.url).failedPull()
        #expect(failure.kind == .incomplete)
    }
}
