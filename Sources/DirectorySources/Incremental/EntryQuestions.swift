internal import DirectoryModel
internal import LDAPClient

/// Reads of single entries by id, among the searches of an incremental reading.
final class EntryQuestions {
    let source: LDAPSource
    let searches: any ChangeSearches
    let suffixes: [String]
    private var people: PersonReader
    private var groups: GroupReader
    private(set) var containers: ContainerReader

    /// Ids in one filter.
    static let batchSize = 100

    var settings: SourceSettings { source.settings.source }

    init(
        _ source: LDAPSource, _ searches: any ChangeSearches, _ request: IncrementalRequest
    ) throws(PullFailure) {
        self.source = source
        self.searches = searches
        let settings = source.settings.source
        suffixes = source.suffixes(
            searches.detected, try settings.bases(settings.people) + settings.bases(settings.groups))
        people = PersonReader(settings, trusted: request.pull.attributes, now: request.pull.now)
        groups = GroupReader(settings)
        containers = ContainerReader(settings, request.mirror.key)
    }

    convenience init(
        _ source: LDAPSource, _ beginning: LDAPSource.Beginning, _ request: IncrementalRequest
    ) throws(PullFailure) {
        try self.init(source, ConnectionSearches(source, beginning), request)
    }

    func filter(_ kind: RefreshUnit.Kind) -> LDAPFilter {
        switch kind {
        case .people: settings.peopleFilter
        case .groups: settings.groupFilter
        case .containers: ContainerReader.filter
        }
    }

    func attributes(_ kind: RefreshUnit.Kind) -> [String] {
        switch kind {
        case .people: people.names.names
        case .groups: groups.names.names
        case .containers: containers.names.names
        }
    }

    // MARK: Entries

    /// Takes an entry of a kind into the batch, if `isWanted` says so of its id; false when it came with only some of its values.
    func take(
        _ entry: borrowing EntryView, _ kind: RefreshUnit.Kind, _ batch: inout ChangeBatch,
        isWanted: (ImmutableID?) -> Bool
    ) throws(BERFault) -> Bool {
        switch kind {
        case .people:
            people.start(dn: entry.dn)
            let isRanged = try people.read(entry)
            var draft = people.finish()
            guard isWanted(draft.immutableID) else { return true }
            if isRanged { return false }
            people.add(&draft, to: &batch)
            return true
        case .groups:
            groups.start(dn: entry.dn)
            let isRanged = try groups.read(entry)
            guard isWanted(groups.id) else { return true }
            if isRanged { return false }
            groups.finish(&batch.builder)
            return true
        case .containers:
            let container = try containers.read(entry)
            guard isWanted(container?.id), let container else { return true }
            batch.containers.append(container)
            return true
        }
    }

    /// Reads the entries with these ids that belong to a search into the batch; returns who was found.
    func read(
        _ ids: Set<ImmutableID>, _ unit: RefreshUnit, into batch: inout ChangeBatch
    ) throws(PullFailure) -> Set<ImmutableID> {
        var found: Set<ImmutableID> = []
        let sorted = ids.sorted()
        for start in stride(from: 0, to: sorted.count, by: EntryQuestions.batchSize) {
            let some = sorted[start..<min(start + EntryQuestions.batchSize, sorted.count)]
            try read(.and([filter(unit.kind), matching(Array(some))]), unit, into: &batch, found: &found)
        }
        return found
    }

    /// Reads the entries of a search that match a filter, those with many values piece by piece.
    func read(
        _ filter: LDAPFilter, _ unit: RefreshUnit, into batch: inout ChangeBatch, found: inout Set<ImmutableID>
    ) throws(PullFailure) {
        let search = SearchRequest(
            base: unit.base, filter: filter, attributes: attributes(unit.kind), pageSize: settings.dialect.pageSize)
        var partial: [PartialEntry] = []
        var came: Set<ImmutableID> = []
        try searches.run(search) { (entry) throws(BERFault) in
            var id: ImmutableID?
            let isWhole = try take(entry, unit.kind, &batch) {
                id = $0
                return true
            }
            if let id { came.insert(id) }
            if !isWhole { partial.append(PartialEntry(dn: Array(entry.dn), id: id)) }
        }
        found.formUnion(came)
        for entry in partial {
            if unit.kind == .people {
                try searches.whole(entry, people.names.names).read(by: &people) { reader in
                    var draft = reader.finish()
                    reader.add(&draft, to: &batch)
                }
            } else {
                try searches.whole(entry, groups.names.names).read(by: &groups) {
                    $0.finish(&batch.builder)
                }
            }
        }
    }

