internal import DirectoryModel

/// What the reading of changes asks of a server that keeps searches up to date: a connection, or a model of one.
protocol ChangeServer: AnyObject {
    /// Asks for what changed in a search since its mark; entries of people and groups go into the batch as they come.
    func refresh(
        _ unit: RefreshUnit, since mark: [UInt8], into batch: inout ChangeBatch
    ) throws(PullFailure) -> SyncRefresh.Outcome

    /// The time of this reading, in seconds since 1970, by the agent's clock, where marks have to age: where the server may name a change in a
    /// mark before it has logged it. Nil where it never does.
    var aging: Int64? { get }

    /// Where these entries are, by a read over everything that the server holds; who is not in the answer was not found.
    func locate(_ ids: [ImmutableID]) throws(PullFailure) -> LocatedEntries

    /// The ids of people and groups below an entry, at most so many; nil when there are more, or it cannot be told.
    func ids(below dn: [UInt8], atMost limit: Int) throws(PullFailure) -> Set<ImmutableID>?

    /// Reads the groups that have these entries as members into the batch.
    func groups(ofMembers dns: [[UInt8]], into batch: inout ChangeBatch) throws(PullFailure)

    /// The groups, of those that are read, that people have as their primary group under these numbers.
    func groups(withRelativeIDs ids: Set<UInt32>) throws(PullFailure) -> [UInt32: ImmutableID]

    /// The people who have one of these groups, which came in this reading, as their primary group.
    func people(ofPrimaryGroups groups: [ImmutableID]) throws(PullFailure) -> Set<ImmutableID>

    /// Whether somebody is seen to be in a role, by its DN.
    func hasPeople(inRole dn: [UInt8]) throws(PullFailure) -> Bool
}

/// Servers of which nobody is in a group by their own word, and whose log is never behind.
extension ChangeServer {
    var aging: Int64? { nil }
    func groups(withRelativeIDs ids: Set<UInt32>) throws(PullFailure) -> [UInt32: ImmutableID] { [:] }
    func people(ofPrimaryGroups groups: [ImmutableID]) throws(PullFailure) -> Set<ImmutableID> { [] }
    func hasPeople(inRole dn: [UInt8]) throws(PullFailure) -> Bool { true }
}

/// Entries that came, of all searches and rounds; of an entry that came several times the last counts.
struct ChangeBatch {
    var builder: MirrorBuilder
    var containers: [ContainerEntry] = []
    /// Of people who came, the ways of being disabled of which they show the attribute, whatever it says.
    var told: [ImmutableID: Set<PersonState>] = [:]
}

/// An entry that others stand under, and the hash of its DN.
struct ContainerEntry: Equatable {
    var id: ImmutableID
    var dn: [UInt8]
    var name: DNHash
}

/// An entry that a read by id found.
struct LocatedEntry: Equatable {
    /// For display.
    var dn: String
    var name: DNHash
    /// Whether it is one of the people, the groups, that a full pull would read.
    var isPerson: Bool
    var isGroup: Bool
    var state: PersonState
}

/// What a read by id found.
struct LocatedEntries {
    private var entries: [ImmutableID: LocatedEntry] = [:]
    /// Why whoever is not among them may be there all the same; nil where the answer is whole.
    var doubt: String?

    subscript(_ id: ImmutableID) -> LocatedEntry? {
        get { entries[id] }
        set { entries[id] = newValue }
    }
}

/// Why a reading of changes gives up in favor of a full pull.
struct ChangeDoubt: Error, Equatable {
    /// One sentence, lower-case, without its period.
    var text: String
}
