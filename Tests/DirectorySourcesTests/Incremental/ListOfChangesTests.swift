import DirectoryModel
import LDAPClient
import TestSupport
import Testing

@testable import DirectorySources

/// The list of changes of Microsoft's server (DirSync), which tells links one by one and takes back what the account may not see.
struct ListOfChangesTests {
    private static let base = "OU=people,\(ADDomain.suffix)"
    private static let group = "CN=g,\(base)"

    private static func name(_ number: Int) -> String { "CN=p\(number),\(base)" }

    private static func domain() -> ADDomain {
        var domain = ADDomain()
        domain.add(base, ["objectClass": ["top", "organizationalUnit"], "ou": ["people"]])
        for number in 0..<12 { domain.addUser("p\(number)", number: 1_000 + number, below: base) }
        domain.addGroup("g", number: 1, members: (0..<8).map(name), below: base)
        return domain
    }

    private static func follower(_ stub: ADStub) throws -> LDAPFollower {
        try LDAPFollower {
            let settings = SourceSettings(
                name: "corp", dialect: .activeDirectory, people: BranchSettings(bases: [base]),
                groups: BranchSettings(bases: [base]))
            let source = SampleSources.ldap([stub.url], settings, bind: ADStub.reader.bind)
            source.changeMethod = .dirSync
            return source
        }
    }

    private static let stories: [@Sendable (inout ADDomain) -> Void] = [
        { $0.set(name(1), "title", ["Chief"]) },
        { $0.set(name(2), "userAccountControl", ["514"]) },
        { $0.set(group, "member", (1..<10).map(name)) },
        { $0.delete(name(3)) },
        { $0.rename(name(4), to: "CN=other,\(base)") },
        { $0.addUser("new", number: 2_000, below: base) },
        { domain in
            domain.delete(name(5))
            domain.set(group, "member", [name(6), "CN=new,\(base)"])
        },
    ]

    /// Edits, links that come and go, deletions, renames: what follows is what a full pull makes.
    @Test(arguments: [true, false]) func changesAreThoseOfAFullPull(mayReplicate: Bool) throws {
        let stub = try ADStub(ListOfChangesTests.domain())
        stub.configure { $0.mayReplicate = mayReplicate }
        var follower = try ListOfChangesTests.follower(stub)
        var followed = 0
        for (place, story) in ListOfChangesTests.stories.enumerated() {
            stub.change(story)
            let step = try follower.follow()
            if case .changes = step { followed += 1 }
            #expect(try follower.difference() == nil, "story \(place): \(step)")
        }
        // Without the right to it there is no list, and everything is read each time.
        #expect(mayReplicate ? followed >= 5 : followed == 0)
    }

    /// A server that was put back from a copy has forgotten; the numbers of its other half tell.
    @Test func serverThatWasPutBackIsNotBelieved() throws {
        let stub = try ADStub(ListOfChangesTests.domain())
        stub.configure { $0.mayReplicate = true }
        var follower = try ListOfChangesTests.follower(stub)
        stub.change { $0.set(ListOfChangesTests.name(1), "title", ["Chief"]) }
        _ = try follower.follow()
        stub.change { domain in
            domain.set(ListOfChangesTests.name(2), "title", ["Chief"])
            domain.restore(to: 9_000)
        }
        do {
            let step = try follower.follow()
            guard case .fullPull = step else {
                Issue.record("believed: \(step)")
                return
            }
            #expect(try follower.difference() == nil)
        } catch let failure as PullFailure {
            #expect(failure.message.contains("is behind"), "\(failure.message)")
        }
    }

    /// The right was taken away meanwhile: no change is lost.
    @Test func refusedListNeedsAFullPull() throws {
        let stub = try ADStub(ListOfChangesTests.domain())
        stub.configure { $0.mayReplicate = true }
        var follower = try ListOfChangesTests.follower(stub)
        stub.configure { $0.mayReplicate = false }
        stub.change { $0.set(ListOfChangesTests.name(1), "userAccountControl", ["514"]) }
        guard case .fullPull = try follower.follow() else {
            Issue.record("a list was read that is refused")
            return
        }
        #expect(try follower.difference() == nil)
    }
}