    /// Reads the groups that name any of these entries.
    func readGroups(ofMembers dns: [[UInt8]], into batch: inout ChangeBatch) throws(PullFailure) {
        let attributes = settings.dialect.memberAttributes + settings.dialect.memberWithUIDAttributes
        if attributes.isEmpty { return }
        for start in stride(from: 0, to: dns.count, by: EntryQuestions.batchSize) {
            let some = dns[start..<min(start + EntryQuestions.batchSize, dns.count)]
            let naming = LDAPFilter.or(some.flatMap { dn in attributes.map { .equal($0, dn) } })
            for base in try settings.bases(settings.groups) {
                var found: Set<ImmutableID> = []
                let unit = RefreshUnit(kind: .groups, base: base.text)
                try read(.and([settings.groupFilter, naming]), unit, into: &batch, found: &found)
            }
        }
    }

    private func matching(_ ids: [ImmutableID]) -> LDAPFilter {
        .or(ids.flatMap { IDFilter.alternatives(settings.attributes.id, $0) })
    }

    // MARK: Places

    /// Looks below the bases first; the suffixes are only asked where somebody is not there.
    ///
    /// Then somebody who is below a base must come up in each of the suffixes, too.
    func locate(_ ids: [ImmutableID]) throws(PullFailure) -> LocatedEntries {
        let filter = matching(ids)
        var located = LocatedEntries()
        for base in try settings.bases(settings.people) {
            let search = SearchRequest(
                base: base.text, filter: .and([settings.peopleFilter, filter]), attributes: people.names.names,
                pageSize: settings.dialect.pageSize)
            var some: [ImmutableID] = []
            try searches.run(search) { (entry) throws(BERFault) in
                let id = try take(entry, into: &located) { $0.isPerson = true }
                if some.count < LDAPSource.mostSeen, let id { some.append(id) }
            }
            if !some.isEmpty { source.seen[base.text] = some }
        }
        for base in try settings.bases(settings.groups) {
            let search = SearchRequest(
                base: base.text, filter: .and([settings.groupFilter, filter]), attributes: people.names.names,
                pageSize: settings.dialect.pageSize)
            try searches.run(search) { (entry) throws(BERFault) in
                try take(entry, into: &located) { $0.isGroup = true }
            }
        }
        if ids.allSatisfy({ located[$0] != nil }) { return located }
        for unit in try source.refreshUnits() where unit.kind == .containers {
            let search = SearchRequest(
                base: unit.base, filter: .and([ContainerReader.filter, filter]), attributes: people.names.names,
                pageSize: settings.dialect.pageSize)
            try searches.run(search) { (entry) throws(BERFault) in try take(entry, into: &located) { _ in } }
        }
        if ids.allSatisfy({ located[$0] != nil }) { return located }
        for suffix in suffixes {
            let search = SearchRequest(base: suffix, filter: filter, attributes: people.names.names)
            var hasControl = false
            let isWhole = try searches.runOverSuffix(search) { (entry) throws(BERFault) in
                try take(entry, into: &located) { hasControl = hasControl || $0.isPerson || $0.isGroup }
            }
            if !isWhole {
                located.doubt = "not all of `\(EntryText.shown(suffix))` can be searched"
            } else if !hasControl {
                located.doubt = "nobody known to be there was found by id below `\(EntryText.shown(suffix))`"
            }
        }
        return located
    }

