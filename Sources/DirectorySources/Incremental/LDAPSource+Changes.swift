package import DirectoryModel
internal import LDAPClient

/// Incremental reading of an LDAP server.
extension LDAPSource {
    /// Reads what changed since the position by the means that the server has for it.
    package func pullChanges(
        _ request: IncrementalRequest, progress: (PullProgress) -> Void
    ) -> IncrementalOutcome {
        deadline = nil
        do throws(PullFailure) {
            return try retrying(progress) { () throws(PullFailure) in try outcome(of: request, progress) }
        } catch {
            close()
            return .failed(error)
        }
    }

    /// One reading, from its beginning; what a doubt was about is not tried again.
    private func outcome(
        of request: IncrementalRequest, _ progress: (PullProgress) -> Void
    ) throws(PullFailure) -> IncrementalOutcome {
        do {
            return .changes(try readChanges(request, progress))
        } catch let failure as PullFailure {
            throw failure
        } catch let doubt as ChangeDoubt {
            return .fullPullNeeded(doubt.text)
        } catch let doubt as DeltaDoubt {
            return .fullPullNeeded(doubt.text)
        } catch {
            return .fullPullNeeded("the mirror of the last run cannot be read")
        }
    }

    private func readChanges(
        _ request: IncrementalRequest, _ progress: (PullProgress) -> Void
    ) throws -> IncrementalPull {
        now = request.pull.now
        let beginning = try connect(progress)
        try ChangeStamps.check(beginning.stamp, against: request.pull.lastStamp, settings.source)
        let method = try method(beginning, known: request.position.method)
        let belongings = try belongings(beginning, request.pull)
        if let difference = request.position.difference(method: method.name, belongsTo: belongings) {
            throw ChangeDoubt(text: difference)
        }
        guard request.pull.attributes == request.mirror.attributes else {
            throw ChangeDoubt(text: "rules test other attributes than in the last run")
        }
        progress(PullProgress(stage: .people, entries: 0))
        let units = try refreshUnits()
        let pull = ChangePull(
            settings: settings.source, server: try server(method, beginning, request, units), mirror: request.mirror,
            links: settings.source.dialect.kind == .activeDirectory ? .followsEntry : .staysWithName, units: units)
        let result = try pull.run(since: request.position)
        let changes = try request.mirror.changes(of: result.delta)
        let position = SyncPosition(method: method.name, belongsTo: belongings, marks: result.marks)
        return IncrementalPull(
            delta: result.delta, changes: changes, absences: result.absences, position: position,
            stamp: stamp(beginning, request.pull.lastStamp))
    }

    private func server(
        _ method: ChangeMethod, _ beginning: Beginning, _ request: IncrementalRequest, _ units: [RefreshUnit]
    ) throws -> any ChangeServer {
        let questions = try EntryQuestions(self, beginning, request)
        switch method {
        case .sync: return LDAPChangeServer(questions, beginning)
        case .changeLog: return try feed(ChangeLogFeed(questions, request.mirror), questions, request, units)
        case .times:
            guard let now = request.pull.now else { throw ChangeDoubt(text: "the run has no time") }
            return try feed(TimesFeed(questions, now: now), questions, request, units)
        case .dirSync, .usn:
            guard let domain = beginning.detected.domain else {
                throw ChangeDoubt(text: "the server does not say which domain it serves")
            }
            let feed: any ChangeFeed =
                method == .usn ? UpdateSequenceFeed(questions, domain) : DirSyncFeed(questions, domain)
            return try self.feed(feed, questions, request, units)
        }
    }

    private func feed(
        _ feed: any ChangeFeed, _ questions: EntryQuestions, _ request: IncrementalRequest, _ units: [RefreshUnit]
    ) throws -> FeedServer {
        let known = try KnownMarks(request.position, units)
        return FeedServer(feed, questions, request.mirror, containers: Set(known.containers.keys))
    }

    /// How the server tells changes; the name is that in positions.
    enum ChangeMethod: String {
        case sync
        case changeLog = "changelog"
        case dirSync = "dirsync"
        case usn
        case times

        var name: String { rawValue }
    }

    /// Throws a `ChangeDoubt` where there is none that can be relied on.
    func method(_ beginning: Beginning, known: String? = nil) throws(ChangeDoubt) -> ChangeMethod {
        let source = settings.source
        let (method, id): (ChangeMethod, String)
        if changeMethod == .times || known == ChangeMethod.times.name { return .times }
        switch source.dialect.kind {
        case .openldap:
            guard beginning.detected.controls.contains(SyncControls.request) else { return .times }
            (method, id) = (.sync, "entryUUID")
        case .freeipa: return .times
        case .ds389: (method, id) = (.changeLog, "nsUniqueId")
        case .activeDirectory:
            let usn = ChangeMethod.usn
            (method, id) = (changeMethod ?? (known == usn.name ? usn : .dirSync), "objectGUID")
        default: throw ChangeDoubt(text: "changes of this kind of directory are not read yet")
        }
        guard source.attributes.id.lowercased() == id.lowercased() else {
            throw ChangeDoubt(
                text: "the server tells changes by `\(id)`, and `attributes.id` is `\(source.attributes.id)`")
        }
        return method
    }

