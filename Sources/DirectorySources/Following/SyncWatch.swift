internal import DirectoryModel
internal import LDAPClient

/// OpenLDAP's searches that do not end (RFC 4533 §3.4, refreshAndPersist): one for each base of people, on one connection.
final class SyncWatch: ServerWatch {
    private(set) var marks: FollowerMarks
    private let source: LDAPSource
    private let connection: LDAPConnection
    private var people: PersonReader
    /// The time by which accounts have ended or not.
    private var now: Int64 = 0
    private var searches: [(unit: RefreshUnit, search: BegunSearch)] = []

    /// Changes that come within so short a time are told together.
    private static let silence: Duration = .milliseconds(100)
    /// What ended the watch after somebody had been found; told when they have been.
    private var ending: FollowerNews?

    init(
        _ source: LDAPSource, _ beginning: LDAPSource.Beginning, _ marks: FollowerMarks
    ) throws(PullFailure) {
        self.source = source
        self.marks = marks
        connection = beginning.connection
        people = PersonReader(source.settings.source, trusted: [], now: nil)
        for unit in try source.refreshUnits() where unit.kind == .people {
            guard let mark = marks[unit] else { continue }
            let control = RequestControl(SyncControls.request, value: SyncControls.refreshAndPersist(cookie: mark))
            let search = SearchRequest(
                base: unit.base, filter: source.settings.source.peopleFilter, attributes: people.names.names,
                controls: [control])
            let connection = connection
            let begun = try source.attempt { () throws(LDAPError) in try connection.begin(search) }
            searches.append((unit, begun))
        }
    }

    /// Such a search lives for as long as its connection.
    var isWornOut: Bool { false }

    deinit { for (_, search) in searches { connection.abandon(search) } }

    func watch(for wait: Duration, now: Int64) -> FollowerNews {
        if let ending { return ending }
        let end = ContinuousClock.now.advanced(by: wait)
        self.now = now
        var found: Set<ImmutableID> = []
        do throws(LDAPError) {
            repeat {
                for place in searches.indices {
                    if let news = try take(place, until: end, &found) { return told(found, before: news) }
                }
            } while found.isEmpty && ContinuousClock.now < end
        } catch {
            return told(found, before: .lost(source.settings.source.failure(error)))
        }
        return told(found, before: nil)
    }

    /// Whoever was found comes first: the marks are behind them already.
    private func told(_ found: Set<ImmutableID>, before news: FollowerNews?) -> FollowerNews {
        guard !found.isEmpty else { return news ?? .quiet }
        ending = news
        return .disabled(found)
    }

    /// Takes in what comes of one search; nil while it goes on.
    private func take(
        _ place: Int, until end: ContinuousClock.Instant, _ found: inout Set<ImmutableID>
    ) throws(LDAPError) -> FollowerNews? {
        var mark = marks[searches[place].unit]
        defer { marks[searches[place].unit] = mark }
        let following = try connection.follow(
            &searches[place].search, silence: SyncWatch.silence, end: end,
            intermediate: { (message) throws(BERFault) in
                guard message.oid == SyncControls.info, let value = message.value else { return }
                if let cookie = try SyncWatch.cookie(of: value) { mark = SyncWatch.mark(mark, and: cookie) }
            },
            { (entry) throws(BERFault) in
                let state = try entry.withControl(SyncControls.state) { value throws(BERFault) in
                    (try SyncState(value).kind, try SyncState.cookie(value))
                }
                if let state, state.0 == .add || state.0 == .modify, let id = try disabled(entry) { found.insert(id) }
                if let cookie = state?.1 { mark = SyncWatch.mark(mark, and: cookie) }
            })
        switch following {
        case .quiet, .stopped: return nil
        case .ended(let end): return news(of: end, place)
        }
    }

    /// The id of an entry that says that the person is disabled.
    private func disabled(_ entry: borrowing EntryView) throws(BERFault) -> ImmutableID? {
        people.start(dn: entry.dn)
        _ = try people.read(entry)
        let draft = people.finish()
        return draft.plainState.isEnabled && draft.expires > now ? nil : draft.immutableID
    }

    /// A search that the server ended: it does not know where we were, or it goes down.
    private func news(of end: SearchEnd, _ place: Int) -> FollowerNews {
        switch end.code {
        case SyncControls.refreshRequired: return .gap("the server no longer knows where following was")
        case 53: return .gap("following was further than the server is: it was restored, or is behind")
        default:
            let base = searches[place].unit.base
            let error = LDAPError(
                .failed(base: EntryText.shown(base)), server: connection.server.description, code: end.code,
                serverText: end.text)
            return .lost(source.settings.source.failure(error))
        }
    }

    /// The mark, further on by a cookie; one that names no change leads nowhere.
    static func mark(_ mark: [UInt8]?, and cookie: [UInt8]) -> [UInt8]? {
        guard let next = SyncCookie(cookie) else { return mark }
        return (mark.flatMap { SyncCookie($0) } ?? next).merged(with: next)
    }

    /// The cookie of a message that says up to where everything was told.
    static func cookie(of value: [UInt8]) throws(BERFault) -> [UInt8]? {
        let info: Result<SyncInfo, BERFault> = value.withUnsafeBytes { buffer in
            Result { () throws(BERFault) in try SyncInfo(buffer) }
        }
        switch try info.get() {
        case .newCookie(let cookie): return cookie
        case .refreshDelete(let cookie, _), .refreshPresent(let cookie, _): return cookie
        // Deletions come before the changes that were before them.
        case .idSet: return nil
        }
    }
}
