import DirectoryModel
import Foundation
import LDAPClient
import Synchronization
import TestSupport

@testable import DirectorySources

/// A real server with a model's content, and a mirror that follows it.
final class Scene {
    enum Kind: CaseIterable {
        case slapd, slapdWithoutLog, ds389
        /// With a log of three changes, which overflows, and with one in a database of its own, which outlives restarts.
        case slapdWithShortLog, slapdWithAccessLog
        /// Read by times alone, as FreeIPA is.
        case slapdByTimes
        /// Read by its list of changes, and by its numbers of updates; these also by who may not see what was deleted.
        case samba, sambaBySequence, sambaWithoutRights

        /// How many random histories: those of one server come to two hundred in a soak.
        var histories: Int {
            switch self {
            case .slapd, .slapdWithoutLog: Figures.of(2, soak: 60)
            case .slapdWithShortLog, .slapdWithAccessLog: Figures.of(1, soak: 40)
            case .slapdByTimes: Figures.of(2, soak: 60)
            case .ds389: Figures.of(1, soak: 200)
            case .samba: Figures.of(1, soak: 80)
            case .sambaBySequence, .sambaWithoutRights: Figures.of(1, soak: 60)
            }
        }

        /// How many of these are played once more by whole runs, with a roster each.
        var runHistories: Int { Figures.of(histories, soak: histories / 4) }

        /// Whether a position can be harmed so: nothing can be told of the inside of a domain's list of changes; that the server was set back
        /// is told by its stamps.
        func takes(_ harm: Harm) -> Bool { self != .samba || harm != .future && harm != .foreign }

        /// Whether it is told who was deleted; where not, that waits for a full pull.
        var tellsDeletions: Bool { self != .sambaWithoutRights && self != .slapdByTimes }

        var isSlapd: Bool { !isSamba && self != .ds389 }

        var isSamba: Bool { [.samba, .sambaBySequence, .sambaWithoutRights].contains(self) }
    }

    private static let frame = """
        dn: dc=example,dc=org
        objectClass: dcObject
        objectClass: organization
        dc: example
        o: Example


        """

    /// Somebody, and a group, to which nothing happens: a directory without people, or without groups, cannot be read.
    private static let keeper = """
        dn: uid=keeper,ou=people,dc=example,dc=org
        objectClass: inetOrgPerson
        uid: keeper
        cn: Example
        sn: Example
        employeeNumber: keeper
        mail: keeper@example.org
        employeeType: staff

        dn: cn=kept,ou=groups,dc=example,dc=org
        objectClass: groupOfNames
        cn: kept
        member: uid=keeper,ou=people,dc=example,dc=org


        """

    let kind: Kind
    var model: ModelDirectory
    let server: any DirectoryServer
    var follower: LDAPFollower
    private(set) var done: [String] = []

    init(seed: UInt64, _ kind: Kind, more: String = "") throws {
        let model = ModelDirectory(
            seed: seed, links: kind.isSamba ? .followsEntry : .staysWithName, deletes: kind.tellsDeletions)
        let people = model.peopleLDIF().replacing("changetype: add\n", with: "") + Scene.keeper + more
        let server = try Scene.start(kind, kind.isSamba ? Scene.translated(people) : Scene.frame + people)
        // Over LDAP: slapd takes members as they are written from a file that it loads, and cannot delete them by another spelling.
        let groups = model.groupLDIF() + model.entries.keys.sorted().map(model.links(of:)).joined()
        if !groups.isEmpty { try server.modify(ldif: kind.isSamba ? Scene.translated(groups) : groups) }
        self.kind = kind
        self.model = model
        self.server = server
        follower = try LDAPFollower(now: kind.isSlapd ? Int64(time(nil)) : nil) {
            try Scene.source(kind, server)
        }
        follower.leavesOutStrangers = kind.isSamba
        // Where the server may be late with its log, every other reading goes on from where an earlier one came.
        if kind.isSlapd, kind != .slapdByTimes { follower.pace = 45 }
    }

    deinit { server.stop() }

    private static func start(_ kind: Kind, _ ldif: String) throws -> any DirectoryServer {
        switch kind {
        case .slapd: try SlapdFixture(ldif: ldif, options: .init(overlays: [.syncprov]))
        case .slapdByTimes: try SlapdFixture(ldif: ldif)
        case .slapdWithoutLog:
            try SlapdFixture(
                ldif: ldif, options: .init(database: ["overlay syncprov"], global: ["moduleload syncprov"]))
        case .slapdWithShortLog:
            try SlapdFixture(ldif: ldif, options: .init(overlays: [.syncprov], sessionLog: 3))
        case .slapdWithAccessLog: try SlapdFixture(ldif: ldif, options: .init(overlays: [.syncprov, .accesslog]))
        case .ds389: try DS389Fixture(ldif: ldif, options: .init(contentSync: true))
        case .samba, .sambaBySequence, .sambaWithoutRights: try SambaFixture(ldif: ldif)
        }
    }

    /// The model's entries as those of a domain: other suffix, other names of people.
    private static func translated(_ ldif: String) -> String {
        ldif.replacing("dc=example,dc=org", with: SambaFixture.suffix).replacing(
            "objectClass: inetOrgPerson\nuid: ", with: "objectClass: user\nuserAccountControl: 544\nsAMAccountName: "
        )
        .replacing("uid=", with: "CN=").replacing("cn: Example\n", with: "")
        .replacing("objectClass: groupOfNames\n", with: "objectClass: group\nsAMAccountName: kept\n")
    }