    /// The searches that are kept up to date: people, groups, and what they stand under.
    func refreshUnits() throws(PullFailure) -> [RefreshUnit] {
        let source = settings.source
        let people = try source.bases(source.people)
        let groups = try source.bases(source.groups)
        var containers: [Base] = []
        for base in people + groups {
            let isCovered = (people + groups).enumerated().contains { _, other in
                base.name != other.name && base.name.isUnder(other.name)
            }
            if !isCovered, !containers.contains(where: { $0.name == base.name }) { containers.append(base) }
        }
        return people.map { RefreshUnit(kind: .people, base: $0.text) }
            + groups.map { RefreshUnit(kind: .groups, base: $0.text) }
            + containers.map { RefreshUnit(kind: .containers, base: $0.text) }
    }

    /// Everything that must be the same for a position to mean anything; throws a `ChangeDoubt` where that cannot be told.
    func belongings(_ beginning: Beginning, _ request: PullRequest) throws -> [SyncPosition.Part] {
        let source = settings.source
        let person = PersonReader(source, trusted: request.attributes, now: request.now)
        let group = GroupReader(source)
        return try roles(beginning) + [
            SyncPosition.Part("way of reading", "2"),
            SyncPosition.Part("server", beginning.stamp.server),
            SyncPosition.Part("bind identity", bindName ?? beginning.stamp.identity),
            SyncPosition.Part("kind of directory", source.dialect.kind.rawValue),
            SyncPosition.Part(
                "list of people's bases", try source.bases(source.people).map(\.text).joined(separator: "; ")),
            SyncPosition.Part(
                "list of groups' bases", try source.bases(source.groups).map(\.text).joined(separator: "; ")),
            SyncPosition.Part("filter of people", source.peopleFilter.text),
            SyncPosition.Part("filter of groups", source.groupFilter.text),
            SyncPosition.Part("list of people's attributes", person.names.names.joined(separator: " ")),
            SyncPosition.Part("list of groups' attributes", group.names.names.joined(separator: " ")),
            SyncPosition.Part("meaning of attributes", String(describing: source.attributes)),
        ]
    }

    /// Who is in a role is told by its definition and by the person: what the definitions are, wherever they stand, as a hash.
    private func roles(_ beginning: Beginning) throws -> [SyncPosition.Part] {
        let source = settings.source
        guard source.dialect.roleAttribute != nil, !source.groups.bases.isEmpty else { return [] }
        let filter = LDAPFilter.and([
            .equal("objectClass", "ldapSubEntry"), .equal("objectClass", "nsRoleDefinition"),
        ])
        let attributes = ["objectClass", "cn", "nsRoleDN", "nsRoleFilter", "nsRoleScopeDN"]
        var definitions: [[UInt8]] = []
        for suffix in suffixes(beginning.detected, try source.bases(source.people) + source.bases(source.groups)) {
            let search = SearchRequest(
                base: suffix, filter: filter, attributes: attributes, pageSize: source.dialect.pageSize)
            let isWhole = try runOverSuffix(beginning.connection, search) { (entry) throws(BERFault) in
                let role = try EntryCopy(entry)
                var lines = [role.dn]
                for attribute in attributes {
                    lines += role.values(attribute).map { Array($0) }.sorted { $0.lexicographicallyPrecedes($1) }
                    lines.append([])
                }
                definitions.append(Array(lines.joined(separator: [0])))
            }
            guard isWhole else { throw ChangeDoubt(text: "not all definitions of roles can be read") }
        }
        definitions.sort { $0.lexicographicallyPrecedes($1) }
        let hash = Array(definitions.joined(separator: [0, 0])).withUnsafeBytes {
            DNHashKey(first: 1, second: 3).hash($0)
        }
        return [SyncPosition.Part("definition of roles", String(hash.high, radix: 16) + String(hash.low, radix: 16))]
    }

    /// Whether the server tells everything of memberships that stand on the person: of numbers only a domain that is known.
    func tellsMembershipsOfPeople(_ beginning: Beginning) -> Bool {
        settings.source.dialect.primaryGroup == nil || beginning.detected.domain?.securityID != nil
    }

    /// The name to bind as; nil where the server makes it out.
    private var bindName: String? {
        if case .simple(let dn, _) = settings.bind { return dn }
        return nil
    }

    /// What the server said of its data before the reading: whoever follows it goes on from there.
    ///
    /// What the last full pull counted is still what the next is held to.
    private func stamp(_ beginning: Beginning, _ last: DirectoryStamp?) -> DirectoryStamp {
        var stamp = beginning.stamp
        stamp.changeStamps = ChangeStamps(ChangeStamps(stamp).facts + ChangeStamps(last).counted).texts
        return stamp
    }
}
