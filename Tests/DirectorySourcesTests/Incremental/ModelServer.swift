import DirectoryModel
import TestSupport

@testable import DirectorySources

/// A server over a model directory that tells changes as OpenLDAP does, with its weaknesses.
final class ModelServer: ChangeServer {
    var directory: ModelDirectory
    /// Changes that still happen while somebody reads.
    var changesDuringReads = 0
    /// Whether the newest change is missing from the log, although cookies name it.
    var isLate = false
    /// Seconds of the readings' clock; a minute after it was first left out, every change is in the log.
    var clock: Int64 = 1_000
    private var missing: (stamp: Int, since: Int64) = (0, 0)
    /// Answers that left out a change which their cookie named.
    private(set) var late = 0
    /// Changes older than this are no longer told apart: everything is sent anew.
    var oldestKnown = 0
    /// Bases of other databases, each of which counts its changes from a number of its own.
    var otherDatabases: [String: Int] = [:]
    private(set) var done: [String] = []

    init(_ directory: ModelDirectory) { self.directory = directory }

    func change() { done.append(directory.change()) }

    func note(_ text: String) { done.append(text) }

    // MARK: Cookies

    /// The server's state as a cookie of this writer.
    func cookie(_ stamp: Int, writer: String = "000") -> [UInt8] {
        let digits = String(stamp)
        let count = String(repeating: "0", count: max(0, 6 - digits.utf8.count)) + digits
        return Array("rid=000,csn=20261121100000.\(count)Z#000000#\(writer)#000000".utf8)
    }

    private func stamp(_ cookie: [UInt8]) -> Int {
        let text = String(decoding: cookie, as: UTF8.self)
        return Int(text.split(separator: ".").last?.prefix(6) ?? "") ?? 0
    }

    private func isForeign(_ cookie: [UInt8]) -> Bool {
        !String(decoding: cookie, as: UTF8.self).hasSuffix("#000#000000")
    }

    // MARK: Changes

    var aging: Int64? { clock }

    /// What the log says now; the change that was made last may not be there yet.
    private func log(since: Int) -> [(stamp: Int, number: Int)] {
        let log = directory.log
        guard isLate, log.contains(where: { $0.stamp == directory.stamp && $0.stamp > since }) else { return log }
        if missing.stamp != directory.stamp { missing = (directory.stamp, clock) }
        guard clock - missing.since < 60 else { return log }
        late += 1
        return log.filter { $0.stamp != directory.stamp }
    }

    func refresh(
        _ unit: RefreshUnit, since mark: [UInt8], into batch: inout ChangeBatch
    ) throws(PullFailure) -> SyncRefresh.Outcome {
        var refresh: SyncRefresh
        do throws(SyncDoubt) { refresh = try SyncRefresh(since: mark) } catch { return .fullPullNeeded(error) }
        let now = directory.stamp
        let first = otherDatabases[unit.base] ?? 0
        let since = isForeign(mark) ? 0 : stamp(mark) - first
        if since > now { return refresh.end(code: 53, nil) }
        if isForeign(mark) {
            send(unit, &refresh, &batch) { $0.stamp <= now }
            return refresh.end(code: 0, SyncDone(cookie: cookie(first + now), refreshDeletes: true))
        }
        if since == now { return refresh.end(code: 0, SyncDone(cookie: nil, refreshDeletes: true)) }
        if let oldest = directory.log.first, oldest.stamp <= since + 1 {
            let gone = Set(log(since: since).filter { $0.stamp > since }.map(\.number)).filter { !isIn(unit, $0) }
            if !gone.isEmpty {
                refresh.take(.idSet(cookie: nil, areDeleted: true, uuids: gone.sorted().map(ModelDirectory.id)))
            }
            send(unit, &refresh, &batch) { $0.stamp > since && $0.stamp <= now }
            return refresh.end(code: 0, SyncDone(cookie: cookie(first + now), refreshDeletes: true))
        }
        if since >= oldestKnown {
            let all = directory.entries.keys.filter { isIn(unit, $0) }.sorted()
            refresh.take(.idSet(cookie: nil, areDeleted: false, uuids: all.map(ModelDirectory.id)))
            send(unit, &refresh, &batch) { $0.stamp > since && $0.stamp <= now }
        } else {
            send(unit, &refresh, &batch) { $0.stamp <= now }
        }
        return refresh.end(code: 0, SyncDone(cookie: cookie(first + now), refreshDeletes: false))
    }

    /// Sends entries one after the other; what changes meanwhile is newer than the state that is sent, and left out.
    private func send(
        _ unit: RefreshUnit, _ refresh: inout SyncRefresh, _ batch: inout ChangeBatch,
        where isSent: (ModelDirectory.Entry) -> Bool
    ) {
        for number in directory.entries.keys.filter({ isIn(unit, $0) }).sorted() {
            if changesDuringReads > 0, directory.numbers.once(in: 4) {
                changesDuringReads -= 1
                done.append("meanwhile")
                change()
            }
            guard isIn(unit, number), let entry = directory.entries[number], isSent(entry) else { continue }
            let uuid = ModelDirectory.id(number)
            _ = refresh.take(SyncState(kind: .add, uuid: uuid), id: ImmutableID(bytes: uuid))
            switch unit.kind {
            case .people: directory.readPerson(number, into: &batch.builder)
            case .groups: directory.readGroup(number, into: &batch.builder)
            case .containers:
                guard let id = ImmutableID(bytes: uuid) else { continue }
                let dn = directory.dn(number)
                batch.containers.append(ContainerEntry(id: id, dn: Array(dn.utf8), name: ModelDirectory.name(dn)))
            }
        }
    }

    private func isIn(_ unit: RefreshUnit, _ number: Int) -> Bool {
        guard let entry = directory.entries[number] else { return false }
        let isKind =
            switch unit.kind {
            case .people: entry.isPerson
            case .groups: entry.isGroup
            case .containers: entry.isContainer
            }
        return isKind && directory.isUnder(number, unit.base)
    }

    // MARK: Reads

    func locate(_ ids: [ImmutableID]) throws(PullFailure) -> LocatedEntries {
        var found = LocatedEntries()
        for id in ids {
            guard let number = ModelDirectory.number(id), directory.entries[number] != nil else { continue }
            let dn = directory.dn(number)
            found[id] = LocatedEntry(
                dn: dn, name: ModelDirectory.name(dn), isPerson: directory.isPersonInScope(number),
                isGroup: directory.isGroupInScope(number), state: .enabled)
        }
        return found
    }

    func ids(below dn: [UInt8], atMost limit: Int) throws(PullFailure) -> Set<ImmutableID>? {
        let base = String(decoding: dn, as: UTF8.self)
        let below = directory.entries.keys.filter { number in
            directory.dn(number) != base && directory.isUnder(number, base)
                && (directory.isPersonInScope(number) || directory.isGroupInScope(number))
        }
        return below.count > limit ? nil : Set(below.compactMap { ImmutableID(bytes: ModelDirectory.id($0)) })
    }

    func groups(ofMembers dns: [[UInt8]], into batch: inout ChangeBatch) throws(PullFailure) {
        let names = Set(dns.map { ModelDirectory.name(String(decoding: $0, as: UTF8.self)) })
        for number in directory.entries.keys.sorted() where directory.isGroupInScope(number) {
            let isHolder = (directory.entries[number]?.members ?? []).contains { member in
                guard case .dn(let dn) = member else { return false }
                return names.contains(ModelDirectory.name(dn))
            }
            if isHolder { directory.readGroup(number, into: &batch.builder) }
        }
    }
}
