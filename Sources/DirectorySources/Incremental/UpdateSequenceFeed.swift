internal import DirectoryModel
internal import LDAPClient

/// What changed in Active Directory by the number that every change gets (`uSNChanged`): needs no right, but one to see deleted objects.
///
/// Removals that the account may not see are not told, and no answer says so; they wait for the next full pull. Whoever is told is looked for
/// by id all the same.
final class UpdateSequenceFeed: ChangeFeed {
    private let questions: EntryQuestions
    private let context: String
    /// The number of each entry that was told, as far back as is read again.
    private var told: [ImmutableID: Int64] = [:]
    /// How far the server was at which moment: what had its number before a while can be read by now.
    private var stood: [(moment: ContinuousClock.Instant, number: Int64)] = []

    /// No update takes so long from its number to its end.
    private static let inFlight: Duration = .seconds(120)

    init(_ questions: EntryQuestions, _ domain: DetectedServer.Domain) {
        self.questions = questions
        context = domain.context
    }

    static func start(_ domain: DetectedServer.Domain) -> [UInt8]? {
        guard let database = domain.database, let number = domain.sequence else { return nil }
        return UpdateSequence(database: database, number: number).bytes
    }

    func changes(since mark: [UInt8]) throws(PullFailure) -> FeedAnswer {
        guard let known = UpdateSequence(mark) else { return .doubt("the position of the last run cannot be read") }
        guard let domain = try questions.searches.detect().domain, let database = domain.database,
            let number = domain.sequence
        else {
            return .doubt("the domain controller does not say how far its data have come")
        }
        let now = UpdateSequence(database: database, number: number)
        var first: Int64
        do throws(ChangeDoubt) { first = try known.start(now: now) } catch {
            return .doubt(error.text)
        }
        let moment = ContinuousClock.now
        if let old = stood.lastIndex(where: { $0.moment + UpdateSequenceFeed.inFlight <= moment }) {
            first = max(first, stood[old].number)
            stood.removeFirst(old)
        }
        told = told.filter { $0.value >= first }
        var ids = ChangedIDs()
        let since = LDAPFilter.atLeast("uSNChanged", Array("\(first)".utf8))
        let deleted = LDAPFilter.and([since, .equal("isDeleted", "TRUE")])
        guard try read(since, areDeleted: false, &ids), try read(deleted, areDeleted: true, &ids) else {
            return .doubt("the changes of the whole domain cannot be read")
        }
        stood.append((moment, number))
        return .changes(ids, mark: now.bytes)
    }

    /// False where the answer leaves a part of the domain out.
    private func read(
        _ filter: LDAPFilter, areDeleted: Bool, _ ids: inout ChangedIDs
    ) throws(PullFailure) -> Bool {
        var names = AttributeNames(["objectGUID", "uSNChanged"])
        var search = SearchRequest(
            base: context, filter: filter, attributes: names.names, pageSize: questions.settings.dialect.pageSize)
        if areDeleted { search.controls = [RequestControl(ControlType.showDeleted)] }
        return try questions.searches.runOverSuffix(search) { (entry) throws(BERFault) in
            var id: ImmutableID?
            var number: Int64?
            names.startEntry()
            var cursor = entry.cursor
            while var attribute = try cursor.next() {
                guard case .known(let place) = names.match(attribute.name) else { continue }
                while let value = try attribute.values.next() {
                    if place == 0 { id = ImmutableID(objectGUID: value) } else { number = WireNumber.signed(value) }
                }
            }
            guard let id, number == nil || told.updateValue(number ?? 0, forKey: id) != number else { return }
            ids.take(id, isDeletion: areDeleted)
        }
    }
}
