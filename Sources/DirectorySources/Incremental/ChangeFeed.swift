internal import DirectoryModel
internal import LDAPClient

/// Tells which entries changed in any way: were made, changed, renamed, moved or removed, within what is read or outside of it.
protocol ChangeFeed: AnyObject {
    /// Everything since a mark, and the mark for the next time.
    func changes(since mark: [UInt8]) throws(PullFailure) -> FeedAnswer
}

/// What a feed tells.
enum FeedAnswer: Equatable {
    case changes(ChangedIDs, mark: [UInt8])
    /// It cannot tell everything; one sentence.
    case doubt(String)
}

/// The entries of which a feed tells.
struct ChangedIDs: Equatable {
    /// All of them.
    private(set) var all: Set<ImmutableID> = []
    /// Those whose last change was their deletion, in the server's own words.
    private(set) var deleted: Set<ImmutableID> = []

    /// Takes one change; they come in their order.
    mutating func take(_ id: ImmutableID, isDeletion: Bool) {
        all.insert(id)
        if isDeletion { deleted.insert(id) } else { deleted.remove(id) }
    }
}

/// A server that tells the ids of what changed: every entry is read anew, and whoever is not found where it was is looked for.
///
/// So nothing depends on what the server says about a change, only on its naming the entry; but whoever is found nowhere is gone only if the
/// server said that it was deleted: it may be hidden from the account.
final class FeedServer: ChangeServer {
    private let feed: any ChangeFeed
    private let questions: EntryQuestions
    private let mirror: any MirrorLookup
    private let containers: Set<ImmutableID>
    /// The answer of this round, which all searches share.
    private var last: (mark: [UInt8], answer: FeedAnswer, units: Set<RefreshUnit>)?

    /// Who came in earlier rounds, and is to be taken back when no longer found.
    private var read: [RefreshUnit.Kind: Set<ImmutableID>] = [:]

    /// More than this is read faster as a whole.
    static let mostChanges = 50_000

    init(
        _ feed: any ChangeFeed, _ questions: EntryQuestions, _ mirror: any MirrorLookup,
        containers: Set<ImmutableID>
    ) {
        self.feed = feed
        self.questions = questions
        self.mirror = mirror
        self.containers = containers
    }

    func refresh(
        _ unit: RefreshUnit, since mark: [UInt8], into batch: inout ChangeBatch
    ) throws(PullFailure) -> SyncRefresh.Outcome {
        switch try answer(unit, mark) {
        case .doubt(let text): return .fullPullNeeded(.other(text))
        case .changes(let told, let next):
            let ids = told.all
            guard ids.count <= FeedServer.mostChanges else { return .fullPullNeeded(.other("very much changed")) }
            let found = ids.isEmpty ? [] : try questions.read(ids, unit, into: &batch)
            let before = read[unit.kind] ?? []
            read[unit.kind] = before.union(found)
            var missing = ids.intersection(before).subtracting(found)
            for id in ids.subtracting(found) {
                guard let isKnown = try? isKnown(id, unit.kind) else { return .fullPullNeeded(.brokenMirror) }
                if isKnown { missing.insert(id) }
            }
            return .changes(
                SyncRefresh.Change(
                    mode: ids.isEmpty ? .none : .delete, changed: found, seen: found,
                    deleted: missing.intersection(told.deleted), missing: missing.subtracting(told.deleted),
                    cookie: next))
        }
    }

    /// One question serves all searches of a round.
    private func answer(_ unit: RefreshUnit, _ mark: [UInt8]) throws(PullFailure) -> FeedAnswer {
        if let last, last.mark == mark, !last.units.contains(unit) {
            self.last?.units.insert(unit)
            return last.answer
        }
        let answer = try feed.changes(since: mark)
        last = (mark, answer, [unit])
        return answer
    }

    private func isKnown(_ id: ImmutableID, _ kind: RefreshUnit.Kind) throws -> Bool {
        switch kind {
        case .people: try mirror.person(id) != nil
        case .groups: try mirror.group(id) != nil
        case .containers: containers.contains(id)
        }
    }

    func locate(_ ids: [ImmutableID]) throws(PullFailure) -> LocatedEntries { try questions.locate(ids) }

    func ids(below dn: [UInt8], atMost limit: Int) throws(PullFailure) -> Set<ImmutableID>? {
        try questions.ids(below: dn, atMost: limit)
    }

    func groups(ofMembers dns: [[UInt8]], into batch: inout ChangeBatch) throws(PullFailure) {
        try questions.readGroups(ofMembers: dns, into: &batch)
    }

    func groups(withRelativeIDs ids: Set<UInt32>) throws(PullFailure) -> [UInt32: ImmutableID] {
        try questions.groups(withRelativeIDs: ids)
    }

    func people(ofPrimaryGroups groups: [ImmutableID]) throws(PullFailure) -> Set<ImmutableID> {
        try questions.people(ofPrimaryGroups: groups)
    }

    func hasPeople(inRole dn: [UInt8]) throws(PullFailure) -> Bool { try questions.hasPeople(inRole: dn) }
}
