internal import DirectoryModel
internal import LDAPClient

/// The searches of a pull.
extension LDAPSource {
    /// How many people, and groups, of each base are remembered: any of them may leave meanwhile.
    static let mostSeen = 3

    func peopleSearch(_ base: Base, _ reader: PersonReader) -> SearchRequest {
        SearchRequest(
            base: base.text, filter: settings.source.peopleFilter, attributes: reader.names.names,
            pageSize: settings.source.dialect.pageSize)
    }

    func readPeople(
        _ beginning: Beginning, _ reader: inout PersonReader, _ builder: inout MirrorBuilder,
        _ checks: inout PullChecks, _ progress: (PullProgress) -> Void
    ) throws(PullFailure) {
        var counter = ProgressCounter(.people)
        counter.start(progress)
        for (place, base) in try settings.source.bases(settings.source.people).enumerated() {
            var partial: [PartialEntry] = []
            var some: [ImmutableID] = []
            let begun = place == 0 ? beginning.search : nil
            try run(beginning, peopleSearch(base, reader), begun: begun) { (entry) throws(BERFault) in
                reader.start(dn: entry.dn)
                let isRanged = try reader.read(entry)
                var draft = reader.finish()
                counter.count(progress)
                if isRanged {
                    partial.append(PartialEntry(dn: Array(entry.dn), id: draft.immutableID))
                    return
                }
                checks.count(reader.shown, base: place)
                if some.count < LDAPSource.mostSeen, let id = draft.immutableID { some.append(id) }
                reader.add(&draft, to: &builder)
            }
            seen[base.text] = some
            for entry in partial {
                try whole(entry, beginning.connection, reader.names.names).read(by: &reader) { reader in
                    var draft = reader.finish()
                    checks.count(reader.shown, base: place)
                    reader.add(&draft, to: &builder)
                }
            }
        }
        counter.finish(progress)
    }

    func readGroups(
        _ beginning: Beginning, _ reader: inout GroupReader, _ builder: inout MirrorBuilder,
        _ checks: inout PullChecks, _ progress: (PullProgress) -> Void
    ) throws(PullFailure) {
        var counter = ProgressCounter(.groups)
        counter.start(progress)
        seenGroups = []
        for (place, base) in try settings.source.bases(settings.source.groups).enumerated() {
            var some = 0
            var partial: [PartialEntry] = []
            let search = SearchRequest(
                base: base.text, filter: settings.source.groupFilter, attributes: reader.names.names,
                pageSize: settings.source.dialect.pageSize)
            try run(beginning, search) { (entry) throws(BERFault) in
                reader.start(dn: entry.dn)
                let isRanged = try reader.read(entry)
                counter.count(progress)
                checks.countGroup(base: place)
                if some < LDAPSource.mostSeen, let id = reader.id {
                    some += 1
                    seenGroups.insert(id)
                }
                if isRanged {
                    partial.append(PartialEntry(dn: Array(entry.dn), id: reader.id))
                    return
                }
                reader.finish(&builder)
            }
            for entry in partial {
                try whole(entry, beginning.connection, reader.names.names).read(by: &reader) { $0.finish(&builder) }
            }
        }
        counter.finish(progress)
    }

    /// Runs a search whose answer must be whole.
    func run(
        _ beginning: Beginning, _ search: SearchRequest, begun: BegunSearch? = nil,
        _ body: (borrowing EntryView) throws(BERFault) -> Void
    ) throws(PullFailure) {
        let connection = beginning.connection
        let end = try attempt { () throws(LDAPError) in try connection.search(search, begun: begun, body) }
        try settings.source.checkWhole(
            end, search, connection.server, harmless: ForestReferences(beginning.detected.domain))
    }
}

/// Takes one kind of entry apart, attribute by attribute.
protocol EntryReader {
    var names: AttributeNames { get set }
    /// Starts an entry, whose bytes stay where they are until it is finished.
    mutating func start(dn: UnsafeRawBufferPointer)
    /// Takes a value of the attribute at a place of `names`.
    mutating func take(_ place: Int, _ value: UnsafeRawBufferPointer)
}

extension PersonReader: EntryReader {}
extension GroupReader: EntryReader {}

extension EntryReader {
    /// Takes the values of an entry; true when an attribute came with only some of its values.
    @inline(__always)
    mutating func read(_ entry: borrowing EntryView) throws(BERFault) -> Bool {
        var isRanged = false
        var cursor = entry.cursor
        while var attribute = try cursor.next() {
            switch names.match(attribute.name) {
            case .known(let place):
                while let value = try attribute.values.next() { take(place, value) }
            case .range: isRanged = true
            case .option, .unknown: break
            }
        }
        return isRanged
    }
}
