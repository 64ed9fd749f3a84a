package import DirectoryModel
internal import LDAPClient

/// Reads people and groups from an LDAP server.
///
/// A pull reads everything from one server over one connection, in one search for each base, and counts as complete only if nothing says
/// otherwise: every search ended in success with nothing added, no part lies elsewhere, every base exists, somebody was found, no id or
/// DN came twice, the sentinels were seen, the account still sees its own entry, and the server is not behind what it was at the last run.
package final class LDAPSource: DirectorySource {
    let settings: LDAPSourceSettings
    var connection: LDAPConnection?
    /// The server of the pull; an absence is confirmed with the same one.
    var server: LDAPURL?
    /// When everything that was begun has to be done, other servers and further attempts included.
    var deadline: ContinuousClock.Instant?
    /// Servers that broke off in the middle: asked last when it is tried again.
    var unsteady: [LDAPURL] = []
    /// What the server at the other end of the connection said of itself.
    var detected: DetectedServer?
    /// The time of the last pull's run.
    var now: Int64?
    /// How changes are read; nil takes the best that the server has.
    var changeMethod: ChangeMethod?
    /// People who were found below each base of people in this run, by its text; a few of each.
    var seen: [String: [ImmutableID]] = [:]
    /// A few of the groups that were read from each base in this run.
    var seenGroups: Set<ImmutableID> = []
    /// Whether the pull met entries without an id: then nobody's absence can be told.
    var hasUnidentified = false
    /// What `begin` came to, until the pull takes it.
    private var begun: Result<Beginning, PullFailure>?

    /// A connection that is ready, what the server says of itself, and the first search for people, where it is sent already.
    struct Beginning {
        var connection: LDAPConnection
        var detected: DetectedServer
        var stamp: DirectoryStamp
        var search: BegunSearch?
        /// Where the reading of changes will begin: taken before anything is read.
        var start: StartOfChanges?
    }

    package init(_ settings: LDAPSourceSettings) { self.settings = settings }

    package func begin(_ request: PullRequest, progress: (PullProgress) -> Void) {
        deadline = nil
        do throws(PullFailure) {
            var beginning = try connect(progress)
            beginning.start = try startOfChanges(beginning, request)
            if let base = try settings.source.bases(settings.source.people).first {
                let reader = PersonReader(settings.source, trusted: request.attributes, now: request.now)
                let search = peopleSearch(base, reader)
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
        let begun = begun
        self.begun = nil
        var beginning = if let begun { try begun.get() } else { try connect(progress) }
        if begun == nil { beginning.start = try startOfChanges(beginning, request) }
        now = request.now
        try ChangeStamps.check(beginning.stamp, against: request.comparedStamp, settings.source)
        let reading = try readUndisturbed(&beginning, request, progress)
        var pull = reading.pull
        pull.setAside += try checkMemberships(reading, beginning)
        // Where people have no id, nobody's absence can be told by reading changes either.
        if pull.index?.hasMembershipsOfPeople == false || tellsMembershipsOfPeople(beginning), !hasUnidentified {
            pull.position = beginning.start?.position(of: pull, seen, seenGroups)
        }
        return pull
    }

    /// What one reading came to.
    struct Reading {
        var pull: Pull
        /// Groups by their identifiers, where the dialect has them.
        var groups: [SecurityID: ImmutableID]
    }

    /// Readings of a directory in which somebody moves, or comes, each time.
    private static let readingsAtMost = 3

    /// Reads again where something moved meanwhile.
    ///
    /// Whoever keeps coming is at the latest in the next night's reading; a reading that is torn each time is not believed.
    private func readUndisturbed(
        _ beginning: inout Beginning, _ request: PullRequest, _ progress: (PullProgress) -> Void
    ) throws(PullFailure) -> Reading {
        var number = 1
        while true {
            let reading = try readOnce(beginning, request, progress)
            switch (try disturbance(of: reading, beginning), number) {
            case (.none, _), (.untold, 2...), (.came, LDAPSource.readingsAtMost): return reading
            case (.moved, LDAPSource.readingsAtMost):
                throw settings.source.failure(
                    .incomplete, "people or groups moved each of the \(number) times that the directory was read",
                    "run again when whatever moves them is done")
            default: try restart(&beginning)
            }
            number += 1
        }
    }

    /// What comes from now on belongs to the next reading.
    private func restart(_ beginning: inout Beginning) throws(PullFailure) {
        let connection = beginning.connection
        beginning.search = nil
        beginning.detected = try attempt { () throws(LDAPError) in try DetectedServer.ask(connection) }
        beginning.stamp.changeStamps = try changeStamps(connection, beginning.detected).texts
    }

    private func readOnce(
        _ beginning: Beginning, _ request: PullRequest, _ progress: (PullProgress) -> Void
    ) throws(PullFailure) -> Reading {
        let source = settings.source
        var builder = MirrorBuilder(
            directory: source.name, attributes: request.attributes,
            key: request.key ?? DNHashKey(first: .random(in: 0 ... .max), second: .random(in: 0 ... .max)))
        if let domain = beginning.detected.domain?.securityID { builder.setDomain(domain) }
        var people = PersonReader(source, trusted: request.attributes, now: request.now)
        var groups = GroupReader(source)
        var checks = PullChecks(source, people)
        try readPeople(beginning, &people, &builder, &checks, progress)
        hasUnidentified = !builder.setAside.isEmpty
        try readGroups(beginning, &groups, &builder, &checks, progress)
        try attempt { () throws(LDAPError) in try beginning.connection.settle() }
        try checks.check(builder, against: request.comparedStamp)
        var stamp = beginning.stamp
        let facts = checks.facts(people: builder.peopleCount) + (try checkOwnEntry(beginning, request.comparedStamp))
        stamp.changeStamps = ChangeStamps(ChangeStamps(stamp).facts + facts).texts
        let setAside = builder.setAside
        do throws(MirrorFault) {
            let indexed = try builder.finishIndexed()
            var pull = Pull(mirror: indexed.mirror, stamp: stamp, setAside: setAside)
            if request.key != nil { pull.index = indexed.index }
            return Reading(pull: pull, groups: groups.securityIDs)
        } catch { throw checks.failure(error) }
    }

    // MARK: Connecting

    func connect(_ progress: (PullProgress) -> Void) throws(PullFailure) -> Beginning {
        progress(PullProgress(stage: .connecting, entries: 0))
        let connection = try open(settings.urls)
        let identity = try identify(connection)
        let detected = try detect(connection)
        try check(detected, connection.server)
        let stamps = try changeStamps(connection, detected)
        return Beginning(
            connection: connection, detected: detected,
            stamp: DirectoryStamp(
                server: connection.server.description, identity: identity, changeStamps: stamps.texts))
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

    /// Does something on the connection, with its error as the failure of the pull.
    func attempt<Result>(_ body: () throws(LDAPError) -> Result) throws(PullFailure) -> Result {
        do throws(LDAPError) { return try body() } catch { throw settings.source.failure(error) }
    }
}
