internal import DirectoryModel

/// Reads what changed in a directory by searches that its server keeps up to date, and proves who is gone.
///
/// Every doubt ends in a full pull; nothing is ever concluded from somebody's not being mentioned but a question to the directory.
struct ChangePull {
    let settings: SourceSettings
    let server: any ChangeServer
    let mirror: any MirrorLookup
    let links: LinkRule
    /// The searches; each has a mark in the position.
    let units: [RefreshUnit]

    /// What was read, as parts of an outcome.
    struct Result {
        var delta: MirrorDelta
        var absences: [ImmutableID: AbsenceFinding]
        var marks: [SyncPosition.Part]
    }

    /// Reads everything since the marks; throws a `ChangeDoubt` where only a full pull can tell, or the `PullFailure` of the server.
    func run(since position: SyncPosition) throws -> Result {
        var known = try KnownMarks(position, units)
        var batch = newBatch()
        var rounds = ChangeRounds(units, marks: known.cookies)
        while try !rounds.run(server, &batch, mirror) {
            guard rounds.rounds < ChangeRounds.most else {
                throw ChangeDoubt(text: "the directory changed all the while it was read")
            }
        }
        let (containers, told) = (batch.containers, batch.told)
        var delta = try finish(batch)
        var absences: [ImmutableID: AbsenceFinding] = [:]
        try checkAttributes(delta)
        try checkStates(delta, told)
        try settleRemovals(rounds, known, &delta, &absences)
        try addHolders(&delta, &rounds)
        try settleOwnGroups(&delta)
        try settleContainers(containers, rounds, delta, &known)
        try checkControls(known, delta)
        try checkBelow(delta)
        try checkSentinels(delta)
        try known.advance(rounds, server.aging)
        known.renewControls(delta)
        return Result(delta: delta, absences: absences, marks: known.parts)
    }

    /// What came, as a delta; entries that a full pull would set aside are in doubt.
    private func finish(_ batch: consuming ChangeBatch) throws -> MirrorDelta {
        guard batch.builder.setAside.isEmpty else {
            throw ChangeDoubt(text: "an entry came without a usable id or DN")
        }
        do throws(MirrorFault) { return MirrorDelta(try batch.builder.entries(), links: links) } catch {
            throw ChangeDoubt(text: "more changed than one reading can hold")
        }
    }

    /// Reads groups that changed without being changed: no server tells of them.
    ///
    /// Where links follow entries, somebody who comes in from elsewhere may be a member already; a group that was read may name a member as it
    /// was before a rename; and a member who is not read, and moved on, has left a name to the mirror's group that somebody else may get now.
    /// Where they stay with names, an overlay for referential integrity (slapo-refint) rewrites them after a rename, or removes them, and
    /// leaves no trace. So nobody gets a membership by a name that a group was left with but by the group's own word.
    private func addHolders(_ delta: inout MirrorDelta, _ rounds: inout ChangeRounds) throws {
        var dns: [[UInt8]] = []
        var names: Set<MemberName> = []
        var left: Set<ImmutableID> = []
        for change in delta.people {
            let known = try mirror.person(change.row.id)?.name
            let isAsked = try isToBeAsked(change.row.id, change.name, known, delta, rounds, &left)
            guard isAsked == true else { continue }
            names.insert(MemberName(.dn, change.name))
            if let dn = PersonRecord(bytes: change.record[...]).values(.dn).first { dns.append(Array(dn)) }
        }
        for change in delta.groups {
            let known = try mirror.group(change.row.id)?.name
            let isAsked = try isToBeAsked(change.row.id, change.name, known, delta, rounds, &left)
            guard isAsked == true else { continue }
            names.insert(MemberName(.dn, change.name))
            dns.append(change.row.dn)
        }
        guard !dns.isEmpty else { return }
        var batch = newBatch()
        try server.groups(ofMembers: dns, into: &batch)
        let groups = try finish(batch).groups
        let ids = Set(groups.map(\.row.id))
        // Read before whoever had the name left it to somebody else.
        let stale = delta.groups.filter { !ids.contains($0.row.id) && $0.names(anyOf: names) }.map(\.row.id)
        delta.groups = delta.groups.filter { !ids.contains($0.row.id) } + groups
        let settled = Set(delta.groups.map(\.row.id)).union(delta.removedGroups.map(\.id))
        if let id = left.subtracting(settled).union(stale).min() {
            throw ChangeDoubt(text: "members of the group `\(id)` are gone without the server's telling")
        }
        var rest = newBatch()
        let isQuiet = try rounds.run(server, &rest, mirror)
        let removed = Set(delta.removedPeople.map(\.id))
        guard isQuiet, !rest.builder.addedNames(from: 0).contains(where: { removed.contains($0.id) }) else {
            throw ChangeDoubt(text: "the directory changed all the while it was read")
        }
    }

