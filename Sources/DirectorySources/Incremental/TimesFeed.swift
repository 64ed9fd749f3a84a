internal import DirectoryModel
internal import LDAPClient

/// What changed by the time that servers keep of every entry (`modifyTimestamp`, RFC 4512 §3.4): the way where there is no other.
///
/// It tells who is new and who changed, and nothing of who is gone: that waits for the next full pull. Clocks differ, and entries of the last
/// hour before the mark are read again every time. Whoever was restored with an old time is found by the next full pull.
final class TimesFeed: ChangeFeed {
    /// Clocks of servers may be behind by as much; in seconds.
    static let overlap: Int64 = 3600

    private let questions: EntryQuestions
    private let suffixes: [String]
    private let now: Int64
    /// From when on this reading looks.
    private var start: Int64?
    /// The time of each entry that was told already.
    private var told: [ImmutableID: [UInt8]] = [:]

    init(_ questions: EntryQuestions, suffixes: [String], now: Int64) {
        self.questions = questions
        self.suffixes = suffixes
        self.now = now
    }

    /// The time of a run as a mark; nil where it has none.
    static func start(_ now: Int64?) -> [UInt8]? { now.map { Array("\($0)".utf8) } }

    func changes(since mark: [UInt8]) throws(PullFailure) -> FeedAnswer {
        guard let since = WireNumber.signed(mark), since > 0 else {
            return .doubt("the position of the last run cannot be read")
        }
        guard since <= now else { return .doubt("the clock is behind that of the last run") }
        if start == nil, try !showsTimes() { return .doubt("the server shows no `modifyTimestamp`") }
        let first = start ?? since - TimesFeed.overlap
        start = first
        guard let time = GeneralizedTime.text(first) else {
            return .doubt("the position of the last run cannot be read")
        }
        var ids = ChangedIDs()
        try read(.atLeast("modifyTimestamp", Array(time.utf8)), &ids)
        return .changes(ids, mark: Array("\(now)".utf8))
    }

    /// Whether times are kept and shown: without them it looks as if nothing ever changed.
    private func showsTimes() throws(PullFailure) -> Bool {
        let connection = questions.beginning.connection
        for base in try questions.settings.bases(questions.settings.people) {
            let values = try questions.source.attempt { () throws(LDAPError) in
                try connection.read(base.text, ["modifyTimestamp"])
            }
            guard values?[0].isEmpty == false else { return false }
        }
        return true
    }

    /// Reads whoever a filter finds below the suffixes, or below the bases where not all of a suffix can be searched: who left them waits for the
    /// next full pull then.
    private func read(_ filter: LDAPFilter, _ ids: inout ChangedIDs) throws(PullFailure) {
        let (source, settings, connection) = (questions.source, questions.settings, questions.beginning.connection)
        let syntax = IDSyntax(attribute: settings.attributes.id)
        var names = AttributeNames([settings.attributes.id, "modifyTimestamp"])
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
            guard let id, told.updateValue(time, forKey: id) != time else { return }
            ids.take(id, isDeletion: false)
        }
        var isWhole = true
        for suffix in suffixes {
            let search = SearchRequest(
                base: suffix, filter: filter, attributes: names.names, pageSize: settings.dialect.pageSize)
            if try !source.runOverSuffix(connection, search, take) { isWhole = false }
        }
        guard !isWhole else { return }
        for unit in try source.refreshUnits() where unit.kind == .containers {
            let search = SearchRequest(
                base: unit.base, filter: filter, attributes: names.names, pageSize: settings.dialect.pageSize)
            try source.run(questions.beginning, search, take)
        }
    }
}
