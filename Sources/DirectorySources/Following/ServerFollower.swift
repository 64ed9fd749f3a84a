package import DirectoryModel
internal import LDAPClient

/// Follows an LDAP server: OpenLDAP tells everything as it happens, others are asked again and again.
package final class ServerFollower: DirectoryFollower {
    package let directory: String
    private let settings: LDAPSourceSettings
    private var current: (any ServerWatch)?
    /// Where following stands, as long as that means something.
    private var marks = FollowerMarks()
    /// Whether following began once: from then on only its own marks tell where it was.
    private var hasBegun = false
    private var server: LDAPURL?
    /// How often a server is asked that does not tell by itself.
    private let interval: Duration

    package init(_ settings: LDAPSourceSettings, interval: Duration = .seconds(2)) {
        self.settings = settings
        self.interval = interval
        directory = settings.source.name
    }

    package var isRefused: Bool { settings.account.refusal != nil }

    package func start(since stamp: DirectoryStamp?) -> FollowerStart {
        pause()
        let source = source()
        // The one that needs no right; what it leaves out, removals, is nothing to act on here.
        source.changeMethod = settings.source.dialect.kind == .activeDirectory ? .usn : nil
        do {
            let beginning = try source.connect { _ in }
            if marks.isEmpty, !hasBegun { try ChangeStamps.check(beginning.stamp, against: stamp, settings.source) }
            let method = try source.method(beginning)
            if method != .sync, server != beginning.connection.server { marks = FollowerMarks() }
            server = beginning.connection.server
            let doubt = try fillMarks(source, beginning, method, hasBegun ? nil : stamp)
            hasBegun = true
            if method == .sync {
                current = try SyncWatch(source, beginning, marks)
            } else {
                let way = PolledWatch.Way(method: method, interval: interval)
                current = try PolledWatch(source, beginning, marks, way)
            }
            return doubt.map { .fromNow($0) } ?? .following
        } catch let failure as PullFailure {
            return .failed(failure)
        } catch let doubt as ChangeDoubt {
            return .impossible(doubt.text)
        } catch {
            return .impossible("the server does not tell what changed")
        }
    }

    /// Says from where to go on wherever that is not known; why what happened before is not told, where it is not.
    private func fillMarks(
        _ source: LDAPSource, _ beginning: LDAPSource.Beginning, _ method: LDAPSource.ChangeMethod,
        _ stamp: DirectoryStamp?
    ) throws -> String? {
        let units = try source.refreshUnits().filter { $0.kind == .people }
        guard !units.allSatisfy({ marks[$0] != nil }) else { return nil }
        if let stamp, let known = try FollowerMarks(of: stamp, method, source, beginning, units) {
            marks = known
            return nil
        }
        guard let now = try source.startMarks(method, units, beginning) else {
            throw ChangeDoubt(text: "the server does not say how far its data have come")
        }
        marks = FollowerMarks(now)
        return hasBegun
            ? "what happened while the connection was lost is not known"
            : "what happened since the last run is not known"
    }

    package func watch(for wait: Duration, now: Int64) -> FollowerNews {
        if current?.isWornOut == true, let news = renewed() { return news }
        guard let current else { return .lost(settings.source.failure(.unreachable, "nothing is followed", "")) }
        let news = current.watch(for: wait, now: now)
        marks = current.marks
        switch news {
        case .quiet, .disabled: break
        case .gap:
            marks = FollowerMarks()
            pause()
        case .lost: pause()
        }
        return news
    }

    /// Goes on with a new connection; nil where that went well.
    private func renewed() -> FollowerNews? {
        switch start(since: nil) {
        case .following: nil
        case .failed(let failure): .lost(failure)
        case .fromNow(let reason), .impossible(let reason): .gap(reason)
        }
    }

    /// On a connection of its own, to the same server.
    package func read(_ ids: [ImmutableID], now: Int64) throws(PullFailure) -> [ImmutableID: PersonState] {
        let source = source()
        defer { source.close() }
        let beginning = try source.connect { _ in }
        return try source.states(of: ids, beginning, now: now)
    }

    package func pause() { current = nil }

    /// The server of last time first.
    private func source() -> LDAPSource {
        var settings = settings
        if let server, settings.urls.contains(server) {
            settings.urls = [server] + settings.urls.filter { $0 != server }
        }
        return LDAPSource(settings)
    }
}

/// One connection that tells what changes.
protocol ServerWatch: AnyObject {
    /// Where it stands.
    var marks: FollowerMarks { get }
    /// Whether another connection has to take its place.
    var isWornOut: Bool { get }
    func watch(for wait: Duration, now: Int64) -> FollowerNews
}

/// Where each followed search stands.
struct FollowerMarks: Equatable {
    private var marks: [RefreshUnit: [UInt8]]

    init(_ marks: [RefreshUnit: [UInt8]] = [:]) { self.marks = marks }

    var isEmpty: Bool { marks.isEmpty }

    subscript(_ unit: RefreshUnit) -> [UInt8]? {
        get { marks[unit] }
        set { marks[unit] = newValue }
    }

    /// Where the last applied run was; nil where its stamp does not tell.
    init?(
        of stamp: DirectoryStamp, _ method: LDAPSource.ChangeMethod, _ source: LDAPSource,
        _ beginning: LDAPSource.Beginning, _ units: [RefreshUnit]
    ) throws(PullFailure) {
        let facts = ChangeStamps(stamp).facts
        var mark: [UInt8]?
        switch method {
        case .sync:
            let settings = source.settings.source
            let bases = try settings.bases(settings.people) + settings.bases(settings.groups)
            // Stamps do not say of which suffix they are.
            guard source.suffixes(beginning.detected, bases).count == 1 else { return nil }
            let changes = facts.compactMap { if case .change(_, let text) = $0 { text } else { nil as String? } }
            guard !changes.isEmpty, changes.allSatisfy(SyncCookie.isStamp) else { return nil }
            mark = Array("rid=000,csn=\(changes.sorted().joined(separator: ";"))".utf8)
        case .usn, .dirSync:
            guard method == .usn, let database = beginning.detected.domain?.database else { return nil }
            for case .sequence(let name, let number) in facts where name == database.description {
                mark = UpdateSequence(database: database, number: number).bytes
            }
        case .changeLog, .times: return nil
        }
        guard let mark else { return nil }
        self.init(Dictionary(units.map { ($0, mark) }) { first, _ in first })
    }
}

extension LDAPSource {
    /// The states of people by id, read as a pull reads them; only those whom a pull would find.
    func states(
        of ids: [ImmutableID], _ beginning: Beginning, now: Int64
    ) throws(PullFailure) -> [ImmutableID: PersonState] {
        let source = settings.source
        var reader = PersonReader(source, trusted: [], now: now)
        var states: [ImmutableID: PersonState] = [:]
        let bases = try source.bases(source.people)
        for start in stride(from: 0, to: ids.count, by: EntryQuestions.batchSize) {
            let some = ids[start..<min(start + EntryQuestions.batchSize, ids.count)]
            let wanted = LDAPFilter.or(some.flatMap { IDFilter.alternatives(source.attributes.id, $0) })
            for base in bases {
                let search = SearchRequest(
                    base: base.text, filter: .and([source.peopleFilter, wanted]), attributes: reader.names.names)
                try run(beginning, search) { (entry) throws(BERFault) in
                    reader.start(dn: entry.dn)
                    _ = try reader.read(entry)
                    let draft = reader.finish()
                    if let id = draft.immutableID { states[id] = draft.plainState }
                }
            }
        }
        return states
    }
}
