package import DirectoryModel
internal import LDAPClient

/// Reads people and groups from an LDAP server.
///
/// A pull reads everything from one server over one connection, in one search for each base, and counts as complete only if nothing says
/// otherwise: every search ended in success with nothing added, no part lies elsewhere, every base exists, somebody was found, no id or
/// DN came twice, the sentinels were seen, and the server is not behind what it was at the last run.
package final class LDAPSource: DirectorySource {
    let settings: LDAPSourceSettings
    var connection: LDAPConnection?
    /// The server of the pull; an absence is confirmed with the same one.
    var server: LDAPURL?
    /// When everything that was begun has to be done, other servers and further attempts included.
    var deadline: ContinuousClock.Instant?
    /// Whether the pull met entries without an id: then nobody's absence can be told.
    var hasUnidentified = false
    /// What `begin` came to, until the pull takes it.
    private var begun: Result<Beginning, PullFailure>?

    /// A connection that is ready, what the server says of itself, and the first search for people, where it is sent already.
    private struct Beginning {
        var connection: LDAPConnection
        var stamp: DirectoryStamp
        var search: BegunSearch?
    }

    package init(_ settings: LDAPSourceSettings) { self.settings = settings }

    package func begin(_ request: PullRequest, progress: (PullProgress) -> Void) {
        deadline = nil
        do throws(PullFailure) {
            var beginning = try connect(progress)
            if let base = try settings.source.bases(settings.source.people).first {
                let search = peopleSearch(base, PersonReader(settings.source, trusted: request.attributes))
                let connection = beginning.connection
                beginning.search = try attempt { () throws(LDAPError) in try connection.begin(search) }
            }
            begun = .success(beginning)
        } catch { begun = .failure(error) }
    }

    package func pull(_ request: PullRequest, progress: (PullProgress) -> Void) -> PullOutcome {
        if begun == nil { deadline = nil }
        do throws(PullFailure) {
            let pull = try retrying(progress) { () throws(PullFailure) in try read(request, progress) }
            return .complete(pull)
        } catch {
            close()
            return .failed(error)
        }
    }

    package func close() { connection = nil }

    private func read(_ request: PullRequest, _ progress: (PullProgress) -> Void) throws(PullFailure) -> Pull {
        let source = settings.source
        let peopleBases = try source.bases(source.people)
        let groupBases = try source.bases(source.groups)
        let begun = begun
        self.begun = nil
        let beginning = if let begun { try begun.get() } else { try connect(progress) }
        let connection = beginning.connection
        let stamp = beginning.stamp
        try ChangeStamps.check(stamp, against: request.lastStamp, source)

        var builder = MirrorBuilder(
            directory: source.name, attributes: request.attributes,
            key: DNHashKey(first: .random(in: 0 ... .max), second: .random(in: 0 ... .max)))
        var checks = PullChecks(source)
        try readPeople(beginning, peopleBases, request, &builder, &checks, progress)
        hasUnidentified = !builder.setAside.isEmpty
        try readGroups(connection, groupBases, &builder, progress)
        try checks.check(builder)
        let setAside = builder.setAside
        do throws(MirrorFault) {
            return Pull(mirror: try builder.finish(), stamp: stamp, setAside: setAside)
        } catch { throw checks.failure(error) }
    }

    // MARK: Connecting

    private func connect(_ progress: (PullProgress) -> Void) throws(PullFailure) -> Beginning {
        let source = settings.source
        let bases = try source.bases(source.people) + source.bases(source.groups)
        progress(PullProgress(stage: .connecting, entries: 0))
        let connection = try open(settings.urls)
        var stamp = DirectoryStamp(server: connection.server.description, identity: try identify(connection))
        stamp.changeStamps = try changeStamps(connection, bases)
        return Beginning(connection: connection, stamp: stamp)
    }

    /// Who the server takes us for; a bind that it silently took for anonymous is a failure.
    private func identify(_ connection: LDAPConnection) throws(PullFailure) -> String {
        let identity = try attempt { () throws(LDAPError) in try connection.whoAmI() }
        if case .anonymous = settings.bind { return identity ?? "" }
        guard identity != "" else {
            throw settings.source.failure(
                .refused, "`\(connection.server)` accepted the bind but takes us for anonymous", "check `bind`")
        }
        return identity ?? ""
    }

    // MARK: Searching

    private func peopleSearch(_ base: Base, _ reader: PersonReader) -> SearchRequest {
        SearchRequest(
            base: base.text, filter: settings.source.peopleFilter, attributes: reader.names.names,
            pageSize: settings.source.dialect.pageSize)
    }

    private func readPeople(
        _ beginning: Beginning, _ bases: [Base], _ request: PullRequest, _ builder: inout MirrorBuilder,
        _ checks: inout PullChecks, _ progress: (PullProgress) -> Void
    ) throws(PullFailure) {
        var reader = PersonReader(settings.source, trusted: request.attributes)
        var counter = ProgressCounter(.people)
        counter.start(progress)
        for (place, base) in bases.enumerated() {
            let begun = place == 0 ? beginning.search : nil
            try run(beginning.connection, peopleSearch(base, reader), begun: begun) { (entry) throws(BERFault) in
                reader.start(dn: entry.dn)
                let isRanged = try reader.read(entry)
                var draft = reader.finish()
                checks.count(draft)
                builder.add(&draft)
                counter.count(progress)
                return isRanged
            }
        }
        counter.finish(progress)
    }

    private func readGroups(
        _ connection: LDAPConnection, _ bases: [Base], _ builder: inout MirrorBuilder,
        _ progress: (PullProgress) -> Void
    ) throws(PullFailure) {
        var reader = GroupReader(settings.source)
        var counter = ProgressCounter(.groups)
        counter.start(progress)
        for base in bases {
            let search = SearchRequest(
                base: base.text, filter: settings.source.groupFilter, attributes: reader.names.names,
                pageSize: settings.source.dialect.pageSize)
            try run(connection, search) { (entry) throws(BERFault) in
                reader.start(dn: entry.dn)
                let isRanged = try reader.read(entry)
                reader.finish(&builder)
                counter.count(progress)
                return isRanged
            }
        }
        counter.finish(progress)
    }

    /// Runs a search whose answer must be whole; the body tells whether an attribute came with only some of its values.
    func run(
        _ connection: LDAPConnection, _ search: SearchRequest, begun: BegunSearch? = nil,
        _ body: (borrowing EntryView) throws(BERFault) -> Bool
    ) throws(PullFailure) {
        var ranged = false
        let end: SearchEnd
        do throws(LDAPError) {
            end = try connection.search(search, begun: begun) { (entry) throws(BERFault) in
                if try body(entry) { ranged = true }
            }
        } catch { throw settings.source.failure(error) }
        try settings.source.checkWhole(end, search, connection.server, hasRanges: ranged)
    }

    /// Does something on the connection, with its error as the failure of the pull.
    func attempt<Result>(_ body: () throws(LDAPError) -> Result) throws(PullFailure) -> Result {
        do throws(LDAPError) { return try body() } catch { throw settings.source.failure(error) }
    }

    /// The change stamps of the suffixes that hold the bases, sorted.
    private func changeStamps(_ connection: LDAPConnection, _ bases: [Base]) throws(PullFailure) -> [String] {
        guard let attribute = settings.source.dialect.changeStampAttribute else { return [] }
        var stamps: Set<String> = []
        for suffix in try suffixes(connection, bases) {
            let values = try attempt { () throws(LDAPError) in try connection.read(suffix, [attribute]) }
            for value in values?[0] ?? [] { stamps.insert(ServerText.escaped(value)) }
        }
        return stamps.sorted()
    }

    /// The suffixes of the server that hold some base; the bases themselves where it shows none.
    func suffixes(_ connection: LDAPConnection, _ bases: [Base]) throws(PullFailure) -> [String] {
        let contexts = try attempt { () throws(LDAPError) in try connection.namingContexts() }
        var found: [String] = []
        for base in bases {
            let holding = contexts.filter { context in
                guard let name = try? DistinguishedName(context) else { return false }
                return base.name.isUnder(name)
            }
            for suffix in holding.isEmpty ? [base.text] : holding where !found.contains(suffix) { found.append(suffix) }
        }
        return found
    }
}

/// Takes one kind of entry apart, attribute by attribute.
protocol EntryReader {
    var names: AttributeNames { get set }
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
