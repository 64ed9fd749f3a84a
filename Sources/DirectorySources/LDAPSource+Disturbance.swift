internal import DirectoryModel
internal import LDAPClient

/// Whether a change while the directory was read may have torn what was read: a name that changed or moved may be missing in both places,
/// or be a member under a name that nobody has any more.
extension LDAPSource {
    /// Classes of entries that others lie under, whose renaming no one below shows.
    private static let containers = ["organizationalUnit", "container", "nsContainer", "organization", "locality"]

    /// What became of a reading, from the least to the worst.
    enum Disturbance: Int, Comparable {
        /// Nothing that matters changed, or nothing tells.
        case none
        /// The server does not say what changed, or branches did.
        case untold
        /// Somebody came whom the reading has not: anew, or from where it had been already.
        case came
        /// Somebody stands elsewhere than where they were read.
        case moved

        static func < (left: Disturbance, right: Disturbance) -> Bool { left.rawValue < right.rawValue }
    }

    /// Looks only at what the server says was changed since the reading began; changes that move nothing do not count.
    ///
    /// Where a server does not tell how far its data have come, absence is confirmed person by person all the same.
    func disturbance(of reading: Reading, _ beginning: Beginning) throws(PullFailure) -> Disturbance {
        guard let since = try changedSince(beginning) else { return .none }
        let source = settings.source
        let (people, groups) = (try source.bases(source.people), try source.bases(source.groups))
        let containers = LDAPFilter.or(LDAPSource.containers.map { .equal("objectClass", $0) })
        var worst = Disturbance.none
        for suffix in suffixes(beginning.detected, people + groups) {
            for (filter, bases) in [(source.peopleFilter, people), (source.groupFilter, groups)] where !bases.isEmpty {
                let found = try changed(suffix, .and([since, filter]), beginning) { entry in
                    entry.disturbs(reading.pull.mirror, bases)
                }
                worst = max(worst, found)
            }
            let around = try changed(suffix, .and([since, containers]), beginning) { entry in
                entry.isAroundOrWithin(people + groups) ? .untold : .none
            }
            worst = max(worst, around)
        }
        return worst
    }

    /// The worst of what a search finds; one that is not whole tells nothing.
    private func changed(
        _ suffix: String, _ filter: LDAPFilter, _ beginning: Beginning, _ judge: (ChangedEntry) -> Disturbance
    ) throws(PullFailure) -> Disturbance {
        let source = settings.source
        let syntax = IDSyntax(attribute: source.attributes.id)
        var names = AttributeNames([source.attributes.id])
        var worst = Disturbance.none
        let search = SearchRequest(
            base: suffix, filter: filter, attributes: names.names, pageSize: source.dialect.pageSize)
        let end = try attempt { () throws(LDAPError) in
            try beginning.connection.search(search) { (entry) throws(BERFault) in
                worst = max(worst, judge(try ChangedEntry(entry, &names, syntax)))
            }
        }
        // A remark may stand at the end of a part.
        return end.code == 0 && end.text.isEmpty ? worst : max(worst, .untold)
    }

    /// The filter of everything changed since the reading began; nil when nothing was, or nothing tells.
    private func changedSince(_ beginning: Beginning) throws(PullFailure) -> LDAPFilter? {
        let before = ChangeStamps(beginning.stamp).sequences
        guard !before.isEmpty else { return nil }
        let source = settings.source
        let connection = beginning.connection
        var server = beginning.detected
        if source.dialect.changeStamps.isInRootEntry {
            server = try attempt { () throws(LDAPError) in try DetectedServer.ask(connection) }
        }
        let suffixes = suffixes(server, try source.bases(source.people) + source.bases(source.groups))
        let after = try sequences(connection, server, suffixes)
        switch source.dialect.changeStamps {
        case .suffix:
            return ChangeStamps(before).firstChange(until: ChangeStamps(after)).map {
                .atLeast("entryCSN", Array($0.utf8))
            }
        case .updateSequence:
            guard let start = beginning.detected.domain?.sequence, start != server.domain?.sequence else { return nil }
            return .atLeast("uSNChanged", Array("\(start &+ 1)".utf8))
        case .entrySequence:
            let moved = beginning.detected.entrySequences.filter { server.entrySequences[$0.key] != $0.value }
            return moved.values.min().map { .atLeast("entryusn", Array("\($0 &+ 1)".utf8)) }
        }
    }
}

extension ChangeStampPlace {
    /// Whether the root entry tells, and not an entry of the data.
    var isInRootEntry: Bool {
        if case .suffix = self { return false }
        return true
    }
}

/// An entry that was changed while the directory was read.
private struct ChangedEntry {
    private let dn: [UInt8]
    private let id: ImmutableID?

    init(_ entry: borrowing EntryView, _ names: inout AttributeNames, _ syntax: IDSyntax) throws(BERFault) {
        dn = Array(entry.dn)
        var id: ImmutableID?
        names.startEntry()
        var cursor = entry.cursor
        while var attribute = try cursor.next() {
            guard case .known = names.match(attribute.name) else { continue }
            while let value = try attribute.values.next() { id = syntax.id(value) }
        }
        self.id = id
    }

    /// Somebody or something that stands elsewhere than where it was read, or below the bases and was not read at all.
    ///
    /// What has no usable id is set aside, wherever it stands.
    func disturbs(_ mirror: Mirror, _ bases: [Base]) -> LDAPSource.Disturbance {
        guard let id else { return .none }
        if let known = mirror.name(of: id) { return known == dn[...] ? .none : .moved }
        guard let name = try? DistinguishedName(dn) else { return .untold }
        return bases.contains { name.isUnder($0.name) } ? .came : .none
    }

    /// A branch of which nobody knows whether it has the name that it had.
    func isAroundOrWithin(_ bases: [Base]) -> Bool {
        guard let name = try? DistinguishedName(dn) else { return true }
        return bases.contains { name.isUnder($0.name) || $0.name.isUnder(name) }
    }
}

extension Mirror {
    /// The DN of a person or group of a mirror with one directory, as the server wrote it.
    fileprivate func name(of id: ImmutableID) -> ArraySlice<UInt8>? {
        if let place = people.place(where: { $0.id < id }), people[place].id == id {
            return record(PersonIndex(place)).values(.dn).first
        }
        if let place = groups.place(where: { $0.id < id }), groups[place].id == id { return groups[place].dn[...] }
        return nil
    }
}

extension Array {
    /// The first place of a sorted array whose element is not before what is looked for; nil when all are.
    fileprivate func place(where isBefore: (Element) -> Bool) -> Int? {
        var (low, high) = (0, count)
        while low < high {
            let middle = low + (high - low) / 2
            if isBefore(self[middle]) { low = middle + 1 } else { high = middle }
        }
        return low < count ? low : nil
    }
}
