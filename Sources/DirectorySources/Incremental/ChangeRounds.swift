internal import DirectoryModel

/// What the searches of a directory told, round after round, until a round told nothing new.
///
/// A single round is not a state of the directory: it is read search by search, and a server that sends everything anew leaves out
/// what changes meanwhile. What the last round leaves alone is one.
struct ChangeRounds {
    /// More rounds than a directory needs that changes now and then; one that never settles is read whole.
    static let most = 12

    let units: [RefreshUnit]
    private(set) var marks: [RefreshUnit: [UInt8]]
    /// The mark that the first search got in the last round in which every search listed everybody: a list owes nothing to a log.
    private(set) var listed: [UInt8]?
    /// Ids of entries that came, by the kind of their search.
    private(set) var changed: [RefreshUnit.Kind: Set<ImmutableID>] = [:]
    /// Ids that were told to be gone, likewise.
    private(set) var gone: [RefreshUnit.Kind: Set<ImmutableID>] = [:]
    /// Ids that were told to have changed and were not found, likewise.
    private(set) var missing: [RefreshUnit.Kind: Set<ImmutableID>] = [:]
    /// For a search that named everybody who is there, all of them.
    private(set) var present: [RefreshUnit: Set<ImmutableID>] = [:]
    private(set) var rounds = 0
    /// The name under which each entry came last, and who came under more than one.
    private var names: [ImmutableID: DNHash] = [:]
    private(set) var renamed: Set<ImmutableID> = []
    /// Whether a round brought nothing new: what comes after it is looked at, and left to the next reading.
    private var isSettled = false

    init(_ units: [RefreshUnit], marks: [RefreshUnit: [UInt8]]) {
        self.units = units
        self.marks = marks
    }

    /// Goes once through all searches; true when nothing came that calls for another round.
    mutating func run(
        _ server: any ChangeServer, _ batch: inout ChangeBatch, _ known: any MirrorLookup
    ) throws -> Bool {
        rounds += 1
        var isQuiet = true
        var lists = 0
        for unit in units {
            let (change, came) = try refresh(unit, since: marks[unit], server, &batch)
            if !isSettled { take(change, of: unit) }
            if change.mode == .present { lists += 1 }
            guard !change.isQuiet else { continue }
            let isHarmless =
                try unit.kind == .people && change.mode == .delete && change.deleted.isEmpty
                && change.missing.isEmpty
                && came.allSatisfy { try !renamed.contains($0.id) && known.person($0.id)?.name == $0.name }
            if !isHarmless { isQuiet = false }
        }
        // The first search was the first to be asked: what its mark names, the lists of the others hold, too.
        if !isSettled, lists == units.count { listed = units.first.flatMap { marks[$0] } }
        isSettled = isSettled || isQuiet
        return isQuiet
    }

    private mutating func refresh(
        _ unit: RefreshUnit, since mark: [UInt8]?, _ server: any ChangeServer, _ batch: inout ChangeBatch
    ) throws -> (change: SyncRefresh.Change, people: [(id: ImmutableID, name: DNHash)]) {
        guard let mark else { throw ChangeDoubt(text: "the last run did not read the \(unit.mark)") }
        let (people, groups) = (batch.builder.peopleCount, batch.builder.groupCount)
        switch try server.refresh(unit, since: mark, into: &batch) {
        case .fullPullNeeded(let doubt): throw ChangeDoubt(text: doubt.text)
        case .failed(let code): throw ChangeDoubt(text: "the server refused to tell changes, with code \(code)")
        case .changes(let change):
            let came = batch.builder.addedNames(from: people)
            note(came)
            note(batch.builder.addedGroupNames(from: groups))
            return (change, came)
        }
    }

    private mutating func note(_ came: [(id: ImmutableID, name: DNHash)]) {
        for (id, name) in came {
            if let before = names.updateValue(name, forKey: id), before != name { renamed.insert(id) }
        }
    }

    private mutating func take(_ change: SyncRefresh.Change, of unit: RefreshUnit) {
        marks[unit] = change.cookie
        changed[unit.kind, default: []].formUnion(change.changed)
        gone[unit.kind, default: []].formUnion(change.deleted)
        missing[unit.kind, default: []].formUnion(change.missing)
        if change.mode == .present {
            present[unit] = change.seen
        } else if present[unit] != nil {
            present[unit]?.formUnion(change.changed)
        }
    }

    /// Whether the server itself said that an entry is gone; that a list leaves it out, or that it changed and is not found, is no such word.
    func isToldGone(_ id: ImmutableID, _ kind: RefreshUnit.Kind) -> Bool { gone[kind]?.contains(id) == true }

    /// Everybody of a kind whom the searches leave out of those that the mirror knows or an earlier round brought, or say is gone, or did not
    /// find; to be confirmed one by one.
    func candidates(_ kind: RefreshUnit.Kind, among known: () throws -> [ImmutableID]) throws -> Set<ImmutableID> {
        var candidates = (gone[kind] ?? []).union(missing[kind] ?? [])
        let units = units.filter { $0.kind == kind }
        let listed = units.filter { present[$0] != nil }
        guard !listed.isEmpty else { return candidates }
        guard listed.count == units.count else {
            throw ChangeDoubt(text: "the server listed the entries under some bases and not under others")
        }
        let seen = listed.reduce(into: Set<ImmutableID>()) { $0.formUnion(present[$1] ?? []) }
        candidates.formUnion((changed[kind] ?? []).subtracting(seen))
        for id in try known() where !seen.contains(id) { candidates.insert(id) }
        return candidates
    }
}
