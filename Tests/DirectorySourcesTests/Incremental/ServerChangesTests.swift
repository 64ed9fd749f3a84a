import DirectoryModel
import Foundation
import LDAPClient
import TestSupport
import Testing

@testable import DirectorySources

/// Incremental reading of real servers.
@Suite(.serialized)
struct ServerChangesTests {
    // MARK: Histories

    /// One random history, in which people write while it is read, the server restarts, and positions are not what they should be;
    /// returns how often changes were enough.
    private func play(
        _ seed: UInt64, _ server: Scene.Kind, _ foreign: inout SyncPosition?
    ) throws -> (applied: Int, doubts: [String]) {
        let scene = try Scene(seed: seed, server)
        defer { scene.server.stop() }
        do {
            return try play(scene, seed, &foreign)
        } catch {
            Issue.record("seed \(seed) \(server) after \(scene.done): \(error)")
            return (0, [])
        }
    }

    private func play(
        _ scene: Scene, _ seed: UInt64, _ foreign: inout SyncPosition?
    ) throws -> (applied: Int, doubts: [String]) {
        var applied = 0
        var doubts: [String] = []
        var earlier: [SyncPosition] = []
        for step in 0..<8 {
            scene.note("step \(step)")
            try scene.change(Int.random(in: 0...4, using: &scene.model.numbers))
            if scene.model.numbers.once(in: 5) {
                scene.note("restart")
                try scene.server.restart()
            }
            earlier.append(scene.follower.position)
            if scene.model.numbers.once(in: 4) { scene.harmPosition(earlier: earlier, foreign: foreign) }
            let isWritten = scene.model.numbers.once(in: 3)
            let step =
                try isWritten
                ? scene.change(3) { try scene.follower.follow() } : scene.follower.follow()
            scene.note("\(step)")
            if case .fullPull(let reason) = step { doubts.append(reason) } else { applied += 1 }
            // What came during the reading may be of it or of the next.
            if isWritten { scene.note("then \(try scene.follower.follow())") }
            if let difference = try scene.follower.difference() {
                Issue.record("seed \(seed) \(scene.kind) after \(scene.done): \(difference)")
                break
            }
        }
        foreign = scene.follower.position
        return (applied, doubts)
    }

    @Test(arguments: Scene.Kind.allCases)
    func mirrorThatFollowsChangesIsThatOfAFullPull(server: Scene.Kind) throws {
        var applied = 0
        var doubts: [String: Int] = [:]
        var foreign: SyncPosition?
        let seeds = Figures.seeds(server.histories)
        for seed in seeds {
            let played = try play(seed, server, &foreign)
            applied += played.applied
            for doubt in played.doubts { doubts[doubt, default: 0] += 1 }
        }
        Figures.note("\(server): changes followed \(applied), doubts \(doubts)")
        #expect(applied > seeds.count * 3)
    }

    // MARK: Single stories

    @Test(arguments: Scene.Kind.allCases)
    func nothingNewIsNoChangeAndKeepsThePosition(server: Scene.Kind) throws {
        let scene = try Scene(seed: 1, server)
        let (position, cookie) = (scene.follower.position, scene.follower.cookie)
        #expect(try scene.follower.follow() == .changes(people: 0, removed: 0))
        // Numbers of updates are read again for a while, and the cookies of DirSync hold the time; of times the newest is found at first.
        guard !server.isSamba, server != .slapdByTimes else { return }
        #expect(scene.follower.cookie == cookie)
        #expect(scene.follower.position == position)
    }

    /// The log is in the server's memory: what was deleted before a restart is not told after it.
    @Test func changesAfterARestartAreFound() throws {
        let scene = try Scene(seed: 2, .slapd)
        try scene.change(6)
        try scene.server.restart()
        guard case .fullPull(let reason) = try scene.follower.follow() else {
            Issue.record("a list was taken for a log")
            return
        }
        #expect(reason.hasSuffix("and did not tell that it was deleted"))
        #expect(try scene.follower.difference() == nil)
    }

