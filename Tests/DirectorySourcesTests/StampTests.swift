import DirectoryModel
import LDAPClient
import TestSupport
import Testing

@testable import DirectorySources

/// What is kept of a directory's state from run to run, and what a later run makes of it.
struct StampTests {
    private let settings = SourceSettings(
        name: "corp", people: BranchSettings(bases: ["ou=people,dc=example,dc=org"]),
        groups: BranchSettings(bases: []))

    @Test(arguments: [
        "20261120222120.000000Z#000001#001#000000", "usn=2a86334a-1943-48c7-a111-70965c6c468c:4711",
        "lastusn=userroot:12", "suffix=dc=example,dc=org", "domain=S-1-5-21-1-2-3", "shown=mail:998/1000", "scope=ab12",
        "own=ab12",
    ])
    func factsReadBackAsWritten(text: String) { #expect(StampFact(text)?.text == text) }

    @Test(arguments: [
        "", "x", "usn=abc", "usn=a:b", "lastusn=7", "shown=mail:1", "shown=mail:1/2/3", "later=thing", "a#b#c",
    ])
    func whatIsNotKnownIsLeftOut(text: String) { #expect(StampFact(text) == nil) }

    private func failure(_ now: [String], _ last: [String], lastServer: String = "s") -> String? {
        do throws(PullFailure) {
            try ChangeStamps.check(
                DirectoryStamp(server: "s", changeStamps: now),
                against: DirectoryStamp(server: lastServer, changeStamps: last), settings)
            return nil
        } catch {
            #expect(error.kind == .incomplete)
            return error.message
        }
    }

    @Test func serverThatWentBackwardsIsBehind() {
        #expect(
            failure(["usn=a:9"], ["usn=a:10"])
                == "`s` is behind: of the changes made at `a` it has 9, the last run saw 10")
        #expect(failure(["usn=a:10"], ["usn=a:10"]) == nil)
        // Another controller, which has not come as far with the changes of the first; and one that has.
        #expect(failure(["usn=a:9", "usn=b:500"], ["usn=a:10"]) != nil)
        #expect(failure(["usn=a:10", "usn=b:1"], ["usn=a:10"]) == nil)
        // A new database, after a restore for example, proves nothing.
        #expect(failure(["usn=b:1"], ["usn=a:10"]) == nil)
        #expect(failure([], ["usn=a:10"]) == nil)
        #expect(failure(["lastusn=userroot:4"], ["lastusn=userroot:5"])?.contains("`userroot`") == true)
        // Numbers of one server mean nothing on another.
        #expect(failure(["lastusn=userroot:4"], ["lastusn=userroot:5"], lastServer: "t") == nil)
        let early = "20260101000000.000000Z#000000#001#000000"
        let late = "20260102000000.000000Z#000000#001#000000"
        #expect(failure([early], [late])?.contains("20260101000000.000000Z") == true)
        #expect(failure([early], [late.replacing("#001#", with: "#002#")]) == nil)
    }

    @Test func otherDomainBehindTheSameNameIsNoticed() {
        let message = failure(["domain=S-1-5-21-9-9-9"], ["domain=S-1-5-21-1-2-3"])
        #expect(message == "`s` serves the domain S-1-5-21-9-9-9, the last run read S-1-5-21-1-2-3")
        #expect(failure(["domain=S-1-5-21-1-2-3"], ["domain=S-1-5-21-1-2-3"]) == nil)
        #expect(failure([], ["domain=S-1-5-21-1-2-3"]) == nil)
        #expect(failure(["suffix=dc=org"], ["suffix=dc=example,dc=org"])?.contains("naming context") == true)
        #expect(failure(["suffix=DC=Example, DC=org"], ["suffix=dc=example,dc=org"]) == nil)
        // Bases elsewhere are a change of the configuration.
        #expect(failure(["suffix=o=other"], ["suffix=dc=example,dc=org"]) == nil)
    }

    @Test func changesAreAskedForFromTheirWritersLastOne() {
        func stamps(_ texts: [String]) -> ChangeStamps {
            ChangeStamps(DirectoryStamp(server: "s", changeStamps: texts))
        }
        let (a1, a2) = ("20260105#0#001#0", "20260107#0#001#0")
        let (b1, b2) = ("20260103#0#002#0", "20260104#0#002#0")
        #expect(stamps([a1, b1]).firstChange(until: stamps([a1, b1])) == nil)
        #expect(stamps([a1, b1]).firstChange(until: stamps([a2, b1])) == a1)
        #expect(stamps([a1, b1]).firstChange(until: stamps([a2, b2])) == b1)
        #expect(stamps([a1]).firstChange(until: stamps([a1, b2]))?.hasPrefix("0000") == true)
    }

    @Test func cursorsOfReplicationAreRead() throws {
        let id: [UInt8] = Array(1...16)
        let cursor = id + [0x39, 0x30, 0, 0, 0, 0, 0, 0] + [UInt8](repeating: 0, count: 8)
        let vector: [UInt8] = [2, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0] + cursor
        let known = try #require(id.withUnsafeBytes { ImmutableID(objectGUID: $0) })
        #expect(ReplicationCursors.read(vector) == [known: 12_345])
        #expect(ReplicationCursors.read(Array(vector.dropLast())) == [:])
        #expect(ReplicationCursors.read([3] + vector.dropFirst()) == [:])
        #expect(ReplicationCursors.read([]) == [:])
    }

    @Test(arguments: [
        ("ldap://ad.example.org/CN=Configuration,DC=ad,DC=example,DC=org", true),
        ("ldaps://dc1.example.org/cn=configuration,dc=AD,dc=example,dc=org??sub", true),
        ("ldap://DomainDnsZones.ad.example.org/DC=DomainDnsZones,DC=ad,DC=example,DC=org", true),
        ("ldap://f/DC=ForestDnsZones,DC=example,DC=org", true),
        ("ldap://f/DC%3DForestDnsZones,DC=example,DC%3Dorg", true),
        ("ldap://child/DC=child,DC=ad,DC=example,DC=org", false),
        ("ldap://f/DC=ForestDnsZones,DC=ad,DC=example,DC=org", false),
        ("ldap://x/OU=People,CN=Configuration,DC=ad,DC=example,DC=org", false), ("ldap://x/", false),
        ("ldap://x", false),
        ("", false), ("ldap://x/CN=Configuration,DC=ad,DC=example,DC=org%", false),
    ])
    func onlyKnownPartsOfTheForestAreHarmless(url: String, isHarmless: Bool) {
        let domain = DetectedServer.Domain(
            context: "DC=ad,DC=example,DC=org", root: "DC=example,DC=org",
            configuration: "CN=Configuration,DC=ad,DC=example,DC=org", host: "dc1")
        let end = SearchEnd(code: 0, text: "", entries: 1, references: 1, referenceURLs: [url])
        #expect(ForestReferences(domain).cover(end) == isHarmless)
        #expect(!ForestReferences(nil).cover(end))
        let none = SearchEnd(code: 0, text: "", entries: 1, references: 0)
        #expect(ForestReferences(nil).cover(none))
    }
}
