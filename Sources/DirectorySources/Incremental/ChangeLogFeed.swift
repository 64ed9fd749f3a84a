internal import DirectoryModel
internal import LDAPClient

/// The retro change log of 389 Directory Server: every change under a number, removals included.
///
/// Content synchronization of the same server loses removals, and who leaves the filter; its log loses nothing but what was trimmed, which
/// shows: the change that was read last must still be there, and no number may be missing after it. A log that was begun anew counts from
/// one again: the change under the number of the position must be the same change.
final class ChangeLogFeed: ChangeFeed {
    private static let base = "cn=changelog"
    private static let attributes = [
        "changeNumber", "targetDn", "targetUniqueId", "changeType", "newRdn", "newSuperior",
        "changeTime",
    ]

    private let questions: EntryQuestions
    private let mirror: any MirrorLookup
    /// Who was found under a name in this reading: newcomers whom the mirror does not know yet.
    private var found: [DNHash: ImmutableID] = [:]
    /// Without ids, a name tells who was deleted only as long as no name changed hands.
    private var keepsNames = true

    init(_ questions: EntryQuestions, _ mirror: any MirrorLookup) {
        self.questions = questions
        self.mirror = mirror
    }

    /// One change of the log.
    private struct Record {
        var number: Int64?
        var id: ImmutableID?
        var dn: [UInt8] = []
        var isDeletion = false
        var newRDN: [UInt8]?
        var newSuperior: [UInt8]?
        var time: [UInt8] = []

        /// What tells this change from another of the same number: what it was about, and when.
        private var fingerprint: String {
            let bytes = dn + [0] + time + [0, isDeletion ? 1 : 0] + (newRDN ?? [])
            let hash = bytes.withUnsafeBytes { DNHashKey(first: 1, second: 3).hash($0) }
            return String(hash.high, radix: 16) + "." + String(hash.low, radix: 16)
        }

        /// The position after this change.
        var mark: [UInt8]? { number.map { Array("\($0) \(fingerprint)".utf8) } }
    }

    /// Numbers are given before their changes can be read: so far the log may be behind itself.
    private static let inFlight: Int64 = 64

    /// The position after the last change before which none is in flight; nil where there is no log, or it may not be read.
    static func start(_ searches: any ChangeSearches) throws(PullFailure) -> [UInt8]? {
        guard let last = try lastNumber(searches), last > 0 else { return nil }
        var names = AttributeNames(attributes)
        var records: [Record] = []
        let search = SearchRequest(
            base: base, scope: .oneLevel, filter: .atLeast("changeNumber", Array("\(max(1, last - inFlight))".utf8)),
            attributes: names.names)
        let end = try searches.search(search) { (entry) throws(BERFault) in
            records.append(try read(entry, &names))
        }
        let numbers = Set(records.compactMap(\.number))
        guard end.isWhole, let lowest = numbers.min() else { return nil }
        let newest = beforeGap(numbers, from: lowest)
        return records.first { $0.number == newest }?.mark
    }

    private static func lastNumber(_ searches: any ChangeSearches) throws(PullFailure) -> Int64? {
        try searches.read("", ["lastChangeNumber"])?[0].first.flatMap { WireNumber.signed($0) }
    }