    /// Cookies of others, and how the reason ends for which everything is read.
    @Test(arguments: [
        ("", "cannot be read"), ("xyz", "cannot be read"), ("rid=000", "cannot be read"),
        ("rid=000,csn=not a stamp", "cannot be read"), ("host:389#cn=x:dc=y:(a=b)#7", "cannot be read"),
        ("rid=000,csn=20991231235959.000000Z#000000#000#000000", "it was restored, or is behind"),
        ("rid=000,csn=20200101000000.000000Z#000000#000#000000", "and did not tell that it was deleted"),
        ("rid=000,csn=20991231235959.000000Z#000000#00a#000000", "and began anew"),
    ])
    func cookieThatIsNotTheServersOwnNeverLosesAChange(cookie: String, reason: String) throws {
        let scene = try Scene(seed: 3, .slapd)
        try scene.change(6)
        scene.follower.setCookies(Array(cookie.utf8))
        guard case .fullPull(let found) = try scene.follower.follow() else {
            Issue.record("the cookie was believed")
            return
        }
        #expect(found.hasSuffix(reason), "\(found)")
        #expect(try scene.follower.difference() == nil)
        // And it goes on from there.
        try scene.change(3)
        #expect(try scene.follower.follow() == .changes(people: 0, removed: 2))
        #expect(try scene.follower.difference() == nil)
    }

    /// Each kind of harm to each kind of position, whatever the random histories met.
    @Test(
        arguments: [Scene.Kind.slapd, .slapdByTimes, .ds389, .samba, .sambaBySequence].flatMap { kind in
            Scene.Harm.allCases.filter(kind.takes).map { (kind, $0) }
        })
    func harmedPositionLosesNoChange(server: Scene.Kind, harm: Scene.Harm) throws {
        let scene = try Scene(seed: 11, server)
        let earlier = scene.follower.position
        try scene.change(4)
        _ = try scene.follower.follow()
        let foreign = harm == .foreign ? try Scene(seed: 12, server).follower.position : nil
        try scene.change(4)
        scene.harmPosition(harm, earlier: [earlier], foreign: foreign)
        for isHarmed in [true, false] {
            let step = try scene.follower.follow()
            #expect(try scene.follower.difference() == nil, "\(scene.done) \(step)")
            // What is merely old is gone on from where the server tells everything since.
            let isFollowed = if case .changes = step { true } else { false }
            #expect(isFollowed == (!isHarmed || harm == .stale && !server.isSamba), "\(step)")
            try scene.change(3)
        }
    }

    @Test func cookieOfAnotherServerIsNotBelieved() throws {
        let scene = try Scene(seed: 4, .slapd)
        let other = try Scene(seed: 5, .slapd)
        scene.follower.position = other.follower.position
        guard case .fullPull(let reason) = try scene.follower.follow() else {
            Issue.record("the position was believed")
            return
        }
        #expect(reason.contains("server"))
    }

