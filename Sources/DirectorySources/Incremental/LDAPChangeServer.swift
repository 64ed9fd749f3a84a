internal import DirectoryModel
internal import LDAPClient

/// An LDAP server that keeps searches up to date by content synchronization (RFC 4533).
final class LDAPChangeServer: ChangeServer {
    private let source: LDAPSource
    private let beginning: LDAPSource.Beginning
    private let method: LDAPSource.ChangeMethod
    private let suffixes: [String]
    private var people: PersonReader
    private var groups: GroupReader
    private var containers: ContainerReader

    private var settings: SourceSettings { source.settings.source }

    init(
        _ source: LDAPSource, _ beginning: LDAPSource.Beginning, _ request: IncrementalRequest,
        _ method: LDAPSource.ChangeMethod
    ) throws(PullFailure) {
        self.source = source
        self.beginning = beginning
        self.method = method
        let settings = source.settings.source
        suffixes = source.suffixes(
            beginning.detected, try settings.bases(settings.people) + settings.bases(settings.groups))
        people = PersonReader(settings, trusted: request.pull.attributes, now: request.pull.now)
        groups = GroupReader(settings)
        containers = ContainerReader(settings, request.mirror.key)
    }

    // MARK: Changes

    func refresh(
        _ unit: RefreshUnit, since mark: [UInt8], into batch: inout ChangeBatch
    ) throws(PullFailure) -> SyncRefresh.Outcome {
        var refresh: SyncRefresh
        do throws(SyncDoubt) { refresh = try SyncRefresh(since: mark, method.server) } catch {
            return .fullPullNeeded(error)
        }
        var doubt: SyncDoubt?
        let search = SearchRequest(
            base: unit.base, filter: filter(unit.kind), attributes: attributes(unit.kind),
            controls: [RequestControl(SyncControls.request, value: refresh.request)])
        let connection = beginning.connection
        let end = try source.attempt { () throws(LDAPError) in
            try connection.search(
                search,
                intermediate: { (message) throws(BERFault) in
                    guard message.oid == SyncControls.info, let value = message.value else { return }
                    refresh.take(try LDAPChangeServer.read(value, SyncInfo.init))
                }
            ) { (entry) throws(BERFault) in
                let state = try entry.withControl(SyncControls.state) { value throws(BERFault) in try SyncState(value) }
                if try !take(entry, unit.kind, state, &refresh, &batch) { doubt = .partialValues }
            }
        }
        let done: SyncDone?
        do throws(BERFault) {
            done = try end.controls.value(of: SyncControls.done).map { value throws(BERFault) in
                try LDAPChangeServer.read(value, SyncDone.init)
            }
        } catch { return .fullPullNeeded(.resultWithoutState) }
        let outcome = refresh.end(code: end.code, done)
        switch outcome {
        case .fullPullNeeded: return outcome
        case .failed, .changes:
            try settings.checkWhole(
                end, search, connection.server, harmless: ForestReferences(beginning.detected.domain))
        }
        return doubt.map { .fullPullNeeded($0) } ?? outcome
    }

    /// Takes an entry with its state; false when it came with only some of its values.
    private func take(
        _ entry: borrowing EntryView, _ kind: RefreshUnit.Kind, _ state: SyncState?, _ refresh: inout SyncRefresh,
        _ batch: inout ChangeBatch
    ) throws(BERFault) -> Bool {
        switch kind {
        case .people:
            people.start(dn: entry.dn)
            let isRanged = try people.read(entry)
            var draft = people.finish()
            guard refresh.take(state, id: draft.immutableID) else { return true }
            people.add(&draft, to: &batch.builder)
            return !isRanged
        case .groups:
            groups.start(dn: entry.dn)
            let isRanged = try groups.read(entry)
            guard refresh.take(state, id: groups.id) else { return true }
            groups.finish(&batch.builder)
            return !isRanged
        case .containers:
            let container = try containers.read(entry)
            guard refresh.take(state, id: container?.id), let container else { return true }
            batch.containers.append(container)
            return true
        }
    }

    private func filter(_ kind: RefreshUnit.Kind) -> LDAPFilter {
        switch kind {
        case .people: settings.peopleFilter
        case .groups: settings.groupFilter
        case .containers: ContainerReader.filter
        }
    }

    private func attributes(_ kind: RefreshUnit.Kind) -> [String] {
        switch kind {
        case .people: people.names.names
        case .groups: groups.names.names
        case .containers: containers.names.names
        }
    }

    private static func read<Value>(
        _ bytes: [UInt8], _ make: (UnsafeRawBufferPointer) throws(BERFault) -> Value
    ) throws(BERFault) -> Value {
        let made: Result<Value, BERFault> = bytes.withUnsafeBytes { buffer in
            Result { () throws(BERFault) in try make(buffer) }
        }
        return try made.get()
    }

    // MARK: Reads

    func locate(_ ids: [ImmutableID]) throws(PullFailure) -> [ImmutableID: LocatedEntry] {
        let attribute = settings.attributes.id
        let filter = LDAPFilter.or(ids.flatMap { IDFilter.alternatives(attribute, $0) })
        let inScope = (
            people: try idsFound(try settings.bases(settings.people), .and([settings.peopleFilter, filter])),
            groups: try idsFound(try settings.bases(settings.groups), .and([settings.groupFilter, filter]))
        )
        var found: [ImmutableID: LocatedEntry] = [:]
        for suffix in suffixes {
            let search = SearchRequest(base: suffix, filter: filter, attributes: people.names.names)
            try source.run(beginning, search) { (entry) throws(BERFault) in
                people.start(dn: entry.dn)
                _ = try people.read(entry)
                let draft = people.finish()
                guard let id = draft.immutableID, let name = containers.hash(entry.dn) else { return }
                found[id] = LocatedEntry(
                    dn: ServerText.escaped(entry.dn), name: name, isPerson: inScope.people.contains(id),
                    isGroup: inScope.groups.contains(id), state: draft.state)
            }
        }
        return found
    }

    private func idsFound(_ bases: [Base], _ filter: LDAPFilter) throws(PullFailure) -> Set<ImmutableID> {
        var found: Set<ImmutableID> = []
        for base in bases {
            try eachID(SearchRequest(base: base.text, filter: filter)) { id, _ in found.insert(id) }
        }
        return found
    }

    func ids(below dn: [UInt8], atMost limit: Int) throws(PullFailure) -> Set<ImmutableID>? {
        guard let base = String(validating: dn, as: UTF8.self) else { return nil }
        var found: Set<ImmutableID> = []
        let own = dn.withUnsafeBytes { containers.hash($0) }
        let filter = LDAPFilter.or([settings.peopleFilter, settings.groupFilter])
        try eachID(SearchRequest(base: base, filter: filter)) { id, name in
            if name != own, found.count <= limit { found.insert(id) }
        }
        return found.count > limit ? nil : found
    }

    private func eachID(_ search: SearchRequest, _ body: (ImmutableID, DNHash) -> Void) throws(PullFailure) {
        var search = search
        search.attributes = containers.names.names
        search.pageSize = settings.dialect.pageSize
        try source.run(beginning, search) { (entry) throws(BERFault) in
            if let container = try containers.read(entry) { body(container.id, container.name) }
        }
    }
}
