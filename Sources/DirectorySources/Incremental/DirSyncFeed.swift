internal import DirectoryModel
internal import LDAPClient

/// Active Directory's own list of what changed, removals included, for an account that has the right to replicate.
///
/// Only ids are taken from it; every entry is then read as a full pull reads it. So an attribute that was cleared, the order in which
/// changes come and values in parts need no care of their own.
final class DirSyncFeed: ChangeFeed {
    private let questions: EntryQuestions
    private let context: String

    /// One answer never takes more parts than this.
    private static let mostParts = 10_000

    init(_ questions: EntryQuestions, _ domain: DetectedServer.Domain) {
        self.questions = questions
        context = domain.context
    }

    /// The mark of this moment, got by asking for changes of nothing; nil where the account has not the right.
    static func start(
        _ searches: any ChangeSearches, _ domain: DetectedServer.Domain
    ) throws(PullFailure) -> [UInt8]? {
        var cookie: [UInt8] = []
        for _ in 0..<mostParts {
            let answer = try ask(
                searches, domain.context, cookie, ["objectGUID"],
                .equal("objectGUID", [UInt8](repeating: 0, count: 16))
            ) { _ in }
            guard let answer, DirSyncControl.isCookie(answer.cookie) else { return nil }
            cookie = answer.cookie
            if !answer.hasMore { return cookie }
        }
        return nil
    }

    /// Attributes whose change is a change of anything that is read: an entry is only told if one of these changed, so those that filters test
    /// belong to them.
    private var attributes: [String] {
        let settings = questions.settings
        let all =
            questions.attributes(.people) + questions.attributes(.groups) + settings.peopleFilter.types
            + settings.groupFilter.types + ["name", "parentGUID", "isDeleted", "objectClass", "objectCategory"]
        var seen: Set<String> = []
        return all.filter { seen.insert($0.lowercased()).inserted }
    }

    func changes(since mark: [UInt8]) throws(PullFailure) -> FeedAnswer {
        guard DirSyncControl.isCookie(mark) else { return .doubt("the position of the last run cannot be read") }
        var ids = ChangedIDs()
        var unidentified = 0
        var cookie = mark
        var names = AttributeNames(["objectGUID", "isDeleted"])
        for _ in 0..<DirSyncFeed.mostParts {
            let answer = try DirSyncFeed.ask(questions.searches, context, cookie, attributes, .present("objectClass")) {
                (entry) throws(BERFault) in
                if !(try DirSyncFeed.take(entry, &names, into: &ids)) { unidentified += 1 }
            }
            guard let answer, DirSyncControl.isCookie(answer.cookie) else {
                return .doubt("the server no longer tells changes by the position of the last run")
            }
            guard unidentified == 0 else { return .doubt("the server told of changes without saying whose") }
            guard ids.all.count <= FeedServer.mostChanges else { return .doubt("very much changed") }
            cookie = answer.cookie
            if !answer.hasMore { return .changes(ids, mark: cookie) }
        }
        return .doubt("very much changed")
    }

    /// One part of the answer; nil when the server refuses.
    private static func ask(
        _ searches: any ChangeSearches, _ context: String, _ cookie: [UInt8], _ attributes: [String],
        _ filter: LDAPFilter, _ each: (borrowing EntryView) throws(BERFault) -> Void
    ) throws(PullFailure) -> DirSyncControl.Answer? {
        let search = SearchRequest(
            base: context, filter: filter, attributes: attributes,
            controls: [DirSyncControl.request(cookie: cookie)])
        let end = try searches.search(search, each)
        guard end.code == 0, let value = end.controls.value(of: DirSyncControl.oid) else { return nil }
        return value.withUnsafeBytes { try? DirSyncControl.answer($0) }
    }

    /// Takes an entry; false when it does not say whose change it is.
    private static func take(
        _ entry: borrowing EntryView, _ names: inout AttributeNames, into ids: inout ChangedIDs
    ) throws(BERFault) -> Bool {
        var id: ImmutableID?
        var isDeleted = false
        names.startEntry()
        var cursor = entry.cursor
        while var attribute = try cursor.next() {
            guard case .known(let place) = names.match(attribute.name) else { continue }
            while let value = try attribute.values.next() {
                if place == 0 {
                    id = ImmutableID(objectGUID: value)
                } else {
                    isDeleted = value.elementsEqual("TRUE".utf8)
                }
            }
        }
        guard let id else { return false }
        ids.take(id, isDeletion: isDeleted)
        return true
    }
}
