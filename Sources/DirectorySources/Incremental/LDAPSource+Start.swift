internal import DirectoryModel
internal import LDAPClient

/// Where the reading of changes begins: taken before a full pull reads anything, so that whatever changes meanwhile is told later.
struct StartOfChanges {
    var method: String
    var belongsTo: [SyncPosition.Part]
    var cookies: [RefreshUnit: [UInt8]]
    var containers: [ImmutableID: DNHash]

    func position(
        of pull: Pull, _ seen: [String: [ImmutableID]], _ seenGroups: Set<ImmutableID>
    ) -> SyncPosition {
        let marks = KnownMarks(
            cookies: cookies, containers: containers, controls: KnownMarks.controls(pull.mirror, seen),
            groupControls: seenGroups.sorted())
        return SyncPosition(method: method, belongsTo: belongsTo, marks: marks.parts)
    }
}

extension LDAPSource {
    /// nil where the directory tells no changes: then every pull is a full one.
    func startOfChanges(_ beginning: Beginning, _ request: PullRequest) throws(PullFailure) -> StartOfChanges? {
        guard let key = request.key, var method = try? method(beginning) else { return nil }
        let units = try refreshUnits()
        var cookies =
            method == .times
            ? startTimes(units, request) : try startMarks(method, units, beginning)
        if cookies == nil, method == .dirSync {
            method = .usn
            cookies = try startMarks(method, units, beginning)
        }
        if cookies == nil, method == .sync || method == .changeLog {
            method = .times
            cookies = startTimes(units, request)
        }
        guard let cookies else { return nil }
        var containers: [ImmutableID: DNHash] = [:]
        for unit in units where unit.kind == .containers {
            for entry in try readContainers(unit, beginning, key) { containers[entry.id] = entry.name }
        }
        do {
            return StartOfChanges(
                method: method.name, belongsTo: try belongings(beginning, request), cookies: cookies,
                containers: containers)
        } catch let failure as PullFailure { throw failure } catch { return nil }
    }

    /// nil where the server gives none for one of the searches.
    func startMarks(
        _ method: ChangeMethod, _ units: [RefreshUnit], _ beginning: Beginning
    ) throws(PullFailure) -> [RefreshUnit: [UInt8]]? {
        let searches = ConnectionSearches(self, beginning)
        var common: [UInt8]?
        switch method {
        case .sync: break
        case .changeLog: common = try ChangeLogFeed.start(searches)
        case .dirSync:
            guard let domain = beginning.detected.domain else { return nil }
            common = try DirSyncFeed.start(searches, domain)
        case .usn: common = beginning.detected.domain.flatMap(UpdateSequenceFeed.start)
        case .times: return nil
        }
        var marks: [RefreshUnit: [UInt8]] = [:]
        for unit in units {
            guard let mark = method == .sync ? try startCookie(unit, beginning) : common else { return nil }
            marks[unit] = mark
        }
        return marks
    }

    /// The same time as every mark; nil where the time of the run is not known.
    private func startTimes(
        _ units: [RefreshUnit], _ request: PullRequest
    ) -> [RefreshUnit: [UInt8]]? {
        guard let mark = request.now.map(TimesFeed.start) else { return nil }
        return Dictionary(units.map { ($0, mark) }) { first, _ in first }
    }

    /// The state of the suffix as a cookie; it is made of the very values that the server would put into its own.
    private func startCookie(_ unit: RefreshUnit, _ beginning: Beginning) throws(PullFailure) -> [UInt8]? {
        guard let name = try? DistinguishedName(unit.base) else { return nil }
        let suffixes = suffixes(beginning.detected, [Base(text: unit.base, name: name)])
        guard suffixes.count == 1 else { return nil }
        let connection = beginning.connection
        let values = try attempt { () throws(LDAPError) in try connection.readVisible(suffixes[0], ["contextCSN"]) }
        let stamps = (values?[0] ?? []).compactMap { String(validating: $0, as: UTF8.self) }
        guard !stamps.isEmpty, stamps.allSatisfy(SyncCookie.isStamp) else { return nil }
        return Array("rid=000,csn=\(stamps.sorted().joined(separator: ";"))".utf8)
    }

    private func readContainers(
        _ unit: RefreshUnit, _ beginning: Beginning, _ key: DNHashKey
    ) throws(PullFailure) -> [ContainerEntry] {
        var found: [ContainerEntry] = []
        var reader = ContainerReader(settings.source, key)
        let search = SearchRequest(
            base: unit.base, filter: ContainerReader.filter, attributes: reader.names.names,
            pageSize: settings.source.dialect.pageSize)
        try run(beginning, search) { (entry) throws(BERFault) in
            if let container = try reader.read(entry) { found.append(container) }
        }
        return found
    }
}

/// Reads entries that others stand under.
struct ContainerReader {
    /// Classes of entries that are made to hold others.
    static let filter = LDAPFilter.or(
        [
            "organizationalUnit", "organization", "domain", "dcObject", "locality", "country", "container",
            "nsContainer",
            "builtinDomain",
        ].map { .equal("objectClass", $0) })

    var names: AttributeNames
    private let syntax: IDSyntax
    private let key: DNHashKey
    private var scratch: [UInt8] = []

    init(_ settings: SourceSettings, _ key: DNHashKey) {
        names = AttributeNames([settings.attributes.id])
        syntax = IDSyntax(attribute: settings.attributes.id)
        self.key = key
    }

    /// nil for an entry without an id or with a DN that cannot be read.
    mutating func read(_ entry: borrowing EntryView) throws(BERFault) -> ContainerEntry? {
        var id: ImmutableID?
        names.startEntry()
        var cursor = entry.cursor
        while var attribute = try cursor.next() {
            guard case .known = names.match(attribute.name) else { continue }
            while let value = try attribute.values.next() { id = syntax.id(value) }
        }
        guard let id, let name = hash(entry.dn) else { return nil }
        return ContainerEntry(id: id, dn: Array(entry.dn), name: name)
    }

    /// The hash of a DN; nil for one that cannot be read.
    mutating func hash(_ dn: UnsafeRawBufferPointer) -> DNHash? {
        guard (try? DNCanonicalForm.normalize(dn, into: &scratch)) != nil else { return nil }
        return scratch.withUnsafeBytes { key.hash($0) }
    }
}
