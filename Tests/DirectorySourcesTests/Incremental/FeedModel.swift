import DirectoryModel
import LDAPClient
import TestSupport
import Testing

@testable import DirectorySources

/// A model of a server that keeps a list of its changes: a directory that changes at random, and what the server says of that.
///
/// `FeedModel+Searches` answers the searches by which production code reads it.
final class FeedModel {
    /// By what changes are told.
    enum Kind: CaseIterable {
        /// 389 Directory Server, with and without the ids of entries in its change log.
        case changeLog, changeLogWithoutIDs
        /// Active Directory: its list of changes; its numbers of updates, also for an account that sees nothing deleted.
        case dirSync, updateSequence, updateSequenceWithoutRights
        /// `modifyTimestamp`, of servers whose clocks differ.
        case times

        var isLog: Bool { self == .changeLog || self == .changeLogWithoutIDs }
        var isDomain: Bool { !isLog && self != .times }
        var isSequence: Bool { self == .updateSequence || self == .updateSequenceWithoutRights }
        /// Whether it is told who was deleted; where not, that waits for a full pull.
        var tellsDeletions: Bool { self != .updateSequenceWithoutRights && self != .times }
        var links: LinkRule { isDomain ? .followsEntry : .staysWithName }

        /// Whether a position can be harmed so: the inside of a list's cookie is the server's own, and a time belongs to everybody.
        func takes(_ harm: Scene.Harm) -> Bool {
            !(self == .dirSync && harm == .future) && !(self == .times && harm == .foreign)
        }
    }

    /// What a backup of the server holds.
    struct Backup {
        var directory: ModelDirectory
        var tombstones: [(entry: Int, number: Int64)]
        var log: [LogRecord]
        var number: Int64
    }

    let kind: Kind
    let source: LDAPSource
    let url: LDAPURL
    var directory: ModelDirectory
    /// What the server shows of each entry, until the next change.
    var rows: [Int: Row]?
    private(set) var done: [String] = []

    // MARK: What happens meanwhile

    /// Changes that still happen while somebody reads.
    var changesDuringReads = 0
    /// Changes that happen whenever groups are read by their members.
    var changesBesideHolders = 0
    /// Whether the newest changes of the log cannot be read yet.
    var isLogBehind = false
    /// Whether something happened that the list of changes was not asked for since.
    var isUntold = false

    // MARK: What the server counts

    /// Seconds since 1970.
    private(set) var clock: Int64 = 1_800_000_000
    /// How far the agent's clock is ahead.
    private let ahead: Int64
    /// For each moment of the directory, the time that the server which wrote then has kept.
    private(set) var times: [Int: Int64] = [:]
    /// The number of the last update; between two of the directory's come those of others.
    private(set) var number: Int64 = 20_000
    /// For each moment of the directory, its number.
    private(set) var numbers: [Int: Int64] = [:]
    /// Whether updates get their number before others that are finished sooner.
    var isBusy = false
    private(set) var database = FeedModel.database(1)
    private(set) var tombstones: [(entry: Int, number: Int64)] = []
    /// The oldest number that the list of changes still goes back to.
    private(set) var oldestNumber: Int64 = 0
    private(set) var log: [LogRecord] = []
    private var backups: [Backup] = []

    init(_ kind: Kind, seed: UInt64) throws {
        self.kind = kind
        directory = ModelDirectory(seed: seed, links: kind.links)
        source = SampleSources.ldap([], try FeedModel.settings(kind))
        url = try #require(LDAPURL("ldap://model.example.org"))
        ahead = Int64.random(in: -3 * 86_400...5 * 86_400, using: &directory.numbers)
        count(since: 0)
        isBusy = kind.isSequence && directory.numbers.once(in: 2)
        log.append(LogRecord(number: 1, dn: ModelDirectory.suffix, kind: "modify", time: clock))
    }

    static func database(_ number: Int) -> [UInt8] { [7] + ModelDirectory.id(number).dropFirst() }

    var settings: SourceSettings { source.settings.source }

    /// The time of the agent.
    var now: Int64 { clock + ahead }