    /// Takes an entry that was found, and returns its id; it may have been found before.
    @discardableResult
    private func take(
        _ entry: borrowing EntryView, into located: inout LocatedEntries, _ mark: (inout LocatedEntry) -> Void
    ) throws(BERFault) -> ImmutableID? {
        people.start(dn: entry.dn)
        _ = try people.read(entry)
        let draft = people.finish()
        guard let id = draft.immutableID, let name = containers.hash(entry.dn) else { return nil }
        var found = LocatedEntry(
            dn: ServerText.escaped(entry.dn), name: name, isPerson: located[id]?.isPerson ?? false,
            isGroup: located[id]?.isGroup ?? false, state: draft.plainState)
        mark(&found)
        located[id] = found
        return id
    }

    private func idsFound(_ bases: [Base], _ filter: LDAPFilter) throws(PullFailure) -> Set<ImmutableID> {
        var found: Set<ImmutableID> = []
        for base in bases {
            try eachID(SearchRequest(base: base.text, filter: filter)) { id, _ in found.insert(id) }
        }
        return found
    }

    func ids(below dn: [UInt8], atMost limit: Int) throws(PullFailure) -> Set<ImmutableID>? {
        guard let base = String(validating: dn, as: UTF8.self) else { return nil }
        var found: Set<ImmutableID> = []
        let own = dn.withUnsafeBytes { containers.hash($0) }
        let filter = LDAPFilter.or([settings.peopleFilter, settings.groupFilter])
        do throws(PullFailure) {
            try eachID(SearchRequest(base: base, filter: filter)) { id, name in
                if name != own, found.count <= limit { found.insert(id) }
            }
        } catch {
            // It was renamed, deleted or replaced a moment ago, or cannot be looked below: then nothing is known of what is there.
            guard error.kind == .incomplete else { throw error }
            return nil
        }
        return found.count > limit ? nil : found
    }

    /// The id of an entry by its DN; nil when there is none.
    func id(of dn: String) throws(PullFailure) -> ImmutableID? {
        var found: ImmutableID?
        let search = SearchRequest(base: dn, scope: .base, attributes: containers.names.names)
        let end = try searches.search(search) { (entry) throws(BERFault) in found = try containers.read(entry)?.id }
        return end.code == 0 ? found : nil
    }

    // MARK: Memberships that stand on the person

    func groups(withRelativeIDs ids: Set<UInt32>) throws(PullFailure) -> [UInt32: ImmutableID] {
        guard let attribute = settings.dialect.primaryGroup?.ofGroup,
            let domain = searches.detected.domain?.securityID
        else { return [:] }
        var found: [UInt32: ImmutableID] = [:]
        for relativeID in ids.sorted() {
            let filter = LDAPFilter.and([
                settings.groupFilter, .equal(attribute, domain.account(relativeID).bytes),
            ])
            for base in try settings.bases(settings.groups) {
                try eachID(SearchRequest(base: base.text, filter: filter)) { id, _ in found[relativeID] = id }
            }
        }
        return found
    }

    func people(ofPrimaryGroups ids: [ImmutableID]) throws(PullFailure) -> Set<ImmutableID> {
        guard let attribute = settings.dialect.primaryGroup?.ofPerson else { return [] }
        let wanted = Set(ids)
        let numbers = groups.securityIDs.filter { wanted.contains($0.value) }.compactMap(\.key.relativeID)
        guard !numbers.isEmpty else { return [] }
        let naming = LDAPFilter.or(numbers.sorted().map { .equal(attribute, String($0)) })
        return try idsFound(try settings.bases(settings.people), .and([settings.peopleFilter, naming]))
    }

    func hasPeople(inRole dn: [UInt8]) throws(PullFailure) -> Bool {
        guard let attribute = settings.dialect.roleAttribute else { return true }
        let filter = LDAPFilter.and([settings.peopleFilter, .equal(attribute, dn)])
        return try !idsFound(try settings.bases(settings.people), filter).isEmpty
    }

    private func eachID(_ search: SearchRequest, _ body: (ImmutableID, DNHash) -> Void) throws(PullFailure) {
        var search = search
        search.attributes = containers.names.names
        search.pageSize = settings.dialect.pageSize
        try searches.run(search) { (entry) throws(BERFault) in
            if let container = try containers.read(entry) { body(container.id, container.name) }
        }
    }

    func hash(_ dn: [UInt8]) -> DNHash? { dn.withUnsafeBytes { containers.hash($0) } }
}
