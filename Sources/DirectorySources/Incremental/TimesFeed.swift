internal import DirectoryModel
internal import LDAPClient

/// What changed by the time that servers keep of every entry (`modifyTimestamp`, RFC 4512 §3.4): the way where there is no other.
///
/// It tells who is new and who changed, and nothing of who is gone: that waits for the next full pull. A mark is the newest time that any changed entry had,
/// so the agent's clock decides next to nothing; clocks of servers differ, and entries of the last hour before the mark are read again every time. Whoever was
/// restored with an old time is found by the next full pull.
final class TimesFeed: ChangeFeed {
    /// Clocks of servers may be behind by as much; in seconds.
    static let overlap: Int64 = 3600
    /// By as much the clock of the agent may be ahead when it reads everything; in seconds.
    private static let week: Int64 = 7 * 86_400

    private let questions: EntryQuestions
    private let now: Int64
    /// From when on this reading looks.
    private var start: Int64?
    /// The time of each entry that was told already.
    private var told: [ImmutableID: [UInt8]] = [:]

    init(_ questions: EntryQuestions, now: Int64) {
        self.questions = questions
        self.now = now
    }

    /// The mark of a full pull at this time: a week before it, so that the clock of the agent may be ahead, and nothing has to be read for it.
    ///
    /// The first reading of changes takes in a week, and goes on from the newest time that it finds.
    static func start(at now: Int64) -> [UInt8] { Array("\(now - week)".utf8) }

    /// The later of a time and the newest so far; one that is not yet, by more than clocks differ, is no time.
    private static func newer(_ time: [UInt8], _ newest: Int64, _ now: Int64) -> Int64 {
        guard let seconds = GeneralizedTime.seconds(time), seconds <= now + overlap else { return newest }
        return max(seconds, newest)
    }

    func changes(since mark: [UInt8]) throws(PullFailure) -> FeedAnswer {
        guard let since = WireNumber.signed(mark), since > 0 else {
            return .doubt("the position of the last run cannot be read")
        }
        guard since <= now + TimesFeed.overlap else { return .doubt("the clock is behind that of the last run") }
        if start == nil, try !showsTimes() { return .doubt("the server shows no `modifyTimestamp`") }
        let first = start ?? since - TimesFeed.overlap
        start = first
        guard let time = GeneralizedTime.text(first) else {
            return .doubt("the position of the last run cannot be read")
        }
        var ids = ChangedIDs()
        var newest = since
        let filter = LDAPFilter.atLeast("modifyTimestamp", Array(time.utf8))
        do throws(PullFailure) {
            try read(filter) { id, time in
                newest = TimesFeed.newer(time, newest, now)
                guard let id, told.updateValue(time, forKey: id) != time else { return }
                ids.take(id, isDeletion: false)
            }
        } catch {
            guard error.kind == .incomplete, !error.isTransient else { throw error }
            return .doubt("not all times of changes can be read: \(error.message)")
        }
        return .changes(ids, mark: Array("\(newest)".utf8))
    }

    /// Whether times are kept and shown: without them it looks as if nothing ever changed.
    private func showsTimes() throws(PullFailure) -> Bool {
        for base in try questions.settings.bases(questions.settings.people) {
            let values = try questions.searches.read(base.text, ["modifyTimestamp"])
            guard values?[0].isEmpty == false else { return false }
        }
        return true
    }

    /// Reads ids and times of what a filter finds below the suffixes, or below the bases where not all of a suffix can be searched: who left them
    /// waits for the next full pull then.
    private func read(_ filter: LDAPFilter, _ each: (ImmutableID?, [UInt8]) -> Void) throws(PullFailure) {
        let settings = questions.settings
        let syntax = IDSyntax(attribute: settings.attributes.id)
        var names = AttributeNames([settings.attributes.id, "modifyTimestamp"])
        let attributes = names.names
        func take(_ entry: borrowing EntryView) throws(BERFault) {
            var id: ImmutableID?
            var time: [UInt8] = []
            names.startEntry()
            var cursor = entry.cursor
            while var attribute = try cursor.next() {
                guard case .known(let place) = names.match(attribute.name) else { continue }
                while let value = try attribute.values.next() {
                    if place == 0 { id = syntax.id(value) } else { time = Array(value) }
                }
            }
            each(id, time)
        }
        func search(_ base: String) -> SearchRequest {
            SearchRequest(base: base, filter: filter, attributes: attributes, pageSize: settings.dialect.pageSize)
        }
        var isWhole = true
        for suffix in questions.suffixes where try !questions.searches.runOverSuffix(search(suffix), take) {
            isWhole = false
        }
        guard !isWhole else { return }
        for unit in try questions.source.refreshUnits() where unit.kind == .containers {
            try questions.searches.run(search(unit.base), take)
        }
    }
}