    private static func settings(_ kind: Kind) throws -> SourceSettings {
        let dialect: Dialect = kind.isDomain ? .activeDirectory : kind.isLog ? .ds389 : .openLDAP
        var attributes = dialect.attributes
        attributes.login = "employeeNumber"
        attributes.lastSignIn = nil
        let filter =
            kind.isDomain
            ? "(&(objectCategory=person)(objectClass=user)(employeeType=staff))"
            : "(&(objectClass=inetOrgPerson)(employeeType=staff))"
        return SourceSettings(
            name: "corp", dialect: dialect,
            people: BranchSettings(bases: [ModelDirectory.peopleBase], filter: try LDAPFilter(parsing: filter)),
            groups: BranchSettings(bases: [ModelDirectory.groupBase]), attributes: attributes)
    }

    func note(_ text: String) { done.append(text) }

    // MARK: Changes

    /// `isRead` while somebody reads: a search takes minutes, not hours.
    func change(isRead: Bool = false) {
        let old = directory
        done.append(directory.change())
        let step: Int64 = [0, 0, 1, 2, 60, 4 * 3600].randomElement(using: &directory.numbers) ?? 0
        clock += isRead ? min(step, 120) : step
        count(since: old.stamp)
        rows = nil
        isUntold = true
        for entry in old.entries.keys.sorted() where directory.entries[entry] == nil {
            tombstones.append((entry, numbers[old.stamp + 1] ?? number))
            append(entry, old, "delete")
        }
        for entry in directory.entries.keys.sorted() {
            guard let after = directory.entries[entry] else { continue }
            guard let before = old.entries[entry] else {
                append(entry, directory, "add")
                continue
            }
            if after.rdn != before.rdn || after.parent != before.parent {
                append(entry, old, "modrdn")
                log[log.count - 1].newRDN = after.rdn
                if after.parent != before.parent { log[log.count - 1].newSuperior = after.parent.map(directory.dn) }
            } else if after.stamp != before.stamp {
                append(entry, directory, "modify")
            }
        }
    }

    /// Does what is to happen while somebody reads, now and then.
    func meanwhile() {
        guard changesDuringReads > 0, directory.numbers.once(in: 8) else { return }
        changesDuringReads -= 1
        note("meanwhile")
        change(isRead: true)
    }

    /// Gives the moments of the directory their times and numbers.
    private func count(since old: Int) {
        for stamp in (old + 1)...max(old + 1, directory.stamp) {
            number += 300
            let delay =
                isBusy && directory.numbers.once(in: 3) ? Int64.random(in: 1..<900, using: &directory.numbers) : 0
            numbers[stamp] = number - delay
            // Up to 25 minutes before or behind; and one that is not yet.
            let isWrong = old > 0 && directory.numbers.once(in: 30)
            times[stamp] =
                isWrong ? clock + 400 * 86_400 : clock + Int64.random(in: -1500...1500, using: &directory.numbers)
        }
    }

    private func append(_ entry: Int, _ directory: ModelDirectory, _ kind: String) {
        log.append(
            LogRecord(
                number: (log.last?.number ?? 0) + 1, dn: directory.dn(entry),
                id: self.kind == .changeLogWithoutIDs ? nil : ImmutableID(bytes: ModelDirectory.id(entry)), kind: kind,
                time: clock))
    }

    // MARK: What becomes of servers

    /// Numbers go on behind those that were set aside.
    func restart() {
        note("restart")
        number += 4096
    }

    func forget() {
        note("forget")
        oldestNumber = number
        if log.count > 1 { log.removeFirst(Int.random(in: 1..<log.count, using: &directory.numbers)) }
    }

    /// The log counts from one again.
    func beginLogAnew() {
        note("log anew")
        clock += 60
        log = [LogRecord(number: 1, dn: ModelDirectory.suffix, kind: "modify", time: clock)]
    }

    func backUp() { backups.append(Backup(directory: directory, tombstones: tombstones, log: log, number: number)) }

