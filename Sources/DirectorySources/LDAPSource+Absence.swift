package import DirectoryModel
internal import LDAPClient

extension LDAPSource {
    /// Reads by id over the whole suffix, a hundred at a time; each answer must also hold somebody known to be there: in every suffix, and below
    /// every base where anybody was found in this run.
    ///
    /// Other directories may have been read since: `timeouts.pull` counts from now on.
    package func confirmAbsence(of ids: [ImmutableID], knownPresent: ImmutableID) -> AbsenceOutcome {
        let end = ContinuousClock.now.advanced(by: settings.connection.timeouts.pull)
        deadline = end
        connection?.deadline = end
        do throws(PullFailure) {
            let findings = try retrying({ _ in }) { () throws(PullFailure) in try confirm(ids, knownPresent) }
            return .answered(findings)
        } catch { return .failed(error) }
    }

    private func confirm(_ ids: [ImmutableID], _ control: ImmutableID) throws(PullFailure) -> [AbsenceFinding] {
        let bases = try settings.source.bases(settings.source.people)
        let connection = try current()
        let suffixes = suffixes(try detect(connection), bases)
        var findings: [AbsenceFinding] = []
        findings.reserveCapacity(ids.count)
        var start = 0
        while start < ids.count {
            let batch = Array(ids[start..<min(start + 100, ids.count)])
            findings += try look(connection, for: batch, control, suffixes, bases)
            start += 100
        }
        return findings
    }

    /// The connection of the pull, or a new one to the same server.
    private func current() throws(PullFailure) -> LDAPConnection {
        if let connection { return connection }
        return try open(server.map { [$0] } ?? settings.urls)
    }

    /// Runs a search by id; false where its answer is not whole.
    private func ask(
        _ search: SearchRequest, _ connection: LDAPConnection, _ body: (borrowing EntryView) throws(BERFault) -> Void
    ) throws(PullFailure) -> (isWhole: Bool, entries: Int) {
        let end = try attempt { () throws(LDAPError) in try connection.search(search, body) }
        do throws(PullFailure) { return (try isWhole(end, search, connection), end.entries) } catch {
            var failure = error
            failure.message = "who was not listed could not be looked for by id: " + failure.message
            throw failure
        }
    }

    /// What one read by id found: where, in which state.
    private struct Found {
        var dn: [UInt8]
        var state: PersonState
    }

    private func look(
        _ connection: LDAPConnection, for ids: [ImmutableID], _ control: ImmutableID, _ suffixes: [String],
        _ bases: [Base]
    ) throws(PullFailure) -> [AbsenceFinding] {
        let attribute = settings.source.attributes.id
        let controls = seen.values.reduce(into: Set([control])) { $0.formUnion($1) }
        let asked = ids + controls.subtracting(ids).sorted()
        let filter = LDAPFilter.or(asked.flatMap { IDFilter.alternatives(attribute, $0) })
        var reader = PersonReader(settings.source, trusted: [], now: now)
        var found: [ImmutableID: Found] = [:]
        for suffix in suffixes {
            let search = SearchRequest(base: suffix, filter: filter, attributes: reader.names.names)
            var hasControl = false
            let answer = try ask(search, connection) { (entry) throws(BERFault) in
                reader.start(dn: entry.dn)
                _ = try reader.read(entry)
                let draft = reader.finish()
                guard let id = draft.immutableID else { return }
                found[id] = Found(dn: Array(entry.dn), state: draft.plainState)
                hasControl = hasControl || controls.contains(id)
            }
            guard answer.isWhole, hasControl else { return ids.map { _ in .unknown } }
        }
        guard found[control] != nil, bases.allSatisfy({ isSeenAgain($0, found) }) else {
            return ids.map { _ in .unknown }
        }
        let deleted = hasUnidentified ? try deleted(ids.filter { found[$0] == nil }, connection, suffixes) : []
        var findings: [AbsenceFinding] = []
        for id in ids {
            guard let place = found[id] else {
                findings.append(hasUnidentified && !deleted.contains(id) ? .unknown : .gone)
                continue
            }
            findings.append(try judge(connection, place, bases))
        }
        return findings
    }

    /// Whether somebody who was found below a base is found there again; a base where nobody was has nothing to show.
    private func isSeenAgain(_ base: Base, _ found: [ImmutableID: Found]) -> Bool {
        guard let some = seen[base.text], !some.isEmpty else { return true }
        return some.contains { id in
            found[id].flatMap { try? DistinguishedName($0.dn) }?.isUnder(base.name) == true
        }
    }

    /// Somebody found is out of scope, unless the entry would have belonged to the pull: then it came meanwhile, and nothing is known.
    private func judge(
        _ connection: LDAPConnection, _ found: Found, _ bases: [Base]
    ) throws(PullFailure) -> AbsenceFinding {
        guard let name = try? DistinguishedName(found.dn),
            let text = String(validating: found.dn, as: UTF8.self)
        else { return .unknown }
        if bases.contains(where: { name.isUnder($0.name) }) {
            let search = SearchRequest(base: text, scope: .base, filter: settings.source.peopleFilter)
            let answer = try ask(search, connection) { _ in }
            // Without an entry by that name it moved, or went, since it was found.
            guard answer.isWhole, answer.entries == 0 else { return .unknown }
        }
        return .outOfScope(dn: text, state: found.state)
    }
}

/// Filters that find an entry by its id.
enum IDFilter {
    /// Every spelling that the id may have in the directory.
    static func alternatives(_ attribute: String, _ id: ImmutableID) -> [LDAPFilter] {
        IDSyntax(attribute: attribute).spellings(id).map { .equal(attribute, $0) }
    }
}
