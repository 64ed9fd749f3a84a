internal import DirectoryModel
internal import LDAPClient

/// An LDAP server that keeps searches up to date by content synchronization (RFC 4533).
final class LDAPChangeServer: ChangeServer {
    private let questions: EntryQuestions
    private let beginning: LDAPSource.Beginning

    init(_ questions: EntryQuestions, _ beginning: LDAPSource.Beginning) {
        self.questions = questions
        self.beginning = beginning
    }

    // MARK: Changes

    /// slapd puts the number of a change into its cookies before its session log, or the database of its accesslog, has the change; it may
    /// also leave out a change of another provider that its cookie names, which comes with a number as old as the way was long.
    var aging: Int64? { questions.source.now }

    func refresh(
        _ unit: RefreshUnit, since mark: [UInt8], into batch: inout ChangeBatch
    ) throws(PullFailure) -> SyncRefresh.Outcome {
        var refresh: SyncRefresh
        do throws(SyncDoubt) { refresh = try SyncRefresh(since: mark) } catch {
            return .fullPullNeeded(error)
        }
        var doubt: SyncDoubt?
        let search = SearchRequest(
            base: unit.base, filter: questions.filter(unit.kind), attributes: questions.attributes(unit.kind),
            controls: [RequestControl(SyncControls.request, value: refresh.request)])
        let connection = beginning.connection
        let end = try questions.source.attempt { () throws(LDAPError) in
            try connection.search(
                search,
                intermediate: { (message) throws(BERFault) in
                    guard message.oid == SyncControls.info, let value = message.value else { return }
                    refresh.take(try LDAPChangeServer.read(value, SyncInfo.init))
                }
            ) { (entry) throws(BERFault) in
                let state = try entry.withControl(SyncControls.state) { value throws(BERFault) in try SyncState(value) }
                let isWhole = try questions.take(entry, unit.kind, &batch) { refresh.take(state, id: $0) }
                if !isWhole { doubt = .partialValues }
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
            try questions.settings.checkWhole(
                end, search, connection.server, harmless: ForestReferences(beginning.detected.domain))
        }
        return doubt.map { .fullPullNeeded($0) } ?? outcome
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

    func locate(_ ids: [ImmutableID]) throws(PullFailure) -> LocatedEntries { try questions.locate(ids) }

    func ids(below dn: [UInt8], atMost limit: Int) throws(PullFailure) -> Set<ImmutableID>? {
        try questions.ids(below: dn, atMost: limit)
    }

    func groups(ofMembers dns: [[UInt8]], into batch: inout ChangeBatch) throws(PullFailure) {
        try questions.readGroups(ofMembers: dns, into: &batch)
    }
}