    func changes(since mark: [UInt8]) throws(PullFailure) -> FeedAnswer {
        guard let start = WireNumber.signed(mark.prefix { $0 != UInt8(ascii: " ") }), start > 0 else {
            return .doubt("the position of the last run cannot be read")
        }
        guard mark.contains(UInt8(ascii: " ")) else { return .doubt("an earlier version kept the position") }
        guard let last = try ChangeLogFeed.lastNumber(questions.searches) else {
            return .doubt("the server has no change log any more, or hides it")
        }
        let anew = FeedAnswer.doubt("the server's change log was begun anew")
        guard last >= start else { return anew }
        guard last - start <= Int64(FeedServer.mostChanges) * 4 else { return .doubt("very much changed") }
        var records: [Record] = []
        var names = AttributeNames(ChangeLogFeed.attributes)
        let search = SearchRequest(
            base: ChangeLogFeed.base, scope: .oneLevel, filter: .atLeast("changeNumber", Array("\(start)".utf8)),
            attributes: ChangeLogFeed.attributes)
        try questions.searches.run(search) { (entry) throws(BERFault) in
            records.append(try ChangeLogFeed.read(entry, &names))
        }
        guard let newest = ChangeLogFeed.newest(records.map(\.number), from: start, last: last) else {
            return .doubt("the server's change log no longer goes back to the last run")
        }
        guard records.contains(where: { $0.number == start && $0.mark == mark }),
            let end = records.first(where: { $0.number == newest })?.mark
        else { return anew }
        let told = records.filter { $0.number != start && $0.number ?? 0 <= newest }
            .sorted { $0.number ?? 0 < $1.number ?? 0 }
        if told.contains(where: { $0.newRDN != nil }) { keepsNames = false }
        var ids = ChangedIDs()
        for record in told {
            guard let found = try self.ids(record) else { return .doubt("the mirror of the last run cannot be read") }
            for id in found { ids.take(id, isDeletion: record.isDeletion && (record.id != nil || keepsNames)) }
        }
        return .changes(ids, mark: end)
    }

    /// The number up to which no change is missing; nil where one is that will not come any more.
    static func newest(_ told: [Int64?], from start: Int64, last: Int64) -> Int64? {
        let numbers = Set(told.compactMap { $0 })
        guard numbers.contains(start), numbers.count == told.count else { return nil }
        let newest = beforeGap(numbers, from: start)
        return max(last, numbers.max() ?? 0) - newest <= inFlight ? newest : nil
    }

    private static func beforeGap(_ numbers: Set<Int64>, from start: Int64) -> Int64 {
        var newest = start
        while newest < .max, numbers.contains(newest + 1) { newest += 1 }
        return newest
    }

    private static func read(_ entry: borrowing EntryView, _ names: inout AttributeNames) throws(BERFault) -> Record {
        var record = Record()
        names.startEntry()
        var cursor = entry.cursor
        while var attribute = try cursor.next() {
            guard case .known(let place) = names.match(attribute.name) else { continue }
            while let value = try attribute.values.next() {
                switch place {
                case 0: record.number = WireNumber.signed(value)
                case 1: record.dn = Array(value)
                case 2: record.id = ImmutableID(text: value)
                case 3: record.isDeletion = value.elementsEqual("delete".utf8)
                case 4: record.newRDN = Array(value)
                case 5: record.newSuperior = Array(value)
                case 6: record.time = Array(value)
                default: break
                }
            }
        }
        return record
    }

    /// The entries that a change is about: by its id, or by who has the DN and who had it; nil when the mirror cannot be read.
    private func ids(_ record: Record) throws(PullFailure) -> Set<ImmutableID>? {
        if let id = record.id { return [id] }
        var ids: Set<ImmutableID> = []
        if let name = questions.hash(record.dn) {
            do {
                if let id = try mirror.person(named: name) { ids.insert(id) }
                if let id = try mirror.group(named: name) { ids.insert(id) }
            } catch { return nil }
            if let id = found[name] { ids.insert(id) }
            if record.newRDN != nil { found[name] = nil }
        }
        for dn in [record.dn, ChangeLogFeed.newName(record)] {
            guard let dn, let text = String(validating: dn, as: UTF8.self) else { continue }
            guard let id = try questions.id(of: text) else { continue }
            ids.insert(id)
            if let name = questions.hash(dn) { found[name] = id }
        }
        return ids
    }

    private static func newName(_ record: Record) -> [UInt8]? {
        guard let rdn = record.newRDN else { return nil }
        if let superior = record.newSuperior { return rdn + [UInt8(ascii: ",")] + superior }
        guard let parent = (try? DistinguishedName(record.dn))?.parent else { return nil }
        return rdn + [UInt8(ascii: ",")] + parent.bytes
    }
}