    /// What reads the server, by another way than its own URL if given.
    func source(through url: String? = nil) throws -> LDAPSource { try Scene.source(kind, server, through: url) }

    private static func sambaSource(_ kind: Kind, _ server: any DirectoryServer) throws -> LDAPSource {
        var attributes = Dialect.activeDirectory.attributes
        attributes.login = "employeeNumber"
        attributes.lastSignIn = nil
        let filter = try LDAPFilter(parsing: "(&(objectCategory=person)(objectClass=user)(employeeType=staff))")
        let settings = SourceSettings(
            name: "corp", dialect: .activeDirectory,
            people: BranchSettings(bases: ["ou=people,\(SambaFixture.suffix)"], filter: filter),
            groups: BranchSettings(bases: ["ou=groups,\(SambaFixture.suffix)"]), attributes: attributes)
        let replicator = (server as? SambaFixture)?.replicator ?? server.administrator
        let account = kind == .sambaWithoutRights ? server.reader : replicator
        let source = SampleSources.ldap([server.url], settings, bind: account.bind)
        source.changeMethod = kind == .samba ? .dirSync : .usn
        return source
    }

    private static func source(
        _ kind: Kind, _ server: any DirectoryServer, through url: String? = nil
    ) throws -> LDAPSource {
        if kind.isSamba { return try sambaSource(kind, server) }
        let dialect = kind == .ds389 ? Dialect.ds389 : .openLDAP
        var attributes = dialect.attributes
        attributes.login = "employeeNumber"
        attributes.lastSignIn = nil
        let filter = try LDAPFilter(parsing: "(&(objectClass=inetOrgPerson)(employeeType=staff))")
        let settings = SourceSettings(
            name: "corp", dialect: dialect,
            people: BranchSettings(bases: [ModelDirectory.peopleBase], filter: filter),
            groups: BranchSettings(bases: [ModelDirectory.groupBase]), attributes: attributes)
        return SampleSources.ldap([url ?? server.url], settings, bind: server.administrator.bind)
    }

    /// The DN of an entry of the model on the server.
    func name(of entry: Int) -> String {
        kind.isSamba ? Scene.translated(model.dn(entry)) : model.dn(entry)
    }

    func note(_ text: String) { done.append(text) }

    func change(_ count: Int) throws {
        let ldif = next(count)
        if !ldif.isEmpty { try server.modify(ldif: ldif) }
    }

    /// Makes changes while `body` runs.
    func change<Result>(_ count: Int, during body: () throws -> Result) throws -> Result {
        let (ldif, server) = (next(count), server)
        let failure = Mutex<(any Error)?>(nil)
        let writer = DispatchGroup()
        DispatchQueue.global().async(group: writer) {
            do { if !ldif.isEmpty { try server.modify(ldif: ldif) } } catch { failure.withLock { $0 = error } }
        }
        let result = Swift.Result { try body() }
        writer.wait()
        if let error = failure.withLock({ $0 }) { throw error }
        return try result.get()
    }

    /// The next changes of the model, as the server takes them.
    private func next(_ count: Int) -> String {
        var ldif = ""
        for _ in 0..<count {
            let old = model
            done.append(model.change())
            ldif += model.ldif(since: old)
        }
        return kind.isSamba ? Scene.translated(ldif) : ldif
    }

    // MARK: Positions that are not the last reading's

    /// What becomes of positions in files, restored databases and copied state.
    enum Harm: CaseIterable, Sendable {
        /// Of an earlier reading, of a time that was not yet, cut off, with bytes that are not its own, of another server.
        case stale, future, cut, garbled, foreign
    }

    /// Gives the follower a position that is not the one of its last reading.
    func harmPosition(earlier: [SyncPosition], foreign: SyncPosition?) {
        guard let harm = Harm.allCases.randomElement(using: &model.numbers) else { return }
        harmPosition(harm, earlier: earlier, foreign: foreign)
    }

    func harmPosition(_ harm: Harm, earlier: [SyncPosition], foreign: SyncPosition?) {
        guard kind.takes(harm) else { return }
        note("position: \(harm)")
        switch harm {
        case .stale: if let old = earlier.randomElement(using: &model.numbers) { follower.position = old }
        case .foreign: if let foreign { follower.position.marks = foreign.marks }
        case .future: follower.setCookies { Scene.future($0) }
        case .cut:
            let left = Int.random(in: 0..<40, using: &model.numbers)
            follower.setCookies { Array($0.prefix(left % max(1, $0.count))) }
        case .garbled:
            let place = Int.random(in: 0..<40, using: &model.numbers)
            follower.setCookies { bytes in
                var garbled = bytes
                garbled.insert(0xff, at: place % (bytes.count + 1))
                return garbled
            }
        }
    }

    /// A cookie as the server may give it out years from now.
    private static func future(_ cookie: [UInt8]) -> [UInt8] {
        let text = String(decoding: cookie, as: UTF8.self)
        if text.contains("csn=20") { return Array(text.replacing("csn=20", with: "csn=29").utf8) }
        let parts = text.split(separator: " ").map { String($0) }
        // `number fingerprint` of a change log, `database number` of a domain.
        return Array((parts.count == 2 && Int(parts[0]) != nil ? "9" + text : text + "000").utf8)
    }
}