    /// Puts the server back to a backup; a domain controller then begins another database, if it is told.
    func restore() {
        guard let backup = backups.randomElement(using: &directory.numbers) else { return }
        let tellsDatabase = directory.numbers.once(in: 2)
        note("restore\(tellsDatabase ? "" : " without a word")")
        directory.restore(backup.directory)
        (tombstones, log, number) = (backup.tombstones, backup.log, backup.number)
        // A second restore, of what the first undid, and without a word again, shows in no number: the nightly run finds that.
        backups.removeAll { $0.number > number }
        if tellsDatabase { database = FeedModel.database(Int.random(in: 2..<60_000, using: &directory.numbers)) }
        clock += 60
        rows = nil
        isUntold = true
    }

    // MARK: Positions

    private var domain: DetectedServer.Domain { get throws { try #require(detected.domain) } }

    /// Where reading begins, as production code finds it out.
    func start() throws -> [UInt8] {
        let mark: [UInt8]? =
            switch kind {
            case .changeLog, .changeLogWithoutIDs: try ChangeLogFeed.start(self)
            case .dirSync: try DirSyncFeed.start(self, domain)
            case .updateSequence, .updateSequenceWithoutRights: UpdateSequenceFeed.start(try domain)
            case .times: TimesFeed.start(at: now)
            }
        return try #require(mark)
    }

    func feed(_ questions: EntryQuestions, _ mirror: any MirrorLookup) throws -> any ChangeFeed {
        switch kind {
        case .changeLog, .changeLogWithoutIDs: ChangeLogFeed(questions, mirror)
        case .dirSync: try DirSyncFeed(questions, domain)
        case .updateSequence, .updateSequenceWithoutRights:
            try UpdateSequenceFeed(questions, domain)
        case .times: TimesFeed(questions, now: now)
        }
    }

    /// A mark that is not the one of the last reading, made of it.
    func harmed(_ mark: [UInt8], _ harm: Scene.Harm) -> [UInt8] {
        switch harm {
        case .stale: return mark
        case .cut: return Array(mark.prefix(Int.random(in: 0..<max(1, mark.count), using: &directory.numbers)))
        case .garbled:
            var garbled = mark
            garbled.insert(0xff, at: Int.random(in: 0...mark.count, using: &directory.numbers))
            return garbled
        case .future:
            if kind == .times { return Array("\(now + 2 * 86_400)".utf8) }
            return kind.isLog ? Array("9".utf8) + mark : mark + Array("0".utf8)
        case .foreign:
            let other = FeedModel.database(65_000)
            if kind == .dirSync { return mark.prefix(12) + other }
            guard kind.isSequence, let id = ImmutableID(bytes: other) else {
                return Array("\(log.last?.number ?? 1) 1.2".utf8)
            }
            return UpdateSequence(database: id, number: number).bytes
        }
    }
}

/// One change in the log of the model.
struct LogRecord {
    var number: Int
    var dn: String
    var id: ImmutableID?
    var kind: String
    var newRDN: String?
    var newSuperior: String?
    var time: Int64
}

extension FeedModel {
    /// The attribute that stands for those that rules test.
    static let attributes = ["title"]

    /// What a full pull makes, while nothing happens.
    func pulled() throws -> IndexedMirror {
        let changes = changesDuringReads
        changesDuringReads = 0
        defer { changesDuringReads = changes }
        var builder = MirrorBuilder(directory: settings.name, attributes: FeedModel.attributes, key: ModelDirectory.key)
        var people = PersonReader(settings, trusted: FeedModel.attributes, now: now)
        var groups = GroupReader(settings)
        try run(
            SearchRequest(
                base: ModelDirectory.peopleBase, filter: settings.peopleFilter, attributes: people.names.names)
        ) { (entry) throws(BERFault) in
            people.start(dn: entry.dn)
            _ = try people.read(entry)
            var draft = people.finish()
            people.add(&draft, to: &builder)
        }
        try run(
            SearchRequest(base: ModelDirectory.groupBase, filter: settings.groupFilter, attributes: groups.names.names)
        ) { (entry) throws(BERFault) in
            groups.start(dn: entry.dn)
            _ = try groups.read(entry)
            groups.finish(&builder)
        }
        return try builder.finishIndexed()
    }
}