    @Test(arguments: [Scene.Kind.slapd, .slapdByTimes, .ds389, .samba, .sambaBySequence])
    func whoLeavesTheFilterIsGoneWithAProof(server: Scene.Kind) throws {
        let scene = try Scene(seed: 6, server)
        let dns = scene.model.entries.keys.filter { scene.model.isPersonInScope($0) }.map(scene.name(of:)).sorted()
        try scene.server.replace("employeeType", of: try #require(dns.first), with: ["left"])
        #expect(try scene.follower.follow() == .changes(people: 0, removed: 1))
        #expect(try scene.follower.difference() == nil)
    }

    /// A deletion that the account may not see waits for a full pull; until then somebody is there who is gone, and nobody is gone who is there.
    @Test func deletionThatCannotBeSeenWaits() throws {
        let scene = try Scene(seed: 6, .sambaWithoutRights)
        let dns = scene.model.entries.keys.filter { scene.model.isPersonInScope($0) }.map(scene.name(of:)).sorted()
        let before = Set(scene.follower.mirror.mirror.people.map(\.id))
        try scene.server.delete(try #require(dns.first))
        _ = try scene.follower.follow()
        let after = Set(scene.follower.mirror.mirror.people.map(\.id))
        let there = Set(try scene.source().completePull().mirror.people.map(\.id))
        #expect(there.count == before.count - 1)
        #expect(after.isSuperset(of: there) && after.isSubset(of: before))
    }

    @Test func renamedBranchNeedsAFullPull() throws {
        let scene = try Scene(seed: 7, .slapd)
        try scene.server.rename("ou=a,ou=people,dc=example,dc=org", to: "ou=z")
        guard case .fullPull(let reason) = try scene.follower.follow() else {
            Issue.record("nobody noticed")
            return
        }
        #expect(reason == "`ou=z,ou=people,dc=example,dc=org` was renamed or moved, with everything below it")
        #expect(try scene.follower.difference() == nil)
    }

    /// Somebody has another name when it is asked what stands below them: nothing fails, everything is read.
    @Test func renameInTheMiddleOfAReadingNeedsAFullPull() throws {
        let scene = try Scene(seed: 6, .slapd)
        let slapd = try #require(scene.server as? SlapdFixture)
        let proxy = try LDAPProxy(to: slapd.port, .result(32, at: .done(nil, under: "uid=other")))
        var follower = try LDAPFollower { try scene.source(through: proxy.url) }
        let dns = scene.model.entries.keys.filter { scene.model.isPersonInScope($0) }.map(scene.name(of:)).sorted()
        try slapd.rename(try #require(dns.first), to: "uid=other")
        guard case .fullPull(let reason) = try follower.follow() else {
            Issue.record("what was below an entry that is not found was taken for known")
            return
        }
        #expect(reason.contains("uid=other"))
        #expect(try follower.difference() == nil)
    }

    /// The change log of 389 DS is cut off at its old end: what was there is not known.
    @Test func trimmedChangeLogNeedsAFullPull() throws {
        let scene = try Scene(seed: 11, .ds389)
        try scene.change(8)
        scene.follower.setCookies(Array("1 0.0".utf8))
        let step = try scene.follower.follow()
        #expect(try scene.follower.difference() == nil, "\(step)")
        scene.follower.setCookies(Array("999999 0.0".utf8))
        #expect(try scene.follower.follow() == .fullPull("the server's change log was begun anew"))
        try scene.change(3)
        let mark = try #require(scene.follower.cookie.split(separator: " ").first.flatMap { Int($0) })
        try scene.server.modify(ldif: "dn: changenumber=\(mark),cn=changelog\nchangetype: delete\n")
        #expect(
            try scene.follower.follow() == .fullPull("the server's change log no longer goes back to the last run"))
        #expect(try scene.follower.difference() == nil)
    }

    /// A log that was begun anew, and has grown past the position since: the change of that number is another one.
    @Test func changeLogBegunAnewNeedsAFullPull() throws {
        let scene = try Scene(seed: 16, .ds389)
        try scene.change(8)
        _ = try scene.follower.follow()
        let mark = scene.follower.cookie
        try scene.change(8)
        _ = try scene.follower.follow()
        let number = try #require(mark.split(separator: " ").first)
        let other = try #require(scene.follower.cookie.split(separator: " ").last)
        #expect(mark != "\(number) \(other)")
        scene.follower.setCookies(Array("\(number) \(other)".utf8))
        #expect(try scene.follower.follow() == .fullPull("the server's change log was begun anew"))
        #expect(try scene.follower.difference() == nil)
    }

    /// The content synchronization of 389 DS loses every 51st deletion; whoever is deleted is gone all the same.
    @Test func manyDeletionsOf389AreNotLost() throws {
        let many = (0..<130).map { number in
            """
            dn: uid=d\(number),ou=people,dc=example,dc=org
            objectClass: inetOrgPerson
            uid: d\(number)
            cn: Example
            sn: Example
            employeeNumber: d\(number)
            mail: d\(number)@example.org
            employeeType: staff


            """
        }
        let scene = try Scene(seed: 12, .ds389, more: many.joined())
        let gone = (0..<130).map { "dn: uid=d\($0),ou=people,dc=example,dc=org\nchangetype: delete\n\n" }
        try scene.server.modify(ldif: gone.joined())
        #expect(try scene.follower.follow() == .changes(people: 0, removed: 130))
        #expect(try scene.follower.difference() == nil)
    }

    /// More changes than the server remembers: it lists who is there, or everything is read.
    @Test(arguments: [Scene.Kind.slapdWithShortLog, .slapdWithAccessLog])
    func logThatOverflowsLosesNoChange(server: Scene.Kind) throws {
        let scene = try Scene(seed: 13, server)
        var followed = 0
        for _ in 0..<4 {
            try scene.change(12)
            try scene.server.restart()
            try scene.change(12)
            let step = try scene.follower.follow()
            #expect(try scene.follower.difference() == nil, "\(step)")
            if case .fullPull(let reason) = step {
                #expect(reason.hasSuffix("did not tell that it was deleted") || reason.contains("was renamed or moved"))
            } else {
                followed += 1
            }
        }
        // A log in a database of its own outlives the restart.
        #expect(server == .slapdWithAccessLog ? followed > 2 : (1...2).contains(followed))
    }

    /// Access that was taken away is no change of any entry: whoever is hidden by it stays, or everything is read.
    @Test func whoIsHiddenMeanwhileStays() throws {
        let scene = try Scene(seed: 14, .slapd)
        var follower = try LDAPFollower {
            var settings = try scene.source().settings
            settings.account = BindAccount(.anonymous)
            return LDAPSource(settings)
        }
        let people = follower.mirror.mirror.people.count
        let slapd = try #require(scene.server as? SlapdFixture)
        try slapd.reconfigure { text in
            let keeper = "uid=keeper,ou=people,\(SlapdFixture.suffix)"
            let rules = "access to dn.exact=\"\(keeper)\" by * none\naccess to * by * read\n"
            return text.replacing("overlay syncprov\n", with: rules + "overlay syncprov\n")
        }
        guard case .fullPull(let reason) = try follower.follow() else {
            Issue.record("somebody hidden was taken for gone, or overlooked")
            return
        }
        #expect(reason.hasSuffix("and did not tell that it was deleted"))
        #expect(follower.mirror.mirror.people.count == people - 1)
    }

    /// Somebody who changed no longer shows what rules ask for: it may be hidden, so everything is read.
    @Test func whoLosesWhatRulesAskForLeadsToAFullPull() throws {
        let scene = try Scene(seed: 16, .slapd)
        let dn = scene.model.dn(try #require(scene.model.entries.keys.filter(scene.model.isPersonInScope).min()))
        try scene.server.modify(ldif: "dn: \(dn)\nchangetype: modify\nreplace: title\ntitle: another\n")
        #expect(try scene.follower.follow() == .changes(people: 1, removed: 0))
        try scene.server.modify(ldif: "dn: \(dn)\nchangetype: modify\ndelete: title\n")
        guard case .fullPull(let reason) = try scene.follower.follow() else {
            Issue.record("it was followed")
            return
        }
        #expect(reason.hasSuffix("no longer shows the attribute `title`"), "\(reason)")
        #expect(try scene.follower.difference() == nil)
    }

    /// Somebody who was disabled is let in again by an attribute that says so, not by one that is no longer shown.
    @Test func whoIsLetInAgainWithoutAWordLeadsToAFullPull() throws {
        let slapd = try SlapdFixture(
            ldif: SampleCompany.frame + SampleCompany.people(5), options: .init(overlays: [.syncprov]))
        var settings = try SampleSources.settings(groupBases: [])
        settings.attributes.disabled = DisabledWhen(attribute: "employeeType", equals: "gone")
        var follower = try LDAPFollower { SampleSources.ldap([slapd.url], settings) }
        let dn = SampleCompany.personDN("p1")
        func states() -> [PersonState] { follower.mirror.mirror.people.map(\.state).filter { !$0.isEnabled } }
        for (value, disabled) in [("gone", 1), ("back", 0), ("gone", 1)] {
            try slapd.replace("employeeType", of: dn, with: [value])
            #expect(try follower.follow() == .changes(people: 1, removed: 0))
            #expect(states().count == disabled)
        }
        try slapd.replace("employeeType", of: dn, with: [])
        guard case .fullPull(let reason) = try follower.follow() else {
            Issue.record("it was followed")
            return
        }
        #expect(reason.hasSuffix("was disabled, and no longer shows by what"), "\(reason)")
        #expect(states().isEmpty)
    }

    /// The log of 389 DS tells that an entry changed, though the account may no longer see it: that is no word of its being gone.
    @Test func whoChangedAndIsHiddenIsNotGone() throws {
        let scene = try Scene(seed: 15, .ds389)
        let server = try #require(scene.server as? DS389Fixture)
        let rule = """
            (targetattr = "*")(version 3.0; acl "log"; allow (read, search, compare) userdn = "ldap:///all";)
            """
        try server.modify(ldif: "dn: cn=changelog\nchangetype: modify\nadd: aci\naci: \(rule)\n")
        let reader = server.reader.bind
        var follower = try LDAPFollower {
            var settings = try scene.source().settings
            settings.account = BindAccount(reader)
            return LDAPSource(settings)
        }
        let keeper = "uid=keeper,ou=people,dc=example,dc=org"
        let people = scene.model.entries.keys.filter { scene.model.isPersonInScope($0) }.map(scene.model.dn).sorted()
        let dn = try #require(people.first { $0 != keeper })
        try server.modify(ldif: "dn: \(dn)\nchangetype: modify\nreplace: title\ntitle: one\n")
        #expect(try follower.follow() == .changes(people: 1, removed: 0))
        let hiding = """
            (targetattr = "*")(version 3.0; acl "hidden"; deny (all) userdn = "ldap:///\(server.reader.dn)";)
            """
        try server.modify(ldif: "dn: \(dn)\nchangetype: modify\nadd: aci\naci: \(hiding)\n")
        guard case .fullPull(let reason) = try follower.follow() else {
            Issue.record("somebody hidden was taken for gone")
            return
        }
        #expect(reason.contains("no longer shows"))
        #expect(reason.contains("did not tell that it was deleted"))
    }

    @Test func otherFilterNeedsAFullPull() throws {
        let scene = try Scene(seed: 8, .slapd)
        var source = try scene.source()
        var settings = source.settings
        settings.source.people.filter = .equal("objectClass", "inetOrgPerson")
        source = LDAPSource(settings)
        let request = IncrementalRequest(
            pull: PullRequest(attributes: LDAPFollower.attributes, key: LDAPFollower.key),
            position: scene.follower.position, mirror: MirrorRows(scene.follower.mirror))
        guard case .fullPullNeeded(let reason) = source.pullChanges(request, progress: { _ in }) else {
            Issue.record("the position was believed")
            return
        }
        #expect(reason.hasPrefix("the filter of people is another than in the last run"))
    }

    /// Somebody writes all the while: the first loads leave out what changes, and rounds go on until nothing does.
    ///
    /// Where nobody tells who was deleted, nobody is: such removals wait for a full pull.
    @Test(arguments: Scene.Kind.allCases.filter { $0 != .slapdByTimes })
    func changesDuringTheReadingAreNotLost(server: Scene.Kind) throws {
        let count = server.isSamba ? Figures.of(300, soak: 5_000) : Figures.of(1_500, soak: 20_000)
        let suffix = server.isSamba ? SambaFixture.suffix : "dc=example,dc=org"
        let crowd = (0..<count).map { number in
            """
            dn: uid=c\(number),ou=people,dc=example,dc=org
            objectClass: inetOrgPerson
            uid: c\(number)
            cn: Example
            sn: Example
            employeeNumber: c\(number)
            mail: c\(number)@example.org
            employeeType: staff


            """
        }.joined()
        let scene = try Scene(seed: 9, server, more: crowd)
        let real = scene.server
        let people = scene.follower.mirror.mirror.people.count
        let failures = Count()
        let writer = Thread {
            for round in 0..<4 {
                let ldif = (0..<count / 30).map { number in
                    let rdn = "\(server.isSamba ? "CN" : "uid")=c\(number * 29 + round)"
                    let dn = "dn: \(rdn),ou=people,\(suffix)\n"
                    return number % 7 == 0 && server.tellsDeletions
                        ? dn + "changetype: delete\n\n"
                        : dn + "changetype: modify\nreplace: title\ntitle: round \(round)\n-\n\n"
                }.joined()
                do { try real.modify(ldif: ldif) } catch { _ = failures.next() }
            }
        }
        writer.start()
        var steps: [LDAPFollower.Step] = []
        while !writer.isFinished { steps.append(try scene.follower.follow()) }
        steps.append(try scene.follower.follow())
        let difference = try scene.follower.difference()
        #expect(difference == nil, "\(steps): \(difference ?? "")")
        // A server under load refuses a batch now and then; what it took must have been seen.
        #expect(failures.current < 4)
        #expect(steps.contains { $0 != .changes(people: 0, removed: 0) })
        #expect(scene.follower.mirror.mirror.people.count < people || !server.tellsDeletions)
    }
}