    /// Whether it must be asked which groups name an entry that has this name now; nil when it has had it all along, as far as was read.
    ///
    /// Groups that were left with the name go to `left`.
    private func isToBeAsked(
        _ id: ImmutableID, _ name: DNHash, _ known: DNHash?, _ delta: MirrorDelta, _ rounds: ChangeRounds,
        _ left: inout Set<ImmutableID>
    ) throws -> Bool? {
        guard known != name || rounds.renamed.contains(id) else { return nil }
        let groups = try mirror.groups(withLoose: MemberName(.dn, name))
        left.formUnion(groups)
        return switch links {
        case .staysWithName: known != nil || !groups.isEmpty
        case .followsEntry: known == nil || !groups.isEmpty || !delta.groups.isEmpty
        }
    }

    private func newBatch() -> ChangeBatch {
        ChangeBatch(builder: MirrorBuilder(directory: settings.name, attributes: mirror.attributes, key: mirror.key))
    }

    // MARK: Who is gone

    /// Looks for everybody who seems to be gone, together with somebody who is there.
    private func settleRemovals(
        _ rounds: ChangeRounds, _ known: KnownMarks, _ delta: inout MirrorDelta,
        _ absences: inout [ImmutableID: AbsenceFinding]
    ) throws {
        let people = try rounds.candidates(.people, among: mirror.everyPerson)
            .filter { try mirror.person($0) != nil || delta.people.contains(id: $0) }
        let groups = try rounds.candidates(.groups, among: mirror.everyGroup)
            .filter { try mirror.group($0) != nil || delta.groups.contains(id: $0) }
        guard !people.isEmpty || !groups.isEmpty else { return }
        let found = try locate(people.union(groups), known)
        for id in people.sorted() {
            if found[id]?.isPerson == true {
                guard delta.people.contains(id: id) else { throw stillThere(id) }
                continue
            }
            guard found[id] != nil || rounds.isToldGone(id, .people) else { throw silentlyGone(id) }
            delta.people.removeAll { $0.row.id == id }
            guard try mirror.person(id) != nil else { continue }
            delta.removedPeople.append(RemovedEntry(id: id, movedTo: found[id]?.name))
            absences[id] = found[id].map { .outOfScope(dn: $0.dn, state: $0.state) } ?? .gone
        }
        for id in groups.sorted() {
            if found[id]?.isGroup == true {
                guard delta.groups.contains(id: id) else { throw stillThere(id) }
                continue
            }
            guard found[id] != nil || rounds.isToldGone(id, .groups) else { throw silentlyGone(id) }
            delta.groups.removeAll { $0.row.id == id }
            guard try mirror.group(id) != nil else { continue }
            delta.removedGroups.append(RemovedEntry(id: id, movedTo: found[id]?.name))
        }
    }

    private func stillThere(_ id: ImmutableID) -> ChangeDoubt {
        ChangeDoubt(text: "the server told that `\(id)` is gone, and it is there")
    }

    /// Whoever is neither listed nor found may be deleted, or hidden from the account: only a whole reading, with its proofs, can tell.
    private func silentlyGone(_ id: ImmutableID) -> ChangeDoubt {
        ChangeDoubt(text: "the server no longer shows `\(id)`, and did not tell that it was deleted")
    }

    /// Reads by id, a hundred at a time; each answer must hold somebody of whom it is known.
    ///
    /// Groups that are known to be there only tell that their suffix is searched.
    private func locate(_ ids: Set<ImmutableID>, _ known: KnownMarks) throws -> [ImmutableID: LocatedEntry] {
        let controls = known.controls.filter { !ids.contains($0) }
        let groups = known.groupControls.filter { !ids.contains($0) }
        var found: [ImmutableID: LocatedEntry] = [:]
        let sorted = ids.sorted()
        for start in stride(from: 0, to: sorted.count, by: 100) {
            let batch = sorted[start..<min(start + 100, sorted.count)]
            let answer = try server.locate(controls + groups + batch)
            guard controls.contains(where: { answer[$0] != nil }) else {
                throw ChangeDoubt(text: "who is gone cannot be told: nobody known to be there was found by id")
            }
            for id in batch { found[id] = answer[id] }
            if let doubt = answer.doubt, batch.contains(where: { answer[$0] == nil }) {
                throw ChangeDoubt(text: "who is gone cannot be told: \(doubt)")
            }
        }
        return found
    }

    // MARK: What other entries stand under

    /// A container with another DN moves everything below it, of which the server tells nothing.
    private func settleContainers(
        _ entries: [ContainerEntry], _ rounds: ChangeRounds, _ delta: MirrorDelta, _ known: inout KnownMarks
    ) throws {
        let gone = try rounds.candidates(.containers) { Array(known.containers.keys) }
            .filter { known.containers[$0] != nil }
        for (id, place) in gone.isEmpty ? [:] : try locate(gone, known)
        where place.name != known.containers[id] {
            throw ChangeDoubt(text: "`\(place.dn)` was renamed or moved, with everything below it")
        }
        for id in gone { known.containers[id] = nil }
        for entry in entries where !gone.contains(entry.id) {
            guard let name = known.containers[entry.id] else {
                try checkBelow(entry.dn, delta)
                known.containers[entry.id] = entry.name
                continue
            }
            guard name == entry.name else {
                let dn = EntryText.shown(String(decoding: entry.dn, as: UTF8.self))
                throw ChangeDoubt(text: "`\(dn)` was renamed or moved, with everything below it")
            }
        }
    }

