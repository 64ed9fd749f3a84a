internal import DirectoryModel
internal import LDAPClient

/// The searches by which a list of changes and the entries on it are read: those of a connection, or of a model of a server.
protocol ChangeSearches {
    /// What the server said of itself when it was connected to.
    var detected: DetectedServer { get }

    /// What it says of itself now.
    func detect() throws(PullFailure) -> DetectedServer

    /// The values of some attributes of one entry; nil when there is no such entry or it may not be seen.
    func read(_ base: String, _ attributes: [String]) throws(PullFailure) -> [[[UInt8]]]?

    /// Runs a search, however the server ends it.
    func search(
        _ search: SearchRequest, _ each: (borrowing EntryView) throws(BERFault) -> Void
    ) throws(PullFailure) -> SearchEnd

    /// Runs a search whose answer must be whole.
    func run(_ search: SearchRequest, _ each: (borrowing EntryView) throws(BERFault) -> Void) throws(PullFailure)

    /// Runs a search over a suffix; false where its answer leaves a part out.
    func runOverSuffix(
        _ search: SearchRequest, _ each: (borrowing EntryView) throws(BERFault) -> Void
    ) throws(PullFailure) -> Bool

    /// All of an entry that came with only some of its values.
    func whole(_ entry: PartialEntry, _ attributes: [String]) throws(PullFailure) -> EntryCopy
}

/// The searches of a source on its connection.
struct ConnectionSearches: ChangeSearches {
    let source: LDAPSource
    let beginning: LDAPSource.Beginning

    private var connection: LDAPConnection { beginning.connection }

    init(_ source: LDAPSource, _ beginning: LDAPSource.Beginning) {
        self.source = source
        self.beginning = beginning
    }

    var detected: DetectedServer { beginning.detected }

    func detect() throws(PullFailure) -> DetectedServer {
        try source.attempt { () throws(LDAPError) in try DetectedServer.ask(connection) }
    }

    func read(_ base: String, _ attributes: [String]) throws(PullFailure) -> [[[UInt8]]]? {
        try source.attempt { () throws(LDAPError) in try connection.read(base, attributes) }
    }

    func search(
        _ search: SearchRequest, _ each: (borrowing EntryView) throws(BERFault) -> Void
    ) throws(PullFailure) -> SearchEnd {
        try source.attempt { () throws(LDAPError) in try connection.search(search, each) }
    }

    func run(_ search: SearchRequest, _ each: (borrowing EntryView) throws(BERFault) -> Void) throws(PullFailure) {
        try source.run(beginning, search, each)
    }

    func runOverSuffix(
        _ search: SearchRequest, _ each: (borrowing EntryView) throws(BERFault) -> Void
    ) throws(PullFailure) -> Bool {
        try source.runOverSuffix(connection, search, each)
    }

    func whole(_ entry: PartialEntry, _ attributes: [String]) throws(PullFailure) -> EntryCopy {
        try source.whole(entry, connection, attributes)
    }
}
