internal import DirectoryModel
internal import LDAPClient

/// What is asked of a server before it is read: is it the one that was configured, and how far have its data come?
extension LDAPSource {
    /// What the server says of itself; asked once for each connection.
    func detect(_ connection: LDAPConnection) throws(PullFailure) -> DetectedServer {
        if let detected { return detected }
        let found = try attempt { () throws(LDAPError) in try DetectedServer.ask(connection) }
        detected = found
        return found
    }

    /// Throws when the server is plainly not what the configuration says, or a base holds what must not be read.
    ///
    /// A server that does not say what it is may be anything.
    func check(_ server: DetectedServer, _ url: LDAPURL) throws(PullFailure) {
        let source = settings.source
        let kind = source.dialect.kind
        if let found = server.kind, found != kind, !(kind == .freeipa && found == .ds389) {
            throw source.failure(
                .badConfiguration,
                "`\(url)` is a server of kind `\(found.rawValue)`, and `kind` says `\(kind.rawValue)`",
                "write `kind: \(found.rawValue)`, and what the server calls things where you gave other names")
        }
        if kind == .activeDirectory, url.port == 3268 || url.port == 3269 {
            throw source.failure(
                .badConfiguration, "`\(url)` is a global catalog, which holds only a part of what is known of people",
                "use port 636, or 389 with StartTLS, of a domain controller")
        }
        try checkClosedBranches(server)
    }

    /// A base above a closed branch would read it, too; one in it reads nothing else.
    private func checkClosedBranches(_ server: DetectedServer) throws(PullFailure) {
        let source = settings.source
        guard !source.dialect.closedBranches.isEmpty else { return }
        let bases = try source.bases(source.people) + source.bases(source.groups)
        for suffix in suffixes(server, bases) {
            for branch in source.dialect.closedBranches {
                guard let closed = try? DistinguishedName("\(branch),\(suffix)"),
                    let base = bases.first(where: { closed.isUnder($0.name) || $0.name.isUnder(closed) })
                else { continue }
                throw source.failure(
                    .badConfiguration,
                    "the base `\(base.text)` takes in `\(branch),\(suffix)`, where the server keeps people a second time, "
                        + "or people who are not yet or no longer there",
                    "use `cn=users,cn=accounts,\(suffix)` and `cn=groups,cn=accounts,\(suffix)`")
            }
        }
    }

    /// The suffixes of the server that hold some base; the bases themselves where it shows none.
    func suffixes(_ server: DetectedServer, _ bases: [Base]) -> [String] {
        var found: [String] = []
        for base in bases {
            let holding = server.namingContexts.filter { context in
                guard let name = try? DistinguishedName(context) else { return false }
                return base.name.isUnder(name)
            }
            for suffix in holding.isEmpty ? [base.text] : holding where !found.contains(suffix) { found.append(suffix) }
        }
        return found
    }

    /// What the directory is known by, and how far its data have come.
    func changeStamps(
        _ connection: LDAPConnection, _ server: DetectedServer
    ) throws(PullFailure) -> ChangeStamps {
        let source = settings.source
        let suffixes = suffixes(server, try source.bases(source.people) + source.bases(source.groups))
        var facts = try sequences(connection, server, suffixes)
        if !server.namingContexts.isEmpty { facts += suffixes.map { .suffix($0) } }
        if let domain = server.domain?.securityID { facts.append(.domain(domain.description)) }
        return ChangeStamps(facts)
    }

    /// How far the server's data have come.
    func sequences(
        _ connection: LDAPConnection, _ server: DetectedServer, _ suffixes: [String]
    ) throws(PullFailure) -> [StampFact] {
        var facts: [StampFact] = []
        switch settings.source.dialect.changeStamps {
        case .suffix(let attribute):
            for suffix in suffixes {
                let values = try attempt { () throws(LDAPError) in try connection.readVisible(suffix, [attribute]) }
                facts += (values?[0] ?? []).compactMap { StampFact(ServerText.escaped($0)) }
            }
        case .updateSequence:
            guard let domain = server.domain else { break }
            facts = domain.replicated.map { .sequence(database: $0.key.description, $0.value) }
            if let database = domain.database, let sequence = domain.sequence {
                facts.append(.sequence(database: database.description, sequence))
            }
        case .entrySequence:
            facts = server.entrySequences.map { .entries(backend: $0.key, $0.value) }
        }
        return facts
    }
}