    /// People and groups that were renamed, or are new, may have entries below them.
    private func checkBelow(_ delta: MirrorDelta) throws {
        for change in delta.people where try mirror.person(change.row.id).map({ $0.name != change.name }) ?? false {
            let dn = PersonRecord(bytes: change.record[...]).values(.dn).first
            try checkBelow(dn.map { Array($0) } ?? [], delta)
        }
        for change in delta.groups where try mirror.group(change.row.id).map({ $0.name != change.name }) ?? false {
            try checkBelow(change.row.dn, delta)
        }
    }

    private func checkBelow(_ dn: [UInt8], _ delta: MirrorDelta) throws {
        let changed = Set(delta.people.map(\.row.id)).union(delta.groups.map(\.row.id))
        guard let below = try server.ids(below: dn, atMost: changed.count + 1), below.isSubset(of: changed) else {
            let text = EntryText.shown(String(decoding: dn, as: UTF8.self))
            throw ChangeDoubt(
                text: "`\(text)` is new, or was renamed, moved or deleted meanwhile, with entries below it")
        }
    }

    // MARK: What must hold

    /// Who is known to be there is looked for although nothing was told of them: a directory that was loaded anew tells nothing.
    private func checkControls(_ known: KnownMarks, _ delta: MirrorDelta) throws {
        let removed = Set((delta.removedPeople + delta.removedGroups).map(\.id))
        let people = known.controls.filter { !removed.contains($0) }
        let groups = known.groupControls.filter { !removed.contains($0) }
        guard !people.isEmpty || !groups.isEmpty else { return }
        let found = try server.locate(people + groups)
        let gone = people.first { found[$0]?.isPerson != true } ?? groups.first { found[$0]?.isGroup != true }
        if let gone { throw ChangeDoubt(text: "`\(gone)` is gone without the server's telling") }
    }

    /// Attributes that are missing from all that changed were probably hidden; so may one be that somebody no longer shows and rules ask for.
    private func checkAttributes(_ delta: MirrorDelta) throws {
        guard !delta.people.isEmpty else { return }
        let records = delta.people.map { PersonRecord(bytes: $0.record[...]) }
        let had = try delta.people.filter { try mirror.person($0.row.id)?.login != nil }
        if !had.isEmpty, records.allSatisfy({ $0.values(.login).isEmpty }) {
            throw ChangeDoubt(text: "nobody who changed shows the attribute `\(settings.attributes.login)`")
        }
        if records.count > 2, records.allSatisfy({ $0.values(.email).isEmpty }) {
            throw ChangeDoubt(text: "nobody who changed shows the attribute `\(settings.attributes.email)`")
        }
        for (change, record) in zip(delta.people, records) {
            let had = try mirror.attributes(ofPerson: change.row.id).intersection(mirror.attributes)
            guard let lost = had.subtracting(record.shown(of: mirror.attributes)).min() else { continue }
            throw ChangeDoubt(text: "`\(change.row.id)` no longer shows the attribute `\(lost)`")
        }
    }

    /// Somebody is let in again because what kept them out is not shown any more: it may just as well be hidden.
    private func checkStates(_ delta: MirrorDelta, _ told: [ImmutableID: Set<PersonState>]) throws {
        for change in delta.people where change.row.state.isEnabled {
            guard let known = try mirror.person(change.row.id) else { continue }
            let told = told[change.row.id] ?? []
            if !known.state.isEnabled, !told.contains(known.state) {
                throw ChangeDoubt(text: "`\(change.row.id)` was disabled, and no longer shows by what")
            }
            if known.hasEnd, !told.contains(.expired) {
                throw ChangeDoubt(text: "the account of `\(change.row.id)` had an end, and no longer shows it")
            }
        }
    }

    private func checkSentinels(_ delta: MirrorDelta) throws {
        let removed = Set((delta.removedPeople + delta.removedGroups).map(\.id))
        for sentinel in settings.sentinels where removed.contains(sentinel) {
            throw ChangeDoubt(text: "the sentinel `\(sentinel)` is gone")
        }
    }
}

extension [PersonChange] {
    func contains(id: ImmutableID) -> Bool { contains { $0.row.id == id } }
}

extension GroupDelta {
    /// Whether one of these is among the members that came.
    fileprivate func names(anyOf names: Set<MemberName>) -> Bool {
        switch members {
        case .whole(let all): all.contains(where: names.contains)
        case .edited(let added, _): added.contains(where: names.contains)
        }
    }
}

extension [GroupDelta] {
    func contains(id: ImmutableID) -> Bool { contains { $0.row.id == id } }
}
